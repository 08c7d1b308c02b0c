"""Texts as lines: a batch joins many documents, so that one array operation serves all their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from cleaner.model import Line, Span
from cleaner.text import codepoints

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Indices = NDArray[np.int64]


def split(text: str) -> Iterator[Line]:
    """Yield all lines of a text, blank ones too, without their breaks; only `\\n` breaks lines."""
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        yield Line(number, Span(start, start + len(line)), line)
        start += len(line) + 1


@dataclass(frozen=True)
class Batch:
    """Documents joined by a line break, with the ranges of their non-blank lines as arrays.

    Attributes:
        texts: the documents.
        text: all of them joined by `\\n`.
        codes: (characters,) uint32, the code points of `text`.
        offsets: (documents + 1,) int64, where each document begins in `text`; the last is one past the end.
        starts, stops: (lines,) int64, each non-blank line in `text`, without surrounding white space.
        documents: (lines,) int64, the document each line belongs to.
    """

    texts: tuple[str, ...]
    text: str
    codes: Codes
    offsets: Indices
    starts: Indices
    stops: Indices
    documents: Indices

    @cached_property
    def lengths(self) -> Indices:
        """Code points of each line, (lines,)."""
        return self.stops - self.starts

    @cached_property
    def first_lines(self) -> Indices:
        """The first line of each document and one past the last line, (documents + 1,)."""
        import numpy as np

        return np.searchsorted(self.documents, np.arange(len(self.texts) + 1))

    @cached_property
    def starts_in_document(self) -> Indices:
        """Where each line begins in its own document, (lines,)."""
        return self.starts - self.offsets[self.documents]

    def document_at(self, positions: Indices) -> Indices:
        """Find the documents that positions of `text` lie in."""
        import numpy as np

        return np.searchsorted(self.offsets, positions, side="right") - 1


def join(texts: Sequence[str]) -> Batch:
    """Join texts into one batch and find their non-blank lines."""
    import numpy as np

    text = "\n".join(texts)
    lengths = np.fromiter((len(t) + 1 for t in texts), dtype=np.int64, count=len(texts))
    offsets = np.concatenate(([0], lengths.cumsum()))
    codes = codepoints.from_text(text)
    starts, stops = _find_lines(text, codes)
    documents = np.searchsorted(offsets, starts, side="right") - 1
    return Batch(tuple(texts), text, codes, offsets, starts, stops, documents)


def _find_lines(text: str, codes: Codes) -> tuple[Indices, Indices]:
    """Find the starts and stops of the non-blank lines of a text, each (lines,)."""
    import numpy as np

    from cleaner import _kernels

    if _kernels.active:
        bounds = np.empty((2, text.count("\n") + 1), dtype=np.int64)
        count = _kernels.active.split_lines(codes, _white_space(), *bounds)
        return bounds[0, :count], bounds[1, :count]
    # no white space is Han or beyond: few characters of most texts are looked up
    candidates = (codes < len(_white_space())).nonzero()[0]
    blanks = candidates[_white_space()[codes[candidates]]]
    breaks = blanks[codes[blanks] == codepoints.LINE_FEED]
    # lines begin where the first of their words begins, and end where the last one ends
    edges = np.concatenate(([-1], blanks, [len(codes)]))
    gaps = (np.diff(edges) > 1).nonzero()[0]
    word_starts, word_stops = edges[gaps] + 1, edges[gaps + 1]
    first = np.searchsorted(word_starts, np.concatenate(([0], breaks)))
    last = np.searchsorted(word_stops, np.concatenate((breaks, [len(codes)])), side="right") - 1
    has_words = last >= first
    return word_starts[first[has_words]], word_stops[last[has_words]]


@cache
def _white_space() -> NDArray[np.bool_]:
    """Tabulate white space as `str.isspace` has it, by code point; none lies above U+3000."""
    import numpy as np

    return np.array([chr(code).isspace() for code in range(0x3001)])
