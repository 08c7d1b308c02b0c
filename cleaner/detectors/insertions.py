"""Strings put into an author's text by a machine: anchors, names in place of pronouns, readings, the page's title."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors.api import Detections, detector, ranges
from cleaner.features.classes import DIGIT, HAN, LATIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

Spans = Iterator[tuple[int, int, int]]

IDEOGRAPHIC_SPACE = 0x3000
ANCHOR_PROSE = 25
"""Characters of a paragraph behind an anchor, at least."""
TITLE_LINES, TITLE_LONGEST = 3, 60
"""Lines of a document with a title and prose, at least, and characters of the title, at most."""
TITLE_PARAGRAPH, TITLE_PART = 60, 3
"""Characters of the paragraph, at least, and how many times as long as the title it is."""
GLOSS_READINGS = 0.9
"""The share of brackets behind Han that hold a syllable, at least."""
GLOSS_LEAST, GLOSS_MOST = 3, 40
"""Readings to a hundred Han characters: fewer are those of rare ones, more a reader for learners."""
NAME_DIGITS = 6
"""Digits of a name, at most."""
NAME_HAN = 2
"""Han characters of a name, at least; two of them in common make a bracketed name the same."""
NAME_PRONOUNS, NAME_PRONOUN_SHARE = 2, 0.6
"""How often a name stands before 国 or 们, at least, and in what share of its places, at most."""
NAME_SHARE = 0.7
"""The share of a name's places that a longer name must have too."""

_SYLLABLE = re.compile(r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:[aeiouv]{1,3})(?:ng?|r)?")
_GLOSS = re.compile(r"\(([a-z]{1,6})\)(?:\([a-z]{1,6}\))*")
_ANCHOR = re.compile(r"([^\s，。；：、]{2,24})(?:\u3000{2}\1)*(?=\u3000{2})")
_NAME = re.compile(r"([a-z]{1,10}\d{1,6})([\u4e00-\u9fff]{2,10})")
_BRACKETS = re.compile(r"【([^【】\n]{2,12})】")


@detector(decisive=True)
def injected_anchor(view: LineView, *, least: int = 5) -> Detections:
    """Find one link text in front of several indented paragraphs: `KEYWORD　　The paragraph…`.

    Seen where a hacked site gets links to a casino: the anchor stands before the two ideographic spaces that begin a
    paragraph. Table rows also repeat a first cell: the anchor is longer and has prose behind it.

    Args:
        view: the lines.
        least: characters of the anchor.
    """
    batch = view.batch
    anchors: dict[tuple[int, str], list[tuple[int, int, int]]] = defaultdict(list)
    for row in _lines_with_indent_inside(view):
        match = _ANCHOR.match(batch.text, view.starts[row], view.stops[row])
        if match and len(match[1]) >= least and view.stops[row] - match.end() >= ANCHOR_PROSE:
            anchors[int(batch.documents[row]), match[1]].append((row, match.start(), match.end()))
    return ranges(span for spans in anchors.values() for span in spans if len(spans) > 1)


def _lines_with_indent_inside(view: LineView) -> list[int]:
    """List the lines that hold two ideographic spaces next to each other."""
    spaces, rows = view.characters.find_marks(" ")
    wide = np.flatnonzero(view.batch.codes[spaces] == IDEOGRAPHIC_SPACE)
    pairs = wide[:-1][np.diff(spaces[wide]) == 1]
    return list(np.unique(rows[pairs]).tolist())


@detector(decisive=True)
def title_insertion(view: LineView, *, least: int = 10) -> Detections:
    """Find the page's title inside a sentence that has no room for it.

    Two shapes no author writes: a title with `？` before a comma in mid-sentence, and a title behind the last comma of
    a long paragraph that then lacks its full stop.

    Args:
        view: the lines.
        least: characters of the title.
    """
    first_lines = view.batch.first_lines
    rows = np.unique(first_lines[:-1][np.diff(first_lines) >= TITLE_LINES])
    rows = rows[(view.lengths[rows] >= least) & (view.lengths[rows] <= TITLE_LONGEST)] if len(rows) else rows
    return ranges(span for row in rows.tolist() for span in _inserted_titles(view, row))


def _inserted_titles(view: LineView, row: int) -> Spans:
    """Yield line, start and stop of the places below where a line stands in a sentence, wrongly."""
    title, page_text = view.text(row), view.folded_text
    end = int(view.batch.offsets[view.batch.documents[row] + 1])
    start = page_text.find(title, view.stops[row], end)
    while start >= 0:
        stop = start + len(title)
        holder = view.row_at(start)
        first, last = view.starts[holder], view.stops[holder]
        if last - first >= max(TITLE_PARAGRAPH, TITLE_PART * len(title)) and start > first:
            before = page_text[start - 1]
            if title[-1] in "?!" and page_text.startswith((",", ";"), stop) and "\u4e00" <= before <= "\u9fff":
                yield holder, start, stop
            elif stop == last and before == "," and title[-1] not in '。?!…"”)':
                yield holder, _repeats_start(page_text, start - 1, "," + title), stop
        start = page_text.find(title, stop, end)


def _repeats_start(text: str, end: int, word: str) -> int:
    """Find where a row of one word that ends at `end` begins."""
    while end >= len(word) and text.startswith(word, end - len(word)):
        end -= len(word)
    return end


@detector(decisive=True)
def pinyin_gloss(view: LineView, *, least: int = 12) -> Detections:
    """Find toneless readings sprinkled behind common characters, to pass duplicate checks: `台(tai)市(shi)`.

    Left alone: readers for learners, where most characters have one; few readings, as behind rare characters;
    brackets that hold other words.

    Args:
        view: the lines.
        least: readings in a document.
    """
    bits_at = view.characters.bits_at
    brackets, _ = view.characters.find_marks("(")
    brackets = brackets[(brackets > 0) & (brackets < len(view.codes) - 2)]
    brackets = brackets[(bits_at(brackets - 1) & HAN > 0) & (bits_at(brackets + 1) & LATIN > 0)]
    documents = view.batch.document_at(brackets)
    counts = np.bincount(documents, minlength=len(view.batch.texts))
    return ranges(
        span
        for document in np.flatnonzero(counts >= least).tolist()
        for span in _glosses(view, document, brackets[documents == document])
    )


def _glosses(view: LineView, document: int, brackets: NDArray[np.int64]) -> Spans:
    """Yield line, start and stop of the readings of a document, given where brackets open behind Han."""
    matches = [match for start in brackets.tolist() if (match := _GLOSS.match(view.folded_text, start))]
    readings = [match for match in matches if _SYLLABLE.fullmatch(match[1])]
    begin, end = view.batch.offsets[document : document + 2].tolist()
    han = int(np.count_nonzero(view.characters.bits_at(slice(begin, end)) & HAN))
    is_sprinkled = GLOSS_LEAST * han <= len(readings) * 100 <= GLOSS_MOST * han
    if len(readings) < GLOSS_READINGS * len(brackets) or not is_sprinkled:
        return
    for match in readings:
        yield view.row_at(match.start()), match.start(), match.end()


@detector(decisive=True)
def substituted_name(view: LineView, *, least: int = 5) -> Detections:
    """Find a name of letters and digits in the place of 我 or 我们: `作为js123某某国…`, `自js123某某调节`.

    The name has Latin letters, digits and Han, and some of its places, not most, stand before 国 or 们, which only
    follow a pronoun there. Bracketed names 【…】 that share two characters with it go too.

    Args:
        view: the lines.
        least: times that the name stands in a document.
    """
    positions = _han_behind_letters_and_digits(view)
    counts = np.bincount(view.batch.document_at(positions), minlength=len(view.batch.texts))
    return ranges(
        span for document in np.flatnonzero(counts >= least).tolist() for span in _names(view, document, least)
    )


def _han_behind_letters_and_digits(view: LineView) -> NDArray[np.int64]:
    """Find the last digit of up to six behind a Latin letter and before a Han character."""
    bits_at = view.characters.bits_at
    digits = view.characters.find_bits(DIGIT)
    digits = digits[digits + 1 < len(view.codes)]
    digits = digits[bits_at(digits + 1) & HAN > 0]
    position, has_letter = digits, np.zeros(len(digits), dtype=bool)
    for _ in range(NAME_DIGITS):
        position = np.where(bits_at(position) & DIGIT > 0, np.maximum(position - 1, 0), position)
        has_letter |= bits_at(position) & LATIN > 0
    return digits[has_letter]


def _names(view: LineView, document: int, least: int) -> Spans:
    """Yield line, start and stop of the names that stand for a pronoun in a document."""
    page_text = view.folded_text
    begin, end = view.batch.offsets[document : document + 2].tolist()
    by_prefix: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for match in _NAME.finditer(page_text, begin, end):
        by_prefix[match[1]].append((match.start(), match[2]))
    for prefix, places in by_prefix.items():
        if len(places) < least:
            continue
        tail = _common_prefix([text for _, text in places])
        length = len(prefix) + len(tail)
        starts = [start for start, text in places if text.startswith(tail)]
        pronouns = sum(page_text.startswith(("国", "们"), start + length) for start in starts)
        is_pronoun = NAME_PRONOUNS <= pronouns <= NAME_PRONOUN_SHARE * len(starts)
        if len(tail) < NAME_HAN or len(starts) < least or not is_pronoun:
            continue
        for start in starts:
            yield view.row_at(start), start, start + length
        pairs = {tail[index : index + NAME_HAN] for index in range(len(tail) - NAME_HAN + 1)}
        for match in _BRACKETS.finditer(page_text, begin, end):
            if any(pair in match[1] for pair in pairs):
                yield view.row_at(match.start()), match.start(), match.end()


def _common_prefix(texts: list[str]) -> str:
    """Find the longest beginning that seven of ten texts share."""
    prefix = ""
    while True:
        longer = Counter(
            text[: len(prefix) + 1] for text in texts if len(text) > len(prefix) and text.startswith(prefix)
        )
        best, count = longer.most_common(1)[0] if longer else ("", 0)
        if not best or count < NAME_SHARE * len(texts):
            return prefix
        prefix = best
