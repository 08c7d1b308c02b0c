"""Chinese punctuation that was flattened to ASCII: told from ASCII punctuation that was meant, and restored."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    return restore_all([text], mode)[0]


def restore_all(texts: Sequence[str], mode: Mode = "auto") -> list[str]:
    """`restore` for each of many texts, at less cost."""
    if mode == "keep":
        return list(texts)
    if mode == "ascii":
        return [text.translate(_ASCII) for text in texts]
    if mode == "cjk":
        return _widened(texts)
    if mode != "auto":
        raise UsageError(f"punctuation mode {mode!r} is unknown: use auto, keep, cjk or ascii")
    return _restored(texts)


def is_flattened(text: str) -> bool:
    """Whether Chinese punctuation was flattened: in Chinese context far more `, ; ? !` than their wide forms.

    WRONG as a test of one line: the marks of a whole document decide.
    """
    return restore(text) != text


def _restored(texts: Sequence[str]) -> list[str]:
    restored = list(texts)
    wides = {number: wide for number, text in enumerate(texts) if (wide := _wide_if_doubtful(text)) is not None}
    new = _widened([texts[number] for number in wides]) if wides else []
    for (number, wide), text in zip(wides.items(), new, strict=True):
        if _wide(text) - wide >= max(1, _EVIDENCE * wide):
            restored[number] = text
    return restored


def _wide_if_doubtful(text: str) -> int | None:
    """How many wide marks a text has if it may be flattened."""
    plain = text.encode("ascii", "ignore")
    flat = len(plain) - len(plain.translate(None, b",;?!"))
    if not flat or flat < _EVIDENCE * (wide := _wide(text)) or _BESIDE_HAN.search(text) is None:
        return None
    return wide


def _wide(text: str) -> int:
    """The number of wide marks. To find that there is none takes a tenth of the time of counting."""
    return sum(text.count(mark) for mark in "，；？！" if mark in text)


_BESIDE_HAN = re.compile("[,;?!](?:[\u3005-\u9fff]|(?<=[\u3005-\u9fff”’」』》】）].))")


def _widened(texts: Sequence[str]) -> list[str]:
    from cleaner.normalize import flattened  # its patterns and tables take 50 ms to make

    return flattened.widened(texts)


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
