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

from cleaner.detectors import DETECTORS, Found, line_view
from cleaner.normalization.script.folding import fold
from cleaner.text import lines

if TYPE_CHECKING:
    from collections.abc import Callable

GOLD = Path(__file__).parents[2] / "shared" / "gold" / "dev"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    names = sorted(path.stem for path in (given.gold / "labels").glob("*.json"))
    gold = [json.loads((given.gold / "labels" / f"{name}.json").read_text("utf-8")) for name in names]
    texts = [(given.gold / "docs" / f"{name}.txt").read_text("utf-8") for name in names]
    block = lines.block(texts)
    folded = fold(block.text)
    labels = "".join(page["labels"] for page in gold)
    if len(labels) != len(block.starts):
        raise SystemExit(f"{given.gold}: {len(block.starts)} lines, {len(labels)} labels")
    print("\n".join(table(block, folded, labels, given.repeat)))


def table(block: lines.Block, folded: str, labels: str, repeat: int) -> list[str]:
    """The report as Markdown lines."""
    whole = cost(lambda: fold(block.text), repeat)
    megabytes = len(block.text.encode()) / 1e6
    rows = [
        f"{date.today()}: {len(block.texts)} pages, {len(block.starts)} lines, {megabytes:.2f} MB; "
        f"folding takes {whole / megabytes * 1e3:.2f} ms/MB",
        "",
        "| detector | hits | D | M | X | K | pages | precision (D, X of D, X, K) | cost / folding |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    total = cost(lambda: warm(lines.block(block.texts), folded), repeat) - cost(
        lambda: lines.block(block.texts), repeat
    )
    rows.append(f"| (shape of the lines, shared) | | | | | | | | {total / whole:.2f} |")
    for name, detector in DETECTORS.items():
        found = detector(block, folded, {})
        spent = cost(lambda call=detector: call(fresh(block, folded), folded, {}), repeat)  # type: ignore[misc]
        total += spent
        rows.append(f"| {name} | {counted(block, found, labels)} | {spent / whole:.2f} |")
    rows += ["", f"All detectors: {total / whole:.1f} × folding, {megabytes / total:.1f} MB/s of CPU time."]
    return rows


def counted(block: lines.Block, found: Found, labels: str) -> str:
    """Hits by label, pages with hits, precision."""
    hit = Counter(labels[line] for line in found.line.tolist() if line >= 0)
    pages = len(set(block.documents[found.line[found.line >= 0]].tolist())) or len(found)
    right, judged = hit["D"] + hit["X"], hit["D"] + hit["X"] + hit["K"]
    share = f"{right / judged:.3f}" if judged else "–"
    return f"{len(found)} | {hit['D']} | {hit['M']} | {hit['X']} | {hit['K']} | {pages} | {share}"


def warm(block: lines.Block, folded: str) -> line_view.Shape:
    """A shape with all that detectors share."""
    made = line_view.of(block, folded)
    for name in ("classes", "prose_before", "prose_total", "copies", "previous", "ends", "numbers", "after", "starts"):
        getattr(made, name)
    return made


def fresh(block: lines.Block, folded: str) -> lines.Block:
    """The block with its shape, without what single detectors remember."""
    made = warm(block, folded)
    made.memory.clear()
    return block


def cost(call: Callable[[], object], repeat: int) -> float:
    """Median CPU seconds of a call."""
    spent = []
    for _ in range(repeat):
        begun = time.process_time()
        call()
        spent.append(time.process_time() - begun)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
