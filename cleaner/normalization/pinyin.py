"""Remove pinyin printed in brackets after a character, recognized by being a reading of it."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

from cleaner.lazy_patterns import lazy_pattern

_TONES = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0306": 3, "\u0300": 4}
_LETTERS = {"ɑ": "a", "ɡ": "g", "\u0131": "i"}
_SEPARATORS = " \u3000\xa0'’·-"
_SMALL = "a-zāáǎăàēéěĕèêīíǐĭìōóǒŏòūúǔŭùüǖǘǚǜńňǹḿɑɡı\u0300-\u030c"
_LONGEST = 12
"""Characters that one gloss can stand for."""

_GLOSS = lazy_pattern(
    rf"[(（][{_SEPARATORS}]*"
    rf"([A-ZÀ-ÜĀĒĪŌŪ{_SMALL}][{_SMALL}0-5{_SEPARATORS}]{{0,79}})"
    r"[)）]"
)


def remove(text: str) -> str:
    """Remove glosses such as `現(xiàn)在`, `烟(yan)台市(shi)`, `饕餮（tāo tiè）`. Off by default.

    A gloss goes only when all of it is a reading of the characters before it, syllable by character; tones count where
    they are written. `读(zhòng)` stays, and so does everything that is not pinyin.

    Source of the readings: see benchmarks/derive/pinyin.py.

    Warning:
        Wrong for dictionaries, textbooks and everything else that is about pronunciation; and a toneless gloss can be
        an English word (`有(you)`).
    """
    if _GLOSS.search(text) is None:
        return text
    before, stop = "", 0
    parts = []
    for gloss in _GLOSS.finditer(text):
        before = (before + text[stop : gloss.start()])[-_LONGEST:]
        parts.append(text[stop : gloss.start()])
        stop = gloss.end()
        if not _is_reading(gloss[1], before):
            parts.append(gloss[0])
            before = gloss[0][-_LONGEST:]
    return "".join((*parts, text[stop:]))


def spell(pinyin: str) -> tuple[str, list[int]]:
    """Spell pinyin in plain letters (ü is v), with the tone on each letter or in a digit after it, else 0."""
    letters: list[str] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFD", pinyin.lower()):
        if char == "\u0308" and letters:
            letters[-1] = "v"
        elif letters and (char in _TONES or char in "01234"):
            tones[-1] = _TONES.get(char) or int(char)
        elif char.isalpha() or char in _SEPARATORS:
            letters.append(_LETTERS.get(char, char))
            tones.append(0)
    return "".join(letters), tones


def _is_reading(pinyin: str, before: str) -> bool:
    """Whether the characters at the end of `before`, one for each syllable, can be read so.

    `ends`: where in the letters a reading that began `count` characters ago can have come to.
    """
    letters, tones = spell(pinyin)
    for count in range(1, len(before) + 1):
        ends = {0}
        for char in before[-count:]:
            ends = {end for start in ends for end in _ends(letters, tones, start, char)}
        if any(not letters[end:].strip(_SEPARATORS) for end in ends):
            return True
        if not _readings().get(before[-count]):
            return False
    return False


def _ends(letters: str, tones: list[int], start: int, char: str) -> set[int]:
    """Return the indices where the syllable of `char` that begins at `start` can end."""
    while start < len(letters) and letters[start] in _SEPARATORS:
        start += 1
    ends = set()
    for syllable, tone in _readings().get(char, ()):
        stop = start + len(syllable)
        if letters.startswith(syllable, start) and max(tones[start:stop]) in (0, tone):
            ends.add(stop)
    return ends


@cache
def _readings() -> dict[str, list[tuple[str, int]]]:
    """Load the syllables of each character, as letters and tone."""
    readings: dict[str, list[tuple[str, int]]] = {}
    for line in (resources.files("cleaner") / "data" / "pinyin.txt").read_text("ascii").splitlines():
        syllable, *steps = line.split()
        code = 0
        for step in steps:
            code += int(step, 16)
            readings.setdefault(chr(code), []).append((syllable[:-1], int(syllable[-1])))
    return readings
