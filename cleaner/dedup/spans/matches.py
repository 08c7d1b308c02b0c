"""Matches: anchors that two texts share, extended to both sides as far as the texts are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.text.packing import pack_pairs
from cleaner.text.segments import run_start_mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.spans.folds import FoldedTexts

_FIRST_STRIDE, _LAST_STRIDE = 12, 1024
"""Characters compared at one time: at first, and of texts that go on being the same."""
_MOST_INK = 1 << 30
"""Characters of a text, at most: documents of a gigabyte are refused long before."""
_CELLS = 1 << 20
"""Characters compared at one time, of all links together."""


class Links(NamedTuple):
    """Anchors that are compared, as arrays (links,): their texts, and their positions in the ink of these."""

    copies: NDArray[np.int64]
    copy_positions: NDArray[np.int64]
    keepers: NDArray[np.int64]
    keeper_positions: NDArray[np.int64]

    def select(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Links:
        """Return some links."""
        return Links._make(column[rows] for column in self)


class SpanMatches(NamedTuple):
    """Stretches of ink that a copy and a keeper share, as arrays (matches,), with their length."""

    copies: NDArray[np.int64]
    copy_starts: NDArray[np.int64]
    keepers: NDArray[np.int64]
    keeper_starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def select(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> SpanMatches:
        """Return some matches."""
        return SpanMatches._make(column[rows] for column in self)


NO_MATCHES = SpanMatches(*(np.empty(0, dtype=np.int64),) * 5)


def distinct_matches(matches: SpanMatches) -> SpanMatches:
    """Return matches each once, sorted: one is found from each of its anchors that has another partner first."""
    keeper_places = pack_pairs(matches.keepers, matches.keeper_starts)
    order = np.lexsort((matches.lengths, keeper_places, pack_pairs(matches.copies, matches.copy_starts)))
    in_order = matches.select(order)
    return in_order.select(run_start_mask(*in_order)) if len(order) else in_order


def sort_links(links: Links) -> NDArray[np.int64]:
    """Return the order of links by keeper, copy, distance of the two positions, and position."""
    distances = links.copy_positions - links.keeper_positions + _MOST_INK
    by_place = np.argsort(pack_pairs(distances, links.copy_positions))
    texts = pack_pairs(links.keepers, links.copies)[by_place]
    return by_place[np.argsort(texts, kind="stable")]


def extend(ink: FoldedTexts, links: Links) -> tuple[SpanMatches, NDArray[np.int64]]:
    """Extend links to matches.

    Two places of one text never overlap: the later one ends, and so does the earlier, where it would.

    Args:
        ink: the texts of a batch.
        links: in the order of `sort_links`, texts numbered as in the batch.

    Returns:
        matches: those of at least one anchor each.
        owners: (links,) the index of each link's match.
    """
    left = ink.bounds[links.copies] + links.copy_positions
    right = ink.bounds[links.keepers] + links.keeper_positions
    room = np.minimum(ink.bounds[links.copies + 1] - left, ink.bounds[links.keepers + 1] - right)
    is_first = run_start_mask(links.keepers, links.copies, left - right)
    limits = room.copy()
    limits[:-1] = np.where(is_first[1:], room[:-1], left[1:] - left[:-1])
    counts_ahead = count_equal(ink.codes, left, right, limits)
    # a link reaches the next of its line when all between them is the same
    starts = is_first.copy()
    starts[1:] |= counts_ahead[:-1] < limits[:-1]
    firsts = np.flatnonzero(starts)
    lasts = np.append(firsts[1:], len(left)) - 1
    room_back = np.minimum(links.copy_positions[firsts], links.keeper_positions[firsts])
    counts_back = count_equal(ink.codes, left[firsts] - 1, right[firsts] - 1, room_back, -1)
    lengths = left[lasts] + counts_ahead[lasts] - left[firsts] + counts_back
    matches = SpanMatches(
        links.copies[firsts],
        links.copy_positions[firsts] - counts_back,
        links.keepers[firsts],
        links.keeper_positions[firsts] - counts_back,
        lengths,
    )
    return _without_overlap(matches), np.cumsum(starts) - 1


def _without_overlap(matches: SpanMatches) -> SpanMatches:
    distances = np.abs(matches.copy_starts - matches.keeper_starts)
    is_near = (matches.copies == matches.keepers) & (distances < matches.lengths)
    return matches._replace(lengths=np.where(is_near, distances, matches.lengths))


def count_equal(
    codes: NDArray[np.uint32],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    limits: NDArray[np.int64],
    direction: int = 1,
) -> NDArray[np.int64]:
    """Count how many characters from two positions on are the same, up to a limit.

    Args:
        codes: folded texts.
        left: (n,) positions.
        right: (n,) the other ones.
        limits: (n,) the most that are compared, none of them outside of a text.
        direction: 1 for ahead, -1 for back.

    Returns:
        Counts (n,).
    """
    counts = np.zeros(len(left), dtype=np.int64)
    if _kernels.active:
        _kernels.active.count_equal(codes, left, right, limits, direction, counts)
        return counts
    pending, stride = np.flatnonzero(limits > 0), _FIRST_STRIDE
    while len(pending):
        rows_at_once = max(_CELLS // stride, 1)
        spans = [pending[i : i + rows_at_once] for i in range(0, len(pending), rows_at_once)]
        pending = np.concatenate(
            [_count_stride(codes, (left, right, limits, counts), rows, stride * direction) for rows in spans]
        )
        stride = min(2 * stride, _LAST_STRIDE)
    return counts


def _count_stride(
    codes: NDArray[np.uint32],
    columns: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    rows: NDArray[np.int64],
    stride: int,
) -> NDArray[np.int64]:
    """Compare one more stride of some rows; return those that are the same all through, and have more."""
    left, right, limits, counts = columns
    steps = np.arange(abs(stride)) if stride > 0 else -np.arange(-stride)
    progress = counts[rows] if stride > 0 else -counts[rows]
    last = len(codes) - 1
    one = codes[np.clip((left[rows] + progress)[:, None] + steps, 0, last)]
    other = codes[np.clip((right[rows] + progress)[:, None] + steps, 0, last)]
    differs = one != other
    equal = np.where(differs.any(axis=1), differs.argmax(axis=1), abs(stride))
    counts[rows] = np.minimum(counts[rows] + equal, limits[rows])
    pending: NDArray[np.int64] = rows[(equal == abs(stride)) & (counts[rows] < limits[rows])]
    return pending
