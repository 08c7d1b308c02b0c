"""Frames: lines that the pages of one site share, by which pages are told that do not say where they are from."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from cleaner.features.line_view import view_lines
from cleaner.text import hashing, lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.features.line_view import LineView

Frame = tuple[str, ...]


class FrameIndex:
    """Frames by the hashes of their folded lines. A page shows a frame if it has more than half of its lines."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self.frames = tuple(dict.fromkeys(frames))
        view = view_lines(lines.join(["\n".join(frame) for frame in self.frames]))
        owners: defaultdict[int, set[int]] = defaultdict(set)
        for number, line_hash in zip(view.batch.documents.tolist(), _hash_lines(view).tolist(), strict=True):
            owners[line_hash].add(number)
        self._owners = dict(owners)
        self._hashes = np.array(sorted(owners), dtype=np.uint64)
        self._sizes = Counter(number for numbers in owners.values() for number in numbers)

    def find(self, view: LineView) -> list[dict[Frame, float]]:
        """Find the frames that each document of a batch shows, with the share of their lines that it has."""
        documents: list[dict[Frame, float]] = [{} for _ in view.batch.texts]
        for document, line_hashes in self._find_lines(view).items():
            counts = Counter(number for line_hash in line_hashes for number in self._owners[line_hash])
            shares = {number: count / self._sizes[number] for number, count in sorted(counts.items())}
            documents[document] = {self.frames[number]: share for number, share in shares.items() if share > 1 / 2}
        return documents

    def _find_lines(self, view: LineView) -> dict[int, set[int]]:
        """Find the lines of frames in each document: their hashes."""
        documents: defaultdict[int, set[int]] = defaultdict(set)
        if len(self._hashes):
            hashes = _hash_lines(view)
            nearest = self._hashes.take(np.searchsorted(self._hashes, hashes), mode="clip")
            rows = (nearest == hashes).nonzero()[0]
            for document, line_hash in zip(view.batch.documents[rows].tolist(), hashes[rows].tolist(), strict=True):
                documents[document].add(line_hash)
        return documents


def _hash_lines(view: LineView) -> hashing.Hashes:
    """Hash the folded lines of a batch, (lines,)."""
    return hashing.hash_ranges(view.codes, view.batch.starts, view.batch.stops)
