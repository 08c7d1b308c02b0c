"""ftfy for Chinese: its configuration, kept off the lines that it cannot change."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from cleaner.normalization import ftfy_classes
from cleaner.normalization.prefilter import Trigger

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

OPTIONS: dict[str, Any] = {
    "unescape_html": "auto",
    "remove_terminal_escapes": True,
    "fix_encoding": True,
    "restore_byte_a0": True,
    "replace_lossy_sequences": True,
    "decode_inconsistent_utf8": True,
    "fix_c1_controls": True,
    "fix_latin_ligatures": True,
    "fix_character_width": False,
    "uncurl_quotes": False,
    "fix_line_breaks": True,
    "fix_surrogates": True,
    "remove_control_chars": True,
    "normalization": "NFC",
    "max_decode_length": 1_000_000,
}
"""ftfy's defaults but for two: full-width characters and curly quotes are right in Chinese.

NFKC would destroy …… ① ㎡.
"""


def fix(text: str) -> str:
    """Repair mojibake of single-byte encodings, entities, ligatures, control characters and composition, as ftfy does.

    The result is that of `ftfy.fix_text(line, TextFixerConfig(**OPTIONS))` for each line by itself, with its line
    break, repeated until nothing changes. That differs from one call on the whole text where ftfy 6.3.1 has defects:

    - one `<` switches entity decoding off for all lines after it; here it does so for its own line;
    - its options for the encoding step are dropped unless `explain` is set; here they always hold;
    - a repaired line can hold line breaks or mojibake that only a second call would see.

    WRONG for text that is about mojibake or entities (a tutorial's `&nbsp;` is decoded), for HTML source, and before
    GBK or Big5 mojibake is repaired: ftfy turns its C1 bytes into other characters. Entities can add lines (`&#10;`).
    """
    while (better := _fix_lines(text)) != text:
        text = better
    return text


def trigger() -> Trigger:
    """Return the characters of which a text holds one if `fix` changes it."""
    return Trigger(f"[^{ftfy_classes.classes().safe}]")


def _fix_lines(text: str) -> str:
    suspect, at = _patterns().suspect, 0
    pieces: list[str] = []
    while (hit := suspect.search(text, at)) is not None:
        start, stop = _segment(text, hit.start(), at)
        segment = text[start:stop]
        pieces += (text[at:start], _fix_segment(segment) if _is_touchable(segment) else segment)
        at = stop
    return "".join((*pieces, text[at:])) if pieces else text


def _segment(text: str, position: int, after: int) -> tuple[int, int]:
    """The line around a position with its line break, or the part of a long line that ftfy would look at alone."""
    longest: int = OPTIONS["max_decode_length"]
    start = text.rfind("\n", after, position) + 1 or after
    start += (position - start) // longest * longest
    stop = text.find("\n", position, start + longest) + 1
    return start, stop or min(start + longest, len(text))


def _is_touchable(segment: str) -> bool:
    """Whether ftfy may change it: a character that some step may change, or a match of its badness pattern.

    Each match holds a clue, so the pattern, which is slow, is tried around clues only.
    """
    from ftfy.badness import BADNESS_RE

    found = _patterns()
    if found.hard.search(segment) is not None:
        return True
    return any(
        BADNESS_RE.search(segment, max(clue.start() - found.reach, 0), clue.start() + found.reach) is not None
        for clue in found.suspect.finditer(segment)
    )


def _fix_segment(segment: str) -> str:
    """One call of ftfy. A chain like `&amp;amp;amp;` costs ftfy a round for each link: it is shortened before."""
    from ftfy import fix_and_explain

    if "<" not in segment:
        segment = _AMPERSANDS.sub("&amp;", segment)
    return fix_and_explain(segment, _config()).text


_AMPERSANDS = re.compile(r"&(?:amp;){2,}")


@cache
def _config() -> TextFixerConfig:
    """With `explain`, because ftfy 6.3.1 forgets the options of the encoding step without it."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(**OPTIONS, explain=True)


class _Patterns:
    """`hard`: what ftfy may change by itself. `suspect`: that, or a clue to mojibake. `reach`: see safe.Classes."""

    def __init__(self) -> None:
        found = ftfy_classes.classes()
        self.suspect = re.compile(f"[^{found.safe}]{_ENTITY}")
        self.hard = re.compile(f"[^{found.safe}{found.clues}]{_ENTITY}")
        self.reach = found.reach


_ENTITY = r"(?<!&(?!#?[0-9A-Za-z]{1,24};))"
"""An ampersand is only of interest where ftfy's pattern for entities matches."""

_patterns = cache(_Patterns)
