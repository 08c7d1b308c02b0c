"""Score texts by how often their characters occur in Chinese: it tells a right decoding from a wrong one."""

from __future__ import annotations

from codecs import utf_16_le_encode
from functools import cache
from importlib.resources import files

# Costs are negated natural logarithms in tenths, one byte for each UTF-16 unit.
_HAN, _HAN_EXTENSION, _HANGUL, _OTHER, _NONSENSE = 140, 170, 150, 130, 220
_SHORT = 256  # below this many units a plain sum beats an array


def score(text: str) -> float:
    """Compute the mean natural logarithm of the frequencies of a text's characters that are not ASCII.

    About -6.5 for Chinese, below -9 for bytes read in a wrong encoding; 0.0 where all is ASCII, because nothing can be
    said. Source of the numbers: jieba's dict.txt (MIT), see benchmarks/derive/frequencies.py.

    Warning:
        Wrong for Japanese or Korean, and for names of rare characters: they are rare, not wrong.
    """
    count = len(text) - len(text.encode("ascii", "ignore"))
    return -total(units(text), costs()) / 10 / count if count else 0.0


def units(text: str) -> bytes:
    """Encode a text as UTF-16-LE, lone surrogates too, by the codec's own function: to look it up costs 10 µs."""
    return utf_16_le_encode(text, "surrogatepass")[0]


def total(data: bytes, table: bytes) -> int:
    """Sum a table's costs over UTF-16-LE, in tenths of a nat; ASCII as the table has it."""
    if len(data) < 2 * _SHORT:
        return sum(map(table.__getitem__, memoryview(data).cast("H")))
    import numpy as np

    return int(np.frombuffer(table, np.uint8).take(np.frombuffer(data, np.uint16)).sum(dtype=np.int64))


@cache
def costs() -> bytes:
    """Build the costs of UTF-16 units in Chinese text: 10 * -ln(frequency), ASCII 0, a surrogate half a character."""
    table = bytearray([_OTHER]) * 0x10000
    table[:0x80] = bytes(0x80)
    _fill(table, 0x80, 0xA0, _NONSENSE)
    _fill(table, 0x3400, 0x4DC0, _HAN_EXTENSION)
    _fill(table, 0x4E00, 0xA000, _HAN)
    _fill(table, 0xAC00, 0xD800, _HANGUL)
    _fill(table, 0xD800, 0xE000, _HAN_EXTENSION // 2)
    _fill(table, 0xE000, 0xF900, _NONSENSE)
    _fill(table, 0xFFF0, 0x10000, _NONSENSE)
    for char, cost in _load_costs():
        table[ord(char)] = cost
    return bytes(table)


def _load_costs() -> list[tuple[str, int]]:
    lines = files("cleaner").joinpath("data/frequency.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(char, int(cost)) for cost, chars in pairs for char in chars]


def _fill(table: bytearray, start: int, stop: int, cost: int) -> None:
    table[start:stop] = bytes([cost]) * (stop - start)
