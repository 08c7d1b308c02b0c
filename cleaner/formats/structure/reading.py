"""The structure of a page, read beside its lines: elements, inline runs, columns of cells, numbers of items."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cleaner.formats.html_lines import CELL_TAGS, PageLines, Style
from cleaner.formats.pages import formulas
from cleaner.formats.structure.cell_grid import CellGrid
from cleaner.formats.structure.code_language import find_language
from cleaner.formats.structure.page import InlineRun, PageStructure, StructuredHints

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from cleaner.features.markup import Hints

_KIND_OF_INLINE = {
    "a": "link",
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("em", "i"), "emphasis"),
    **dict.fromkeys(("strong", "b"), "strong"),
    formulas.TAG: "formula",
}
_DEEPEST_MARKS = 16
"""Inline elements open at once that are noted; pages nest a handful."""
_LARGEST_NUMBER = 999_999_999
"""What CommonMark takes for the number of an item, at most."""


class _Mark(NamedTuple):
    """An inline element that is open."""

    kind: str
    value: str
    number: int


class StructuredLines(PageLines):
    """Lines as `PageLines` collects them, with their structure."""

    def __init__(self, base: str = "") -> None:
        super().__init__()
        self._base = base
        self.numbers: list[int] = []
        self.languages: dict[int, str] = {}
        self.runs: list[list[InlineRun]] = []
        self.is_broken: list[bool] = []
        self._marks: list[tuple[int, tuple[_Mark, ...]]] = []
        self._mark_count = self._breaks = 0
        self._item_numbers: dict[int, int] = {}
        self._grids: dict[int, CellGrid] = {}
        self._columns: dict[int, int] = {}  # of cells, by node

    def complete(self, hints: Hints) -> StructuredHints:
        """Return the hints with the structure of what was read."""
        return StructuredHints(hints.values, self._structure(), self._base, elements=hints.elements)

    def _structure(self) -> PageStructure:
        starts = [0, *accumulate(len(text) + 1 for text in self.texts)][:-1]
        stops = [start + len(text.rstrip("\n")) for start, text in zip(starts, self.texts, strict=True)]
        return PageStructure(
            self.tags, self.parents, self.numbers, self.languages, self.owners, self.runs, self.is_broken, starts, stops
        )

    def add_text(self, text: str, style: Style) -> None:
        """Add a text node, and note the inline elements around it."""
        if isinstance(style, _MarkedStyle) and style.marks and not style.verbatim:
            self._marks.append((len(self.strings), style.marks))
        super().add_text(text, style)

    def end_line(self, style: Style) -> None:
        """End the line, and note its runs."""
        strings, count = list(self.strings), len(self.texts)
        super().end_line(style)
        if len(self.texts) > count:
            self.runs.append(_runs(strings, self._marks, self.texts[-1]) if self._marks else [])
            self.is_broken.append(self._breaks == 1)
            self._breaks = 0
        if strings:
            self._marks = []

    def break_line(self, style: Style) -> None:
        """End the line, and count the break."""
        self.end_line(style)
        self._breaks += 1

    def open_block(self, tag: str, place: int, outer: Style) -> Style:
        """Begin a block element."""
        style = super().open_block(tag, place, outer)
        self._breaks = 0
        self.numbers.append(-1)
        return _MarkedStyle(style, outer.marks if isinstance(outer, _MarkedStyle) else ())

    def open_element(self, node: LexborNode, outer: Style) -> Style:
        """Begin the block element of a node, and note what its attributes say."""
        style = super().open_element(node, outer)
        element = self._element
        tag = self.tags[element]
        if tag == "li":
            self._number_item(element, node)
        elif tag == "ol":
            self._item_numbers[element] = _whole_number(node.attributes.get("start"), 1)
        elif tag == "tr":
            self._place_cells(element, node)
        elif tag in CELL_TAGS:
            self.numbers[element] = self._columns.get(node.mem_id, 0)
        elif style.verbatim and (language := find_language(node)):
            self.languages[element] = language
        return style

    def inline_style(self, node: LexborNode, outer: Style) -> Style:
        """Return the style inside an inline element, which is noted."""
        style = super().inline_style(node, outer)
        marks = outer.marks if isinstance(outer, _MarkedStyle) else ()
        kind = _KIND_OF_INLINE.get(node.tag or "")
        if kind and len(marks) < _DEEPEST_MARKS:
            value = node.attributes.get({"link": "href", "formula": "display"}.get(kind, "")) or ""
            self._mark_count += 1
            marks = (*marks, _Mark(kind, value, self._mark_count))
        return _MarkedStyle(style, marks)

    def close_block(self, style: Style) -> None:
        """End the innermost block element."""
        super().close_block(style)
        self._breaks = 0

    def _join(self, row: int, first: int) -> None:
        texts, runs = self.texts[first:], self.runs[first:]
        columns = [self._column(owner, row) for owner in self.owners[first:]]
        super()._join(row, first)
        row_runs: list[InlineRun] = []
        start = 0
        for text, inner, column in zip(texts, runs, columns, strict=True):
            row_runs.append(InlineRun("cell", str(column), start, start + len(text)))
            row_runs += [run._replace(start=run.start + start, stop=run.stop + start) for run in inner]
            start += len(text) + 1
        self.runs[first:] = [row_runs]
        del self.is_broken[first + 1 :]

    def _column(self, element: int, row: int) -> int:
        """Return the column of the cell of a row that an element stands in."""
        while self.parents[element] != row:
            element = self.parents[element]
        return self.numbers[element]

    def _number_item(self, element: int, node: LexborNode) -> None:
        owner = self.parents[element]
        if owner in self._item_numbers:
            number = _whole_number(node.attributes.get("value"), self._item_numbers[owner])
            self._item_numbers[owner] = number + 1
            self.numbers[element] = number if 0 <= number <= _LARGEST_NUMBER else -1

    def _place_cells(self, element: int, node: LexborNode) -> None:
        """Find the columns of the cells of a row, of the empty ones too."""
        while element >= 0 and self.tags[element] != "table":
            element = self.parents[element]
        grid = self._grids.setdefault(element, CellGrid())
        grid.open_row()
        cell = node.first_child
        while cell is not None:
            if cell.tag in CELL_TAGS:
                spans = [_whole_number(cell.attributes.get(name), 1) for name in ("colspan", "rowspan")]
                self._columns[cell.mem_id] = grid.place_cell(*spans)
            cell = cell.next


class _MarkedStyle(Style):
    """A style with the inline elements around it."""

    __slots__ = ("marks",)

    def __init__(self, style: Style, marks: tuple[_Mark, ...]) -> None:
        super().__init__(style.kind, style.inline, style.link, style.verbatim)
        self.marks = marks


def _runs(strings: Sequence[str], marks: Sequence[tuple[int, tuple[_Mark, ...]]], text: str) -> list[InlineRun]:
    """Find what inline elements stand for in a line.

    The line is its strings but for white space: so the n-th other character of the one is that of the other.
    """
    places = [place for place, character in enumerate(text) if not character.isspace()]
    bounds = [0, *accumulate(sum(not character.isspace() for character in string) for string in strings)]
    spans: dict[_Mark, tuple[int, int]] = {}
    for index, around in marks:
        start, stop = bounds[index], bounds[index + 1]
        if start < stop:
            for mark in around:
                spans[mark] = (spans[mark][0] if mark in spans else start, stop)
    return [
        InlineRun(m.kind, m.value, places[start], places[stop - 1] + 1, m.number) for m, (start, stop) in spans.items()
    ]


def _whole_number(value: str | None, default: int) -> int:
    """Read the beginning of an attribute as HTML reads whole numbers."""
    digits = (value or "").strip()[:10]
    return int(digits) if digits.lstrip("-").isdecimal() and digits.isascii() and digits.count("-") <= 1 else default
