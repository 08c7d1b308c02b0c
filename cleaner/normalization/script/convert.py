"""Script conversion, character by character (`fold`) and by OpenCC's dictionaries (`convert`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleaner.normalization.script import opencc_tables, phrases
from cleaner.text import codepoints

if TYPE_CHECKING:
    from cleaner.normalization.script.phrases import Stage
    from cleaner.text.codepoints import Codes

FOLD_SHORT = 48


def fold(text: str) -> str:
    """`text` in the form rules are matched on, with every character at its old place.

    Traditional characters become Simplified one by one, full-width ASCII and capital letters become
    lower-case ASCII, U+3000 and U+00A0 become a space. The result has the length of `text`, and folding it
    again changes nothing. It is wrong to keep the result as text: 乾隆 and 干净 share a character in it.
    """
    if text.isascii():
        return text.lower()
    if len(text) < FOLD_SHORT:
        return text.translate(_fold_pairs())
    return codepoints.string(folding()[codepoints.of(text)])


def convert(text: str, config: str, *, overlay: bool = False) -> str:
    """`text` converted as `opencc.OpenCC(config).convert` of opencc-python-reimplemented does it, to the byte.

    `config` is one of its configurations (t2s, tw2s, tw2sp, hk2s, s2t, s2tw, s2twp, s2hk, t2tw, t2hk); another
    raises UsageError. Its semantics: stages in a chain; in a stage the dictionaries in order, in a dictionary the
    longest key first, leftmost among equals, on what is not yet covered. With `overlay` the entries of
    `rules/opencc-overlay.toml` are added to its dictionaries, which mends their known slips (看著, 狼藉).
    It is wrong to convert text that already is in the target script (tw2s makes 什幺 of 什么) or that is Japanese:
    `script.to_script` asks first.
    """
    for stage in _stages(config, overlay):
        text = phrases.replace(text, stage)
    return text


@cache
def _stages(config: str, overlay: bool) -> tuple[Stage, ...]:
    return tuple(_stage(names, overlay) for names in opencc_tables.chain(config))


@cache
def _stage(names: tuple[str, ...], overlay: bool) -> Stage:
    dictionaries = [opencc_tables.dictionary(name) for name in names]
    if overlay:
        from cleaner.normalization.script.overlay import amend

        dictionaries = amend(names, dictionaries)
    return phrases.prepare(dictionaries)


@cache
def _fold_pairs() -> dict[int, int]:
    pairs = {ord(key): ord(value) for key, value in opencc_tables.dictionary("TSCharacters.txt").items()}
    pairs |= {point: ord(chr(point - 0xFEE0).lower()) for point in range(0xFF01, 0xFF5F)}
    pairs |= {point: point + 32 for point in range(ord("A"), ord("Z") + 1)}
    pairs |= {0x3000: 0x20, 0xA0: 0x20}
    return {point: _last(pairs, point) for point in pairs}


def _last(pairs: dict[int, int], point: int) -> int:
    while pairs.get(point, point) != point:
        point = pairs[point]
    return point


@cache
def folding() -> Codes:
    """What every code point is folded to."""
    return codepoints.table(_fold_pairs())
