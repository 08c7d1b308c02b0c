"""Texts of others made fit for a page: what cannot be seen, or turns what can, is written out."""

from __future__ import annotations

from cleaner.text.printable import make_encodable

_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Marks that turn the direction of all that follows."""
_UNSEEN = (
    0x00AD,
    0x034F,
    0x180E,
    *range(0x200B, 0x200E),
    0x2028,
    0x2029,
    *range(0x2060, 0x2066),
    0xFEFF,
    0xFFFE,
    0xFFFF,
)
_TAGS = range(0xE0000, 0xE0080)
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
_TABLE: dict[int, int | str] = {
    **_PICTURES,
    **{code: f"‹U+{code:04X}›" for code in (*_BIDI, *_UNSEEN, *_TAGS, *range(0x80, 0xA0))},
}


def make_visible(text: str) -> str:
    """Write out characters that cannot be seen or turn the text; line breaks and tabs stay."""
    return make_encodable(text).translate(_TABLE)


def shorten(text: str, limit: int) -> str:
    """Return a text of one line, visible, with `…` for what is over `limit` characters."""
    line = text[: limit + 1].replace("\n", " ")
    return make_visible(f"{line[:limit]}…" if len(line) > limit else line)
