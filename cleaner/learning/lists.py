"""Lists under a recurring head: from a head that shipped rules know to the recurring line that ends what follows.

The titles and teasers under 相关阅读 are other on every page, so they cannot be learned line by line; where they begin
and end can.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.text.printable import make_encodable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.text.lines import Batch

    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

MOST_LINES = 60
"""Lines of a list, at most."""
LEAST_PLACES, CERTAINTY = 5, 0.95
"""Places of a head that must have been seen, and the share of them that must lead to the end, with text above."""


class Bounds(NamedTuple):
    """The head of a list and the line that ends it, as rows of the counts."""

    head: int
    end: int


class ListSample(NamedTuple):
    """A list as it stands on one page: the number that chose it among all, and its text from head to end."""

    choice: int
    text: str


class ListRow(NamedTuple):
    """A list, or a head where `end` is -1, with its places and a sample."""

    bounds: Bounds
    places: int
    sample: ListSample | None = None


@dataclass
class Lists:
    """What was seen of lists.

    Attributes:
        heads: by row of the counts, the places of a line that shipped rules call the head of a list.
        pages: by bounds, the places of a head that its end follows, with the page's text above.
        samples: by bounds, one of them.
    """

    heads: Counter[int] = field(default_factory=Counter)
    pages: Counter[Bounds] = field(default_factory=Counter)
    samples: dict[Bounds, ListSample] = field(default_factory=dict)

    def merge(self, other: Lists) -> None:
        """Add what was seen elsewhere; the order of merging does not matter."""
        self.heads.update(other.heads)
        self.pages.update(other.pages)
        for bounds, sample in other.samples.items():
            self.samples[bounds] = min(self.samples.get(bounds, sample), sample)

    def to_rows(self) -> list[ListRow]:
        """Return what was seen as plain data."""
        heads = [ListRow(Bounds(head, -1), count) for head, count in self.heads.items()]
        return [*heads, *(ListRow(bounds, count, self.samples.get(bounds)) for bounds, count in self.pages.items())]

    @classmethod
    def from_rows(cls, rows: Sequence[ListRow]) -> Lists:
        """Read what `to_rows` returned."""
        lists = cls()
        for bounds, count, sample in rows:
            if bounds.end < 0:
                lists.heads[bounds.head] = count
            else:
                lists.pages[bounds] = count
                lists.samples |= {bounds: sample} if sample else {}
        return lists

    def find(self) -> Iterator[tuple[Bounds, ListSample]]:
        """Yield the lists whose head nearly always leads to one and the same end."""
        for bounds, pages in self.pages.items():
            heads = self.heads[bounds.head]
            if heads >= LEAST_PLACES and pages >= CERTAINTY * heads and bounds in self.samples:
                yield bounds, self.samples[bounds]


class ListMarks(NamedTuple):
    """Lines of a batch that may bound lists.

    Attributes:
        rows: (n,) int64, lines that most pages have, in order.
        indices: (n,) int64, their rows in the counts.
        is_head: (n,) bool, those that shipped rules call heads of lists.
        prose_above: (n,) int64, lines of prose of the page's own above each.
        choices: (n,) uint64, the number that chooses each among all places.
    """

    rows: Indices
    indices: Indices
    is_head: Mask
    prose_above: Indices
    choices: NDArray[np.uint64]


def observe_lists(lists: Lists, batch: Batch, marks: ListMarks) -> None:
    """Add the lists of a batch of pages."""
    documents = batch.documents[marks.rows]
    following = np.append(documents[1:] == documents[:-1], False) if len(documents) else np.zeros(0, dtype=np.bool_)
    for number in marks.is_head.nonzero()[0].tolist():
        head = int(marks.indices[number])
        lists.heads[head] += 1
        if not following[number] or not marks.prose_above[number]:
            continue
        first, last = int(marks.rows[number]), int(marks.rows[number + 1])
        if last - first > MOST_LINES:
            continue
        bounds = Bounds(head, int(marks.indices[number + 1]))
        lists.pages[bounds] += 1
        if last - first == 1:  # nothing is listed here
            continue
        text = make_encodable(batch.text[batch.starts[first] : batch.stops[last]])
        sample = ListSample(int(marks.choices[number]), text)
        lists.samples[bounds] = min(lists.samples.get(bounds, sample), sample)
