"""Where the lines of a page stand in Markdown: in quotes and items, as a heading, code, a row or a paragraph."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from cleaner.formats.html_lines import CELL_TAGS, VERBATIM_TAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.formats.structure.page import PageStructure

LeafKind = Literal["paragraph", "heading", "code", "row", "term"]
HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}
_DEEPEST = 8
"""Quotes and items around a line that are written; parsers of CommonMark stop at twenty levels, an item is two."""
_LAYOUT_TAGS = frozenset((*VERBATIM_TAGS, *HEADING_LEVELS, "blockquote"))
"""Elements that no cell of a table of content holds."""
_LONGEST_CELL = 400
"""Characters of a cell of a table of content, at most: more is a page laid out by a table."""
_LEAST = 2
"""Cells of a row, and rows of so many, at least."""


class Container(NamedTuple):
    """A quote or an item around a line; `list_element`: the list of the item, `number`: -1 for an item without."""

    element: int
    list_element: int = -1
    number: int = -1

    @property
    def is_item(self) -> bool:
        """Whether it is an item."""
        return self.list_element >= 0


class Placement(NamedTuple):
    """Where a line stands. `element`: that of the leaf, `table` around a row; `level` of a heading."""

    containers: tuple[Container, ...]
    kind: LeafKind
    element: int
    table: int = -1
    level: int = 0

    @property
    def block(self) -> int:
        """The element whose lines are one block of Markdown."""
        return self.table if self.kind == "row" else self.element


class PageLayout:
    """Places the lines of a page."""

    def __init__(self, structure: PageStructure) -> None:
        self.structure = structure
        self._placements: dict[int, Placement] = {}

    def place(self, line: int) -> Placement:
        """Return the placement of a line of the page, by its number."""
        owner = self.structure.owners[line]
        if owner not in self._placements:
            self._placements[owner] = self._place(owner)
        return self._placements[owner]

    def language(self, element: int) -> str:
        """Return the language of a block of code, "" where it is not known."""
        ancestors = self.structure.ancestors(element)
        return next((self.structure.languages[one] for one in ancestors if one in self.structure.languages), "")

    def column(self, line: int) -> int:
        """Return the column of the cell that a line stands in, 0 where it stands in none."""
        cells = (
            one
            for one in self.structure.ancestors(self.structure.owners[line])
            if self.structure.tags[one] in CELL_TAGS
        )
        return next((self.structure.numbers[cell] for cell in cells), 0)

    def _place(self, owner: int) -> Placement:
        tags, table = self.structure.tags, self._tables[owner]
        if table in self._grids:
            rows = [one for one in self.structure.ancestors(owner) if tags[one] == "tr"]
            if rows and self._tables[rows[0]] == table:
                return Placement(self._containers(table), "row", rows[0], table)
        for element in self.structure.ancestors(owner):
            tag = tags[element]
            if tag in VERBATIM_TAGS:
                return Placement(self._containers(element), "code", element)
            if tag in HEADING_LEVELS:
                return Placement(self._containers(element), "heading", element, level=HEADING_LEVELS[tag])
            if tag == "dt":
                return Placement(self._containers(element), "term", element)
        return Placement(self._containers(owner), "paragraph", owner)

    def _containers(self, element: int) -> tuple[Container, ...]:
        structure, around = self.structure, []
        for one in structure.ancestors(element):
            if structure.tags[one] == "blockquote":
                around.append(Container(one))
            elif structure.tags[one] == "li":
                around.append(Container(one, max(structure.parents[one], 0), structure.numbers[one]))
        return tuple(reversed(around))[:_DEEPEST]

    @cached_property
    def _tables(self) -> Sequence[int]:
        """The innermost table around each element, (elements,); -1 for none."""
        tables: list[int] = []
        for element, (tag, parent) in enumerate(zip(self.structure.tags, self.structure.parents, strict=True)):
            tables.append(element if tag == "table" else tables[parent] if parent >= 0 else -1)
        return tables

    @cached_property
    def _grids(self) -> frozenset[int]:
        """The tables of content: rows of several short cells, without a table, code or a heading within."""
        structure, tables = self.structure, self._tables
        widths: defaultdict[int, Counter[int]] = defaultdict(Counter)
        layout_tables = set()
        for element, tag in enumerate(structure.tags):
            parent = structure.parents[element]
            if parent >= 0 and (tag == "table" or tag in _LAYOUT_TAGS):
                layout_tables.add(tables[parent])
            elif tag in CELL_TAGS:
                widths[tables[element]][parent] += 1
        sizes: Counter[int] = Counter()
        for owner, start, stop in zip(structure.owners, structure.starts, structure.stops, strict=True):
            if tables[owner] >= 0:
                sizes[owner] += stop - start
                if sizes[owner] > _LONGEST_CELL * max(widths[tables[owner]][owner], 1):
                    layout_tables.add(tables[owner])
        return frozenset(
            table
            for table, rows in widths.items()
            if table not in layout_tables and sum(width >= _LEAST for width in rows.values()) >= _LEAST
        )
