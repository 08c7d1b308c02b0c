"""Chinese punctuation that was flattened to ASCII: told from ASCII punctuation that was meant, and restored."""

from __future__ import annotations

import re
from typing import Literal

from cleaner.errors import UsageError

Mode = Literal["auto", "keep", "cjk", "ascii"]

NEEDS: dict[str, str] = {"keep": "", "auto": "[,;?!]", "cjk": "[,;:?!(.]", "ascii": "[^\0-\x7f]"}
"""By mode the characters of which a text holds one if `restore` changes it, as a regular expression's set."""

_EVIDENCE = 3
"""A document is flattened when it has this many times more flat marks than wide ones."""


def restore(text: str, mode: Mode = "auto") -> str:
    """Chinese punctuation as `mode` says: "auto" restores flattened documents only, "cjk" any, "keep" none.

    Restored to full width are `, ; : ? !` in Chinese context (after a Han character or closing mark, or between a word
    and a Han character on a mostly Chinese line), parentheses around Han or a remark directly after Han, and, where a
    document ends lines with `.` after Han and has no 。 at all, periods after Han. Numbers, times, URLs, code, tags and
    Latin sentences stay. "ascii" goes the other way, for all CJK punctuation. The number of lines stays.

    Raises UsageError for another mode.
    WRONG ("auto", "cjk") for texts whose author typed ASCII punctuation on purpose, for Japanese with Western marks and
    for aligned tables, whose columns move; ("ascii") for everything that is to be read as Chinese.
    """
    if mode == "keep":
        return text
    if mode == "ascii":
        return text.translate(_ASCII)
    if mode == "cjk":
        return _widened(text)
    if mode != "auto":
        raise UsageError(f"punctuation mode {mode!r} is unknown: use auto, keep, cjk or ascii")
    if not _may_be_flattened(text):
        return text
    new = _widened(text)
    return new if _outweighs(text, new) else text


def is_flattened(text: str) -> bool:
    """Whether Chinese punctuation was flattened: in Chinese context far more `, ; ? !` than their wide forms.

    WRONG as a test of one line: the marks of a whole document decide.
    """
    return _may_be_flattened(text) and _outweighs(text, _widened(text))


def _may_be_flattened(text: str) -> bool:
    flat = sum(map(text.count, ",;?!"))
    return flat > 0 and flat >= _EVIDENCE * _wide(text) and _BESIDE_HAN.search(text) is not None


def _outweighs(text: str, new: str) -> bool:
    wide = _wide(text)
    return _wide(new) - wide >= max(1, _EVIDENCE * wide)


def _wide(text: str) -> int:
    return sum(map(text.count, "，；？！"))


_BESIDE_HAN = re.compile("[,;?!](?:[\u3005-\u9fff]|(?<=[\u3005-\u9fff”’」』》】）].))")


def _widened(text: str) -> str:
    from cleaner.normalize import flattened  # its patterns take 40 ms to compile, and most texts are not flattened

    return flattened.widened(text)


_ASCII = str.maketrans(
    {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F) if not chr(wide).isalnum()}
    | dict.fromkeys("“”《》「」『』〈〉", '"')
    | {
        "。": ".",
        "、": ",",
        "‘": "'",
        "’": "'",
        "【": "[",
        "】": "]",
        "〔": "[",
        "〕": "]",
        "…": "...",
        "—": "-",
        "～": "~",
    }
)
