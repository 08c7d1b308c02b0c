"""On how many pages spans stand at the head or the tail of lines that are the page's own, and samples of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from cleaner.learning.line_keys import hash_name
from cleaner.learning.spans.forms import SIDES, Side, key_spans
from cleaner.text.printable import make_encodable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView
    from cleaner.learning.line_counts import LineCounts
    from cleaner.learning.spans.forms import LineSpan

    Mask = NDArray[np.bool_]

CONTEXT = 40
"""Characters of a line that are kept beside a span."""


class SpanSample(NamedTuple):
    """A span on one page: the number that chose it among all, its text, and the line with it, shortened."""

    choice: int
    text: str
    line: str


class SpanCount(msgspec.Struct):
    """What was seen of a span: its host and side, pages, those where it ends the page's own prose, two samples."""

    host: str
    side: Side
    pages: int
    last: int
    samples: tuple[SpanSample, SpanSample]

    def add(self, other: SpanCount) -> None:
        """Add what was seen elsewhere."""
        self.pages += other.pages
        self.last += other.last
        self.samples = min(self.samples[0], other.samples[0]), max(self.samples[1], other.samples[1])


class SpanMarks(NamedTuple):
    """Lines of a batch, (lines,) bool: those that recur on no page, and the last prose of each page among them."""

    is_own: Mask
    is_last: Mask


@dataclass
class SpanCounts:
    """What was seen of spans, by their row in the counts of lines."""

    rows: dict[int, SpanCount] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Encode what was seen."""
        return msgspec.msgpack.encode(self.rows)

    @classmethod
    def from_bytes(cls, data: bytes) -> SpanCounts:
        """Decode what was seen."""
        return cls(msgspec.msgpack.decode(data, type=dict[int, SpanCount]))

    def merge(self, other: SpanCounts) -> None:
        """Add what was seen elsewhere; the order of merging does not matter."""
        for row, count in other.rows.items():
            self._add(row, count)

    def _add(self, row: int, count: SpanCount) -> None:
        if row in self.rows:
            self.rows[row].add(count)
        else:
            self.rows[row] = count

    def observe(
        self, counts: LineCounts, view: LineView, pages: Sequence[tuple[str, str, int]], marks: SpanMarks
    ) -> None:
        """Add a batch of pages: id, host, and the pages on which a span recurs there."""
        documents = view.batch.documents.tolist()
        for side in SIDES:
            found = key_spans(view, [host for _, host, _ in pages], side)
            rows = counts.find(found.keys)
            # what differs in numbers, as dates do, is nothing to look for
            frequency = np.append(np.where(counts.is_variable, 0, counts.pages), 0)[rows].tolist()
            seen: set[tuple[int, int]] = set()
            for span, row, frequent in zip(found.spans, rows.tolist(), frequency, strict=True):
                name, host, least = pages[documents[span.line]]
                is_counted = row >= 0 and 0 < least <= frequent and marks.is_own[span.line]
                if is_counted and (documents[span.line], row) not in seen:
                    seen.add((documents[span.line], row))
                    sample = _sample(view, span, hash_name(f"{name}\n{row}"))
                    self._add(row, SpanCount(host, side, 1, int(marks.is_last[span.line]), (sample, sample)))


def _sample(view: LineView, span: LineSpan, choice: int) -> SpanSample:
    batch = view.batch
    first = max(int(batch.starts[span.line]), span.start - CONTEXT)
    stop = min(int(batch.stops[span.line]), span.stop + CONTEXT)
    text, line = batch.text[span.start : span.stop].strip(), batch.text[first:stop]
    return SpanSample(choice, make_encodable(text), make_encodable(line))
