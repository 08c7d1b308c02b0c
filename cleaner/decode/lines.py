"""Texts whose lines are written in several encodings, each of which is sure."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from cleaner.decode.damage import Damage, decode_replacing
from cleaner.decode.detection import CANDIDATES, PLAUSIBLE, Candidate, detect
from cleaner.text.char_frequency import total, units

SURE = 0.99
"""The confidence from which a single line is read in an encoding of its own."""
_LEAST = 4
"""Characters beyond ASCII of such a line, at least."""
_ASCII = re.compile(r"[\x00-\x7f]+")
_BY_NAME = {candidate.encoding: candidate for candidate in CANDIDATES}


class MixedText(NamedTuple):
    """A text in an encoding, the damage in it, and `numbers`, from 1, of the lines in other encodings, by encoding."""

    text: str
    encoding: str
    damage: tuple[Damage, ...]
    numbers: dict[str, list[int]]


def decode_lines(data: bytes, encoding: str) -> MixedText | None:
    """Decode each line in its own encoding; None where all are in the one that the whole is told to have.

    Args:
        data: the whole text.
        encoding: that of lines which look right in it, or of which nothing else is sure; "" where there is none.
    """
    candidate = _BY_NAME.get(encoding)
    if encoding and not candidate:
        return None
    encoding_of = cache(lambda line: _find_encoding(line, candidate))
    lines = data.split(b"\n")
    encodings = ["" if line.isascii() else encoding_of(line) or encoding for line in lines]
    counts = Counter(name for name in encodings if name)
    if not counts or counts.keys() == {encoding}:
        return None
    main = max(sorted(counts), key=counts.__getitem__)
    numbers: dict[str, list[int]] = {}
    for number, name in enumerate(encodings, 1):
        if name not in ("", main):
            numbers.setdefault(name, []).append(number)
    texts, damage, offset = [], list[Damage](), 0
    for line, name in zip(lines, encodings, strict=True):
        text, items = decode_replacing(line, name or main)
        texts.append(text)
        damage += [Damage(offset + item.offset, item.data) for item in items]
        offset += len(line) + 1
    return MixedText("\n".join(texts), main, tuple(damage), numbers)


def _find_encoding(line: bytes, main: Candidate | None) -> str:
    """Return the encoding that a line is surely in, where it is not plausible in that of the whole; else ""."""
    if main and _measure(line, main) < PLAUSIBLE:
        return ""
    guess = detect(line, cuts=False)
    candidate = _BY_NAME.get(guess.encoding)
    is_sure = candidate and guess.confidence >= SURE and 0 < _measure(line, candidate) < PLAUSIBLE
    return guess.encoding if is_sure else ""


def _measure(line: bytes, candidate: Candidate) -> float:
    """Measure the mean cost of the characters beyond ASCII: 0 for too few, infinite for what cannot be read."""
    try:
        letters = _ASCII.sub("", line.decode(candidate.encoding))
    except UnicodeDecodeError:
        return math.inf
    if len(letters) < _LEAST:
        return 0.0
    data = units(letters)
    return min(total(data, costs()) for costs in candidate.costs) / len(letters)
