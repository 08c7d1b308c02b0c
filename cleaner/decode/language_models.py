"""Costs of characters in texts of some languages: the yardstick that readings of the same bytes share.

A cost is a negated natural logarithm in tenths of a nat, so the sums over two readings of the same bytes differ by
the evidence for one of them. Every table has 65,536 entries, one for each UTF-16 unit.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import cache

from cleaner.text import char_frequency

_LETTER, CONTROL, DAMAGE = 28, 200, 200
_ENTROPY = 34  # an alphabet's letters cost 2.9 to 3.3 nats each (Greek, Russian); repetitive pages less
_HANDICAP = 5  # a letter's handicap against candidates that have learnt nothing from the sample
_BINARY = 45  # a byte of data with NULs that are not UTF-16; text in UTF-16 costs 14 to 38 a byte
PRIOR = 50  # an encoding that is none of the candidates is seldom met
_COMMON_LENGTH = 2  # bytes in EUC-KR of the syllables that KS X 1001 has; others take eight, letter by letter
# the hundred syllables that make up about two thirds of running Korean
_SYLLABLES = (
    "이다는의에을가고하지은한로를사도기서대인자어리정그나시전해일과수제라아있부주들장보구상스원계선동공안게"
    "요만경것으여조연세비았우용유면성진모신내실였습니된있했까러와소마중발합문무생국여분거당물적음할라방교식"
)
_ACCENTS = "éèàçêüöäßñóíáåøæãâîôúëïùìòÉÀÖÜÄÅØÇñ"
_RARE_ACCENTS = "õû"
"""Letters of few languages, in whose places Latin-2 has frequent ones of Hungarian."""
_MARKS = "«»°·©®§–—“”‘’„…€£•¡¿ \u00a0×"


@cache
def chinese() -> bytes:
    """Build the costs in Chinese text of either script."""
    return with_ascii(bytearray(char_frequency.costs()))


@cache
def japanese() -> bytes:
    """Build the costs in Japanese text: half of it hiragana, a third of it Han."""
    table = bytearray(char_frequency.costs())
    for code in range(0x3400, 0xA000):
        table[code] = min(table[code] + 12, 150)
    fill(table, range(0x3041, 0x3094), 44)
    fill(table, map(ord, "のにはをたがでとしるいなかれてす"), 34)
    fill(table, range(0x30A1, 0x30F7), 66)
    fill(table, map(ord, "、。「」ー"), 38)
    fill(table, range(0xFF61, 0xFFA0), 95)
    return with_ascii(table)


@cache
def korean() -> bytes:
    """Build the costs in Korean text: syllables of Hangul, few Han."""
    table = bytearray(char_frequency.costs())
    for code in range(0x3041, 0xA000):
        table[code] = min(table[code] + 45, 200)
    fill(table, range(0xAC00, 0xD7A4), 125)
    for unit in range(0xAC00, 0xD7A4):
        if len(chr(unit).encode("euc_kr", "ignore")) == _COMMON_LENGTH:
            table[unit] = 88
    fill(table, map(ord, _SYLLABLES), 50)
    return with_ascii(table)


@cache
def latin() -> bytes:
    """Build the costs in text of Latin letters with accents."""
    table = bytearray([CONTROL]) * 0x10000
    fill(table, range(0xA0, 0x180), 70)
    fill(table, range(0x2010, 0x2123), 80)
    fill(table, map(ord, _MARKS), 40)
    fill(table, map(ord, _ACCENTS), 30)
    fill(table, map(ord, _RARE_ACCENTS), 42)
    return with_ascii(table)


@cache
def letters() -> bytes:
    """Build the costs in text of any other alphabet, for encodings that a page declares itself."""
    table = bytearray([CONTROL]) * 0x10000
    for code in range(0x80, 0x3000):
        table[code] = 33 if chr(code).isalpha() else 85
    return with_ascii(table)


def unknown_alphabet(data: bytes) -> float:
    """Compute the cost of bytes as text in an alphabet of one byte a letter, learnt from the bytes themselves.

    An adaptive order-0 model (Krichevsky-Trofimov): a reading that explains the bytes no better explains nothing.
    """
    if b"\0" in data:
        return _BINARY * len(data)
    plain = data.translate(None, _HIGH_BYTES)
    high = Counter(data.translate(None, _ASCII_BYTES))
    count = high.total()
    ways = sum(math.lgamma(n + 0.5) - math.lgamma(0.5) for n in high.values())
    adaptive = 10 * (math.lgamma(count + 64) - math.lgamma(64) - ways)
    return PRIOR + max(adaptive + _HANDICAP * count, _ENTROPY * count) + sum(map(latin().__getitem__, plain))


_ASCII_BYTES, _HIGH_BYTES = bytes(range(0x80)), bytes(range(0x80, 0x100))


def with_ascii(table: bytearray) -> bytes:
    """Set the costs of ASCII, which all texts share, and of damage."""
    fill(table, range(0x20), CONTROL)
    fill(table, range(0x20, 0x7F), 32)
    fill(table, (*range(0x41, 0x5B), *range(0x61, 0x7B)), _LETTER)
    fill(table, (0x09, 0x0A, 0x0D, 0x20), 20)
    table[0x7F] = CONTROL
    table[0xFFFD] = DAMAGE
    return bytes(table)


def fill(table: bytearray, codes: Iterable[int], cost: int) -> None:
    """Set the cost of some codes."""
    for code in codes:
        table[code] = cost
