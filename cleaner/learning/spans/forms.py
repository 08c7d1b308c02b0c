"""What may be a span at the head or the tail of a line: bounded by a bracket, a sentence's end or white space."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cleaner.features.line_view import view_lines
from cleaner.learning.line_keys import hash_names, key_lines
from cleaner.text import lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

    Codes = NDArray[np.uint32]
    Indices = NDArray[np.int64]
    Keys = NDArray[np.uint64]

Side = Literal["head", "tail"]
SIDES: tuple[Side, ...] = ("head", "tail")

SHORTEST_LINE, SHORTEST_REST = 12, 6
"""Characters of a line that may hold a span, and of what remains of it, at least."""
LONGEST_NAME = 16
"""Characters of the names behind the label of a credit, at most."""

_OPEN, _CLOSE, _STOP = "([【〔", ")]】〕", "。!?…"
_INSIDE = rf"[^{re.escape(_OPEN + _CLOSE)}]"
_TAIL_BRACKET = re.compile(rf"[{re.escape(_OPEN)}]{_INSIDE}{{2,60}}[{re.escape(_CLOSE)}]$")
_HEAD_BRACKET = re.compile(rf"[{re.escape(_OPEN)}]{_INSIDE}{{2,20}}[{re.escape(_CLOSE)}]")
_TAIL_SENTENCE = re.compile(rf"(?<=[{_STOP}])[ \t]*[^{_STOP}]{{2,40}}$")
_TAIL_WORDS = re.compile(r"(?<=\S) +(?:(\S{2,12}) +)?(\S{2,12})$")
_HEAD_WORD = re.compile(r"\S{2,12}(?= )")
"""Words between spaces; tabs part the cells of a row."""

CREDIT = re.compile(
    rf"(?P<open>[{re.escape(_OPEN)}] ?)"
    r"(?P<label>(?:责任|值班|文字|本文|网络)?(?:编辑|责编|校对|审核|审校|编审|编委|监审))"
    rf" ?: ?(?P<name>[^{re.escape(_OPEN + _CLOSE)}{_STOP},;:]{{1,{LONGEST_NAME}}})(?P<close>[{re.escape(_CLOSE)}])"
)
"""A credit in brackets, folded: who edited a text differs, so its label stands for it."""


class LineSpan(NamedTuple):
    """A span of a line, as a row of its batch and a range of its text."""

    line: int
    start: int
    stop: int


class SpanKeys(NamedTuple):
    """The spans of one side of a batch.

    Attributes:
        spans: (n,) in order of the lines.
        keys: (n,) uint64, equal as those of `LineKeys`, and told apart from them and by side.
        texts: (n,) uint32, hashes of what the keys are made of, letter by letter.
    """

    spans: list[LineSpan]
    keys: Keys
    texts: NDArray[np.uint32]


def key_spans(view: LineView, hosts: Sequence[str], side: Side) -> SpanKeys:
    """Find and key the spans of one side in the lines of a batch; `hosts` has that of each document."""
    spans = list(_find(view, side))
    text = view.folded_text
    generalized = [generalize(text[span.start : span.stop].strip()) for span in spans]
    inner = lines.join(generalized)
    documents = view.batch.documents.tolist()
    hashes = hash_names([f"{hosts[documents[span.line]]}\n{side}" for span in spans])
    rows, keys, texts = key_lines(view_lines(inner), hashes)
    return SpanKeys([spans[number] for number in inner.documents[rows].tolist()], keys, texts)


def generalize(text: str) -> str:
    """Leave out the name in a credit."""
    match = CREDIT.fullmatch(text)
    return f"{match['open']}{match['label']}:{match['close']}" if match else text


def _find(view: LineView, side: Side) -> Iterator[LineSpan]:
    """Yield the spans of one side, those of a line from the longest to the shortest."""
    batch, text = view.batch, view.folded_text
    rows = (batch.lengths >= SHORTEST_LINE).nonzero()[0]
    edges = view.codes[batch.starts[rows] if side == "head" else batch.stops[rows] - 1]
    has_bracket = np.isin(edges, _codes(_OPEN if side == "head" else _CLOSE))
    is_ending = np.isin(edges, _codes(_STOP + _CLOSE))
    may_hold = has_bracket | (_have_space(view)[rows] & ~is_ending) | ((side == "tail") & ~is_ending)
    for row, is_bracketed in zip(rows[may_hold].tolist(), has_bracket[may_hold].tolist(), strict=True):
        start, stop = int(batch.starts[row]), int(batch.stops[row])
        find = _head_spans if side == "head" else _tail_spans
        ranges = find(text[start:stop], start, is_bracketed)
        for begin, end in ranges:
            if stop - start - (end - begin) >= SHORTEST_REST:
                yield LineSpan(row, begin, end)


def _head_spans(line: str, offset: int, is_bracketed: bool) -> Iterator[tuple[int, int]]:
    pattern = _HEAD_BRACKET if is_bracketed else _HEAD_WORD
    if match := pattern.match(line):
        yield offset, offset + match.end()


def _tail_spans(line: str, offset: int, is_bracketed: bool) -> Iterator[tuple[int, int]]:
    if is_bracketed:
        if match := _TAIL_BRACKET.search(line):
            yield offset + match.start(), offset + match.end()
        return
    if match := _TAIL_SENTENCE.search(line):
        yield offset + match.start(), offset + match.end()
    if match := _TAIL_WORDS.search(line):
        for group in (1, 2):
            if match[group]:
                yield offset + match.start(group), offset + match.end()


def _have_space(view: LineView) -> NDArray[np.bool_]:
    """Mark the lines (lines,) with white space inside."""
    batch = view.batch
    has_space = np.zeros(len(batch.starts), dtype=np.bool_)
    positions = np.isin(view.codes, _codes(" ")).nonzero()[0]
    rows = np.searchsorted(batch.starts, positions, side="right") - 1
    is_inside = (rows >= 0) & (positions < batch.stops[rows])
    has_space[rows[is_inside]] = True
    return has_space


def _codes(characters: str) -> Codes:
    return np.array([ord(character) for character in characters], dtype=np.uint32)
