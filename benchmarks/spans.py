"""How many repeated spans and questions are found, where cuts fall, how fast, and in how much memory.

    python benchmarks/spans.py [ROW...] [--quick]

Rows: recall, law, units, speed, edited, repeated, peer, evaluation, kills, pages, poems. CPU seconds are those of user
and system, children included, of whole processes. All texts are made up here from fixed seeds, but for `edited`,
`evaluation` and `pages`, which read ../shared where it lies beside a checkout. Prints Markdown; spans.md holds what
came out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

LENGTHS = ((60, 100, 0.95), (100, 150, 0.99), (150, 400, 1.0))
"""Least and most characters of a planted span, and the share that is to be found."""
LAW_BATCH = 1000
"""Plantings that are deduplicated at one time."""


# --- what is found


def of_length(dice: random.Random, least: int, most: int) -> str:
    """Whole sentences of `least` up to `most` characters together."""
    from helpers.planted_spans import sentence

    while True:
        text = sentence(dice)
        while len(text) < least:
            text += sentence(dice)
        if len(text) <= most:
            return text


def edit_sentences(dice: random.Random, parts: list[str], every: int = 18) -> str:
    """Join sentences with a character replaced in about every `every` of them."""
    text = "".join(parts)
    places = range(dice.randrange(1, every), len(text), every)
    characters = list(text)
    for place in places:
        if characters[place] not in "。！？":
            characters[place] = chr(0xAC00 + dice.randrange(1200))
    return "".join(characters)


def recall(count: int) -> Iterator[str]:
    """Plant each span in two documents, which are edited copies of one another all around it."""
    from cleaner.dedup import deduplicate
    from helpers.planted_spans import sentences

    yield "| characters | planted | found whole | bar |"
    yield "|---|---|---|---|"
    for least, most, bar in LENGTHS:
        hits = 0
        for number in range(count):
            dice = random.Random(f"recall {least} {number}")
            span, before, after = of_length(dice, least, most), sentences(dice, 300), sentences(dice, 300)
            texts = {}
            for name in "ab":
                texts[name] = edit_sentences(dice, before) + span + edit_sentences(dice, after)
            spans = deduplicate(texts, unit="span").spans
            hits += any(
                span in texts[place.document][place.span.start : place.span.stop]
                for record in spans
                for place in record.copies
            )
        yield f"| {least}-{most} | {count:,} | {hits / count:.2%} | {bar:.0%} |"


def law(count: int) -> Iterator[str]:
    """Plant spans in documents, a thousand of which are deduplicated at one time; look at all that cuts leave."""
    from cleaner.dedup import deduplicate
    from cleaner.text import edits
    from helpers.planted_spans import paragraphs, plant, sentences, units

    at_once = min(count, LAW_BATCH)
    divided = lost = cuts = 0
    for number in range(count // at_once):
        dice = random.Random(f"law {number}")
        texts = {}
        for group in range(at_once // 20):
            spans = [paragraphs(dice, sentences(dice, dice.choice([55, 90, 150, 300]))) for _ in range(5)]
            texts |= {f"d{group * 20 + i}": plant(dice, dice.choice(spans), 300) for i in range(20)}
        duplicates = deduplicate(texts, unit="span")
        removals = {key: duplicates.edits(key, text) for key, text in texts.items()}
        rests = {key: edits.apply(text, removals[key]) for key, text in texts.items()}
        remaining_units = {key: units(rest) for key, rest in rests.items()}
        known = {part for parts in remaining_units.values() for part in parts}
        everywhere = "\0".join("".join(rest.split()) for rest in rests.values())
        cuts += sum(map(len, removals.values()))
        for key, text in texts.items():
            original_units = units(text)
            remaining = iter(original_units)
            divided += sum(part not in remaining for part in remaining_units[key])
            # most stand as sentences somewhere; one that a span was planted into does not
            lost += sum(part not in known and "".join(part.split()) not in everywhere for part in original_units)
    yield f"{count:,} plantings, {cuts:,} cuts: {divided} inside a sentence, {lost} sentences lost."


def units_law(count: int) -> Iterator[str]:
    """Drop what each unit finds in small corpora full of near-copies; count those that lose a planted sentence."""
    from cleaner.dedup import deduplicate
    from cleaner.text import edits
    from helpers.planted_spans import near_copies, units

    yield "| unit | corpora | with a divided sentence | with a planted sentence that is left nowhere |"
    yield "|---|---|---|---|"
    for unit in ("near", "passage", "span", "both", "all"):
        divided = lost = 0
        for seed in range(count):
            spans, texts = near_copies(random.Random(seed))
            duplicates = deduplicate(texts, unit=unit)
            copies = {pair.copy for pair in duplicates.pairs if pair.unit == "document"}
            rests = {key: edits.apply(text, duplicates.edits(key, text)) for key, text in texts.items()}
            rests = {key: rest for key, rest in rests.items() if key not in copies}
            everywhere = "\0".join("".join(rest.split()) for rest in rests.values())
            originals = "\0".join("".join(texts[key].split()) for key in rests)
            lost += any(part not in everywhere and originals.count(part) > 1 for span in spans for part in units(span))
            remaining_units = {key: iter(units(texts[key])) for key in rests}
            divided += any(part not in remaining_units[key] for key, rest in rests.items() for part in units(rest))
        yield f"| {unit} | {count:,} | {divided} | {lost} |"


# --- how fast


def corpus_file(folder: Path, megabytes: int, seed: int = 1) -> Path:
    """Documents of about 1,800 characters; one in eight holds one of 200 spans of 60 to 400 characters."""
    import numpy as np

    path = folder / f"{megabytes}.jsonl"
    dice, draw = random.Random(seed), np.random.default_rng(seed)
    spans = [of_length(dice, 60 + 340 * n // 200, 100 + 340 * n // 200) for n in range(200)]
    size = number = 0
    with path.open("w", encoding="utf-8") as file:
        while size < megabytes * 1_000_000:
            codes = np.where(
                draw.random(1800) < 0.5, draw.integers(0x4E00, 0x5000, 1800), draw.zipf(1.3, 1800) % 3000 + 0x4E00
            )
            codes[29::30], codes[14::30], codes[299::300] = 0x3002, 0xFF0C, 10
            text = codes.astype(np.uint32).tobytes().decode("utf-32-le")
            if number % 8 == 0:
                place = 30 * dice.randrange(1, 59)
                text = text[:place] + dice.choice(spans) + text[place:]
            line = json.dumps({"id": f"{number:08}", "text": text}, ensure_ascii=False) + "\n"
            size += len(line.encode())
            file.write(line)
            number += 1
    return path


def run(*arguments: object) -> tuple[float, float, float]:
    """Run a program; CPU seconds, wall seconds, and peak memory in MB."""
    began = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen([sys.executable, *map(str, arguments)], env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{arguments}: exit {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / 1024


def speed(sizes: tuple[int, ...]) -> Iterator[str]:
    yield "| MB of JSONL | CPU s | MB a CPU s | wall s | peak MB | spans | places |"
    yield "|---|---|---|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        for megabytes in sizes:
            source, output = corpus_file(Path(folder), megabytes), Path(folder) / f"out{megabytes}"
            cpu, wall, memory = run("-m", "cleaner", "dedup", source, "-o", output, "--unit", "span", "-j", 1, "-q")
            spans = [json.loads(line) for line in (output / "spans.jsonl").open(encoding="utf-8")]
            places = sum(len(span["copies"]) for span in spans)
            yield (
                f"| {megabytes:,} | {cpu:.1f} | {megabytes / cpu:.0f} | {wall:.1f} | {memory:,.0f} "
                f"| {len(spans):,} | {places:,} |"
            )
            source.unlink()


def edited(sizes: tuple[int, ...]) -> Iterator[str]:
    """Search corpora in which four documents in ten are edited copies, with a span between every two edits."""
    yield "| documents | MB of JSONL | CPU s | MB a CPU s | wall s | peak MB | spans | places |"
    yield "|---|---|---|---|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        for documents in sizes:
            source, output = Path(folder) / f"{documents}.jsonl", Path(folder) / f"out{documents}"
            run(SHARED / "bench/make_corpus.py", documents, source)
            cpu, wall, memory = run("-m", "cleaner", "dedup", source, "-o", output, "--unit", "span", "-j", 1, "-q")
            spans = places = 0
            with (output / "spans.jsonl").open(encoding="utf-8") as file:
                for line in file:
                    spans, places = spans + 1, places + len(json.loads(line)["copies"])
            megabytes = source.stat().st_size / 1e6
            yield (
                f"| {documents:,} | {megabytes:,.0f} | {cpu:.1f} | {megabytes / cpu:.0f} | {wall:.1f} | {memory:,.0f} "
                f"| {spans:,} | {places:,} |"
            )
            source.unlink()


def repeated(count: int) -> Iterator[str]:
    """Repeat one passage of 150 characters in many documents."""
    dice = random.Random("repeated")
    span = of_length(dice, 150, 190)
    yield "| documents with one passage | CPU s | wall s | peak MB | bytes more a document |"
    yield "|---|---|---|---|---|"
    before = (0, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        for documents in (count // 10, count // 4, count // 2, count):
            source = Path(folder) / "in.jsonl"
            with source.open("w", encoding="utf-8") as file:
                for number in range(documents):
                    file.write(json.dumps({"id": f"{number:08}", "text": f"第{number}页。{span}页码{number}。"}) + "\n")
            output = Path(folder) / f"out{documents}"
            cpu, wall, memory = run("-m", "cleaner", "dedup", source, "-o", output, "--unit", "span", "-j", 1, "-q")
            (span_record,) = (json.loads(line) for line in (output / "spans.jsonl").open(encoding="utf-8"))
            assert len(span_record["copies"]) == documents - 1
            growth = f"{(memory - before[1]) * (1 << 20) / (documents - before[0]):.0f}" if before[0] else ""
            yield f"| {documents:,} | {cpu:.1f} | {wall:.1f} | {memory:,.0f} | {growth} |"
            before = (documents, memory)


PEER = """
import json, sys, numpy as np
from pydivsufsort import divsufsort, kasai
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
data = np.frombuffer("\\x00".join(texts).encode(), np.uint8).copy()
order = divsufsort(data)
common = kasai(data, order)
least = 150  # bytes: 50 characters
repeated = np.zeros(len(data) + 1, np.int64)
rows = np.flatnonzero(common[:-1] >= least)
for a in (rows, rows + 1):
    starts = order[a]
    np.add.at(repeated, starts, 1)
    np.add.at(repeated, np.minimum(starts + common[rows], len(data)), -1)
mask = np.cumsum(repeated)[:-1] > 0
edges = np.flatnonzero(np.diff(mask.astype(np.int8))) + 1
inside = ((data[edges] & 0xC0) == 0x80).sum()
print(len(edges) // 2, int(inside), int(mask.sum()), file=sys.stderr)
"""


def peer(megabytes: int) -> Iterator[str]:
    """Compare with a suffix array and the longest common prefixes, as exact-substring deduplication has them."""
    yield "| way | CPU s | wall s | peak MB |"
    yield "|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        source = corpus_file(Path(folder), megabytes)
        (Path(folder) / "peer.py").write_text(PEER, encoding="utf-8")
        ways: list[tuple[str, list[Any]]] = [
            (
                "cleaner dedup --unit span",
                ["-m", "cleaner", "dedup", source, "-o", f"{folder}/o", "--unit", "span", "-j", 1, "-q"],
            ),
            ("pydivsufsort, suffix array and LCP over bytes, spans marked only", [f"{folder}/peer.py", source]),
        ]
        for name, command in ways:
            cpu, wall, memory = run(*command)
            yield f"| {name} | {cpu:.1f} | {wall:.1f} | {memory:,.0f} |"


# --- questions


def corpus_module() -> Any:
    spec = importlib.util.spec_from_file_location("make_corpus", SHARED / "bench/make_corpus.py")
    if not spec or not spec.loader or not (SHARED / "bench/make_corpus.py").exists():
        raise SystemExit(f"{SHARED}/bench/make_corpus.py is missing; set CLEANER_SHARED")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def evaluation(documents: int, seeds: int = 3) -> Iterator[str]:
    """Embed 300 questions of 15 to 60 characters in documents, every other one with an edit."""
    module = corpus_module()
    yield "| seed | documents | questions | found | false | CPU s | MB a CPU s |"
    yield "|---|---|---|---|---|---|---|"
    for seed in range(seeds):
        dice, maker = random.Random(seed), module.Gen(seed + 99)
        questions = [maker.body(90).replace("\n", "")[: dice.randint(15, 60)] for _ in range(300)]
        rows = {str(number): text for number, text, *_ in module.generate(documents, seed=seed)}
        truth = dict(zip(dice.sample(sorted(rows), 300), range(300), strict=True))
        for key, number in truth.items():
            text, place = rows[key], dice.randrange(len(rows[key]))
            question = questions[number] if number % 2 else maker.edit(questions[number], 0.01)
            rows[key] = text[:place] + question + text[place:]
        with tempfile.TemporaryDirectory() as folder:
            corpus, exam = Path(folder) / "corpus.jsonl", Path(folder) / "exam.jsonl"
            for path, field, texts in ((corpus, "text", rows.items()), (exam, "question", enumerate(questions))):
                lines = (json.dumps({"id": str(key), field: text}, ensure_ascii=False) for key, text in texts)
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            command = [
                "-m",
                "cleaner",
                "dedup",
                str(corpus),
                "-o",
                f"{folder}/o",
                "--against",
                str(exam),
                "-q",
                "-j",
                "1",
            ]
            before = os.times()
            subprocess.run([sys.executable, *command], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
            after = os.times()
            cpu = after.children_user + after.children_system - before.children_user - before.children_system
            report = Path(folder) / "o/contamination.jsonl"
            matches = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
            found = {(match["document"], int(match["reference"])) for match in matches}
            hits = found & set(truth.items())
            size = corpus.stat().st_size / 1e6
        yield (
            f"| {seed} | {documents:,} | 300 | {len(hits) / 300:.1%} | {len(found - hits)} "
            f"| {cpu:.1f} | {size / cpu:.0f} |"
        )


# --- runs


def kills(count: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        source = corpus_file(Path(folder), 20)
        command = [
            sys.executable,
            "-m",
            "cleaner",
            "dedup",
            str(source),
            "--unit",
            "span",
            "--action",
            "drop",
            "-q",
            "-j",
            "2",
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        began = time.perf_counter()
        subprocess.run([*command, "-o", f"{folder}/whole"], env=environment, check=True)
        duration, dice = time.perf_counter() - began, random.Random(4)
        killed = number = 0
        while killed < count:
            output, number = Path(folder) / f"killed{number}", number + 1
            process = subprocess.Popen([*command, "-o", str(output)], env=environment, start_new_session=True)
            time.sleep(dice.uniform(0.1, 0.95) * duration)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            is_killed = process.wait() == -signal.SIGKILL
            killed += is_killed
            if is_killed:
                subprocess.run([*command, "-o", str(output)], env=environment, check=True)
            for name in ("spans.jsonl", source.name):
                assert (output / name).read_bytes() == (Path(folder) / "whole" / name).read_bytes(), number
            shutil.rmtree(output)
        yield f"{number} runs, {killed} of them killed at a random moment and called again: all give the same bytes."


def pages() -> Iterator[str]:
    """Compare all pairs of pages of one set with what the search finds."""
    import numpy as np

    from cleaner.dedup import deduplicate
    from cleaner.dedup.jaccard import compare_texts

    folder = SHARED / "gold/dev/docs"
    texts = {
        path.name: path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.rglob("*.*"))
        if path.is_file()
    }
    dice = random.Random(8)
    for name, text in list(texts.items()):  # each page with copies at several rates of edits, as no set has enough
        for rate in (0.005, 0.01, 0.02):
            texts[f"{name} {rate}"] = "".join(
                chr(dice.randrange(0x4E00, 0x9000)) if dice.random() < rate else c for c in text
            )
    names = list(texts)
    left, right = map(np.array, zip(*combinations(range(len(names)), 2), strict=True))
    near = np.zeros(len(left))
    for start in range(0, len(left), 20_000):
        part = slice(start, start + 20_000)
        near[part] = compare_texts(list(texts.values()), left[part], right[part]).jaccard
    pairs = np.flatnonzero(near >= 0.8)
    keeper = {pair.copy: pair.keeper for pair in deduplicate(texts, unit="document").pairs}
    hits = sum(
        keeper.get(names[a], names[a]) == keeper.get(names[b], names[b])
        for a, b in zip(left[pairs], right[pairs], strict=True)
    )
    share = hits / max(len(pairs), 1)
    yield f"{len(names)} texts of pages, {len(pairs)} pairs at Jaccard 0.8 and above: {share:.2%} in one cluster."


PAIRS_OF_CHARACTERS = (
    "山月江风夜雨孤舟寒灯落叶青苔石径松声竹影渔火钟声客路乡心白发故人酒旗驿站远树平沙秋水春草归雁啼莺残雪新柳古寺长亭柴门旧井荷香菊影晓霜暮云"
    "疏帘短笛小楼深巷野渡空林斜阳断桥"
)
"""Words of poems, two characters each."""
TRIPLES_OF_CHARACTERS = (
    "入窗来照人还不肯归隔岸闻半江红与谁同过小桥满城东共此时忆旧游下西楼又一年待故人向南飞独自行无人问到天明上高台听夜潮各天涯对床眠渡口寒"
    "数峰青伴读书已三更锁寒烟枕边生"
)
"""Ends of lines, three characters each."""
VARIANTS = dict(
    zip("峰群烟床岸归来时无与红声门东书满问独听边过", "峯羣煙牀㟁歸來時無與紅聲門東書滿問獨聽邊過", strict=True)
)
"""Other forms of characters, as an edition of another time or place has them."""


def poems(count: int) -> Iterator[str]:
    """Compare two editions of made-up poems: other forms of characters and other marks, and a word in every third."""
    import numpy as np

    from cleaner.dedup import deduplicate
    from cleaner.dedup.jaccard import compare_texts

    yield "| characters a line | poems | pairs at 0.8 and above | found | with a span of 20 | characters in spans |"
    yield "|---|---|---|---|---|---|"
    for length in (5, 7):
        dice = random.Random(f"poems {length}")
        texts: dict[str, str] = {}
        for number in range(count):
            lines = [verse(dice, length) for _ in range(8)]
            texts[f"{number:05} first"] = edition(lines, "，", "。", "\n")
            texts[f"{number:05} second"] = edition(other_edition(dice, lines), ",", "｡", "")
        contents = list(texts.values())
        firsts = np.arange(0, 2 * count, 2)
        near = np.concatenate(
            [compare_texts(contents, rows, rows + 1).jaccard for rows in np.split(firsts, range(500, count, 500))]
        )
        keeper = {pair.copy: pair.keeper for pair in deduplicate(texts, unit="document").pairs}
        spans = deduplicate(texts, unit="span", min_span=20).spans
        repeated: dict[str, int] = {}
        for place in (place for record in spans for place in record.copies):
            repeated[place.document[:5]] = repeated.get(place.document[:5], 0) + place.span.stop - place.span.start
        pairs = [f"{number:05}" for number in np.flatnonzero(near >= 0.8).tolist()]
        hits = sum(
            keeper.get(f"{name} first", f"{name} first") == keeper.get(f"{name} second", f"{name} second")
            for name in pairs
        )
        share = sum(repeated.values()) / (sum(map(len, contents)) / 2)
        yield (
            f"| {length} | {count:,} | {len(pairs):,} | {hits / max(len(pairs), 1):.2%} "
            f"| {len(repeated) / count:.1%} | {share:.0%} |"
        )


def verse(dice: random.Random, length: int) -> str:
    """A line of five or seven characters."""
    words = [PAIRS_OF_CHARACTERS[place : place + 2] for place in range(0, len(PAIRS_OF_CHARACTERS), 2)]
    ends = [TRIPLES_OF_CHARACTERS[place : place + 3] for place in range(0, len(TRIPLES_OF_CHARACTERS), 3)]
    return "".join(dice.sample(words, (length - 3) // 2)) + dice.choice(ends)


def other_edition(dice: random.Random, lines: list[str]) -> list[str]:
    """The lines with some other forms of characters, and in every third poem with another word."""
    rate = dice.choice([0, 0.1, 0.5])
    others = ["".join(VARIANTS.get(c, c) if dice.random() < rate else c for c in line) for line in lines]
    if dice.random() < 1 / 3:
        row = dice.randrange(len(others))
        others[row] = verse(dice, 5)[:2] + others[row][2:]
    return others


def edition(lines: list[str], middle: str, end: str, gap: str) -> str:
    """Two lines a sentence."""
    return gap.join(f"{first}{middle}{second}{end}" for first, second in zip(lines[::2], lines[1::2], strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    arguments = parser.parse_args()
    share = 10 if arguments.quick else 1
    rows: dict[str, Callable[[], Iterator[str]]] = {
        "recall": lambda: recall(2000 // share),
        "law": lambda: law(100_000 // share),
        "units": lambda: units_law(2500 // share),
        "speed": lambda: speed((100 // share, 300 // share, 1000 // share)),
        "repeated": lambda: repeated(1_000_000 // share),
        "peer": lambda: peer(100 // share),
        "evaluation": lambda: evaluation(20_000 // share),
        "kills": lambda: kills(20 // share),
        "pages": pages,
        "poems": lambda: poems(2000 // share),
        "edited": lambda: edited((40_000 // share, 205_000 // share)),
    }
    if unknown := sorted(set(arguments.rows) - set(rows)):
        raise SystemExit(f"no row {', '.join(unknown)}; there are {', '.join(rows)}")
    for name in arguments.rows or rows:
        print(f"\n## {name}\n", flush=True)
        for line in rows[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main()
