"""Tell in which script a text is written, with the evidence.

Evidence is characters that one script has and the other has not. A character that stands in both (后, 干, 里) says
nothing, whatever OpenCC would turn it into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from cleaner.normalization.script import classes as script_classes
from cleaner.normalization.script.classes import (
    COMMON_HAN,
    HANGUL,
    KANA,
    SHINJITAI,
    SIMPLIFIED_ONLY,
    STOP,
    TRADITIONAL_ONLY,
)
from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Starts = NDArray[np.intp]
    Mask = NDArray[np.bool_]

ScriptName = Literal["simplified", "traditional", "mixed", "japanese", "korean", "none"]

FOREIGN_SHARE = 0.15
"""The share of kana and shinjitai, or Hangul, from which on a line is Japanese or Korean."""
MIXED_SHARE = 0.1
"""The weaker script's share of the evidence from which on a text is mixed."""
MIXED_COUNT = 3
"""Characters of evidence below which a weaker script counts as chance."""
MIXED_RATIO = 4
"""In a sentence of its own the weaker script has more than so many times the evidence of the other."""


class Survey(Struct, frozen=True):
    """The evidence, as counts of characters, and the verdict drawn from it.

    `han` are all Chinese characters, among them those only Simplified, only Traditional or only Japanese writing
    has; kana and Hangul come beside them.
    """

    verdict: ScriptName
    han: int = 0
    simplified_only: int = 0
    traditional_only: int = 0
    shinjitai: int = 0
    kana: int = 0
    hangul: int = 0

    @property
    def common(self) -> int:
        """Han characters that say nothing about the script."""
        return self.han - self.simplified_only - self.traditional_only - self.shinjitai


def survey(text: str) -> Survey:
    """Count a text's evidence and judge it.

    - japanese, korean: lines with at least 15 % kana and shinjitai, or Hangul, hold half of the Han characters.
    - simplified, traditional: the only script with evidence, or by far the stronger one.
    - mixed: the weaker script has 10 % of the evidence (and 3 characters), or a sentence of its own.
    - none: no evidence, as in 中文.
    """
    if not text or text.isascii():
        return Survey("none")
    import numpy as np

    codes = codepoints.indices(text)
    classes = script_classes.table()[codes]
    counts = np.bincount(classes, minlength=script_classes.COUNT)
    return Survey(
        _judge(codes, classes, counts),
        int(counts[COMMON_HAN : SHINJITAI + 1].sum()),
        *(int(counts[kind]) for kind in (SIMPLIFIED_ONLY, TRADITIONAL_ONLY, SHINJITAI, KANA, HANGUL)),
    )


def judge_scripts(texts: Sequence[str]) -> list[ScriptName]:
    """Return the verdicts of `survey` on many texts, looked up together: most hold evidence of one script alone."""
    import numpy as np

    if not texts:
        return []
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1]
    codes = codepoints.indices("\n".join([*texts, ""]))
    evidence = np.bitwise_or.reduceat(script_classes.evidence()[codes], starts).tolist()
    return [_ALONE.get(bits) or survey(text).verdict for text, bits in zip(texts, evidence, strict=True)]


def holds_only(text: str, script: ScriptName) -> bool:
    """Whether a text holds evidence of this script and of no other: then `survey` calls it by its name."""
    import numpy as np

    codes = codepoints.indices(text)
    return bool(len(codes)) and _ALONE.get(int(np.bitwise_or.reduce(script_classes.evidence()[codes]))) == script


_ALONE: dict[int, ScriptName] = {0: "none", 1 << SIMPLIFIED_ONLY: "simplified", 1 << TRADITIONAL_ONLY: "traditional"}


def _judge(codes: NDArray[np.intp], classes: script_classes.Classes, counts: Counts) -> ScriptName:
    simplified_only, traditional_only = int(counts[SIMPLIFIED_ONLY]), int(counts[TRADITIONAL_ONLY])
    kana, hangul = int(counts[KANA] + counts[SHINJITAI]), int(counts[HANGUL])
    if kana + hangul and _is_mostly_foreign(codes, classes):
        return "japanese" if kana >= hangul else "korean"
    if not simplified_only + traditional_only:
        return "none"
    if simplified_only and traditional_only and _is_mixed(simplified_only, traditional_only, classes):
        return "mixed"
    return "simplified" if simplified_only > traditional_only else "traditional"


def _is_mostly_foreign(codes: NDArray[np.intp], classes: script_classes.Classes) -> bool:
    lines = stretch_starts(codes == codepoints.LINE_FEED)
    han = sum_stretches(script_classes.is_han(classes), lines)
    return int(han[are_foreign(classes, lines)].sum()) * 2 >= int(han.sum())


def _is_mixed(simplified_only: int, traditional_only: int, classes: script_classes.Classes) -> bool:
    if simplified_only == traditional_only:
        return True
    weak, strong = TRADITIONAL_ONLY, SIMPLIFIED_ONLY
    if simplified_only < traditional_only:
        weak, strong = strong, weak
    count = min(simplified_only, traditional_only)
    if count < MIXED_COUNT:
        return False
    if count >= MIXED_SHARE * (simplified_only + traditional_only):
        return True
    sentences = stretch_starts(classes == STOP)
    of_weak, of_strong = sum_stretches(classes == weak, sentences), sum_stretches(classes == strong, sentences)
    return bool(((of_weak >= MIXED_COUNT) & (of_weak > MIXED_RATIO * of_strong)).any())


def are_foreign(classes: script_classes.Classes, starts: Starts) -> Mask:
    """Tell which stretches are Japanese or Korean."""
    han = sum_stretches(script_classes.is_han(classes), starts)
    kana = sum_stretches((classes == KANA) | (classes == SHINJITAI), starts)
    hangul = sum_stretches(classes == HANGUL, starts)
    mask: Mask = (kana + hangul > 0) & (kana + hangul >= FOREIGN_SHARE * (han + kana + hangul))
    return mask


def stretch_starts(is_end: Mask) -> Starts:
    """Return the starts of stretches, each of which runs up to and with an end."""
    import numpy as np

    return np.concatenate(([0], np.flatnonzero(is_end[:-1]) + 1))


def sum_stretches(marks: Mask, starts: Starts) -> Counts:
    """Count the marks in each stretch."""
    import numpy as np

    return np.add.reduceat(marks, starts, dtype=np.int64)
