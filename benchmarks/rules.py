"""How fast pages are judged and cleaned, with all shipped packs and the ledger on.

    python benchmarks/rules.py [--documents 2000] [--runs 5]

Documents of the corpus generator beside the checkout, and the seeds, repeated to fill a block. MB of UTF-8 a CPU-second
of one process, medians of interleaved runs. For scale, the same patterns one by one in `regex`, and data-juicer's
mappers where they are installed. Growth: one document alone, of the corpus's lines. What the matcher remembers of a
line is forgotten before each run; on the seeds, which are repeated, it remembers nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from matching import ROOT, clean_text, one_by_one

import cleaner
from cleaner import _kernels, decode, pipeline
from cleaner.corpus.records import BATCH_CHARACTERS
from cleaner.features.line_view import view_lines
from cleaner.model import Document
from cleaner.normalization.script.folding import fold
from cleaner.normalization.steps import NORMALIZER
from cleaner.options import CleanOptions
from cleaner.pipeline import Pack
from cleaner.text import lines
from cleaner.text.batching import text_batches

Work = Callable[[], object]


class NoCache(dict[str, Any]):
    """A cache that keeps nothing, for texts that are repeated to make up a size."""

    def __setitem__(self, key: str, value: Any) -> None:
        return


def size(texts: list[str]) -> float:
    """MB of UTF-8."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6


def judging(pack: Pack, texts: list[str]) -> Work:
    """What judges the texts, from strings to verdicts."""
    batches = list(text_batches(texts, BATCH_CHARACTERS))
    return lambda: [pack.judging.judge(pack.judging.analyze(lines.join(batch))) for batch in batches]


def cleaning(pack: Pack, texts: list[str]) -> Work:
    """What cleans the texts: normalizing, judging until nothing changes, edits."""
    batches = [[Document("", text) for text in batch] for batch in text_batches(texts, BATCH_CHARACTERS)]
    return lambda: [pipeline.clean(batch, pack, CleanOptions()) for batch in batches]


def medians(works: dict[str, Work], runs: int, before: Work) -> dict[str, float]:
    """Median CPU seconds of each, in turn; the first round is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs + 1):
        for name, work in works.items():
            before()
            begin = time.process_time()
            work()
            seconds[name].append(time.process_time() - begin)
    return {name: statistics.median(times[1:]) for name, times in seconds.items()}


def speeds(pack: Pack, texts: list[str], runs: int) -> dict[str, float]:
    """MB a second of normalizing, judging and the whole."""
    batches = list(text_batches(texts, BATCH_CHARACTERS))
    works = {
        "normalize": lambda: [NORMALIZER.normalize_batch(batch, CleanOptions()) for batch in batches],
        "judge": judging(pack, texts),
        "clean": cleaning(pack, texts),
    }
    forget = pack.judging.rules.matcher._cache.clear
    return {name: size(texts) / seconds for name, seconds in medians(works, runs, forget).items()}


def patterns(pack: Pack, texts: list[str], runs: int) -> tuple[float, float]:
    """MB a second of the patterns one by one and of the matcher, on a part of the texts."""
    matcher = pack.judging.rules.matcher
    batch = lines.join(texts[:: max(1, len(texts) // 40)])
    folding = fold(batch.text)
    works = {
        "one by one": lambda: one_by_one(matcher, batch, folding),
        "matcher": lambda: matcher.find(view_lines(batch)),
    }
    seconds = medians(works, min(runs, 3), matcher._cache.clear)
    return size(list(batch.texts)) / seconds["one by one"], size(list(batch.texts)) / seconds["matcher"]


def juicer(texts: list[str], runs: int) -> float | None:
    """MB a second of data-juicer's mappers for links, addresses, repeats and white space; None without it."""
    try:
        from data_juicer.ops import mapper  # type: ignore[import-not-found]
    except ImportError:
        return None
    names = (
        "CleanLinks",
        "CleanEmail",
        "CleanIp",
        "CleanCopyright",
        "RemoveRepeatSentences",
        "WhitespaceNormalization",
    )
    mappers = [getattr(mapper, f"{name}Mapper")() for name in names]

    def work() -> None:
        for one in mappers:
            if one.is_batched_op():
                one.process_batched({"text": list(texts)})
            else:
                for text in texts:
                    one.process_single({"text": text})

    return size(texts) / medians({"juicer": work}, runs, lambda: None)["juicer"]


def growth(pack: Pack, texts: list[str], runs: int) -> Iterator[str]:
    """Rows for one document alone, from 1 kB to 10 MB."""
    text_of_all = "\n".join(texts)
    while size([text_of_all]) < 10:
        text_of_all += "\n" + text_of_all
    for label, characters in (
        ("1 kB", 1000),
        ("10 kB", 10_000),
        ("100 kB", 100_000),
        ("1 MB", 10**6),
        ("10 MB", 10**7),
    ):
        text = text_of_all.encode()[:characters].decode(errors="ignore")
        rounds = runs if characters < 10**7 else 3
        works = {"judge": judging(pack, [text]), "clean": cleaning(pack, [text])}
        seconds = medians(works, rounds, pack.judging.rules.matcher._cache.clear)
        judge, clean = (1e3 * seconds[name] for name in ("judge", "clean"))
        megabytes = size([text])
        yield f"| {label} | {judge:.1f} | {judge / megabytes:.0f} | {clean:.1f} | {clean / megabytes:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    pack = cleaner.load_pack("zh-web")
    corpus = clean_text(arguments.documents * 1500)
    seeds = [decode.decode(path.read_bytes()).text for path in sorted((ROOT / "seeds").glob("*.txt"))]
    seed_texts = seeds * max(1, BATCH_CHARACTERS // sum(map(len, seeds)) + 1)
    rows = {f"corpus, {len(corpus)} documents": speeds(pack, corpus, arguments.runs)}
    alone = patterns(pack, corpus, arguments.runs), patterns(pack, seeds, arguments.runs)
    growth_rows = list(growth(pack, corpus, arguments.runs))
    others = juicer(corpus[:200], arguments.runs)
    pack.judging.rules.matcher._cache = NoCache()
    rows[f"seeds, {len(seeds)} documents × {len(seed_texts) // len(seeds)}"] = speeds(pack, seed_texts, arguments.runs)
    if _kernels.load():
        rows["seeds, with the extra `fast`"] = speeds(pack, seed_texts, arguments.runs)
        pack.judging.rules.matcher._cache = {}
        rows["corpus, with the extra `fast`"] = speeds(pack, corpus, arguments.runs)
    print(f"# Judging and cleaning\n\n{date.today()}: `python benchmarks/rules.py`, {len(pack.rules)} rules.")
    print("One process, CPU time, other work on the machine: ratios carry over, MB/s are for scale.\n")
    print("| text | normalize MB/s | judge MB/s | clean MB/s |\n|---|---|---|---|")
    for name, found in rows.items():
        print(f"| {name} | {found['normalize']:.0f} | {found['judge']:.1f} | {found['clean']:.1f} |")
    print("\n| line patterns of all packs | one by one MB/s | matcher MB/s | ratio |\n|---|---|---|---|")
    for name, (slow, quick) in zip(("corpus", "seeds"), alone, strict=True):
        print(f"| {name} | {slow:.2f} | {quick:.0f} | {quick / slow:.0f} |")
    print("\ndata-juicer's mappers: " + (f"{others:.1f} MB/s" if others else "not installed here"))
    print("\n| one document | judge ms | ms a MB | clean ms | ms a MB |\n|---|---|---|---|---|")
    print("\n".join(growth_rows))


if __name__ == "__main__":
    main()
