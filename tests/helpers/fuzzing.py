"""Inputs altered at random, each by a seed of its own, so that any of them can be made again."""

from __future__ import annotations

import random
from collections.abc import Sequence

MOST_CHANGES = 8
"""Changes of one input."""
LONGEST = 1 << 16
"""Bytes of an input."""


class Mutator:
    """Alters samples: bytes, spans and words of a language put in, taken out, doubled and moved."""

    def __init__(self, samples: Sequence[bytes], words: Sequence[bytes]) -> None:
        self._samples, self._words = samples, words

    def make(self, seed: str) -> bytes:
        """Make the input of a seed."""
        chance = random.Random(seed)
        data = bytearray(chance.choice(self._samples))
        for _ in range(chance.randint(1, MOST_CHANGES)):
            self._change(data, chance)
        return bytes(data[:LONGEST])

    def _change(self, data: bytearray, chance: random.Random) -> None:
        start = chance.randint(0, len(data))
        stop = min(len(data), start + chance.choice((1, 1, 2, 3, 8, 40, 400)))
        kind = chance.randrange(8)
        if kind == 0:
            data[start:stop] = chance.randbytes(stop - start)
        elif kind == 1:
            del data[start:stop]
        elif kind == 2:
            data[start:start] = chance.choice(self._words)
        elif kind == 3:
            data[start:stop] = chance.choice(self._words)
        elif kind == 4:
            data[start:start] = data[start:stop] * chance.choice((1, 2, 50))
        elif kind == 5:
            data[start:start] = chance.choice(self._words) * chance.choice((2, 20, 500))
        elif kind == 6:
            other = chance.choice(self._samples)
            place = chance.randint(0, len(other))
            data[start:stop] = other[place : place + stop - start]
        elif start < len(data):
            data[start] ^= 1 << chance.randrange(8)
