"""How much faster than ftfy is `fixes.fix`, and is it still ftfy? Ratio in one process, CPU time, median of 7.

    python benchmarks/ftfy_step.py [TEXT ...] [--fuzz N]

Texts default to the project's seeds. `--fuzz` compares N random strings with ftfy called line by line to a fixed point,
and counts how often one call on the whole text would have given something else (its two defects).
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import ftfy

from cleaner.normalization import ftfy_step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONFIG = ftfy.TextFixerConfig(**ftfy_step.OPTIONS, explain=False)

PIECES = (
    *"中文，。“”…—é×°·œŒÃÂâ€™ØÙà¡­® \t\n\r\x0b\x0c\x85\x1a\x90",
    *"\u2028\u0301\u1161\u11a8ﬁĳ\ufeff\u200d\ud83d\ude00\ufffd&;#<>?Ａ　",
    *("我们".encode().decode("cp1252", "replace"), "我们".encode().decode("latin-1"), "é".encode().decode("cp1252")),
    *("“好”".encode().decode("cp1252", "replace"), "ж".encode().decode("cp1251"), "ü".encode().decode("macroman")),
    *("&amp;", "&amp;amp;amp;", "&lt;", "&nbsp;", "&#20013;", "&#x4e2d;", "&#10;", "&#13;", "&Atilde;&sup3;", "&#38;"),
    *("\x1b[31m", "\x1b[0m", "voilÃ le", "schÃ¶n", "12:30", "abc", "it’s", "a &b; c", "\u0958", "金", "가", "각"),
)


def sample(random_source: random.Random) -> str:
    """A string made of one to twelve pieces."""
    return "".join(random_source.choices(PIECES, k=random_source.randint(1, 12)))


def reference(text: str) -> str:
    """ftfy on each line by itself, repeated until nothing changes."""
    while True:
        lines = text.split("\n")
        ended = [line + "\n" for line in lines[:-1]] + [lines[-1]]
        better = "".join(ftfy.fix_text(line, CONFIG) for line in ended)
        if better == text:
            return text
        text = better


def fuzz(count: int, seed: int = 1) -> tuple[int, int]:
    """How many of `count` random strings differ from the reference, and from one call of ftfy on the whole text."""
    source = random.Random(seed)
    wrong = other = 0
    for _ in range(count):
        text = sample(source)
        ours = ftfy_step.fix(text)
        wrong += ours != reference(text)
        other += ours != ftfy.fix_text(text, CONFIG)
    return wrong, other


def _seconds(work: Callable[[], object], repeat: int) -> float:
    begin = time.process_time()
    for _ in range(repeat):
        work()
    return (time.process_time() - begin) / repeat


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="*", type=Path, default=sorted(Path("seeds").glob("*.txt")))
    parser.add_argument("--fuzz", type=int, default=0)
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
    same = all(ftfy_step.fix(text) == reference(text) for text in texts)
    print(f"texts {len(texts)}, {size:.3f} MB; first call {first:.3f} s; identical: {same}")
    print(f"fix {statistics.median(speeds):.0f} MB/s, {statistics.median(ratios):.0f} x ftfy (CPU, median of 7)")
    if options.fuzz:
        wrong, other = fuzz(options.fuzz)
        print(f"fuzz {options.fuzz}: {wrong} differ from the reference, {other} from one call on the whole text")


if __name__ == "__main__":
    main()
