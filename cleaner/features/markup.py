"""What a page's markup says about its lines, as columns that the judge adds to its sum.

Links against text in the enclosing elements are the oldest evidence there is (Finn 2001, Gupta 2003); the one element
that gathers the text comes from Readability and CETD (Sun 2011), as do words in classes and ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features.markup_words import BITS
from cleaner.text.packing import pack_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.model import Pass

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.int64]

KINDS = ("other", "heading", "paragraph", "item", "cell", "pre", "quote")
"""The innermost element of a kind that a line stands in; `Marks.kinds` has indices of these."""

_WITHIN = ("nav", "footer", "share", "ad", "article", "unseen")
_NEAREST = ("meta", "content", "title")
COLUMNS = (
    "known",
    "link",
    "link-most",
    "link-any",
    *(f"is-{kind}" for kind in ("heading", "paragraph", "item", "cell", "pre")),
    "link-around",
    "inside",
    "away",
    "title",
    "title-part",
    *(f"in-{place}" for place in _WITHIN),
    *(f"by-{place}" for place in _NEAREST),
)
"""Names of the columns; in a pack's weights they stand as `hint/NAME`."""

_NEVER = sum(BITS[place] for place in ("nav", "ad", "share", "footer", "unseen"))
"""Running text in these places is not what the page is about."""

_WRAPPER = 0.5, 0.7
"""An element with more than one of these shares of a page's prose and lines is a wrapper: its names place nothing.
WeChat hides its articles until a script has run, so that goes for hidden elements too."""


@dataclass(frozen=True)
class Marks:
    """What a reader of markup saw of one page, as arrays of int64.

    One entry a line: `links` characters in links, `kinds` indices of KINDS, `inline` bits of places named by inline
    elements, `owners` the innermost block element. One entry a block element, each behind the one around it: `parents`
    (-1 for the first), `places` bits of the places it names, `firsts` and `stops` the range of lines inside.
    `title`: of the page.
    """

    links: Indices
    kinds: Indices
    inline: Indices
    owners: Indices
    parents: Indices
    places: Indices
    firsts: Indices
    stops: Indices
    title: str = ""


@dataclass(frozen=True)
class Hints:
    """`values` (lines, COLUMNS) float32, each in 0..1: one row for each non-blank line of a text."""

    values: NDArray[np.float32]

    def follow(self, before: Indices, passes: Sequence[Pass], after: Indices) -> Hints:
        """The hints for the text that passes made of this one: each line takes those of the line it began in.

        `before`, `after`: where the non-blank lines of either text start, as `cleaner.text.lines.Batch` has them.
        """
        at = after
        for made in reversed(passes):
            at = _origins(at, made)
        return Hints(self.values[np.maximum(np.searchsorted(before, at, side="right") - 1, 0)])


def together(hints: Iterable[Hints | None], counts: Sequence[int]) -> Mapping[str, NDArray[np.float32]] | None:
    """Columns (lines,) by name for texts judged as one block, zeros for texts without hints; None when none has any.

    `counts`: how many non-blank lines each text has. ValueError where hints have another number of rows.
    """
    known = list(hints)
    if not any(known):
        return None
    for one, count in zip(known, counts, strict=True):
        if one and len(one.values) != count:
            raise ValueError(f"hints for {len(one.values)} lines, but the text has {count}")
    blank = np.zeros((max(counts), len(COLUMNS)), dtype=np.float32)
    values = np.concatenate([one.values if one else blank[:count] for one, count in zip(known, counts, strict=True)])
    return dict(zip(COLUMNS, values.T, strict=True))


def measure(texts: Sequence[str], marks: Marks) -> Hints:
    """The hints for a page's lines; `texts` are those lines, none of them blank."""
    if not texts:
        return Hints(np.zeros((0, len(COLUMNS)), dtype=np.float32))
    page = _Codes(texts)
    tree = _Tree(marks, *_weigh(page, marks.links))
    within, nearest = tree.within() | marks.inline, tree.nearest() | marks.inline
    tree = _Tree(marks, tree.size, tree.linked, np.where(within & _NEVER, 0.0, tree.prose))
    density = tree.linked / np.maximum(tree.size, 1)
    repeated = _repeated(page, marks.title)
    columns: dict[str, Any] = {"known": np.ones(len(texts)), "link": density}
    columns |= {"link-most": density >= 0.9, "link-any": marks.links > 0}
    columns |= {f"is-{kind}": marks.kinds == at for at, kind in enumerate(KINDS)}
    columns |= {"link-around": tree.around()} | tree.best()
    columns |= {"title": repeated >= 0.8, "title-part": repeated}
    columns |= {f"in-{place}": within & BITS[place] > 0 for place in _WITHIN}
    columns |= {f"by-{place}": nearest & BITS[place] > 0 for place in _NEAREST}
    return Hints(np.stack([columns[name] for name in COLUMNS], axis=1).astype(np.float32))


_BLANK = np.array([9, 10, 13, 32, 0xA0, 0x3000], dtype=np.uint32)
_PAUSES = np.array([ord(c) for c in "，。！？；、：,!?;"], dtype=np.uint32)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


class _Codes:
    """Lines as code points: `values` of all with a break after each, `starts` and `lengths` (lines,) of each."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.values = _codes("\n".join((*texts, "")))
        self.lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        self.starts = np.cumsum(self.lengths + 1) - self.lengths - 1


def _weigh(page: _Codes, links: Indices) -> tuple[Numbers, Numbers, Numbers]:
    """Characters of each line that are not white space; those in links; those of running text."""
    size = np.add.reduceat(~np.isin(page.values, _BLANK), page.starts, dtype=np.float64)
    pauses = np.add.reduceat(np.isin(page.values, _PAUSES), page.starts, dtype=np.float64)
    linked = np.minimum(links, size)
    prose = (size >= 15) & (pauses >= np.maximum(1, size / 60)) & (linked < 0.3 * size)
    return size, linked, np.where(prose, size, 0.0)


@dataclass(frozen=True)
class _Tree:
    """The block elements of a page over its lines: `size`, `linked`, `prose` (lines,) characters."""

    marks: Marks
    size: Numbers
    linked: Numbers
    prose: Numbers

    def sums(self, values: NDArray[Any]) -> Numbers:
        """The sum over the lines inside each element, shape (elements,)."""
        total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
        return total[self.marks.stops] - total[self.marks.firsts]

    @cached_property
    def lines(self) -> Numbers:
        """How many lines each element holds."""
        return (self.marks.stops - self.marks.firsts).astype(np.float64)

    @cached_property
    def wider(self) -> Indices:
        """For each element the nearest one around it that holds more lines, or the outermost."""
        found = np.maximum(self.marks.parents, 0).tolist()
        lines = self.lines.tolist()
        for at, parent in enumerate(found):
            found[at] = found[parent] if lines[parent] == lines[at] else parent
        return np.array(found, dtype=np.int64)

    def around(self) -> Numbers:
        """The share of links in an element around each line: that outside the nearest which holds other lines too."""
        size, linked = self.sums(self.size), self.sums(self.linked)
        near = np.where(self.lines[self.marks.owners] > 1, self.marks.owners, self.wider[self.marks.owners])
        around = self.wider[near]
        return linked[around] / np.maximum(size[around], 1)

    def best(self) -> dict[str, Numbers]:
        """Whether a line is in the element that gathers most prose for the fewest links, and how many steps out it is.

        Short lines without links count a little for it, as verse, answers and specifications have only those.
        """
        prose = np.minimum(np.log2(np.maximum(self.size, 1)), 8) - 2
        gain = np.where(self.prose > 0, prose, np.where(self.linked > 0.5 * self.size, -1.5, 0.1))
        value = self.sums(gain)
        at = len(value) - 1 - int(np.argmax(value[::-1]))
        row = np.arange(len(gain))
        away = np.full(len(gain), 6 if value[at] > 0 else 0)
        for step in range(6 if value[at] > 0 else 0):
            inside = (row >= self.marks.firsts[at]) & (row < self.marks.stops[at])
            away[inside] = np.minimum(away[inside], step)
            at = int(self.wider[at])
        return {"inside": np.where(value.max() > 0, away == 0, 0.0), "away": away / 6}

    def within(self) -> Indices:
        """Bits of the places named by all elements around each line, wrappers left out."""
        most_prose, most_lines = _WRAPPER
        wrapper = self.sums(self.prose) > most_prose * max(float(self.prose.sum()), 1.0)
        wrapper |= self.lines > most_lines * len(self.size)
        named = np.where(wrapper, self.marks.places & BITS["article"], self.marks.places).tolist()
        for at, parent in enumerate(self.marks.parents.tolist()):
            if parent >= 0:
                named[at] |= named[parent]
        return np.array(named, dtype=np.int64)[self.marks.owners]

    def nearest(self) -> Indices:
        """Bits of the places named by the innermost element around each line that names any."""
        named = self.marks.places.tolist()
        for at, parent in enumerate(self.marks.parents.tolist()):
            if parent >= 0:
                named[at] = named[at] or named[parent]
        return np.array(named, dtype=np.int64)[self.marks.owners]


def _bigrams(codes: NDArray[np.uint32]) -> Indices:
    """Pack each code point with the next."""
    return pack_pairs(codes[:-1].astype(np.int64), codes[1:].astype(np.int64))


def _repeated(page: _Codes, title: str) -> Numbers:
    """The share of each line's pairs of characters that the page's title has too; 0 for lines no title would be."""
    found = np.isin(_bigrams(page.values), _bigrams(_codes(title)))
    share = np.add.reduceat(np.append(found, False), page.starts, dtype=np.float64) / np.maximum(page.lengths - 1, 1)
    return np.where((page.lengths >= 4) & (page.lengths <= 100), share, 0.0)


def _origins(at: Indices, made: Pass) -> Indices:
    """Where places in a text that edits made came from in the text before."""
    if not made:
        return at
    start = np.array([edit.span.start for edit in made], dtype=np.int64)
    stop = np.array([edit.span.stop for edit in made], dtype=np.int64)
    length = np.array([len(edit.new) for edit in made], dtype=np.int64)
    shift = np.concatenate(([0], np.cumsum(length - (stop - start))))
    begins = start + shift[:-1]
    edits = np.searchsorted(begins, at, side="right")
    last = np.maximum(edits - 1, 0)
    written = (edits > 0) & (at < begins[last] + length[last])
    within = np.minimum(start[last] + at - begins[last], np.maximum(stop[last] - 1, start[last]))
    return np.where(written, within, at - shift[edits])
