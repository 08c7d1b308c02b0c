"""Measure what a page's markup says about its lines, as columns that the judge adds to its sum.

Links against text in the enclosing elements are the oldest evidence there is (Finn 2001, Gupta 2003); the one element
that gathers the text comes from Readability and CETD (Sun 2011), as do words in classes and ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features.elements import ElementTree, Marks
from cleaner.features.markup_words import BITS
from cleaner.text import codepoints
from cleaner.text.packing import pack_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.elements import PageElements
    from cleaner.model import Pass

    Codes = NDArray[np.uint32]
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

_FOREIGN = sum(BITS[place] for place in ("nav", "ad", "share", "footer", "unseen"))
"""Running text in these places is not what the page is about."""

MOSTLY_LINK = 0.9
"""The share of a line in links from which it is a link."""
PROSE_LENGTH, PROSE_PAUSE, PROSE_LINKS = 15, 60, 0.4
"""Characters of running text, at least; characters to a mark of punctuation and the share in links, at most."""
SPACED_LENGTH, SPACED_PAUSE, SPACED_SHARE = 40, 200, 0.2
"""The same where words stand apart, as in Latin, Cyrillic or Korean: a letter says less there. The share of Han and
kana in such a line, at most."""
SPACED_PAGE = 0.9
"""The share of such lines in a page from which it is in such a language."""
TITLE_SHARE, TITLE_LENGTHS = 0.8, (4, 100)
"""The share of a line's pairs of characters that are the title's from which it is the title; characters of a title."""

_WHITE_SPACE = np.array([9, 10, 13, 32, 0xA0, 0x3000], dtype=np.uint32)
_PAUSES = np.array([ord(c) for c in "，。！？；、：,!?;،؛؟۔।"], dtype=np.uint32)
_KANA_AND_HAN = (0x3040, 0xA000)
"""Code points of kana and Han; Hangul stands behind them."""


@dataclass(frozen=True)
class Hints:
    """What the markup says of lines.

    Attributes:
        values: (lines, COLUMNS) float32, each in 0..1, a row a non-blank line.
        elements: those of the page; None where they are not known.
        rows: (lines,) int64, the line of the page that each line was; None where they are the page's.
    """

    values: NDArray[np.float32]
    elements: PageElements | None = field(default=None, kw_only=True)
    rows: Indices | None = field(default=None, kw_only=True)

    def follow(self, starts: Indices, passes: Sequence[Pass], new_starts: Indices) -> Hints:
        """Take for each line of the text that passes made of this one the hints for the line it began in.

        Args:
            starts, new_starts: where the non-blank lines of either text start, as `cleaner.text.lines.Batch` has them.
            passes: the edits between the two texts.
        """
        positions = new_starts
        for edits in reversed(passes):
            positions = _positions_before(positions, edits)
        rows = np.maximum(np.searchsorted(starts, positions, side="right") - 1, 0)
        return Hints(self.values[rows], elements=self.elements, rows=rows if self.rows is None else self.rows[rows])

    @property
    def lists(self) -> Indices:
        """The nearest list or table around each line, (lines,); -1 where there is none."""
        if self.elements is None:
            return np.full(len(self.values), -1)
        lists = self.elements.lists
        return lists[: len(self.values)] if self.rows is None else lists[self.rows]

    def mark_inside(self, path: str) -> NDArray[np.bool_]:
        """Mark the lines (lines,) inside the elements to which a path leads, links alone for a path of links."""
        count = len(self.values)
        if self.elements is None:
            return np.zeros(count, dtype=np.bool_)
        is_inside = self.elements.mark(path)
        return is_inside[:count] if self.rows is None else is_inside[self.rows]


def combine(hints: Iterable[Hints | None], counts: Sequence[int]) -> Mapping[str, NDArray[np.float32]] | None:
    """Combine the hints for texts of one batch into columns (lines,) by name; None when no text has any.

    Args:
        hints: for each text, zeros where it has none.
        counts: the non-blank lines of each text.

    Raises:
        ValueError: hints have another number of rows than the text has lines.
    """
    several = list(hints)
    if not any(several):
        return None
    for one, count in zip(several, counts, strict=True):
        if one and len(one.values) != count:
            raise ValueError(f"hints for {len(one.values)} lines, but the text has {count}")
    blank = np.zeros((max(counts), len(COLUMNS)), dtype=np.float32)
    rows = [one.values if one else blank[:count] for one, count in zip(several, counts, strict=True)]
    return dict(zip(COLUMNS, np.concatenate(rows).T, strict=True))


def measure(texts: Sequence[str], marks: Marks) -> Hints:
    """Measure the hints for a page's lines; `texts` are those lines, none of them blank."""
    if not texts:
        return Hints(np.zeros((0, len(COLUMNS)), dtype=np.float32))
    page = _Lines(texts)
    is_spaced, *weights = _weigh(page, marks.links)
    tree = ElementTree(marks, *weights)
    within, nearest = tree.places_within() | marks.inline, tree.nearest_places() | marks.inline
    # the words of classes were collected on Chinese sites: elsewhere whole texts stand in what they call an ad
    is_named = (within & _FOREIGN > 0) & (tree.size[is_spaced].sum() < SPACED_PAGE * tree.size.sum())
    tree = ElementTree(marks, tree.size, tree.link_size, np.where(is_named, 0.0, tree.prose_size))
    density = tree.link_size / np.maximum(tree.size, 1)
    title_share = _title_share(page, marks.title)
    columns: dict[str, Any] = {"known": np.ones(len(texts)), "link": density}
    columns |= {"link-most": density >= MOSTLY_LINK, "link-any": marks.links > 0}
    columns |= {f"is-{kind}": marks.kinds == number for number, kind in enumerate(KINDS)}
    columns |= {"link-around": tree.link_share_around()} | tree.best_element()
    columns |= {"title": title_share >= TITLE_SHARE, "title-part": title_share}
    columns |= {f"in-{place}": within & BITS[place] > 0 for place in _WITHIN}
    columns |= {f"by-{place}": nearest & BITS[place] > 0 for place in _NEAREST}
    return Hints(np.stack([columns[name] for name in COLUMNS], axis=1).astype(np.float32))


class _Lines:
    """Lines as code points: `codes` of all with a break after each, `starts` and `lengths` (lines,) of each."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.codes = codepoints.from_text("\n".join((*texts, "")))
        self.lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        self.starts = np.cumsum(self.lengths + 1) - self.lengths - 1

    def count(self, mask: NDArray[np.bool_]) -> Numbers:
        """Count the marked characters of each line; `mask` is of the shape of `codes`."""
        return np.add.reduceat(mask, self.starts, dtype=np.float64)


def _weigh(page: _Lines, links: Indices) -> tuple[NDArray[np.bool_], Numbers, Numbers, Numbers]:
    """Mark lines whose words stand apart; count each line's characters that are not white space, those in links, and
    those of running text."""
    is_white = np.isin(page.codes, _WHITE_SPACE)
    size = page.count(~is_white)
    is_stop = (page.codes == ord(".")) & np.append(is_white[1:], True)
    pauses = page.count(np.isin(page.codes, _PAUSES) | is_stop)
    link_size = np.minimum(links, size)
    first, stop = _KANA_AND_HAN
    is_spaced = page.count((page.codes >= first) & (page.codes < stop)) < SPACED_SHARE * size
    least, pause = np.where(is_spaced, SPACED_LENGTH, PROSE_LENGTH), np.where(is_spaced, SPACED_PAUSE, PROSE_PAUSE)
    is_prose = (size >= least) & (pauses >= np.maximum(1, size / pause))
    return is_spaced, size, link_size, np.where(is_prose & (link_size < PROSE_LINKS * size), size, 0.0)


def _title_share(page: _Lines, title: str) -> Numbers:
    """Measure the share of each line's pairs of characters that the title has too; 0 for lines no title would be."""
    in_title = np.isin(_character_pairs(page.codes), _character_pairs(codepoints.from_text(title)))
    share = page.count(np.append(in_title, False)) / np.maximum(page.lengths - 1, 1)
    shortest, longest = TITLE_LENGTHS
    return np.where((page.lengths >= shortest) & (page.lengths <= longest), share, 0.0)


def _character_pairs(codes: Codes) -> Indices:
    """Combine each two neighbouring characters into one number, (characters - 1,)."""
    numbers = codes.astype(np.int64)
    return pack_pairs(numbers[:-1], numbers[1:])


def _positions_before(positions: Indices, edits: Pass) -> Indices:
    """Find where positions in a text that edits made came from in the text before."""
    if not edits:
        return positions
    start = np.array([edit.span.start for edit in edits], dtype=np.int64)
    stop = np.array([edit.span.stop for edit in edits], dtype=np.int64)
    length = np.array([len(edit.new) for edit in edits], dtype=np.int64)
    shift = np.concatenate(([0], np.cumsum(length - (stop - start))))
    new_starts = start + shift[:-1]
    count = np.searchsorted(new_starts, positions, side="right")
    last = np.maximum(count - 1, 0)
    is_new = (count > 0) & (positions < new_starts[last] + length[last])
    replaced_position = np.minimum(start[last] + positions - new_starts[last], np.maximum(stop[last] - 1, start[last]))
    return np.where(is_new, replaced_position, positions - shift[count])
