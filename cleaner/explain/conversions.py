"""Conversions of script explained: the words of the dictionaries that decided them."""

from __future__ import annotations

from msgspec import Struct

from cleaner.model import Pass
from cleaner.normalization.script import convert, passages, targets
from cleaner.options import NormalizeOptions

SCRIPT_RULE = "normalize/script"


class DecidingWord(Struct, frozen=True):
    """A word of a dictionary and what it became."""

    word: str
    value: str


def find_deciding_words(text: str, edits: Pass, options: NormalizeOptions) -> dict[int, tuple[DecidingWord, ...]]:
    """Find the words that decided a pass of conversion, by the starts of its edits: those on the same line.

    Args:
        text: as it was before the pass.
    """
    target = targets.find(options.script)
    starts = [edit.span.start for edit in edits if edit.rule == SCRIPT_RULE]
    if not target or not starts:
        return {}
    ranges = [passage for passage in passages.split(text, target.source) if passage.is_source]

    def of_line(begin: int, end: int) -> tuple[DecidingWord, ...]:
        parts = (text[max(begin, part.start) : min(end, part.stop)] for part in ranges)
        pairs = (pair for part in parts for pair in convert.find_words(part, target.config, overlay=options.overlay))
        return tuple(DecidingWord(*pair) for pair in dict.fromkeys(pairs))

    lines = {start: _line_at(text, start) for start in starts}
    by_line = {line: of_line(*line) for line in set(lines.values())}
    return {start: by_line[line] for start, line in lines.items()}


def _line_at(text: str, position: int) -> tuple[int, int]:
    end = text.find("\n", position)
    return text.rfind("\n", 0, position) + 1, len(text) if end < 0 else end
