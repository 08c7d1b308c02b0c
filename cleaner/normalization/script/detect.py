"""Which script a text is written in, with the evidence, and conversion of only what needs it.

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
from cleaner.normalization.script.classes import HANGUL, KANA, SHARED, SHINJITAI, SIMPLIFIED, STOP, TRADITIONAL
from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]

Name = Literal["simplified", "traditional", "mixed", "japanese", "korean", "none"]

CONFIGS = {"simplified": "t2s", "traditional": "s2t", "tw": "s2tw", "hk": "s2hk"}
FOREIGN_SHARE = 0.15
MIXED_SHARE = 0.1
MIXED_COUNT = 3
MIXED_RATIO = 4


class Survey(Struct, frozen=True):
    """The evidence, as counts of characters, and the verdict drawn from it.

    `han` are all Chinese characters, among them those only Simplified, only Traditional or only Japanese writing
    has; kana and Hangul come beside them.
    """

    verdict: Name
    han: int = 0
    simplified: int = 0
    traditional: int = 0
    shinjitai: int = 0
    kana: int = 0
    hangul: int = 0

    @property
    def shared(self) -> int:
        """Han characters that say nothing about the script."""
        return self.han - self.simplified - self.traditional - self.shinjitai


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

    classes = script_classes.table()[codepoints.indices(text)]
    counts = np.bincount(classes, minlength=8)
    return Survey(
        _verdict(text, classes, counts),
        int(counts[SHARED : SHINJITAI + 1].sum()),
        *(int(counts[kind]) for kind in (SIMPLIFIED, TRADITIONAL, SHINJITAI, KANA, HANGUL)),
    )


def verdicts(texts: Sequence[str]) -> list[Name]:
    """The verdicts of `survey` on many texts, looked up together: most hold evidence of one script alone."""
    import numpy as np

    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1]
    codes = codepoints.indices("\n".join([*texts, ""])) if texts else starts
    held = np.bitwise_or.reduceat(script_classes.evidence()[codes], starts).tolist() if texts else []
    return [_ALONE.get(signs) or survey(text).verdict for text, signs in zip(texts, held, strict=True)]


_ALONE: dict[int, Name] = {0: "none", 1 << SIMPLIFIED: "simplified", 1 << TRADITIONAL: "traditional"}


def to_script(text: str, target: str, *, overlay: bool = True) -> str:
    """`text` in the script `target`: simplified, traditional, tw, hk, or keep; UsageError for another.

    Only text that the survey calls by the other script's name is converted, by t2s, s2t, s2tw or s2hk; of mixed
    text only the sentences that hold evidence of the other script; Japanese and Korean never, nor their lines in
    a Chinese text. With the overlay, doing it twice changes nothing more. It is wrong to apply it where the script
    is the subject: dictionaries, lists of variants, personal names that must stay as registered.
    """
    if target == "keep":
        return text
    if target not in CONFIGS:
        raise UsageError(f"no script {target!r}: use keep, {', '.join(CONFIGS)}")
    seen = survey(text)
    source = _source(target)
    if seen.verdict not in (source, "mixed"):
        return text
    if seen.verdict == source and not seen.kana + seen.hangul + seen.shinjitai:
        return convert.convert(text, CONFIGS[target], overlay=overlay)
    return "".join(
        convert.convert(part, CONFIGS[target], overlay=overlay) if due else part
        for part, due in _parts(text, source, everything=seen.verdict == source)
    )


def trigger(target: str) -> Trigger:
    """Return the characters of which a text holds one if `to_script` changes it; of an unknown target it complains."""
    if target not in CONFIGS:
        return NEVER if target == "keep" else ALWAYS
    kind = TRADITIONAL if target == "simplified" else SIMPLIFIED
    return Trigger((script_classes.table() == kind).nonzero()[0])


def explain(text: str, target: str) -> str:
    """One line for the ledger: the verdict, the counts behind it and what `to_script` does about it."""
    seen = survey(text)
    due = target in CONFIGS and seen.verdict in (_source(target), "mixed")
    return (
        f"{seen.verdict}: {seen.simplified} simplified-only, {seen.traditional} traditional-only, "
        f"{seen.shared} shared of {seen.han} Han; {seen.kana} kana, {seen.hangul} Hangul; "
        + (f"converted by {CONFIGS[target]}" if due else "kept")
    )


def _source(target: str) -> str:
    return "traditional" if target == "simplified" else "simplified"


def _verdict(text: str, classes: NDArray[np.uint8], counts: Counts) -> Name:
    simplified, traditional = int(counts[SIMPLIFIED]), int(counts[TRADITIONAL])
    kana, hangul = int(counts[KANA] + counts[SHINJITAI]), int(counts[HANGUL])
    if kana + hangul and _is_foreign(text, classes):
        return "japanese" if kana >= hangul else "korean"
    if not simplified + traditional:
        return "none"
    if simplified and traditional and _is_mixed(simplified, traditional, classes):
        return "mixed"
    return "simplified" if simplified > traditional else "traditional"


def _is_foreign(text: str, classes: NDArray[np.uint8]) -> bool:
    lines = _bounds(codepoints.indices(text) == 10)
    han = _sums(script_classes.is_han(classes), lines)
    inside = int(han[_foreign(classes, lines)].sum())
    return inside * 2 >= int(han.sum())


def _is_mixed(simplified: int, traditional: int, classes: NDArray[np.uint8]) -> bool:
    if simplified == traditional:
        return True
    weak, strong = (SIMPLIFIED, TRADITIONAL) if simplified < traditional else (TRADITIONAL, SIMPLIFIED)
    count = min(simplified, traditional)
    if count < MIXED_COUNT:
        return False
    if count >= MIXED_SHARE * (simplified + traditional):
        return True
    sentences = _bounds(classes == STOP)
    of_weak, of_strong = _sums(classes == weak, sentences), _sums(classes == strong, sentences)
    return bool(((of_weak >= MIXED_COUNT) & (of_weak > MIXED_RATIO * of_strong)).any())


def _parts(text: str, source: str, *, everything: bool) -> Iterator[tuple[str, bool]]:
    """Runs of sentences that are all to be converted, or all to be left."""
    import numpy as np

    codes = codepoints.indices(text)
    classes = script_classes.table()[codes]
    lines, sentences = _bounds(codes == 10), _bounds(classes == STOP)
    line = np.searchsorted(lines, sentences, side="right") - 1
    due = ~_foreign(classes, lines)[line]
    if not everything:
        due &= _due(classes, source, sentences, line)
    turns = np.flatnonzero(np.diff(due, prepend=~due[:1]))
    edges = [*sentences[turns].tolist(), len(text)]
    for start, stop, turn in zip(edges, edges[1:], due[turns].tolist(), strict=False):
        yield text[start:stop], turn


def _due(
    classes: NDArray[np.uint8], source: str, sentences: NDArray[np.intp], line: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Sentences of a mixed text that hold evidence of the script, or hold none in a line that does."""
    import numpy as np

    kind, other = (TRADITIONAL, SIMPLIFIED) if source == "traditional" else (SIMPLIFIED, TRADITIONAL)
    evidence, against = _sums(classes == kind, sentences), _sums(classes == other, sentences)
    in_line = np.bincount(line, weights=evidence)[line]
    found: NDArray[np.bool_] = (evidence > 0) | ((against == 0) & (in_line > 0))
    return found


def _foreign(classes: NDArray[np.uint8], starts: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which stretches are Japanese or Korean."""
    han = _sums(script_classes.is_han(classes), starts)
    kana = _sums((classes == KANA) | (classes == SHINJITAI), starts)
    hangul = _sums(classes == HANGUL, starts)
    found: NDArray[np.bool_] = (kana + hangul > 0) & (kana + hangul >= FOREIGN_SHARE * (han + kana + hangul))
    return found


def _bounds(is_end: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The starts of stretches, each of which runs up to and with an end."""
    import numpy as np

    return np.concatenate(([0], np.flatnonzero(is_end[:-1]) + 1))


def _sums(marks: NDArray[np.bool_], starts: NDArray[np.intp]) -> Counts:
    import numpy as np

    return np.add.reduceat(marks, starts, dtype=np.int64)
