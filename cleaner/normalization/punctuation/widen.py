"""ASCII marks in Chinese context: found, told from code, numbers and Latin text, and made full-width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from string import ascii_letters
from typing import TYPE_CHECKING

import numpy as np

from cleaner.normalization.punctuation import context, source_code
from cleaner.normalization.punctuation.context import (
    CHINESE_LINE,
    CLOSE,
    HAN,
    KEPT,
    LATIN_LINE,
    OPEN,
    UNIT,
    WORD,
    Page,
    holds,
)
from cleaner.text import batching

if TYPE_CHECKING:
    from cleaner.normalization.punctuation.context import Manners, Mask, Places


_BATCH = 1 << 16  # code points that stay in cache


def widened(texts: Sequence[str]) -> list[str]:
    """Flat marks in Chinese context as full-width ones, whatever the rest of a text looks like. See `restore`."""
    return [new for batch in batching.text_batches(texts, _BATCH) for new in _widened(batch)]


def _widened(texts: Sequence[str]) -> list[str]:
    page = Page(texts)
    _settle(page, texts)
    page.widen(_brackets(page))
    page.protect()
    page.widen(_marks(page))
    ended = [place for text, place in zip(texts, page.ranges, strict=True) if _is_ended(text)]
    if ended:
        page.protect()
        page.widen(_periods(page, ended))
    return [page.text[place] for place in page.ranges]


def _settle(page: Page, texts: Sequence[str]) -> None:
    """Settle how to take each line. Lines of code and lines without Han or flat marks are kept."""
    live = holds(page.held, context.HOLDS_HAN) & holds(page.held, context.HOLDS_FLAT)
    _leave_fenced(live, page, texts)
    page.manners[live] = CHINESE_LINE
    for number in (live & holds(page.held, context.HOLDS_CODE)).nonzero()[0].tolist():
        place = page.line(number)
        line = page.text[place]
        if _is_code(page, number, line):
            page.manners[number] = KEPT
            continue
        if not _is_chinese(line):
            page.manners[number] = LATIN_LINE
        if page.held[number] & context.HOLDS_GUARD and source_code.GUARDED.search(line) is not None:
            page.guard(place)


def _is_code(page: Page, number: int, line: str) -> bool:
    """Whether a line is a statement, or a comment beside one."""
    if source_code.is_statement(line):
        return True
    beside = (number - 1, number + 1)
    return source_code.is_comment(line) and any(source_code.is_statement(page.text[page.line(one)]) for one in beside)


def _leave_fenced(live: Mask, page: Page, texts: Sequence[str]) -> None:
    """Lines of fenced blocks, the fences too, are not live."""
    for text, place in zip(texts, page.ranges, strict=True):
        if "`" in text or "~" in text:
            first = int(page.begins.searchsorted(place.start))
            for number in source_code.fenced(text.split("\n")):
                live[first + number] = False


def _is_chinese(line: str) -> bool:
    """Whether a line has at least one Han character for two Latin letters."""
    plain = line.encode("ascii", "ignore")
    letters = len(plain) - len(plain.translate(None, _LETTERS))
    return letters < 1 or next(islice(_HAN.finditer(line), (letters - 1) // 2, None), None) is not None


_LETTERS = ascii_letters.encode()
_HAN = re.compile(f"[{HAN}]")


def _brackets(page: Page) -> Places:
    """Pairs around Han, or directly after Han and around a plain word or number."""
    closed = holds(page.held, context.HOLDS_CLOSING) & (page.manners != KEPT)
    found: list[int] = []
    if closed.any():
        page.protect()
        places = page.of(context.BRACKET)
        lines = page.lines(places)
        due = closed[lines]
        for pair in _pairs(page.text, places[due].tolist(), lines[due].tolist()):
            if _HAN.search(page.text, *pair) is not None or _is_remark(page.text, *pair):
                found += pair
    return np.array(found, dtype=np.intp)


def _pairs(text: str, places: Iterable[int], lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where parentheses that belong together stand, both in one line."""
    opened: list[int] = []
    last = -1
    for place, line in zip(places, lines, strict=True):
        if line != last:
            opened.clear()
            last = line
        if text[place] in "(（":
            opened.append(place)
        elif opened:
            yield opened.pop(), place


def _is_remark(text: str, start: int, stop: int) -> bool:
    return (
        _REMARK.fullmatch(text, start + 1, stop) is not None
        and _BEFORE_REMARK.match(text, start - 1) is not None
        and _AFTER_REMARK.match(text, stop + 1) is not None
    )


_BEFORE_REMARK = re.compile(f"[{HAN}{CLOSE[:-1]}\n]")  # not a parenthesis: it counts alike in both widths
_AFTER_REMARK = re.compile(rf"[{HAN}{OPEN}{CLOSE},;:?!()，；：？！（）。、\s]")
_REMARK = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,/%:+&'’–—-]{0,60}")


def _marks(page: Page) -> Places:
    """Commas, semicolons, colons, question and exclamation marks."""
    places = page.of(context.PAUSE | context.CRY)
    manners = page.manners[page.lines(places)]
    plain = holds(page.kinds[places], context.PAUSE) & (manners == CHINESE_LINE)
    rest = ~plain & (manners != KEPT)
    return np.concatenate((_pauses(page, places[plain]), _runs(page, places[rest], manners[rest])))


def _pauses(page: Page, places: Places) -> Places:
    """Those of Chinese lines that are embedded and no part of a face."""
    found = places[page.embedded(places)]
    eyes = found[page.codes[found] != ord(",")].tolist()
    faces = [eye for eye in eyes if _MOUTH.match(page.text, eye + 1) is not None]
    return np.setdiff1d(found, faces) if faces else found


_MOUTH = re.compile(r"\)|[(DPp]\s")


def _runs(page: Page, places: Places, manners: Manners) -> Places:
    """Those of other lines, and question and exclamation marks, in whole runs."""
    pairs = zip(places.tolist(), manners.tolist(), strict=True)
    hits = (_RUN[manner].match(page.text, place) for place, manner in pairs)
    return np.array([place for hit in hits if hit is not None for place in range(*hit.span())], dtype=np.intp)


_RUN = {
    CHINESE_LINE: re.compile(
        f"[?!？！](?:(?<=[{HAN}{CLOSE}{UNIT}].)[?!？！]*(?![=&_/])"
        rf"|(?<=[{WORD}].)[?!？！]*(?=[{HAN}{OPEN}{CLOSE}]|[^\S\n]*\n))"
    ),
    LATIN_LINE: re.compile(f"[,;:?!？！](?<=[{HAN}{CLOSE}].)[?!？！]*(?=[{HAN}{OPEN}])"),
}


def _is_ended(text: str) -> bool:
    """Whether a text ends lines with periods after Han, and knows no other full stop."""
    return "。" not in text and _LAST_PERIOD.search(text) is not None


def _periods(page: Page, texts: Iterable[slice]) -> Places:
    """Periods after Han in these texts, but for those of numerals."""
    hits = (hit for text in texts for hit in _STOP.finditer(page.text, text.start, text.stop))
    places = np.array([hit.start() for hit in hits if hit["stop"]], dtype=np.intp)
    found: Places = places[page.manners[page.lines(places)] == CHINESE_LINE]
    return found[holds(page.kinds[found], context.HOLDS_FLAT)]


_LAST_PERIOD = re.compile(rf"[{HAN}]\.[{CLOSE}\"]?[^\S\n]*$", re.MULTILINE)
_NUMERAL = r"^[^\S\n]*[一二三四五六七八九十甲乙丙丁戊]{1,3}\."
_STOP = re.compile(rf"{_NUMERAL}|(?P<stop>\.(?<=[{HAN}{CLOSE}].)(?=[{HAN}{OPEN}{CLOSE}\"\s]|$))", re.MULTILINE)
