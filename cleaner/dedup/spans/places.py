"""Places of matches in the texts as they were: the whole sentences in them, and what stands around."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import regex

from cleaner.dedup import shingles
from cleaner.dedup.spans.folds import FoldedTexts, fold_table
from cleaner.dedup.spans.sentences import sentence_bounds_of
from cleaner.text import codepoints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.spans.matches import SpanMatches

MIN_CUT = 10
"""Characters of a whole sentence that is worth a cut, at least."""
_QUOTATION = regex.compile(r"[“‘「『\"]\s*$|(?:^|\n)\s*>[^\n]*$")
"""What stands before a span that its text quotes, and in front of a quoted block in Markdown."""
_BEFORE = 40
_LICENCE = regex.compile(
    r"(?i)creative\s?commons|\bCC[ -]BY|all rights reserved|\bMIT License|apache license|general public license"
    r"|知识共享|知識共享|许可协议|許可協議|授权条款|授權條款|版权所有|版權所有|著作权归|著作權歸"
    r"|转载请注明|轉載請註明|未经授权|未經授權|免责声明|免責聲明"
)
_LICENCE_LENGTH = 1200
"""Characters that are looked through for the words of a licence."""


class Places(NamedTuple):
    """Where matches stand, as arrays (places,), in code points of the texts.

    `is_whole`: whether the place is whole sentences, which may be cut; other places have none.

    `text_hashes`: of the folded text. `sizes`: its characters. `shares`: those of the copy's ink. `is_quoted`,
    `is_licence`: hints at the origin.
    """

    copies: NDArray[np.int64]
    copy_starts: NDArray[np.int64]
    copy_stops: NDArray[np.int64]
    keepers: NDArray[np.int64]
    keeper_starts: NDArray[np.int64]
    keeper_stops: NDArray[np.int64]
    is_whole: NDArray[np.bool_]
    text_hashes: NDArray[np.uint64]
    sizes: NDArray[np.int64]
    shares: NDArray[np.float64]
    is_quoted: NDArray[np.bool_]
    is_licence: NDArray[np.bool_]

    def select(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Places:
        """Return some places."""
        return Places._make(column[rows] for column in self)


class TextBatch:
    """Some texts with their ink, in which matches are extended and placed."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "\n".join(texts)
        lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
        self._edges = np.concatenate(([0], np.cumsum(lengths)))
        self._codes = codepoints.from_text(self._text)
        codes, gaps = shingles.fold(self._codes, fold_table())
        keep = np.ones(len(self._codes), dtype=np.bool_)
        keep[gaps] = False
        self._positions = np.flatnonzero(keep)
        self.ink = FoldedTexts(codes, np.searchsorted(self._positions, self._edges))

    def place(self, matches: SpanMatches) -> Places:
        """Shrink matches to whole sentences of the copy, and find their places in both texts."""
        bounds = self.ink.bounds
        starts = bounds[matches.copies] + matches.copy_starts
        whole_starts, whole_stops = self._shrink(starts, starts + matches.lengths)
        is_whole = whole_stops - whole_starts >= MIN_CUT
        whole_starts = np.where(is_whole, whole_starts, starts)
        whole_stops = np.where(is_whole, whole_stops, starts + matches.lengths)
        shift = bounds[matches.keepers] + matches.keeper_starts - starts
        copy_starts, copy_stops = self._original(matches.copies, whole_starts, whole_stops)
        keeper_starts, keeper_stops = self._original(matches.keepers, whole_starts + shift, whole_stops + shift)
        sizes = np.maximum(bounds[matches.copies + 1] - bounds[matches.copies], 1)
        rows = (matches.copies, copy_starts, copy_stops, whole_starts, whole_stops)
        hints = [self._describe(*row) for row in zip(*(column.tolist() for column in rows), strict=True)]
        hashes, is_quoted, is_licence = zip(*hints, strict=True) if hints else ((), (), ())
        return Places(
            matches.copies,
            copy_starts,
            copy_stops,
            matches.keepers,
            keeper_starts,
            keeper_stops,
            is_whole,
            np.array(hashes, dtype=np.uint64),
            whole_stops - whole_starts,
            (whole_stops - whole_starts) / sizes,
            np.array(is_quoted, dtype=np.bool_),
            np.array(is_licence, dtype=np.bool_),
        )

    def _shrink(
        self, starts: NDArray[np.int64], stops: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Move both ends of stretches of ink inward to where sentences end."""
        may_cut = self._cut_gaps()
        gaps = np.arange(len(may_cut))
        following = np.minimum.accumulate(np.where(may_cut, gaps, len(gaps))[::-1])[::-1]
        preceding = np.maximum.accumulate(np.where(may_cut, gaps, -1))
        return following[starts], preceding[stops]

    def _cut_gaps(self) -> NDArray[np.bool_]:
        """Tell for each gap before a character of ink, and for that behind the last, whether it may be cut in."""
        bounds = sentence_bounds_of(self._text, self._codes, self._edges.tolist())
        total = np.concatenate(([0], np.cumsum(bounds)))
        firsts = np.concatenate(([0], self._positions + 1))
        lasts = np.append(self._positions, len(self._codes)) + 1
        may_cut: NDArray[np.bool_] = total[lasts] > total[firsts]
        return may_cut

    def _original(
        self, texts: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where stretches of ink begin and end in their own texts."""
        origins = self._edges[texts]
        return self._positions[starts] - origins, self._positions[stops - 1] + 1 - origins

    def _describe(self, text: int, start: int, stop: int, ink_start: int, ink_stop: int) -> tuple[int, bool, bool]:
        """Hash a stretch of ink, and tell whether it is quoted and whether it has the words of a licence.

        Equal stretches have equal hashes, wherever they stand.
        """
        origin = int(self._edges[text])
        before = self._text[max(origin, origin + start - _BEFORE) : origin + start]
        content = self._text[origin + start : origin + min(stop, start + _LICENCE_LENGTH)]
        ink = self.ink.codes[ink_start:ink_stop].tobytes()
        digest = hashlib.blake2b(ink, digest_size=8).digest()
        return int.from_bytes(digest, "big"), bool(_QUOTATION.search(before)), bool(_LICENCE.search(content))
