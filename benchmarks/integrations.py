"""What the adapters cost beside the call they all end in, and what it costs to give texts one at a time.

CPU seconds within one process, the median of five rounds, as ratios to `Cleaning` over the same column.
Usage: python benchmarks/integrations.py [DOCUMENTS]; libraries that are not installed are left out.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from cleaner.integrations import Cleaning, huggingface

ROOT = Path(__file__).parents[1]


def documents(count: int) -> list[str]:
    chance = random.Random(3)
    pages = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "samples").rglob("*.in.txt"))]
    return ["\n".join(chance.sample(pages, chance.randint(1, 4))) for _ in range(count)]


def ways(texts: list[str]) -> dict[str, Callable[[], object]]:
    plain = Cleaning()
    pack = plain.pack
    found: dict[str, Callable[[], object]] = {
        "Cleaning": lambda: list(plain(texts)),
        "pack.clean, one at a time": lambda: [pack.clean(text) for text in texts],
        "the function for map, batches of 1,000": batches(texts, 1000),
        "the same, batches of 10": batches(texts, 10),
        "the same with edits": batches(texts, 1000, edits="edits"),
    }
    for name, make in {"pandas": with_pandas, "polars": with_polars, "datatrove": with_datatrove}.items():
        try:
            found[name] = make(texts)
        except ImportError:
            print(f"{name}: not installed", file=sys.stderr)
    return found


def batches(texts: list[str], size: int, edits: str | None = None) -> Callable[[], object]:
    mapper = huggingface.CleanMap(edits=edits)
    return lambda: [mapper({"text": texts[at : at + size]}) for at in range(0, len(texts), size)]


def with_pandas(texts: list[str]) -> Callable[[], object]:
    from cleaner.integrations import pandas as adapter

    column = adapter.pandas.Series(texts)
    return lambda: adapter.clean(column)


def with_polars(texts: list[str]) -> Callable[[], object]:
    from cleaner.integrations import polars as adapter

    column = adapter.polars.Series("text", texts)
    return lambda: adapter.clean(column)


def with_datatrove(texts: list[str]) -> Callable[[], object]:
    from datatrove.data import Document

    from cleaner.integrations import datatrove as adapter

    return lambda: list(adapter.CleanFormatter()(Document(text, str(number)) for number, text in enumerate(texts)))


def main() -> None:
    texts = documents(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    every = ways(texts)
    spent: dict[str, list[float]] = {name: [] for name in every}
    every["Cleaning"]()
    for _ in range(5):
        for name, run in every.items():
            begin = time.process_time()
            run()
            spent[name].append(time.process_time() - begin)
    base = median(spent["Cleaning"])
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"{len(texts)} documents, {size:.1f} MB, Cleaning: {size / base:.1f} MB/s\n")
    print("| way | CPU time, ratio |\n|---|---|")
    for name, times in spent.items():
        print(f"| {name} | {median(times) / base:.2f} |")


if __name__ == "__main__":
    main()
