"""What the elements of a host's pages hold, by the path to them: links, lines that most pages have, prose."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from cleaner.features.elements import JOINT, LINKS
from cleaner.learning.line_keys import hash_name
from cleaner.text.printable import make_encodable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.features.elements import PageElements
    from cleaner.features.markup import Hints
    from cleaner.text.lines import Batch

    Mask = NDArray[np.bool_]

COLUMNS = ("pages", "filled", "varying", "beside", "lone", "size", "prose")
"""What is counted of each path: pages that have text there; of these, those where nearly all of it is links and lines
that most pages have, where some links are others than elsewhere, where it stands among paragraphs of the page's own
prose, and where none of that stands outside; characters in all, and those of prose of the page's own."""
FILLED = 0.9
"""The share of an element's characters that is nearly all."""
SAMPLE_LINES, BODY_LINES, SAMPLE_LENGTH = 6, 3, 80
"""Lines that are kept of an element of one page, and of the bodies of a host; characters of each."""


_PARAGRAPHS = frozenset(("blockquote", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p"))
"""Elements that are paragraphs of the one around them."""


class PlacedLine(NamedTuple):
    """A line with the path to where it stands."""

    path: str
    text: str


class ElementSample(NamedTuple):
    """Links in an element of one page: the number that chose it among all, and some of them."""

    choice: int
    lines: tuple[PlacedLine, ...]


class ElementMarks(NamedTuple):
    """What is known of the lines of a batch: lines that most pages have, and prose of a page's own, (lines,) bool."""

    is_steady: Mask
    is_own_prose: Mask


_Encoding = tuple[
    dict[str, dict[str, list[int]]],
    dict[str, dict[str, str]],
    dict[str, dict[str, ElementSample]],
    dict[str, list[tuple[int, PlacedLine]]],
]


@dataclass
class ElementCounts:
    """What was seen of elements, by host and path.

    Attributes:
        numbers: those of COLUMNS.
        parents: the path to the element around it.
        samples: links in it.
        bodies: by host lines of prose with the path to them, and the number that chose each.
    """

    numbers: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    parents: dict[str, dict[str, str]] = field(default_factory=dict)
    samples: dict[str, dict[str, ElementSample]] = field(default_factory=dict)
    bodies: dict[str, list[tuple[int, PlacedLine]]] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Encode what was seen."""
        return msgspec.msgpack.encode((self.numbers, self.parents, self.samples, self.bodies))

    @classmethod
    def from_bytes(cls, data: bytes) -> ElementCounts:
        """Decode what was seen."""
        return cls(*msgspec.msgpack.decode(data, type=_Encoding))

    def merge(self, other: ElementCounts) -> None:
        """Add what was seen elsewhere; the order of merging does not matter."""
        for host, by_path in other.numbers.items():
            for path, numbers in by_path.items():
                self._add(host, path, other.parents[host][path], numbers)
        for host, samples in other.samples.items():
            for path, sample in samples.items():
                self._keep_sample(host, path, sample)
        for host, body in other.bodies.items():
            self.bodies[host] = sorted({*self.bodies.get(host, ()), *body})[:BODY_LINES]

    def _add(self, host: str, path: str, parent: str, numbers: Sequence[int]) -> None:
        by_path, parents = self.numbers.setdefault(host, {}), self.parents.setdefault(host, {})
        by_path[path] = [sum(pair) for pair in zip(by_path.get(path, [0] * len(COLUMNS)), numbers, strict=True)]
        parents[path] = min(parents.get(path, parent), parent)

    def _keep_sample(self, host: str, path: str, sample: ElementSample) -> None:
        samples = self.samples.setdefault(host, {})
        samples[path] = min(samples.get(path, sample), sample)

    def observe(self, batch: Batch, marks: ElementMarks, pages: Sequence[tuple[str, str, Hints | None]]) -> None:
        """Add a batch of pages: id, host, and what the markup says of the lines of each."""
        for document, (name, host, hints) in enumerate(pages):
            first, stop = batch.first_lines[document : document + 2].tolist()
            if hints is not None and hints.elements and first < stop:
                rows = slice(first, stop)
                line_marks = (hints.elements.is_link, marks.is_steady[rows], marks.is_own_prose[rows])
                page = _Page(batch, first, hints.elements, line_marks, hash_name(name))
                self._observe_page(host, page)

    def _observe_page(self, host: str, page: _Page) -> None:
        samples = self.samples.setdefault(host, {})
        for path, elements in page.by_path().items():
            numbers = page.count(elements)
            parent = page.elements.parents[elements[0]]
            self._add(host, path, page.elements.paths[parent] if parent >= 0 else "", numbers)
            is_new = path not in samples or page.choice < samples[path].choice
            if is_new and numbers[COLUMNS.index("filled")] and numbers[COLUMNS.index("varying")]:
                self._keep_sample(host, path, ElementSample(page.choice, tuple(page.sample(elements))))
        body = [(page.choice, line) for line in page.body()]
        self.bodies[host] = sorted({*self.bodies.get(host, ()), *body})[:BODY_LINES]


class _Page:
    """A page with its elements."""

    def __init__(
        self, batch: Batch, first: int, elements: PageElements, line_marks: tuple[Mask, Mask, Mask], choice: int
    ) -> None:
        is_link, is_steady, is_prose = line_marks
        self.batch, self.first, self.elements, self.choice = batch, first, elements, choice
        self.is_varying = is_link & ~is_steady
        self.is_prose = is_prose & ~is_link
        sizes = batch.lengths[first : first + len(is_link)]
        masks = (np.ones(len(is_link), dtype=np.bool_), is_link | is_steady, self.is_varying, self.is_prose)
        self._sums = [self._sum_inside(np.where(mask, sizes, 0)) for mask in masks]
        self._prose = int(sizes[self.is_prose].sum())

    def _sum_inside(self, values: NDArray[np.int64]) -> list[int]:
        """Sum up values (lines,) over the lines inside each element, (elements,)."""
        total = np.concatenate(([0], np.cumsum(values)))
        inside: list[int] = (total[np.array(self.elements.stops)] - total[np.array(self.elements.firsts)]).tolist()
        return inside

    @cached_property
    def _is_beside(self) -> list[bool]:
        """Whether each element stands, or one around it does, among paragraphs of the page's own prose."""
        tags, parents, owners = self.elements.tags, self.elements.parents, self.elements.owners
        prose_owners = {owners[line] for line in self.is_prose.nonzero()[0].tolist()}
        bodies = {parents[owner] if tags[owner] in _PARAGRAPHS else owner for owner in prose_owners}
        is_beside: list[bool] = []
        for parent in parents:
            is_beside.append(parent >= 0 and (is_beside[parent] or parent in bodies))
        return is_beside

    def by_path(self) -> dict[str, list[int]]:
        """Group the elements that hold text by the path to them."""
        groups: dict[str, list[int]] = {}
        for element, (path, size) in enumerate(zip(self.elements.paths, self._sums[0], strict=True)):
            if size:
                groups.setdefault(path, []).append(element)
        return groups

    def count(self, elements: Sequence[int]) -> list[int]:
        """Count what COLUMNS says of the elements of one path."""
        size, filled, varying, prose = (sum(sums[element] for element in elements) for sums in self._sums)
        is_lone = self._prose - prose <= 0
        is_beside = any(self._is_beside[element] for element in elements)
        return [1, int(filled >= FILLED * size), int(varying > 0), int(is_beside), int(is_lone), size, prose]

    def sample(self, elements: Sequence[int]) -> list[PlacedLine]:
        """Take some links inside the elements, from the first to the last."""
        places = [
            (element, line)
            for element in elements
            for line in range(self.elements.firsts[element], self.elements.stops[element])
            if self.is_varying[line]
        ]
        step = max(1, -(-len(places) // SAMPLE_LINES))
        return [PlacedLine(self._path(line, element) + LINKS, self._text(line)) for element, line in places[::step]]

    def body(self) -> list[PlacedLine]:
        """Take the first lines of prose of the page's own."""
        rows = self.is_prose.nonzero()[0][:BODY_LINES].tolist()
        return [PlacedLine(self.elements.paths[self.elements.owners[line]], self._text(line)) for line in rows]

    def _path(self, line: int, element: int) -> str:
        """Return the path to an element and from there to a line in it."""
        steps: list[str] = []
        inner = self.elements.owners[line]
        while inner > element:
            steps.append(self.elements.steps[inner])
            inner = self.elements.parents[inner]
        return JOINT.join((self.elements.paths[element], *reversed(steps)))

    def _text(self, line: int) -> str:
        row = self.first + line
        start, stop = int(self.batch.starts[row]), int(self.batch.stops[row])
        cut = "…" if stop - start > SAMPLE_LENGTH else ""
        return make_encodable(self.batch.text[start : min(stop, start + SAMPLE_LENGTH)]) + cut
