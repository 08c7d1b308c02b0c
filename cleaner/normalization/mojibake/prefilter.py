"""Find where mojibake may stand: two characters side by side as a reading in a wrong encoding has them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from cleaner.normalization.mojibake import readings
from cleaner.normalization.prefilter import Trigger
from cleaner.text import char_frequency, codepoints

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    Roles = NDArray[np.uint8]

_SLICE = 1 << 16  # code units that stay in cache
_SHORT = 1 << 12  # below this length one search by a pattern costs less than the arrays' fixed cost

_GBK_FIRST, _GBK_SECOND, _LATIN_FIRST, _LATIN_SECOND, _NESTED_FIRST, _NESTED_SECOND = (1 << bit for bit in range(6))
"""Roles of a character in mojibake: first or second of a pair as GBK makes of UTF-8, as Latin-1 or cp1252 does, or as
GBK makes of UTF-8 that was read as Latin-1 before."""
_FIRSTS = _GBK_FIRST | _LATIN_FIRST | _NESTED_FIRST


def _second_of(first: Any) -> Any:
    """Return the roles of the second characters that belong to roles of first ones: each is the next bit."""
    return first << 1


def find_lines(text: str, cross: bool) -> Iterator[tuple[int, int]]:
    """Yield the ranges of lines that may hold mojibake; with `cross` all that are not ASCII."""
    stop = -1
    for position in _find_pairs(text) if not cross else (line.start() for line in _LINES.finditer(text)):
        if position >= stop:
            start, stop = text.rfind("\n", 0, position) + 1, text.find("\n", position)
            stop = len(text) if stop < 0 else stop
            yield start, stop


_LINES = re.compile("(?m)^.*[^\x00-\x7f].*$")


def may_hold(text: str) -> bool:
    """Whether a text may hold mojibake; long ones go to the arrays at once."""
    return len(text) > _SHORT or _pair().search(text) is not None


@cache
def _pair() -> re.Pattern[str]:
    """Compile a pattern of pairs; surrogates stand for any character above U+FFFF."""
    is_first, roles = _tables()
    pairs = (
        f"(?<={_character_set(roles & first)}){_character_set(roles & _second_of(first))}"
        for first in (_GBK_FIRST, _LATIN_FIRST, _NESTED_FIRST)
    )
    return re.compile(f"{_character_set(is_first)}(?:{'|'.join(pairs)})")


def trigger(*, cross: bool = False) -> Trigger:
    """Return the characters of which a text holds one if it may hold mojibake; `cross` asks for more kinds."""
    return Trigger("[^\0-\x7f]") if cross else Trigger(_character_set(_tables()[0]), _begins_pair)


def _begins_pair(codes: NDArray[np.intp], positions: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell at which positions of first characters a second one follows."""
    roles = _tables()[1]
    return _are_pairs(roles.take(codes[positions], mode="clip"), roles.take(codes[positions + 1], mode="clip"))


def _are_pairs(roles: Roles, next_roles: Roles) -> NDArray[np.bool_]:
    """Tell which characters with these roles pair up with their next ones."""
    mask: NDArray[np.bool_] = (_second_of(roles) & next_roles & _second_of(_FIRSTS)) != 0
    return mask


def _character_set(members: NDArray[Any]) -> str:
    """Write the UTF-16 units that are not 0 in a table as a regular expression's set."""
    units = members.nonzero()[0].tolist()
    astral = "\U00010000-\U0010ffff" if any(unit in codepoints.SURROGATES for unit in units) else ""
    return "[" + "".join(re.escape(chr(unit)) for unit in units if unit not in codepoints.SURROGATES) + astral + "]"


def _find_pairs(text: str) -> Iterator[int]:
    import numpy as np

    is_first, roles = _tables()
    units = np.frombuffer(char_frequency.units(text) + b"\0\0", np.uint16)
    for begin in range(0, len(units), _SLICE):
        (firsts,) = is_first.take(units[begin : begin + _SLICE]).nonzero()
        if not firsts.size:
            continue
        firsts += begin
        pairs = _are_pairs(roles.take(units.take(firsts)), roles.take(units.take(firsts + 1)))
        if pairs.any():
            for index in firsts[pairs].tolist():
                yield index if len(units) == len(text) + 1 else _code_point_index(units, index)


def _code_point_index(units: NDArray[np.uint16], index: int) -> int:
    return len(units[:index].tobytes().decode("utf-16-le", "surrogatepass"))


@cache
def _tables() -> tuple[NDArray[np.bool_], Roles]:
    """Build tables of UTF-16 units: whether one can open mojibake, and its roles in it. NBSP opens none."""
    import numpy as np

    roles = np.zeros(codepoints.BASIC, np.uint8)
    latin = set(map(chr, range(0x80, 0x100)))
    # â to é and ï, which open UTF-8 read as Latin-1
    accents = readings.gbk_pairs((0xC3,), (*range(0xA2, 0xAA), 0xAF))
    for characters, role in (
        (readings.openers(), _GBK_FIRST),
        (readings.crossers(), _GBK_SECOND),
        (accents, _NESTED_FIRST),
        (readings.accents(), _NESTED_SECOND),
        (latin - {"\xa0"}, _LATIN_FIRST),
        (latin | set(readings.SYMBOLS), _LATIN_SECOND),
    ):
        roles[list(map(ord, characters))] |= role
    return (roles & _FIRSTS) != 0, roles
