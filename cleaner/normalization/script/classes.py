"""Classes of characters that tell in which script a text is written, drawn from OpenCC's tables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleaner.normalization.script import opencc_tables
from cleaner.text import codepoints

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Classes = NDArray[np.uint8]

OTHER, COMMON_HAN, SIMPLIFIED_ONLY, TRADITIONAL_ONLY, SHINJITAI, KANA, HANGUL, STOP = range(8)
COUNT = 8


def is_han(classes: Classes) -> NDArray[np.bool_]:
    """Tell which of these are classes of Chinese characters."""
    mask: NDArray[np.bool_] = (classes >= COMMON_HAN) & (classes <= TRADITIONAL_ONLY)
    return mask


@cache
def table() -> Classes:
    """Build a table of the class of every code point."""
    import numpy as np

    classes = np.zeros(codepoints.COUNT, dtype=np.uint8)
    for start, stop in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0)):
        classes[start:stop] = COMMON_HAN
    for start, stop in ((0x3041, 0x3097), (0x30A1, 0x30FB), (0x31F0, 0x3200), (0xFF66, 0xFFA0)):
        classes[start:stop] = KANA
    for start, stop in ((0xAC00, 0xD7A4), (0x1100, 0x1200), (0x3131, 0x318F)):
        classes[start:stop] = HANGUL
    exclusive = (
        (SIMPLIFIED_ONLY, _simplified_only()),
        (TRADITIONAL_ONLY, _traditional_only()),
        (SHINJITAI, _shinjitai()),
    )
    for kind, characters in exclusive:
        classes[[ord(character) for character in characters]] = kind
    classes[[ord(character) for character in "\n。！？!?"]] = STOP
    return classes


@cache
def evidence() -> Classes:
    """Build a table with a bit for the class of each code point where that is evidence; else 0."""
    import numpy as np

    classes = table()
    return np.where(classes >= SIMPLIFIED_ONLY, 1 << classes, 0).astype(np.uint8) & np.uint8((1 << STOP) - 1)


def _simplified_only() -> set[str]:
    """Return keys of the character table that are not among their own values and are no Taiwan or Hong Kong variant."""
    regional = {name: opencc_tables.dictionary(f"{name}Variants.txt").values() for name in ("TW", "HK")}
    return _changing("STCharacters.txt").difference(*regional.values(), "苧")


def _traditional_only() -> set[str]:
    """Return the same for Traditional, but for those that Simplified texts hold: in GB 2312, or left by t2s."""
    return _changing("TSCharacters.txt") - set("吒捱摺榘甯菸醣麴昇濛苧")


def _shinjitai() -> set[str]:
    """Return Japanese forms that no Chinese standard has."""
    japanese = opencc_tables.dictionary("JPVariants.txt")
    chinese = {*japanese, *opencc_tables.dictionary("STCharacters.txt"), *opencc_tables.dictionary("TSCharacters.txt")}
    return {
        form
        for form in set(japanese.values()) - chinese
        if not form.encode("gb2312", "ignore") and not form.encode("big5", "ignore")
    }


def _changing(name: str) -> set[str]:
    return {key for key, values in opencc_tables.values(name).items() if key not in values}
