"""Find literals in a text: a trie in two arrays (Aoe 1989), walked from all positions of the text at once.

Most positions leave the trie within two characters, so that array operations go over a whole text only so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]

_ROOT = -1
"""The parent of the first characters; no state has this number."""

_WALK = 1 << 16
"""Characters walked from at one time: their arrays stay in the cache."""

Branch = dict[int, Any]
"""A node under construction: by a character's number the next node, and under 0 the word that ends here."""


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
        self._base, self._parent, self._word = _build_states(_build_tree(words, self._numbers), len(letters))
        self._longest = max(map(len, words), default=0)
        self._ends = self._word[: len(letters) + 1] >= 0

    def find(self, codes: NDArray[np.uint32]) -> tuple[Indices, Indices]:
        """Find which words stand where in code points: indices of words, and the positions they begin at, each (n,)."""
        several = [(self._word[:0], self._word[:0])]
        for begin in range(0, len(codes), _WALK):
            numbers = self._numbers.take(codes[begin : begin + _WALK + self._longest], mode="clip")
            words = self._words_from(numbers, min(_WALK, len(codes) - begin))
            several += ((word, position + begin) for word, position in words)
        return np.concatenate([word for word, _ in several]), np.concatenate([position for _, position in several])

    def _words_from(self, numbers: Indices, count: int) -> Iterator[tuple[Indices, Indices]]:
        """Yield the words that begin at one of the first `count` positions."""
        first = numbers[:count]
        position = np.flatnonzero(self._ends.take(first))
        yield self._word[first[position]], position
        second = numbers[1 : count + 1]
        state = self._base.take(first[: len(second)])
        state += second
        position = np.flatnonzero(self._parent.take(state) == first[: len(second)])
        yield from self._longer_words(numbers, position, state[position])

    def _longer_words(self, numbers: Indices, position: Indices, state: Indices) -> Iterator[tuple[Indices, Indices]]:
        """Yield words of two characters and more; `state`: where the trie stands behind the first two."""
        depth = 2
        while len(position):
            word_ends = np.flatnonzero(self._word[state] >= 0)
            yield self._word[state[word_ends]], position[word_ends]
            has_next = np.flatnonzero(position + depth < len(numbers))
            position, state = position[has_next], state[has_next]
            next_state = self._base[state] + numbers[position + depth]
            in_trie = np.flatnonzero(self._parent[next_state] == state)
            position, state = position[in_trie], next_state[in_trie]
            depth += 1


def _build_tree(words: Sequence[str], numbers: Indices) -> Branch:
    root: Branch = {}
    for index, word in enumerate(words):
        node = root
        for number in numbers[[ord(char) for char in word]].tolist():
            node = node.setdefault(number, {})
        node[0] = index
    return root


def _build_states(tree: Mapping[int, Any], letters: int) -> tuple[Indices, Indices, Indices]:
    """Build `base`, `parent` and `word` of `Literals`: a node's successors lie where the first free states fit them."""
    parent, base, word = dict.fromkeys(range(letters + 1), _ROOT), {}, {}
    in_use = bytearray(b"\1" * (letters + 1))
    pending = [(number, tree[number]) for number in sorted(tree)]
    for state, node in pending:
        word[state] = node.pop(0, -1)
        if not node:
            continue
        base[state] = start = _find_base(in_use, sorted(node))
        for number, successor in node.items():
            in_use[start + number] = 1
            parent[start + number] = state
            pending.append((start + number, successor))
    size = max(base.values(), default=0) + letters + 1
    return _to_array(base, size, 0), _to_array(parent, size, _ROOT), _to_array(word, size, -1)


def _find_base(in_use: bytearray, numbers: Sequence[int]) -> int:
    """Find the first base under which the states of all these numbers are free; `in_use` grows to hold them."""
    state = -1
    while True:
        state = in_use.find(0, state + 1)
        if state < 0:
            state = len(in_use)
        base = state - numbers[0]
        in_use.extend(bytes(max(base + numbers[-1] + 1 - len(in_use), 0)))
        if not any(in_use[base + number] for number in numbers):
            return base


def _to_array(values: Mapping[int, int], size: int, default: int) -> Indices:
    """Fill an array with values at their indices."""
    # whole machine words: numpy turns narrower ones into these before it looks anything up
    array = np.full(size, default, dtype=np.int64)
    array[list(values)] = list(values.values())
    return array
