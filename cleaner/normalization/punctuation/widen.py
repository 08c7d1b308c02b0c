"""Find ASCII marks in Chinese context, tell them from code, numbers and Latin text, and make them full-width."""

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
    KEEP,
    LATIN_LINE,
    OPEN,
    UNIT,
    WORD,
    PunctuationPage,
    has,
)
from cleaner.normalization.script import classes as script_classes
from cleaner.normalization.script import detect
from cleaner.text import batching

if TYPE_CHECKING:
    from cleaner.normalization.punctuation.context import Mask, Positions, Treatments


_BATCH = 1 << 16  # code points that stay in cache


def widen(texts: Sequence[str]) -> list[str]:
    """Make flat marks in Chinese context full-width, whatever the rest of a text looks like. See `restore`."""
    return [text for batch in batching.text_batches(texts, _BATCH) for text in _widen_batch(batch)]


def _widen_batch(texts: Sequence[str]) -> list[str]:
    page = PunctuationPage(texts)
    _set_treatments(page, texts)
    page.widen(_find_brackets(page))
    page.protect()
    page.widen(_find_marks(page))
    with_periods = [place for text, place in zip(texts, page.ranges, strict=True) if _has_periods(text)]
    if with_periods:
        page.protect()
        page.widen(_find_periods(page, with_periods))
    return [page.text[place] for place in page.ranges]


def _set_treatments(page: PunctuationPage, texts: Sequence[str]) -> None:
    """Set the treatment of each line. Lines of code, of other languages, without Han or flat marks are kept."""
    live = has(page.line_kinds, context.HAS_HAN) & has(page.line_kinds, context.HAS_FLAT)
    _exclude_fenced(live, page, texts)
    if has(page.line_kinds[live], context.HAS_FOREIGN).any():
        _exclude_foreign(live, page, texts)
    page.treatments[live] = CHINESE_LINE
    for number in (live & has(page.line_kinds, context.HAS_CODE)).nonzero()[0].tolist():
        place = page.line(number)
        line = page.text[place]
        if _is_code(page, number, line):
            page.treatments[number] = KEEP
            continue
        if not _is_chinese(line):
            page.treatments[number] = LATIN_LINE
        if page.line_kinds[number] & context.HAS_GUARD and source_code.GUARD_SEQUENCE.search(line) is not None:
            page.guard(place)


def _is_code(page: PunctuationPage, number: int, line: str) -> bool:
    """Whether a line is a statement, or a comment next to one."""
    if source_code.is_statement(line):
        return True
    return source_code.is_comment(line) and any(
        source_code.is_statement(page.text[page.line(neighbour)]) for neighbour in (number - 1, number + 1)
    )


def _exclude_fenced(live: Mask, page: PunctuationPage, texts: Sequence[str]) -> None:
    """Unset lines of fenced blocks, the fences too."""
    for text, place in zip(texts, page.ranges, strict=True):
        if "`" in text or "~" in text:
            first = int(page.line_starts.searchsorted(place.start))
            for number in source_code.find_fenced(text.split("\n")):
                live[first + number] = False


def _exclude_foreign(live: Mask, page: PunctuationPage, texts: Sequence[str]) -> None:
    """Unset Japanese and Korean lines, and all of Japanese and Korean texts."""
    live &= ~detect.are_foreign(script_classes.table()[page.codes], page.line_starts)
    for text, place in zip(texts, page.ranges, strict=True):
        first, last = page.line_starts.searchsorted((place.start, place.stop + 1)).tolist()
        is_foreign = has(page.line_kinds[first:last], context.HAS_FOREIGN).any()
        if is_foreign and detect.survey(text).verdict in ("japanese", "korean"):
            live[first:last] = False


def _is_chinese(line: str) -> bool:
    """Whether a line has at least one Han character for two Latin letters."""
    plain = line.encode("ascii", "ignore")
    letters = len(plain) - len(plain.translate(None, _LETTERS))
    return letters < 1 or next(islice(_HAN.finditer(line), (letters - 1) // 2, None), None) is not None


_LETTERS = ascii_letters.encode()
_HAN = re.compile(f"[{HAN}]")


def _find_brackets(page: PunctuationPage) -> Positions:
    """Find pairs around Han, or directly after Han and around a plain word or number."""
    has_closing = has(page.line_kinds, context.HAS_CLOSING) & (page.treatments != KEEP)
    pairs: list[int] = []
    if has_closing.any():
        page.protect()
        positions = page.find(context.BRACKET)
        lines = page.lines(positions)
        mask = has_closing[lines]
        for pair in _match_brackets(page.text, positions[mask].tolist(), lines[mask].tolist()):
            if _HAN.search(page.text, *pair) is not None or _is_remark(page.text, *pair):
                pairs += pair
    return np.array(pairs, dtype=np.intp)


def _match_brackets(text: str, positions: Iterable[int], lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the positions of parentheses that belong together, both in one line."""
    stack: list[int] = []
    last = -1
    for position, line in zip(positions, lines, strict=True):
        if line != last:
            stack.clear()
            last = line
        if text[position] in "(（":
            stack.append(position)
        elif stack:
            yield stack.pop(), position


def _is_remark(text: str, start: int, stop: int) -> bool:
    return (
        _REMARK.fullmatch(text, start + 1, stop) is not None
        and _BEFORE_REMARK.match(text, start - 1) is not None
        and _AFTER_REMARK.match(text, stop + 1) is not None
    )


_BEFORE_REMARK = re.compile(f"[{HAN}{CLOSE[:-1]}\n]")  # not a parenthesis: it counts alike in both widths
_AFTER_REMARK = re.compile(rf"[{HAN}{OPEN}{CLOSE},;:?!()，；：？！（）。、\s]")
_REMARK = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,/%:+&'’–—-]{0,60}")


def _find_marks(page: PunctuationPage) -> Positions:
    """Find commas, semicolons, colons, question and exclamation marks to be widened."""
    positions = page.find(context.PAUSE | context.CRY)
    treatments = page.treatments[page.lines(positions)]
    is_pause = has(page.kinds[positions], context.PAUSE) & (treatments == CHINESE_LINE)
    others = ~is_pause & (treatments != KEEP)
    pauses = _find_pauses(page, positions[is_pause])
    return np.concatenate((pauses, _find_runs(page, positions[others], treatments[others])))


def _find_pauses(page: PunctuationPage, positions: Positions) -> Positions:
    """Select pauses of Chinese lines that are embedded and no part of a face."""
    pauses = positions[page.are_embedded(positions)]
    eyes = pauses[page.codes[pauses] != ord(",")].tolist()
    faces = [eye for eye in eyes if _MOUTH.match(page.text, eye + 1) is not None]
    return np.setdiff1d(pauses, faces) if faces else pauses


_MOUTH = re.compile(r"\)|[(DPp]\s")


def _find_runs(page: PunctuationPage, positions: Positions, treatments: Treatments) -> Positions:
    """Find whole runs of question and exclamation marks, and all marks of other lines."""
    pairs = zip(positions.tolist(), treatments.tolist(), strict=True)
    runs = (_RUN[treatment].match(page.text, position) for position, treatment in pairs)
    return np.array([index for run in runs if run is not None for index in range(*run.span())], dtype=np.intp)


_RUN = {
    CHINESE_LINE: re.compile(
        f"[?!？！](?:(?<=[{HAN}{CLOSE}{UNIT}].)[?!？！]*(?![=&_/])"
        rf"|(?<=[{WORD}].)[?!？！]*(?=[{HAN}{OPEN}{CLOSE}]|[^\S\n]*\n))"
    ),
    LATIN_LINE: re.compile(f"[,;:?!？！](?<=[{HAN}{CLOSE}].)[?!？！]*(?=[{HAN}{OPEN}])"),
}


def _has_periods(text: str) -> bool:
    """Whether a text ends lines with periods after Han, and has no other full stop."""
    return "。" not in text and _LAST_PERIOD.search(text) is not None


def _find_periods(page: PunctuationPage, texts: Iterable[slice]) -> Positions:
    """Find periods after Han in these texts, but for those of numerals."""
    matches = (match for text in texts for match in _STOP.finditer(page.text, text.start, text.stop))
    positions = np.array([match.start() for match in matches if match["stop"]], dtype=np.intp)
    periods: Positions = positions[page.treatments[page.lines(positions)] == CHINESE_LINE]
    return periods[has(page.kinds[periods], context.HAS_FLAT)]


_LAST_PERIOD = re.compile(rf"[{HAN}]\.[{CLOSE}\"]?[^\S\n]*$", re.MULTILINE)
_NUMERAL = r"^[^\S\n]*[一二三四五六七八九十甲乙丙丁戊]{1,3}\."
_STOP = re.compile(rf"{_NUMERAL}|(?P<stop>\.(?<=[{HAN}{CLOSE}].)(?=[{HAN}{OPEN}{CLOSE}\"\s]|$))", re.MULTILINE)
