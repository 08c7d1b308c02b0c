"""The block elements of a page over its lines: paths, links around a line, the element with the text, named places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features.markup_words import BITS

if TYPE_CHECKING:
    from collections.abc import Sequence

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

STEPS = 4
"""Steps of a path that tell an element, at most, its own last."""
JOINT, LINKS = " > ", " a"
"""What joins the steps of a path, and the end of one that leads to links alone."""
MOST_CLASSES = 3
"""Classes of a step, at most."""

LIST_TAGS = frozenset(("ul", "ol", "dl", "table", "tbody"))
"""Elements whose lines are items or rows."""

_STABLE = re.compile(r"(?!.*\d{3})[a-z_-][\w-]{0,39}", re.IGNORECASE | re.ASCII)
"""A name that other pages have, too: numbers of posts and hashes are in none."""


@lru_cache(maxsize=1 << 14)
def write_step(tag: str, name: str, classes: str) -> str:
    """Write an element as a step of a path: `div#main.left.wide`; names that are some page's own are left out."""
    identity = f"#{name}" if _STABLE.fullmatch(name) else ""
    stable = sorted({part for part in classes.split() if _STABLE.fullmatch(part)})
    return "".join((tag, identity, *(f".{part}" for part in stable[:MOST_CLASSES])))


@dataclass(frozen=True)
class PageElements:
    """The block elements of a page.

    Attributes:
        tags: (elements,) the name of each.
        names: (elements,) its id and its classes.
        parents: (elements,) the element around each, which stands before it, -1 for the first.
        firsts, stops: (elements,) the range of lines inside.
        owners: (lines,) the innermost element around each line.
        texts: (lines,) the lines.
        links: (lines,) characters in links.
    """

    tags: Sequence[str]
    names: Sequence[tuple[str | None, str | None]]
    parents: Sequence[int]
    firsts: Sequence[int]
    stops: Sequence[int]
    owners: Sequence[int]
    texts: Sequence[str]
    links: Sequence[int]

    @cached_property
    def steps(self) -> Sequence[str]:
        """Each element as a step of a path, (elements,)."""
        parts = zip(self.tags, self.names, strict=True)
        return [write_step(tag, name or "", classes or "") for tag, (name, classes) in parts]

    @cached_property
    def is_link(self) -> NDArray[np.bool_]:
        """Whether each line is a link, but for a number or a mark beside it, (lines,)."""
        return np.array([_is_link(*line) for line in zip(self.texts, self.links, strict=True)], dtype=np.bool_)

    @cached_property
    def paths(self) -> Sequence[str]:
        """The last steps to each element, (elements,)."""
        chains: list[tuple[str, ...]] = []
        for step, parent in zip(self.steps, self.parents, strict=True):
            chains.append((*(chains[parent][1 - STEPS :] if parent >= 0 else ()), step))
        return [JOINT.join(chain) for chain in chains]

    @cached_property
    def lists(self) -> Indices:
        """Find the nearest list or table around each line, (lines,); -1 where there is none."""
        nearest: list[int] = []
        for element, (tag, parent) in enumerate(zip(self.tags, self.parents, strict=True)):
            nearest.append(element if tag in LIST_TAGS else nearest[parent] if parent >= 0 else -1)
        return np.array([nearest[owner] for owner in self.owners], dtype=np.int64)

    def path(self, line: int) -> str:
        """Return the path to a line, which is one of links if the line is a link."""
        return self.paths[self.owners[line]] + (LINKS if self.is_link[line] else "")

    def mark(self, path: str) -> NDArray[np.bool_]:
        """Mark the lines (lines,) inside the elements to which a path leads, links alone for a path of links."""
        is_inside = np.zeros(len(self.owners), dtype=np.bool_)
        tail = JOINT + JOINT.join(split_path(path))
        for element, own_path in enumerate(self.paths):
            if f"{JOINT}{own_path}".endswith(tail):
                is_inside[self.firsts[element] : self.stops[element]] = True
        return is_inside & self.is_link if path.endswith(LINKS) else is_inside


def _is_link(text: str, link_characters: int) -> bool:
    """Tell whether a line is a link: more than half of it is, and all its letters can be."""
    return 2 * link_characters > len(text) and link_characters >= sum(map(str.isalpha, text))


def split_path(path: str) -> list[str]:
    """Split a path into its last steps; that it is of links alone is left out."""
    return path.removesuffix(LINKS).split(JOINT)[-STEPS:]


def leads_inside(path: str, outer: str) -> bool:
    """Tell whether a path leads into an element to which another leads, and to a link if that is of links alone."""
    inner_steps, outer_steps = path.removesuffix(LINKS).split(JOINT), split_path(outer)
    starts = range(len(inner_steps) - len(outer_steps) + 1)
    is_inside = any(inner_steps[start : start + len(outer_steps)] == outer_steps for start in starts)
    return is_inside and (path.endswith(LINKS) or not outer.endswith(LINKS))


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
