"""Convert scripts where that is called for: texts, or sentences of mixed texts, in the other script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.errors import UsageError
from cleaner.normalization.prefilter import ALWAYS, NEVER, Trigger
from cleaner.normalization.script import classes as script_classes
from cleaner.normalization.script import convert
from cleaner.normalization.script.classes import SIMPLIFIED_ONLY, STOP, TRADITIONAL_ONLY
from cleaner.normalization.script.detect import are_foreign, stretch_starts, sum_stretches, survey
from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.normalization.script.detect import Mask, ScriptName, Starts

CONFIGS = {"simplified": "any2s", "traditional": "s2t", "tw": "s2tw", "hk": "s2hk"}
"""OpenCC's configuration for each target."""


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


def _source(target: str) -> ScriptName:
    return "traditional" if target == "simplified" else "simplified"


def _split(text: str, source: ScriptName, *, is_mixed: bool) -> Iterator[tuple[str, bool]]:
    """Yield runs of sentences, with whether to convert them: those of a mixed text need evidence of their own."""
    import numpy as np

    codes = codepoints.indices(text)
    classes = script_classes.table()[codes]
    lines, sentences = stretch_starts(codes == codepoints.LINE_FEED), stretch_starts(classes == STOP)
    line_of_sentence = np.searchsorted(lines, sentences, side="right") - 1
    is_source = ~are_foreign(classes, lines)[line_of_sentence]
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
    evidence, against = sum_stretches(classes == kind, sentences), sum_stretches(classes == other, sentences)
    in_line = np.bincount(line_of_sentence, weights=evidence)[line_of_sentence]
    mask: Mask = (evidence > 0) | ((against == 0) & (in_line > 0))
    return mask
