"""Tell in which script a text is written, with the evidence, and convert only text that needs it.

Evidence is characters that one script has and the other has not. A character that stands in both (后, 干, 里) says
nothing, whatever OpenCC would turn it into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from cleaner.errors import UsageError
from cleaner.normalization.prefilter import ALWAYS, NEVER, Trigger
from cleaner.normalization.script import classes as script_classes
from cleaner.normalization.script import convert
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
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Starts = NDArray[np.intp]
    Mask = NDArray[np.bool_]

ScriptName = Literal["simplified", "traditional", "mixed", "japanese", "korean", "none"]

CONFIGS = {"simplified": "t2s", "traditional": "s2t", "tw": "s2tw", "hk": "s2hk"}
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


_ALONE: dict[int, ScriptName] = {0: "none", 1 << SIMPLIFIED_ONLY: "simplified", 1 << TRADITIONAL_ONLY: "traditional"}


def to_script(text: str, target: str, *, overlay: bool = True) -> str:
    """Convert a text to a script where that is called for.

    Only text that the survey calls by the other script's name is converted, by t2s, s2t, s2tw or s2hk; of mixed
    text only the sentences that hold evidence of the other script; Japanese and Korean never, nor their lines in
    a Chinese text. With the overlay, doing it twice changes nothing more.

    Args:
        target: simplified, traditional, tw, hk, or keep.
        overlay: whether to mend known slips of OpenCC's dictionaries.

    Raises:
        UsageError: for another target.

    Warning:
        Wrong where the script is the subject: dictionaries, lists of variants, personal names that must stay as
        registered.
    """
    if target == "keep":
        return text
    if target not in CONFIGS:
        raise UsageError(f"no script {target!r}: use keep, {', '.join(CONFIGS)}")
    evidence = survey(text)
    source = _source(target)
    if evidence.verdict not in (source, "mixed"):
        return text
    if evidence.verdict == source and not evidence.kana + evidence.hangul + evidence.shinjitai:
        return convert.convert(text, CONFIGS[target], overlay=overlay)
    return "".join(
        convert.convert(part, CONFIGS[target], overlay=overlay) if is_source else part
        for part, is_source in _split(text, source, is_mixed=evidence.verdict == "mixed")
    )


def trigger(target: str) -> Trigger:
    """Return the characters of which a text holds one if `to_script` changes it; of an unknown target it complains."""
    if target not in CONFIGS:
        return NEVER if target == "keep" else ALWAYS
    kind = TRADITIONAL_ONLY if target == "simplified" else SIMPLIFIED_ONLY
    return Trigger((script_classes.table() == kind).nonzero()[0])


def explain(text: str, target: str) -> str:
    """Tell the ledger in one line the verdict, the counts behind it and the consequence that `to_script` draws."""
    evidence = survey(text)
    is_converted = target in CONFIGS and evidence.verdict in (_source(target), "mixed")
    return (
        f"{evidence.verdict}: {evidence.simplified_only} simplified-only, {evidence.traditional_only} "
        f"traditional-only, {evidence.common} shared of {evidence.han} Han; "
        f"{evidence.kana} kana, {evidence.hangul} Hangul; "
        + (f"converted by {CONFIGS[target]}" if is_converted else "kept")
    )


def _source(target: str) -> ScriptName:
    return "traditional" if target == "simplified" else "simplified"


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
    lines = _starts(codes == codepoints.LINE_FEED)
    han = _sums(script_classes.is_han(classes), lines)
    return int(han[_are_foreign(classes, lines)].sum()) * 2 >= int(han.sum())


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
    sentences = _starts(classes == STOP)
    of_weak, of_strong = _sums(classes == weak, sentences), _sums(classes == strong, sentences)
    return bool(((of_weak >= MIXED_COUNT) & (of_weak > MIXED_RATIO * of_strong)).any())


def _split(text: str, source: ScriptName, *, is_mixed: bool) -> Iterator[tuple[str, bool]]:
    """Yield runs of sentences, with whether to convert them: those of a mixed text need evidence of their own."""
    import numpy as np

    codes = codepoints.indices(text)
    classes = script_classes.table()[codes]
    lines, sentences = _starts(codes == codepoints.LINE_FEED), _starts(classes == STOP)
    line_of_sentence = np.searchsorted(lines, sentences, side="right") - 1
    is_source = ~_are_foreign(classes, lines)[line_of_sentence]
    if is_mixed:
        is_source &= _have_evidence(classes, source, sentences, line_of_sentence)
    turns = np.flatnonzero(np.diff(is_source, prepend=~is_source[:1]))
    edges = [*sentences[turns].tolist(), len(text)]
    for start, stop, verdict in zip(edges, edges[1:], is_source[turns].tolist(), strict=False):
        yield text[start:stop], verdict


def _have_evidence(
    classes: script_classes.Classes, source: ScriptName, sentences: Starts, line_of_sentence: Starts
) -> Mask:
    """Tell which sentences of a mixed text hold evidence of the script, or hold none in a line that does."""
    import numpy as np

    kind, other = TRADITIONAL_ONLY, SIMPLIFIED_ONLY
    if source == "simplified":
        kind, other = other, kind
    evidence, against = _sums(classes == kind, sentences), _sums(classes == other, sentences)
    in_line = np.bincount(line_of_sentence, weights=evidence)[line_of_sentence]
    mask: Mask = (evidence > 0) | ((against == 0) & (in_line > 0))
    return mask


def _are_foreign(classes: script_classes.Classes, starts: Starts) -> Mask:
    """Tell which stretches are Japanese or Korean."""
    han = _sums(script_classes.is_han(classes), starts)
    kana = _sums((classes == KANA) | (classes == SHINJITAI), starts)
    hangul = _sums(classes == HANGUL, starts)
    mask: Mask = (kana + hangul > 0) & (kana + hangul >= FOREIGN_SHARE * (han + kana + hangul))
    return mask


def _starts(is_end: Mask) -> Starts:
    """Return the starts of stretches, each of which runs up to and with an end."""
    import numpy as np

    return np.concatenate(([0], np.flatnonzero(is_end[:-1]) + 1))


def _sums(marks: Mask, starts: Starts) -> Counts:
    import numpy as np

    return np.add.reduceat(marks, starts, dtype=np.int64)
