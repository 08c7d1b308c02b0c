"""Apply ftfy, configured for Chinese, to the lines that it can change."""

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
    "fix_surrogates": False,
    "remove_control_chars": True,
    "normalization": "NFC",
    "max_decode_length": 1_000_000,
}
"""ftfy's defaults but for three: full-width characters and curly quotes are right in Chinese, and a half surrogate is
somebody's cut emoji, which stays as it came; halves that belong together are joined.

NFKC would destroy …… ① ㎡.
"""


def fix(text: str) -> str:
    """Repair mojibake of single-byte encodings, entities, ligatures, control characters and composition, as ftfy does.

    The result is that of `ftfy.fix_text(line, TextFixerConfig(**OPTIONS))` for each line by itself, with its line
    break, repeated until nothing changes. That differs from one call on the whole text where ftfy 6.3.1 has defects:

    - one `<` switches entity decoding off for all lines after it; here it does so for its own line;
    - its options for the encoding step are dropped unless `explain` is set; here they always hold;
    - a repaired line can hold line breaks or mojibake that only a second call would see.

    Entities can add lines (`&#10;`).

    Warning:
        Wrong for text that is about mojibake or entities (a tutorial's `&nbsp;` is decoded), for HTML source, and
        before GBK or Big5 mojibake is repaired: ftfy turns its C1 bytes into other characters.
    """
    while (better := _fix_lines(text)) != text:
        text = better
    return text


def trigger() -> Trigger:
    """Return the characters of which a text holds one if `fix` changes it."""
    return Trigger(ftfy_classes.basic_complement(ftfy_classes.load().safe))


def _fix_lines(text: str) -> str:
    suspect, stop = _patterns().suspect, 0
    parts: list[str] = []
    while (match := suspect.search(text, stop)) is not None:
        start, end = _find_segment(text, match.start(), stop)
        segment = text[start:end]
        parts += (text[stop:start], _fix_segment(segment) if _is_touchable(segment) else segment)
        stop = end
    return "".join((*parts, text[stop:])) if parts else text


def _find_segment(text: str, position: int, after: int) -> tuple[int, int]:
    """Find the line around a position with its break, or the part of a long line that ftfy would look at alone."""
    longest: int = OPTIONS["max_decode_length"]
    start = text.rfind("\n", after, position) + 1 or after
    start += (position - start) // longest * longest
    stop = text.find("\n", position, start + longest) + 1
    return start, stop or min(start + longest, len(text))


def _is_touchable(segment: str) -> bool:
    """Whether ftfy may change a segment: by a hard character, or by a match of its badness pattern.

    Each match holds a clue, so the pattern, which is slow, is tried around clues only.
    """
    from ftfy.badness import BADNESS_RE

    patterns = _patterns()
    if patterns.hard.search(segment) is not None:
        return True
    reach = patterns.reach
    return any(
        BADNESS_RE.search(segment, max(clue.start() - reach, 0), clue.start() + reach) is not None
        for clue in patterns.suspect.finditer(segment)
    )


def _fix_segment(segment: str) -> str:
    """Call ftfy once. A chain like `&amp;amp;amp;` costs ftfy a round for each link: it is shortened before."""
    from ftfy import fix_and_explain
    from ftfy.fixes import SURROGATE_PAIR_RE, convert_surrogate_pair

    segment = SURROGATE_PAIR_RE.sub(convert_surrogate_pair, segment)
    if "<" not in segment:
        segment = _AMPERSANDS.sub("&amp;", segment)
    return fix_and_explain(segment, _config()).text


_AMPERSANDS = re.compile(r"&(?:amp;){2,}")


@cache
def _config() -> TextFixerConfig:
    """Build ftfy's options, with `explain`: without it ftfy 6.3.1 forgets those of the encoding step."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(**OPTIONS, explain=True)


class _Patterns:
    """`hard`: characters that ftfy may change. `suspect`: those and clues to mojibake. `reach`: see `Classes`."""

    def __init__(self) -> None:
        classes = ftfy_classes.load()
        self.suspect = re.compile(f"[^{classes.safe}]{_ENTITY}")
        self.hard = re.compile(f"[^{classes.safe}{classes.clues}]{_ENTITY}")
        self.reach = classes.reach


_ENTITY = r"(?<!&(?!#?[0-9A-Za-z]{1,24};))"
"""An ampersand is only of interest where ftfy's pattern for entities matches."""

_patterns = cache(_Patterns)
