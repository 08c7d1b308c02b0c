"""Script conversion against opencc-python-reimplemented and the official OpenCC wheel: same results, how much faster?

    python benchmarks/conversion.py [--documents N] [--fuzz N] [--official] [--seed N]

Prints a table ready for a dated .md. CPU time of one process, whole documents, medians of 7 (of 3 for the library,
on a part of the documents). `--official` makes a virtual environment in a temporary folder and installs `opencc`
there, because both packages have the same import name. `--fuzz N` compares N random strings per configuration.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import opencc

from cleaner.normalization.script import convert as conversion
from cleaner.normalization.script import detect, gate, opencc_tables
from cleaner.normalization.script.folding import fold

CONFIGS = ("t2s", "tw2s", "hk2s", "tw2sp", "s2t", "s2tw", "s2twp", "s2hk")
SEPARATORS = " \n\t-,.?!*　，。、；：？！…“”「」—（）《》～．/]【】"
PLAIN = "的一是不了在人有我他這们中来上大為和国地到以说時要就出会可也你對生能而子abc 12\0\ud800é😀가ア哈"

OFFICIAL = """
import json, opencc, statistics, sys, time
documents, configs, rounds = json.load(open(sys.argv[1])), sys.argv[2].split(","), 7
for config in configs:
    convert = opencc.OpenCC(config).convert
    for script, texts in documents.items():
        taken = []
        for _ in range(rounds):
            start = time.process_time()
            for text in texts:
                convert(text)
            taken.append(time.process_time() - start)
        print(config, script, statistics.median(taken))
"""


def documents(count: int, seed: int) -> dict[str, list[str]]:
    """Simplified documents of about 1,500 characters, and the same in Traditional.

    Half of the words are function words, half come from OpenCC's phrase dictionary, with frequencies by Zipf's law.
    All of those hold a character with several Traditional forms: for s2t this is far heavier than ordinary text.
    """
    pick = random.Random(seed)
    entries = sorted(opencc_tables.dictionary("STPhrases.txt"))
    words = [word for word in entries if conversion.convert(word, "t2s") == word and len(word) < 5]
    words = pick.sample(words, 8_000)
    ranks = [1 / (rank + 2.7) for rank in range(len(words))]
    drawn = iter(pick.choices(words, ranks, k=count * 1_500))
    common = [
        *"的是在了和有不也就都而与为对从到说要会",
        *("我们", "他们", "这个", "没有", "因为", "什么", "时候", "问题", "国家"),
    ]

    def sentence() -> str:
        chosen = (pick.choice(common) if pick.random() < 0.5 else next(drawn) for _ in range(pick.randint(5, 20)))
        text = "".join(chosen)
        return text[: len(text) // 2] + "，" + text[len(text) // 2 :] + "。"

    def document() -> str:
        return "\n".join("".join(sentence() for _ in range(pick.randint(2, 6))) for _ in range(12))

    simplified = [document() for _ in range(count)]
    return {
        "Simplified": simplified,
        "Traditional": [conversion.convert(text, "s2tw") for text in simplified],
    }


def seconds(convert: Callable[[str], object], texts: list[str], rounds: int) -> float:
    """Median CPU seconds for all texts, after one warm call."""
    convert(texts[0])
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        for text in texts:
            convert(text)
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def size(texts: list[str]) -> float:
    return sum(len(text.encode()) for text in texts) / 1e6


def official(texts: dict[str, list[str]]) -> dict[tuple[str, str], float]:
    """Seconds of the official wheel, in an environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", "opencc"], check=True, stderr=subprocess.DEVNULL)
        data = Path(folder) / "documents.json"
        data.write_text(json.dumps(texts), encoding="utf-8")
        process = subprocess.run([python, "-c", OFFICIAL, data, ",".join(CONFIGS)], check=True, capture_output=True)
    rows = (line.split() for line in process.stdout.decode().splitlines())
    return {(config, name): float(taken) for config, name, taken in rows}


def compare(texts: dict[str, list[str]], beside: dict[tuple[str, str], float]) -> Iterator[str]:
    """The rows of the table."""
    yield "| config | text | cleaner MB/s | library MB/s | ratio | official MB/s | ratio | identical |"
    yield "|---|---|---|---|---|---|---|---|"
    for config in CONFIGS:
        library = opencc.OpenCC(config).convert
        for name, all_texts in texts.items():
            few = all_texts[:8]
            same = all(library(text) == conversion.convert(text, config) for text in few)
            ours = size(all_texts) / seconds(lambda text, config=config: conversion.convert(text, config), all_texts, 7)
            theirs = size(few) / seconds(library, few, 3)
            other = size(all_texts) / beside[config, name] if beside else 0
            tail = f"{other:.0f} | {ours / other:.1f}" if other else "– | –"
            yield (
                f"| {config} | {name} | {ours:.0f} | {theirs:.2f} | {ours / theirs:.0f} | {tail} | "
                f"{'yes' if same else 'NO'} |"
            )


def steps(texts: dict[str, list[str]]) -> Iterator[str]:
    """The other functions of the step, in MB/s."""
    yield "| function | Simplified MB/s | Traditional MB/s |"
    yield "|---|---|---|"
    functions: dict[str, Callable[[str], object]] = {
        "fold": fold,
        "convert t2s with overlay": lambda text: conversion.convert(text, "t2s", overlay=True),
        "survey": detect.survey,
        "to_script simplified": lambda text: gate.to_script(text, "simplified"),
        "to_script tw": lambda text: gate.to_script(text, "tw"),
    }
    for name, function in functions.items():
        speeds = [size(texts[kind]) / seconds(function, texts[kind], 7) for kind in ("Simplified", "Traditional")]
        yield f"| {name} | {speeds[0]:.0f} | {speeds[1]:.0f} |"


def first_calls() -> Iterator[str]:
    """CPU seconds of the first call in a fresh process, NumPy already imported."""
    code = (
        "import time, numpy; from cleaner.normalization.script import convert as conversion; t = time.process_time();"
        "conversion.convert('國' * 300, '{0}', overlay={1}); print(time.process_time() - t)"
    )
    yield "| config | first call, s | with overlay, s |"
    yield "|---|---|---|"
    for config in CONFIGS:
        taken = []
        for overlay in (False, True):
            command = [sys.executable, "-c", code.format(config, overlay)]
            runs = [float(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(5)]
            taken.append(statistics.median(runs))
        yield f"| {config} | {taken[0]:.2f} | {taken[1]:.2f} |"


def mixtures(config: str, count: int, seed: int) -> Iterator[str]:
    """Texts of dictionary keys, values and pieces of them, separators and plain characters."""
    pick = random.Random(seed)
    pools = []
    for names in opencc_tables.chain(config):
        for name in names:
            entries = opencc_tables.values(name)
            pools += [list(entries), [key for key in entries if len(key) > 1] or list(entries)]
            pools += [[values[0] for values in entries.values()]]

    def piece() -> str:
        key = pick.choice(pick.choice(pools))
        start = pick.randrange(len(key))
        kind = pick.choices(("key", "part", "repeat", "plain", "separator"), (45, 30, 5, 12, 8))[0]
        pieces = {"key": key, "part": key[start : start + pick.randint(1, 4)], "repeat": key[0] * pick.randint(1, 5)}
        return pieces.get(kind) or pick.choice(PLAIN if kind == "plain" else SEPARATORS)

    for _ in range(count):
        yield "".join(piece() for _ in range(pick.choice((1, 2, 3, 5, 8, 13, 40, 100))))


def fuzz(count: int, seed: int) -> Iterator[str]:
    yield "| config | strings | different |"
    yield "|---|---|---|"
    for config in CONFIGS:
        library = opencc.OpenCC(config).convert
        different = sum(library(text) != conversion.convert(text, config) for text in mixtures(config, count, seed))
        yield f"| {config} | {count:,} | {different} |"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=60)
    options.add_argument("--fuzz", type=int, default=0, metavar="N")
    options.add_argument("--official", action="store_true")
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    texts = documents(arguments.documents, arguments.seed)
    print(f"## {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()}\n")
    print(f"{arguments.documents} documents, {size(texts['Simplified']):.2f} MB UTF-8, seed {arguments.seed}\n")
    tables = [compare(texts, official(texts) if arguments.official else {}), steps(texts), first_calls()]
    if arguments.fuzz:
        tables.append(fuzz(arguments.fuzz, arguments.seed))
    for table in tables:
        for row in table:
            print(row, flush=True)
        print()


if __name__ == "__main__":
    main()
