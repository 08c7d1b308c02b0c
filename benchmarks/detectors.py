"""How precise each detector is on labelled pages, and what it costs.

usage: python benchmarks/detectors.py [--gold DIR] [--repeat 5] > benchmarks/detectors.md
DIR: a folder with docs/ID.txt and labels/ID.json (a letter for each non-blank line: K keep, D drop, M either,
X keep minus spans). Cost: CPU time in one process, median of the repeats, as a share of folding the same text.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.detectors import DETECTORS, Detections
from cleaner.features.line_view import LineView, view_lines
from cleaner.normalization.script.folding import fold
from cleaner.text import lines

if TYPE_CHECKING:
    from collections.abc import Callable

GOLD = Path(__file__).parents[2] / "shared" / "gold" / "dev"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    names = sorted(path.stem for path in (arguments.gold / "labels").glob("*.json"))
    gold = [json.loads((arguments.gold / "labels" / f"{name}.json").read_text("utf-8")) for name in names]
    texts = [(arguments.gold / "docs" / f"{name}.txt").read_text("utf-8") for name in names]
    batch = lines.join(texts)
    labels = "".join(page["labels"] for page in gold)
    if len(labels) != len(batch.starts):
        raise SystemExit(f"{arguments.gold}: {len(batch.starts)} lines, {len(labels)} labels")
    print("\n".join(table(batch, labels, arguments.repeat)))


def table(batch: lines.Batch, labels: str, repeat: int) -> list[str]:
    """Write the report as Markdown lines."""
    folding = cost(lambda: fold(batch.text), repeat)
    megabytes = len(batch.text.encode()) / 1e6
    rows = [
        f"{date.today()}: {len(batch.texts)} pages, {len(batch.starts)} lines, {megabytes:.2f} MB; "
        f"folding takes {folding / megabytes * 1e3:.2f} ms/MB",
        "",
        "| detector | hits | D | M | X | K | pages | precision (D, X of D, X, K) | cost / folding |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    total = cost(lambda: warm(batch), repeat)
    rows.append(f"| (the lines, folded and compared, shared) | | | | | | | | {total / folding:.2f} |")
    for name, detector in DETECTORS.items():
        seconds = cost(detector.find, repeat, before=lambda: warm(batch))
        total += seconds
        rows.append(f"| {name} | {by_label(batch, detector.find(warm(batch)), labels)} | {seconds / folding:.2f} |")
    rows += ["", f"All detectors: {total / folding:.1f} × folding, {megabytes / total:.1f} MB/s of CPU time."]
    return rows


def by_label(batch: lines.Batch, detections: Detections, labels: str) -> str:
    """Count detections by label, pages with one, and precision."""
    hit = Counter(labels[line] for line in detections.line.tolist() if line >= 0)
    pages = len(set(batch.documents[detections.line[detections.line >= 0]].tolist())) or len(detections)
    right, judged = hit["D"] + hit["X"], hit["D"] + hit["X"] + hit["K"]
    share = f"{right / judged:.3f}" if judged else "–"
    return f"{len(detections)} | {hit['D']} | {hit['M']} | {hit['X']} | {hit['K']} | {pages} | {share}"


def warm(batch: lines.Batch) -> LineView:
    """View lines, with all that detectors share but the keywords."""
    view = view_lines(batch)
    for name in (
        "prose_before",
        "prose_total",
        "copies",
        "previous_copy",
        "last_bits",
        "lines_after",
        "starts",
        "stops",
    ):
        getattr(view, name)
    return view


def cost(call: Callable[..., object], repeat: int, before: Callable[[], object] | None = None) -> float:
    """Take the median CPU seconds of a call; what `before` returns is its argument."""
    spent = []
    for _ in range(repeat):
        arguments = [before()] if before else []
        begun = time.process_time()
        call(*arguments)
        spent.append(time.process_time() - begun)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
