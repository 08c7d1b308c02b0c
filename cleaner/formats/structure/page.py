"""What is known of a page beside its lines: elements, inline runs, columns of cells, numbers of items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.features.markup import Hints


class InlineRun(NamedTuple):
    """A range of a line that an inline element, or a cell of a row that became one line, stands for.

    `value`: the target of a link, `block` for a formula by itself, the column of a cell. `number` tells elements apart.
    """

    kind: str
    value: str
    start: int
    stop: int
    number: int = 0


@dataclass(frozen=True)
class PageStructure:
    """What a page's markup says of the form of its lines.

    `tags`, `parents`, `numbers`, `languages` have an entry a block element: the number of an item (-1 in lists
    without), the column of a cell; the language of code. `owners`, `runs`, `is_broken`, `starts` and `stops` one a
    line: its element, its runs, whether a single line break stands before it, its place in the page's text.
    """

    tags: Sequence[str]
    parents: Sequence[int]
    numbers: Sequence[int]
    languages: Mapping[int, str]
    owners: Sequence[int]
    runs: Sequence[Sequence[InlineRun]]
    is_broken: Sequence[bool]
    starts: Sequence[int]
    stops: Sequence[int]

    def ancestors(self, element: int) -> Iterator[int]:
        """Yield an element and all around it, innermost first."""
        while element >= 0:
            yield element
            element = self.parents[element]


@dataclass(frozen=True)
class StructuredHints(Hints):
    """Hints with the structure of their page. `base`: the address that the page says its links are seen from."""

    structure: PageStructure
    base: str
