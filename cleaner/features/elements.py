"""The block elements of a page over its lines: links around a line, the element with the text, named places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features.markup_words import BITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.int64]

WRAPPER = 0.5, 0.7
"""An element with more than one of these shares of a page's prose and lines is a wrapper: its names place nothing.
WeChat hides its articles until a script has run, so that goes for hidden elements too."""

LINK_LIST = 0.5
"""The share of a line in links above which it tells against the body."""
GAIN_CAP, GAIN_LENGTH, LINK_LOSS, SHORT_GAIN = 8, 2, 1.5, 0.1
"""What a line adds to the element that holds it: the logarithm (base 2) of its length, up to a cap, less what short
lines have; what a link takes; what other lines add, as verse, answers and specifications have only those."""
GROWTH, PURE, PART, STEPS_OUT = 0.2, 0.67, 0.3, 3
"""The best element is too narrow where the one around it adds so much prose, as a share of its own, and hardly anything
else (the share of prose in what is added), or where it holds a smaller part of the page's prose; steps out at most."""
STEPS_AWAY = 6
"""Steps out of the best element from which a line is as far away as can be."""


@dataclass(frozen=True)
class Marks:
    """What a reader of markup saw of one page, as arrays of int64.

    Attributes:
        links: (lines,) characters in links.
        kinds: (lines,) indices of KINDS.
        inline: (lines,) bits of places named by inline elements.
        owners: (lines,) the innermost block element.
        parents: (elements,) the block element around each, which stands before it, -1 for the first.
        places: (elements,) bits of the places each names.
        firsts, stops: (elements,) the range of lines inside.
        title: of the page.
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
class ElementTree:
    """The block elements of a page over its lines: `size`, `link_size`, `prose_size` (lines,) characters."""

    marks: Marks
    size: Numbers
    link_size: Numbers
    prose_size: Numbers

    def sums(self, values: NDArray[Any]) -> Numbers:
        """Sum up values (lines,) over the lines inside each element, (elements,)."""
        total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
        return total[self.marks.stops] - total[self.marks.firsts]

    @cached_property
    def lines(self) -> Numbers:
        """The lines that each element holds, (elements,)."""
        return (self.marks.stops - self.marks.firsts).astype(np.float64)

    @cached_property
    def wider(self) -> Indices:
        """The nearest element around each that holds more lines, or the outermost, (elements,)."""
        wider = np.maximum(self.marks.parents, 0).tolist()
        lines = self.lines.tolist()
        for element, parent in enumerate(wider):
            wider[element] = wider[parent] if lines[parent] == lines[element] else parent
        return np.array(wider, dtype=np.int64)

    def link_share_around(self) -> Numbers:
        """Measure the share of links around each line: in the element outside the nearest with other lines."""
        size, link_size = self.sums(self.size), self.sums(self.link_size)
        owners = self.marks.owners
        nearest = np.where(self.lines[owners] > 1, owners, self.wider[owners])
        around = self.wider[nearest]
        return link_size[around] / np.maximum(size[around], 1)

    def best_element(self) -> dict[str, Numbers]:
        """Tell whether a line is in the element with most prose for the fewest links, and how many steps out it is."""
        prose_gain = np.minimum(np.log2(np.maximum(self.size, 1)), GAIN_CAP) - GAIN_LENGTH
        other_gain = np.where(self.link_size > LINK_LIST * self.size, -LINK_LOSS, SHORT_GAIN)
        value = self.sums(np.where(self.prose_size > 0, prose_gain, other_gain))
        element = self._widen(len(value) - 1 - int(np.argmax(value[::-1])))
        steps = STEPS_AWAY if value[element] > 0 else 0
        rows = np.arange(len(self.size))
        distance = np.full(len(rows), steps)
        for step in range(steps):
            is_inside = (rows >= self.marks.firsts[element]) & (rows < self.marks.stops[element])
            distance[is_inside] = np.minimum(distance[is_inside], step)
            element = int(self.wider[element])
        return {"inside": np.where(value.max() > 0, distance == 0, 0.0), "away": distance / STEPS_AWAY}

    def _widen(self, element: int) -> int:
        """Go from an element to those around it as long as they add prose and little else."""
        prose, size = self.sums(self.prose_size), self.sums(self.size)
        for _ in range(STEPS_OUT):
            around = int(self.wider[element])
            added = prose[around] - prose[element]
            is_pure = added >= PURE * (size[around] - size[element])
            is_part = prose[element] < PART * prose.max()
            if added <= GROWTH * prose[element] or not (is_pure or is_part):
                break
            element = around
        return element

    def places_within(self) -> Indices:
        """Take the bits of the places named by all elements around each line, wrappers left out, (lines,)."""
        most_prose, most_lines = WRAPPER
        is_wrapper = self.sums(self.prose_size) > most_prose * max(float(self.prose_size.sum()), 1.0)
        is_wrapper |= self.lines > most_lines * len(self.size)
        places = np.where(is_wrapper, self.marks.places & BITS["article"], self.marks.places).tolist()
        for element, parent in enumerate(self.marks.parents.tolist()):
            if parent >= 0:
                places[element] |= places[parent]
        return np.array(places, dtype=np.int64)[self.marks.owners]

    def nearest_places(self) -> Indices:
        """Take the bits of the places named by the innermost element around each line that names any, (lines,)."""
        places = self.marks.places.tolist()
        for element, parent in enumerate(self.marks.parents.tolist()):
            if parent >= 0:
                places[element] = places[element] or places[parent]
        return np.array(places, dtype=np.int64)[self.marks.owners]
