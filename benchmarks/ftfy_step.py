"""How much faster than ftfy is `ftfy_step.fix`? Ratio in one process, CPU time, median of 7.

    python benchmarks/ftfy_step.py [TEXT ...]

Texts default to the project's seeds. That the results are ftfy's is a test: tests/normalization/test_ftfy_step.py.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import ftfy

from cleaner.normalization import ftfy_step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONFIG = ftfy.TextFixerConfig(**ftfy_step.OPTIONS, explain=False)


def _seconds(work: Callable[[], object], repeat: int) -> float:
    begin = time.process_time()
    for _ in range(repeat):
        work()
    return (time.process_time() - begin) / repeat


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="*", type=Path, default=sorted(Path("seeds").glob("*.txt")))
    options = parser.parse_args(arguments)
    texts = [path.read_text("utf-8") for path in options.texts]
    size = sum(len(text.encode()) for text in texts) / 1e6
    begin = time.process_time()
    ftfy_step.fix("é")
    first = time.process_time() - begin
    ratios, speeds = [], []
    for _ in range(7):
        theirs = _seconds(lambda: [ftfy.fix_text(text, CONFIG) for text in texts], 1)
        ours = _seconds(lambda: [ftfy_step.fix(text) for text in texts], 50)
        ratios.append(theirs / ours)
        speeds.append(size / ours)
    print(f"texts {len(texts)}, {size:.3f} MB; first call {first:.3f} s")
    print(f"fix {statistics.median(speeds):.0f} MB/s, {statistics.median(ratios):.0f} x ftfy (CPU, median of 7)")


if __name__ == "__main__":
    main()
