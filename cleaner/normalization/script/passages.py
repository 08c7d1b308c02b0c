"""Find the passages of a text that are in the other script: all of it, or sentences of it, but for what is exempt."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from cleaner.normalization.script import classes as script_classes
from cleaner.normalization.script.classes import SIMPLIFIED_ONLY, STOP, TRADITIONAL_ONLY
from cleaner.normalization.script.detect import are_foreign, holds_only, stretch_starts, sum_stretches, survey
from cleaner.normalization.script.exempt import find_exempt
from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.normalization.script.detect import Mask, ScriptName, Starts, Survey


class ScriptPassage(NamedTuple):
    """A half-open range of a text, and whether it is to be converted."""

    start: int
    stop: int
    is_source: bool


def split(text: str, source: ScriptName) -> list[ScriptPassage]:
    """Split a text into passages that are to be converted from a script and others, in turns.

    Only a text that the survey calls by the script's name or mixed has any. Of a text with evidence of both scripts
    it is the sentences that hold evidence of this one, or no other. Japanese and Korean lines are none.
    """
    passages, has_kana = [ScriptPassage(0, len(text), True)], False
    if not holds_only(text, source):
        evidence = survey(text)
        if evidence.verdict not in (source, "mixed"):
            return [ScriptPassage(0, len(text), False)]
        passages, has_kana = list(_split_sentences(text, evidence, source)), evidence.kana > 0
    exempt = find_exempt(text, has_kana=has_kana)
    return cut_out(passages, exempt) if exempt else passages


def _split_sentences(text: str, evidence: Survey, source: ScriptName) -> Iterator[ScriptPassage]:
    """Yield runs of sentences."""
    import numpy as np

    codes = codepoints.indices(text)
    classes = script_classes.table()[codes]
    lines, sentences = stretch_starts(codes == codepoints.LINE_FEED), stretch_starts(classes == STOP)
    line_of_sentence = np.searchsorted(lines, sentences, side="right") - 1
    is_source = ~are_foreign(classes, lines)[line_of_sentence]
    is_source &= _are_source(classes, source, sentences, line_of_sentence, is_mixed=evidence.verdict == "mixed")
    turns = np.flatnonzero(np.diff(is_source, prepend=~is_source[:1]))
    edges = [*sentences[turns].tolist(), len(text)]
    for start, stop, verdict in zip(edges, edges[1:], is_source[turns].tolist(), strict=False):
        yield ScriptPassage(start, stop, verdict)


def _are_source(
    classes: script_classes.Classes, source: ScriptName, sentences: Starts, line_of_sentence: Starts, *, is_mixed: bool
) -> Mask:
    """Tell which sentences hold evidence of the script, or none; in a mixed text those only in a line that does."""
    import numpy as np

    kind, other = TRADITIONAL_ONLY, SIMPLIFIED_ONLY
    if source == "simplified":
        kind, other = other, kind
    evidence, against = sum_stretches(classes == kind, sentences), sum_stretches(classes == other, sentences)
    in_line = np.bincount(line_of_sentence, weights=evidence)[line_of_sentence]
    mask: Mask = (evidence > 0) | ((against == 0) & ((in_line > 0) | (not is_mixed)))
    return mask


def cut_out(passages: list[ScriptPassage], exempt: list[tuple[int, int]]) -> list[ScriptPassage]:
    """Take ranges, which are sorted and apart, out of passages: they are not to be converted."""
    edges = sorted({edge for exempt_range in exempt for edge in exempt_range})
    is_exempt = dict.fromkeys((edge for _, edge in exempt), False) | dict.fromkeys((edge for edge, _ in exempt), True)
    parts, inside = [], False
    for passage in passages:
        start = passage.start
        for edge in edges[bisect_left(edges, passage.start) : bisect_left(edges, passage.stop)]:
            parts.append(ScriptPassage(start, edge, passage.is_source and not inside))
            start, inside = edge, is_exempt[edge]
        parts.append(ScriptPassage(start, passage.stop, passage.is_source and not inside))
    return [part for part in parts if part.start < part.stop]
