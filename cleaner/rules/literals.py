"""Where literals stand in a text: a trie in two arrays (Aoe 1989), walked from all places of the text at once.

Most places leave the trie within two characters, so that array operations go over a whole text only so far.
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

_PART = 1 << 16
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
        self._base, self._parent, self._word = _states(_tree(words, self._numbers), len(letters))
        self._longest = max(map(len, words), default=0)
        self._ends = self._word[: len(letters) + 1] >= 0

    def find(self, codes: NDArray[np.uint32]) -> tuple[Indices, Indices]:
        """Which words stand where in code points, each (n,): indices of words, and the places they begin at."""
        found = [(self._word[:0], self._word[:0])]
        for begin in range(0, len(codes), _PART):
            numbers = self._numbers.take(codes[begin : begin + _PART + self._longest], mode="clip")
            found += ((word, place + begin) for word, place in self._from(numbers, min(_PART, len(codes) - begin)))
        return np.concatenate([word for word, _ in found]), np.concatenate([at for _, at in found])

    def _from(self, numbers: Indices, count: int) -> Iterator[tuple[Indices, Indices]]:
        """The words that begin at one of the first `count` places."""
        first = numbers[:count]
        alone = np.flatnonzero(self._ends.take(first))
        yield self._word[first[alone]], alone
        second = numbers[1 : count + 1]
        after = self._base.take(first[: len(second)])
        after += second
        place = np.flatnonzero(self._parent.take(after) == first[: len(second)])
        yield from self._deeper(numbers, place, after[place])

    def _deeper(self, numbers: Indices, place: Indices, state: Indices) -> Iterator[tuple[Indices, Indices]]:
        """Words of two characters and more; `state`: where the trie stands two characters behind each place."""
        depth = 2
        while len(place):
            ended = np.flatnonzero(self._word[state] >= 0)
            yield self._word[state[ended]], place[ended]
            inside = np.flatnonzero(place + depth < len(numbers))
            place, state = place[inside], state[inside]
            after = self._base[state] + numbers[place + depth]
            stays = np.flatnonzero(self._parent[after] == state)
            place, state = place[stays], after[stays]
            depth += 1


def _tree(words: Sequence[str], numbers: Indices) -> Branch:
    root: Branch = {}
    for at, word in enumerate(words):
        node = root
        for number in numbers[[ord(char) for char in word]].tolist():
            node = node.setdefault(number, {})
        node[0] = at
    return root


def _states(tree: Mapping[int, Any], letters: int) -> tuple[Indices, Indices, Indices]:
    """`base`, `parent` and `word` of `Literals`: each node's successors lie where the first free states fit them."""
    parent, base, word = dict.fromkeys(range(letters + 1), _ROOT), {}, {}
    taken = bytearray(b"\1" * (letters + 1))
    due = [(number, tree[number]) for number in sorted(tree)]
    for state, node in due:
        word[state] = node.pop(0, -1)
        if not node:
            continue
        base[state] = start = _room(taken, sorted(node))
        for number, successor in node.items():
            taken[start + number] = 1
            parent[start + number] = state
            due.append((start + number, successor))
    size = max(base.values(), default=0) + letters + 1
    return _filled(base, size, 0), _filled(parent, size, _ROOT), _filled(word, size, -1)


def _room(taken: bytearray, numbers: Sequence[int]) -> int:
    """The first base under which the states of all these numbers are free; `taken` grows to hold them."""
    at = -1
    while True:
        at = taken.find(0, at + 1)
        if at < 0:
            at = len(taken)
        base = at - numbers[0]
        taken.extend(bytes(max(base + numbers[-1] + 1 - len(taken), 0)))
        if not any(taken[base + number] for number in numbers):
            return base


def _filled(values: Mapping[int, int], size: int, default: int) -> Indices:
    """An array with these values at their places."""
    # whole machine words: numpy turns narrower ones into these before it looks anything up
    made = np.full(size, default, dtype=np.int64)
    made[list(values)] = list(values.values())
    return made
