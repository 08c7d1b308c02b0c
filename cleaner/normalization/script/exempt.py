"""Find what no conversion of script may touch: addresses, code, characters that are quoted alone, Japanese titles."""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from cleaner.lazy_patterns import lazy_pattern
from cleaner.normalization.punctuation import source_code
from cleaner.normalization.script import opencc_tables
from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    Range = tuple[int, int]

_ADDRESS, _CODE, _QUOTE = 1, 2, 4
"""Flags of characters of which a text with an address, code or a quoted character holds one."""
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_URL = lazy_pattern(rf"(?:://|www\.)(?:[!-~]|(?<=[/=?&#_%.+~-])[{_HAN}]{{1,40}})*")
_LABEL = rf"(?:[A-Za-z0-9-]+|[{_HAN}]{{1,10}})"
_MAIL = lazy_pattern(rf"(?:[A-Za-z0-9._%+-]{{1,64}}|[{_HAN}]{{1,4}})@{_LABEL}(?:\.{_LABEL})+")
_FAR = 64
"""Characters of an address on either side of its @."""
_QUOTED_CODE = lazy_pattern(r"`[^`\n]{1,200}`")
_TAG = lazy_pattern(r"</?[A-Za-z][^<>\n]{0,500}>")
_SIGNS = ("=", "{", ";", '("', "('", "// ", "/*")
"""Of which a text with statements holds one."""
_BEGINS_ASCII = lazy_pattern(rf"\n[^\S\n]*[!-~][^\n{_HAN}]*[{_HAN}]")
_ENDS_ASCII = lazy_pattern(r"[;{][^\S\n]*$", re.MULTILINE)
"""Of lines that can be statements: the beginning of one that holds Han, and the end."""
_QUOTES = (("「", "」"), ("『", "』"), ("“", "”"), ("‘", "’"), ('"', '"'), ("'", "'"))

_KANA = "\u3041-\u3096\u30a1-\u30fa\uff66-\uff9f"
_KANA_RUN = lazy_pattern(f"[{_KANA}]+")
_BRACKETS = "「」『』《》〈〉【】“”‘’（）()"
_BRACKETED = lazy_pattern(rf"[「『《〈【“‘（(](?P<title>[^{_BRACKETS}\n]{{1,60}})[」』》〉】”’）)]")
_CHINESE = frozenset(
    "的了是我你您他她它们們这這那哪个個说說看读讀给給让讓吗嗎呢吧啊嘛么麼很也都就把和跟与與或但因为為从從到在对對于於着著过過没沒买買听聽写寫叫追玩"
)
"""Characters of Chinese sentences that Japanese titles hardly hold."""
_LONGEST = 12
"""Characters of a title on either side of its kana, where no brackets tell."""


def find_exempt(text: str, *, has_kana: bool) -> list[Range]:
    """Find the ranges of a text that keep their script, sorted and apart from each other."""
    signs = _find_signs(text)
    ranges = chain(
        _addresses(text) if signs & _ADDRESS else (),
        _code(text) if signs & _CODE else (),
        _quoted_characters(text) if signs & _QUOTE else (),
        _titles(text) if has_kana else (),
    )
    return _merge(sorted(ranges))


def _find_signs(text: str) -> int:
    """Return the flags of the kinds of ranges of which a text may hold one, told by its characters."""
    import numpy as np

    codes = codepoints.indices(text)
    return int(np.bitwise_or.reduce(_signs()[codes])) if codes.size else 0


@cache
def _signs() -> NDArray[np.uint8]:
    """Build a table of the flags of every code point."""
    import numpy as np

    table = np.zeros(codepoints.COUNT, dtype=np.uint8)
    openings = "".join(opening for opening, _ in _QUOTES)
    for characters, flag in (("@/w", _ADDRESS), ("`~<={;(/", _CODE), (openings, _QUOTE)):
        table[[ord(character) for character in characters]] |= np.uint8(flag)
    return table


def _addresses(text: str) -> Iterator[Range]:
    if "://" in text or "www." in text:
        yield from (match.span() for match in _URL.finditer(text))
    place = text.find("@")
    while place >= 0:
        yield from (match.span() for match in _MAIL.finditer(text, max(0, place - _FAR), place + _FAR))
        place = text.find("@", place + 1)


def _code(text: str) -> Iterator[Range]:
    """Yield quoted code, tags, fenced blocks and lines that are statements."""
    if "`" in text:
        yield from (match.span() for match in _QUOTED_CODE.finditer(text))
    if "<" in text:
        yield from (match.span() for match in _TAG.finditer(text))
    if "```" in text or "~~~" in text:
        yield from _fenced(text)
    if not any(sign in text for sign in _SIGNS):
        return
    places = [match.end() - 1 for match in _BEGINS_ASCII.finditer("\n" + text)]
    if "{" in text or ";" in text:
        places += [match.start() for match in _ENDS_ASCII.finditer(text)]
    for place in places:
        start, stop = text.rfind("\n", 0, place) + 1, text.find("\n", place)
        line = text[start : stop if stop >= 0 else len(text)]
        if not _TAG.match(line) and source_code.is_statement(line):
            yield start, start + len(line)


def _fenced(text: str) -> Iterator[Range]:
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    yield from ((starts[number], starts[number] + len(lines[number])) for number in source_code.find_fenced(lines))


def _quoted_characters(text: str) -> Iterator[Range]:
    """Yield the single characters between quotation marks: text about them means just these.

    Where it calls one a character, as in 「乾」字, its marks stay too.
    """
    for opening, closing in _QUOTES:
        start = text.find(opening)
        while start >= 0:
            if text[start + 2 : start + 3] == closing:
                is_named = text[start + 3 : start + 4] == "字"
                yield (start, start + 3) if is_named else (start + 1, start + 2)
            start = text.find(opening, start + 1)


def _titles(text: str) -> Iterator[Range]:
    """Yield what is Japanese in a Chinese text: what brackets hold, or what hangs together with kana."""
    for match in _BRACKETED.finditer(text):
        title = match["title"]
        if _KANA_RUN.search(title) and _CHINESE.isdisjoint(title):
            yield match.span("title")
    for match in _KANA_RUN.finditer(text):
        start, stop = match.span()
        while match.start() - start < _LONGEST and text[start - 1 : start] in _japanese():
            start -= 1
        while stop - match.end() < _LONGEST and text[stop : stop + 1] in _japanese():
            stop += 1
        yield start, stop


@cache
def _japanese() -> frozenset[str]:
    """Collect what Japanese is written with: kana and Han of JIS X 0208 that is not replaced by a newer form."""
    characters = map(chr, chain(range(0x3005, 0x3007), range(0x3041, 0x30FF), range(0x4E00, 0xA000)))
    in_use = {character for character in characters if character.encode("shift_jis", "ignore")}
    return frozenset(in_use - _CHINESE - opencc_tables.dictionary("JPVariants.txt").keys())


def _merge(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, stop in ranges:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged
