"""On how many pages of a host each line stands, and each span at an edge of one: counts merged in any order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cleaner.features.line_view import view_lines
from cleaner.learning.line_keys import hash_names, key_lines
from cleaner.learning.spans.forms import SIDES, key_spans
from cleaner.text import lines
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Counts = NDArray[np.uint32]

_PENDING = 1 << 22
"""Keys that are gathered before they are counted together."""


@dataclass(frozen=True)
class LineCounts:
    """Lines by key with the pages that have them.

    Attributes:
        keys: (n,) uint64, sorted, each once.
        pages: (n,) uint32, pages of the host that the line stands on.
        lowest, highest: (n,) uint32, of the hashes of its texts; unlike where it is not the same everywhere.
        hosts: pages of each host.
    """

    keys: Keys
    pages: Counts
    lowest: Counts
    highest: Counts
    hosts: Counter[str] = field(default_factory=Counter)

    def at_least(self, least: int) -> LineCounts:
        """Select the lines that stand on at least so many pages."""
        mask = self.pages >= least
        return LineCounts(self.keys[mask], self.pages[mask], self.lowest[mask], self.highest[mask], self.hosts)

    @property
    def is_variable(self) -> NDArray[np.bool_]:
        """Whether a line differs in digits or titles, (n,)."""
        differs: NDArray[np.bool_] = self.lowest != self.highest
        return differs

    def to_bytes(self) -> bytes:
        """Encode the counts."""
        arrays = (self.keys, self.pages, self.lowest, self.highest)
        return msgspec.msgpack.encode(([array.tobytes() for array in arrays], self.hosts))

    @classmethod
    def from_bytes(cls, data: bytes) -> LineCounts:
        """Decode counts."""
        (keys, *numbers), hosts = msgspec.msgpack.decode(data, type=tuple[list[bytes], dict[str, int]])
        pages, lowest, highest = (np.frombuffer(array, dtype=np.uint32) for array in numbers)
        return cls(np.frombuffer(keys, dtype=np.uint64), pages, lowest, highest, Counter(hosts))

    def find(self, keys: Keys) -> NDArray[np.int64]:
        """Find the row of each of some keys, (n,) int64, -1 for one that is not there."""
        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[rows] == keys, rows, -1)


def merge(several: Iterable[LineCounts]) -> LineCounts:
    """Add up counts; their order does not matter."""
    parts = list(several)
    hosts: Counter[str] = Counter()
    for part in parts:
        hosts.update(part.hosts)
    keys = np.concatenate([np.zeros(0, dtype=np.uint64), *(part.keys for part in parts)])
    pages, lowest, highest = (
        np.concatenate([np.zeros(0, dtype=np.uint32), *(getattr(part, name) for part in parts)])
        for name in ("pages", "lowest", "highest")
    )
    return _group(keys, pages, lowest, highest, hosts)


def _group(keys: Keys, pages: Counts, lowest: Counts, highest: Counts, hosts: Counter[str]) -> LineCounts:
    """Make one line of all with one key."""
    order = keys.argsort(kind="stable")
    starts = run_starts(keys[order])
    if not len(starts):
        return LineCounts(keys, pages, lowest, highest, hosts)
    return LineCounts(
        keys[order][starts],
        np.add.reduceat(pages[order], starts, dtype=np.uint32),
        np.minimum.reduceat(lowest[order], starts),
        np.maximum.reduceat(highest[order], starts),
        hosts,
    )


class LineCounter:
    """Counts the lines of pages, batch by batch."""

    def __init__(self) -> None:
        self._counts = merge(())
        self._pending: list[LineCounts] = []
        self._size = 0

    def add(self, texts: Sequence[str], hosts: Sequence[str]) -> None:
        """Count the lines of a batch of pages; `hosts` has that of each."""
        self._counts.hosts.update(hosts)
        batch = lines.join(texts)
        if not len(batch.starts):
            return
        view = view_lines(batch)
        rows, keys, line_texts = key_lines(view, hash_names(hosts))
        self._append(_count_in_pages(keys, line_texts, batch.documents[rows]))
        for side in SIDES:
            spans, keys, span_texts = key_spans(view, hosts, side)
            span_lines = np.array([span.line for span in spans], dtype=np.int64)
            self._append(_count_in_pages(keys, span_texts, batch.documents[span_lines]))

    def _append(self, counts: LineCounts) -> None:
        self._pending.append(counts)
        self._size += len(counts.keys)
        if self._size >= _PENDING:
            self.total()

    def total(self) -> LineCounts:
        """Return what was counted so far."""
        self._counts = merge((self._counts, *self._pending))
        self._pending, self._size = [], 0
        return self._counts


def _count_in_pages(keys: Keys, texts: Counts, documents: NDArray[np.int64]) -> LineCounts:
    """Count the pages of a batch that have each line; its texts are all of its places."""
    order = np.lexsort((documents, keys))
    keys, texts, documents = keys[order], texts[order], documents[order]
    is_new = np.ones(len(keys), dtype=np.uint32)
    is_new[1:] = (keys[1:] != keys[:-1]) | (documents[1:] != documents[:-1])
    return _group(keys, is_new, texts, texts, Counter())
