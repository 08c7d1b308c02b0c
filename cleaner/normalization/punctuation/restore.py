"""Restore Chinese punctuation that was flattened to ASCII, told from ASCII punctuation that was meant."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.errors import UsageError
from cleaner.lazy_patterns import lazy_pattern
from cleaner.normalization.prefilter import ALWAYS, NEVER, Trigger
from cleaner.options import Punctuation

_TRIGGERS = {
    "keep": NEVER,
    "auto": Trigger("[,;?!]"),
    "cjk": Trigger("[,;:?!(.]"),
    "ascii": Trigger("[^\0-\x7f]"),
}


def trigger(mode: str) -> Trigger:
    """Return the characters of which a text holds one if `restore` changes it; of an unknown mode it complains."""
    return _TRIGGERS.get(mode, ALWAYS)


_EVIDENCE = 3
"""A document is flattened when it has this many times more flat marks than wide ones."""


def restore(text: str, mode: Punctuation = "auto") -> str:
    """Restore Chinese punctuation as `mode` says: "auto" in flattened documents only, "cjk" in any, "keep" in none.

    Restored to full width are `, ; : ? !` in Chinese context (after a Han character or closing mark, or between a word
    and a Han character on a mostly Chinese line), parentheses around Han or a remark directly after Han, and, where a
    document ends lines with `.` after Han and has no 。 at all, periods after Han. Numbers, times, URLs, code, tags and
    Latin sentences stay. "ascii" goes the other way, for all CJK punctuation. The number of lines stays.

    Raises:
        UsageError: for another mode.

    Warning:
        "auto" and "cjk" are wrong for texts whose author typed ASCII punctuation on purpose and for aligned
        tables, whose columns move; "ascii" for everything that is to be read as Chinese.
    """
    return restore_batch([text], mode)[0]


def restore_batch(texts: Sequence[str], mode: Punctuation = "auto") -> list[str]:
    """Restore each of many texts, at less cost."""
    if mode == "keep":
        return list(texts)
    if mode == "ascii":
        return [text.translate(_ASCII) for text in texts]
    if mode == "cjk":
        return _widen(texts)
    if mode != "auto":
        raise UsageError(f"punctuation mode {mode!r} is unknown: use auto, keep, cjk or ascii")
    return _restore_flattened(texts)


def _restore_flattened(texts: Sequence[str]) -> list[str]:
    results = list(texts)
    doubtful = [
        (index, flat)
        for index, text in enumerate(texts)
        if (flat := _count_flat(text)) and _may_be_flattened(text, flat)
    ]
    candidates = _widen([texts[index] for index, _ in doubtful]) if doubtful else []
    for (index, flat), candidate in zip(doubtful, candidates, strict=True):
        if flat - _count_flat(candidate) >= max(1, _EVIDENCE * _count_wide(texts[index])):
            results[index] = candidate
    return results


def _may_be_flattened(text: str, flat: int) -> bool:
    """Whether a text with so many flat marks may be flattened."""
    return flat >= _EVIDENCE * _count_wide(text) and _BESIDE_HAN.search(text) is not None


def _count_flat(text: str) -> int:
    plain = text.encode("ascii", "ignore")
    return len(plain) - len(plain.translate(None, b",;?!"))


def _count_wide(text: str) -> int:
    """Count wide marks. To find that there is none takes a tenth of the time of counting."""
    return sum(text.count(mark) for mark in "，；？！" if mark in text)


_BESIDE_HAN = lazy_pattern("[,;?!](?:[\u3005-\u9fff]|(?<=[\u3005-\u9fff”’」』》】）].))")


def _widen(texts: Sequence[str]) -> list[str]:
    from cleaner.normalization.punctuation import widen  # its patterns and tables take 50 ms to make

    return widen.widen(texts)


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
