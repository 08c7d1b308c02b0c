"""What lines are made of: characters by class, counted for all lines of a block at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

from cleaner import _kernels
from cleaner.features.classes import CODE, NAMES, SPACE, Set, alphabet
from cleaner.normalization.script.folding import folding_table
from cleaner.text import codepoints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.text.lines import Block

    Indices = NDArray[np.int64]

__all__ = ["CODE", "NAMES", "Characters", "folded", "of"]


@dataclass(frozen=True)
class Characters:
    """The characters of `block` by line.

    `codes` (text,) uint32: code points of the folded text; `kinds` (text,) uint8: their kinds, see `alphabet`.
    `rare` (places,) int64: where the characters stand that are not plain Han; `edges` (lines + 1,) int64: which of them
    are each line's, those before the first line left out.
    """

    block: Block
    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    rare: Indices
    edges: Indices

    @cached_property
    def line(self) -> Indices:
        """The line of each of `rare`, shape (places,)."""
        return np.repeat(np.arange(len(self.block.starts)), np.diff(self.edges))

    @cached_property
    def counts(self) -> Indices:
        """How many characters of each kind each line has, (kinds, lines); white space behind a line is the line's."""
        size, lines = len(alphabet().classes), len(self.block.starts)
        counts = np.bincount(self._rare_kinds.astype(np.int64) * lines + self.line, minlength=size * lines)
        counts = counts.reshape(size, lines)
        whole = np.diff(np.append(self.block.starts, len(self.codes)))
        counts[alphabet().plain] = whole - np.diff(self.edges)
        return counts

    def of(self, *names: str) -> Indices:
        """How many characters of these classes each line has, shape (lines,)."""
        found: Indices = sum((self._by_class[CODE[name]] for name in names[1:]), self._by_class[CODE[names[0]]])
        return found

    @cached_property
    def _by_class(self) -> Indices:
        """How many characters of each class each line has, shape (classes, lines)."""
        return _gathered(self.counts, alphabet().classes, len(NAMES))

    def having(self, bits: int) -> Indices:
        """How many characters with any of these bits each line has, the white space behind it left out, (lines,)."""
        found: Indices = self.counts[np.flatnonzero(alphabet().bits & bits != 0)].sum(axis=0)
        return found - self._blanks_behind if bits & SPACE else found

    @cached_property
    def _blanks_behind(self) -> Indices:
        blank = np.flatnonzero(self._rare_bits & SPACE != 0)
        blank = blank[self.rare[blank] >= self.block.stops[self.line[blank]]]
        return np.bincount(self.line[blank], minlength=len(self.block.starts))

    @cached_property
    def lengths(self) -> Indices:
        """Code points of each line that are not white space, shape (lines,)."""
        return np.diff(np.append(self.block.starts, len(self.codes))) - self.of("space")

    @cached_property
    def tokens(self) -> Indices:
        """Pieces of each line between white space, shape (lines,)."""
        ends = np.append(self.block.starts, len(self.codes))
        blanks = self.rare[np.flatnonzero(self._rare_classes == CODE["space"])]
        blanks = np.concatenate((ends[:1] - 1, blanks, ends[-1:]))
        begins = blanks[:-1][np.diff(blanks) > 1] + 1
        return np.diff(np.searchsorted(begins, ends))

    def at(self, places: Indices) -> NDArray[np.uint8]:
        """The classes of the code points at these places."""
        return alphabet().classes.take(self.kinds.take(places))

    def stand(self, characters: str) -> tuple[Indices, Indices]:
        """Where any of these characters stands, none of which is a letter or digit, and in which lines."""
        found = self._among(characters)
        return self.rare[found], self.line[found]

    def number(self, characters: str) -> Indices:
        """How many of these characters, none of which is a letter or digit, each line has, shape (lines,)."""
        return np.bincount(self.line[self._among(characters)], minlength=len(self.block.starts))

    def _among(self, characters: str) -> Indices:
        marks, codes = self._marks
        return marks[np.flatnonzero(_set(characters).holds(codes))]

    def bearing(self, bits: int) -> Indices:
        """Where characters with any of these bits stand, plain Han left out, in lines or white space behind them."""
        return self.rare[np.flatnonzero(self._rare_bits & bits != 0)]

    @cached_property
    def _rare_kinds(self) -> NDArray[np.uint8]:
        return self.kinds.take(self.rare)

    @cached_property
    def _rare_bits(self) -> NDArray[np.uint8]:
        return alphabet().bits.take(self._rare_kinds)

    @cached_property
    def _rare_classes(self) -> NDArray[np.uint8]:
        return alphabet().classes.take(self._rare_kinds)

    @cached_property
    def _marks(self) -> tuple[Indices, NDArray[np.uint32]]:
        """Which of `rare` are no letters or digits, and their code points."""
        marks = np.flatnonzero(self._rare_kinds < alphabet().letters)
        return marks, self.codes.take(self.rare.take(marks))


def folded(block: Block) -> str:
    """The folded text of a block of at least one line; its characters are kept with the block."""
    codes, kinds, rare = _looked_up(block.codes)
    text = codepoints.to_text(codes)
    vars(block)["characters"] = text, _of_lines(block, codes, kinds, rare)
    return text


def _looked_up(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint8], Indices]:
    """Folded code points, their kinds, and where those stand that are not plain Han."""
    if _kernels.active:
        folded, kinds = np.empty(len(codes), dtype=np.uint32), np.empty(len(codes), dtype=np.uint8)
        _kernels.active.classify_codes(codes, folding_table(), alphabet().kinds, folded, kinds)
        return folded, kinds, np.flatnonzero(kinds != alphabet().plain)
    indices = codes.astype(np.intp)  # what numpy makes of other integers before each look into a table
    kinds = _folded_kinds().take(indices)
    return folding_table().take(indices), kinds, np.flatnonzero(kinds != alphabet().plain)


def of(block: Block, folded: str) -> Characters:
    """The characters of a block with its folded text; made once, kept with the block."""
    kept = vars(block).get("characters")
    if not (kept and kept[0] is folded):
        codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        kinds = alphabet().kinds.take(codes)
        rare = np.flatnonzero(kinds != alphabet().plain)
        kept = vars(block)["characters"] = folded, _of_lines(block, codes, kinds, rare)
    found: Characters = kept[1]
    return found


def _of_lines(block: Block, codes: NDArray[np.uint32], kinds: NDArray[np.uint8], rare: Indices) -> Characters:
    edges = np.searchsorted(rare, np.append(block.starts, len(codes)))
    return Characters(block, codes, kinds, rare[edges[0] :], edges - edges[0])


_set = cache(Set)


@cache
def _folded_kinds() -> NDArray[np.uint8]:
    """The kind of what each code point is folded to, shape (COUNT,)."""
    return alphabet().kinds.take(folding_table())


def _gathered(counts: Indices, groups: NDArray[np.uint8], size: int) -> Indices:
    """Rows summed by group."""
    found = np.zeros((size, counts.shape[1]), dtype=np.int64)
    for group, row in zip(groups.tolist(), counts, strict=True):
        found[group] += row
    return found
