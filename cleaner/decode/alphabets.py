"""Costs of characters in texts of alphabets that share their bytes with Chinese: Cyrillic, Greek, Latin-2,
Hebrew, Arabic.

As in `language_models`: negated natural logarithms in tenths of a nat. Frequencies of letters in per mille, rounded, as
tables of cryptographers have them for Russian, modern Greek and others; capitals cost more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

from cleaner.decode.language_models import CONTROL, DAMAGE, fill, with_ascii

_RUSSIAN = {
    110: "о", 85: "е", 80: "а", 73: "и", 67: "н", 63: "т", 55: "с", 47: "р", 45: "в", 44: "л", 35: "к", 32: "м",
    30: "д", 28: "п", 26: "у", 20: "я", 19: "ы", 17: "ьг", 16: "зб", 14: "ч", 12: "й", 10: "х", 9: "ж", 7: "ш",
    6: "ю", 5: "ц", 4: "щ", 3: "эфіїє", 1: "ъёґў",
}  # fmt: skip
_GREEK = {
    100: "α", 80: "οτε", 65: "ιν", 45: "σ", 42: "ρπκ", 38: "ς", 40: "ηυ", 33: "μ", 27: "λ", 26: "ί", 21: "ό", 19: "άέ",
    17: "γδ", 15: "ω", 13: "θ", 12: "χή", 9: "ύώφ", 7: "β", 4: "ξζ", 2: "ψΐϊϋΰ",
}  # fmt: skip
_HEBREW = {
    110: "י", 100: "ו", 95: "ה", 74: "ל", 63: "א", 56: "ר", 50: "ת", 46: "במש", 32: "ם", 30: "ענ", 25: "חד", 21: "קכ",
    17: "פ", 13: "גטזסצ", 11: "ן", 8: "ך", 3: "ףץ",
}  # fmt: skip
_ARABIC = {
    127: "ا", 117: "ل", 66: "نمي", 61: "و", 48: "ه", 45: "رت", 37: "بع", 27: "دسف", 24: "قكأ", 18: "حة", 13: "ج",
    10: "شصخطىإ", 7: "ضذثز", 4: "ءغ", 2: "ظئآؤ",
}  # fmt: skip
_MARKS = "«»—–…“”„‘’№°§©·\u00a0΄"
_MARK = 45
_CAPITAL = 26
"""What a capital costs more than its small letter: one in thirteen."""
_POLISH = {28: "ąęłżóćś", 36: "ńź"}
_CZECH = {28: "ěščřžýů", 36: "áíéúňťďóľĺŕôä"}
_HUNGARIAN = {25: "őű", 30: "áéíóöüú"}
"""Costs of letters beyond ASCII. Those that Latin-1 has at the same places cost no less than there."""
_OTHER_LETTER = 75


@cache
def cyrillic() -> bytes:
    """Build the costs in Russian, and nearly so in Ukrainian and Bulgarian."""
    return _of_letters(_RUSSIAN)


@cache
def greek() -> bytes:
    """Build the costs in modern Greek."""
    return _of_letters(_GREEK)


@cache
def polish() -> bytes:
    """Build the costs in Polish."""
    return _of_accents(_POLISH)


@cache
def czech() -> bytes:
    """Build the costs in Czech and Slovak."""
    return _of_accents(_CZECH)


@cache
def hungarian() -> bytes:
    """Build the costs in Hungarian."""
    return _of_accents(_HUNGARIAN)


@cache
def hebrew() -> bytes:
    """Build the costs in Hebrew without points."""
    return _of_letters(_HEBREW)


@cache
def arabic() -> bytes:
    """Build the costs in Arabic."""
    return _of_letters(_ARABIC)


HEBREW, ARABIC = (hebrew,), (arabic,)
CYRILLIC, GREEK, CENTRAL_EUROPEAN = (cyrillic,), (greek,), (polish, czech, hungarian)


def _of_accents(letters_of_cost: Mapping[int, str]) -> bytes:
    table = bytearray([CONTROL]) * 0x10000
    fill(table, range(0xA0, 0x180), _OTHER_LETTER)
    fill(table, map(ord, _MARKS), _MARK)
    for cost, letters in letters_of_cost.items():
        fill(table, map(ord, letters.upper()), cost + _CAPITAL // 2)
        fill(table, map(ord, letters), cost)
    table[0xFFFD] = DAMAGE
    return with_ascii(table)


def _of_letters(frequencies: Mapping[int, str]) -> bytes:
    table = bytearray([CONTROL]) * 0x10000
    fill(table, map(ord, _MARKS), _MARK)
    for share, letters in frequencies.items():
        cost = round(-10 * math.log(share / 1000))
        fill(table, map(ord, letters), cost)
        capitals = (letter.upper() for letter in letters if letter not in ("ς", letter.upper()))
        fill(table, (ord(letter) for letter in capitals if len(letter) == 1), cost + _CAPITAL)
    table[0xFFFD] = DAMAGE
    return with_ascii(table)
