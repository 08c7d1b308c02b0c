"""Find literals in a text: a trie in two arrays (Aoe 1989), walked from all positions of the text at once.

At few positions stand two characters that a word begins with: hashes of pairs tell where, only there it is walked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.text import codepoints
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]

_ROOT = -1
"""The parent of the first characters; no state has this number."""

_PAIR_BITS, _MIX = 16, np.uint32(0x9E3779B1)
"""Bits of the hash of a pair of characters, and the factor that spreads it."""

_WALK = 1 << 16
"""Characters looked at together, so that arrays of them stay in a core's cache."""


class Literals:
    """Finds all of `words`, overlapping ones too.

    `numbers`: by code point the number of a character that words have, else 0; the last entry stands for all beyond.
    The state after a first character is that character's number. From state s, a character numbered c leads to the
    state `base[s] + c` if the `parent` of that is s. `word`: by state the word that ends there, or -1.
    """

    def __init__(self, words: Sequence[str]) -> None:
        letters = sorted({ord(char) for char in "".join(words)})
        self._numbers = np.zeros((letters[-1] if letters else 0) + 2, dtype=np.int64)
        self._numbers[letters] = np.arange(1, len(letters) + 1)
        self._base, self._parent, self._word = _build_states(_build_trie(words, self._numbers), len(letters))
        self._longest = max(map(len, words), default=0)
        self._is_word = np.zeros(len(self._numbers), dtype=np.bool_)
        self._is_word[[ord(word) for word in words if len(word) == 1]] = True
        pairs = "".join([word[:2] for word in words if len(word) > 1])
        self._begins = np.zeros(1 << _PAIR_BITS, dtype=np.bool_)
        self._begins[_hash_pairs(codepoints.from_text(pairs))[::2]] = True

    def find(self, codes: NDArray[np.uint32]) -> tuple[Indices, Indices]:
        """Find which words stand where in code points: indices of words, and the positions they begin at, each (n,)."""
        blocks = [(begin, codes[begin : begin + _WALK + 1]) for begin in range(0, len(codes), _WALK)] or [(0, codes)]
        words = [self._is_word.take(block[:_WALK], mode="clip").nonzero()[0] + begin for begin, block in blocks]
        pairs = [self._begins.take(_hash_pairs(block)).nonzero()[0] + begin for begin, block in blocks]
        position = np.concatenate(words)
        several = [(self._word[self._numbers.take(codes[position])], position), *self._longer_words(codes, pairs)]
        return np.concatenate([word for word, _ in several]), np.concatenate([position for _, position in several])

    def _longer_words(self, codes: NDArray[np.uint32], pairs: Sequence[Indices]) -> Iterator[tuple[Indices, Indices]]:
        """Yield words of two characters and more, given the positions where they may begin."""
        position = np.concatenate(pairs)
        first, second = (self._numbers.take(codes.take(position + step), mode="clip") for step in (0, 1))
        state = self._base.take(first) + second
        in_trie = (self._parent.take(state) == first).nonzero()[0]
        position, state = position.take(in_trie), state.take(in_trie)
        depth = 2
        while len(position):
            word = self._word.take(state)
            word_ends = (word >= 0).nonzero()[0]
            yield word.take(word_ends), position.take(word_ends)
            following = position + depth
            if following[-1] >= len(codes):  # positions ascend
                has_next = (following < len(codes)).nonzero()[0]
                position, state, following = position[has_next], state[has_next], following[has_next]
            next_state = self._base.take(state) + self._numbers.take(codes.take(following), mode="clip")
            in_trie = (self._parent.take(next_state) == state).nonzero()[0]
            position, state = position.take(in_trie), next_state.take(in_trie)
            depth += 1


def _hash_pairs(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Hash each two characters that follow each other, (characters - 1,), to `_PAIR_BITS` bits."""
    hashes = codes[:-1] * _MIX
    hashes += codes[1:]
    hashes *= _MIX
    hashes >>= np.uint32(hashes.itemsize * 8 - _PAIR_BITS)
    return hashes.astype(np.intp)


class _Trie(NamedTuple):
    """A trie's nodes, those of one depth one behind the other, each parent's together and in order of their characters.

    `number`: (nodes,) int64, the number of the character that leads there. `parent`: (nodes,) int64, the node it
    leads there from, -1 at the root. `word`: (nodes,) int64, the word that ends there, -1 for none.
    """

    number: Indices
    parent: Indices
    word: Indices


def _build_trie(words: Sequence[str], numbers: Indices) -> _Trie:
    """Build the trie of words: where a sorted word differs from the one before it, nodes begin."""
    order = sorted(range(len(words)), key=words.__getitem__)
    lengths = np.array([len(words[index]) for index in order], dtype=np.int64)
    longest = int(lengths.max(initial=0))
    letters = np.zeros((len(words), longest), dtype=np.int64)
    codes = codepoints.from_text("".join([words[index] for index in order]))
    letters[np.arange(longest) < lengths[:, None]] = numbers[codes]
    differs = np.ones(letters.shape, dtype=np.bool_)
    differs[1:] = np.logical_or.accumulate(letters[1:] != letters[:-1], axis=1)
    depth, row = (differs & (letters > 0)).T.nonzero()
    node = np.full(letters.shape, -1, dtype=np.int64)
    node[row, depth] = np.arange(len(row))
    node = np.maximum.accumulate(node, axis=0)  # the nodes that a word shares with the one before it
    word = np.full(len(row), -1, dtype=np.int64)
    word[node[np.arange(len(words)), lengths - 1]] = order
    parent = np.where(depth > 0, node[row, depth - 1], -1)
    return _Trie(letters[row, depth], parent, word)


def _build_states(trie: _Trie, letters: int) -> tuple[Indices, Indices, Indices]:
    """Build `base`, `parent` and `word` of `Literals`.

    Several successors of a node lie where the first free states fit them all; a single one, as most are, takes the
    next that is free.
    """
    firsts = int((trie.parent < 0).sum())
    state = np.concatenate((trie.number[:firsts], np.zeros(len(trie.number) - firsts, dtype=np.int64)))
    begins = np.append(firsts + run_starts(trie.parent[firsts:]), len(state))
    sizes = np.diff(begins)
    offset = np.zeros(len(state), dtype=np.int64)
    in_use = (1 << letters + 1) - 1  # a bit a state
    numbers = trie.number.tolist()
    for begin, size in zip(begins[:-1][sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        members = numbers[begin : begin + size]
        offset[begin : begin + size] = start = _find_base(in_use, members)
        for number in members:
            in_use |= 1 << start + number
    single = begins[:-1][sizes == 1]
    bits = in_use.to_bytes((in_use.bit_length() + len(single)) // 8 + 1, "little")
    free = (np.unpackbits(np.frombuffer(bits, dtype=np.uint8), bitorder="little") == 0).nonzero()[0][: len(single)]
    offset[single] = free - trie.number[single]
    state[firsts:] = offset[firsts:] + trie.number[firsts:]
    size = max(int(offset.max(initial=0)), 0) + letters + 1
    origin = state[trie.parent[firsts:]]
    # whole machine words: numpy turns narrower ones into these before it looks anything up
    base, parent, word = (np.full(size, default, dtype=np.int64) for default in (0, _ROOT, -1))
    base[origin], parent[state[firsts:]], word[state] = offset[firsts:], origin, trie.word
    return base, parent, word


def _find_base(in_use: int, numbers: Sequence[int]) -> int:
    """Find the first base under which the states of all these numbers are free; `in_use` has a bit a state."""
    taken = 0
    for number in numbers:
        taken |= in_use >> number
    return (~taken & (taken + 1)).bit_length() - 1
