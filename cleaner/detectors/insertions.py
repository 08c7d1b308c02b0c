"""Strings put into an author's text by a machine: readings behind characters, the page's title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors.api import Detections, detector, ranges, whole_documents
from cleaner.features.classes import HAN, LATIN
from cleaner.text.segments import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

Spans = Iterator[tuple[int, int, int]]

TITLE_LINES, TITLE_LONGEST = 3, 60
"""Lines of a document with a title and prose, at least, and characters of the title, at most."""
TITLE_PARAGRAPH, TITLE_PART = 60, 3
"""Characters of the paragraph, at least, and how many times as long as the title it is."""
GLOSS_READINGS = 0.9
"""The share of brackets behind Han that hold a syllable, at least."""
GLOSS_LEAST, GLOSS_MOST = 3, 40
"""Readings to a hundred Han characters: fewer are those of rare ones, more a reader for learners."""

_SYLLABLE = re.compile(r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:[aeiouv]{1,3})(?:ng?|r)?")
_GLOSS = re.compile(r"\(([a-z]{1,6})\)")


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
    rows = distinct(first_lines[:-1][np.diff(first_lines) >= TITLE_LINES])
    rows = rows[(view.lengths[rows] >= least) & (view.lengths[rows] <= TITLE_LONGEST)] if len(rows) else rows
    return ranges(span for row in _are_likely(view, rows).tolist() for span in _inserted_titles(view, row))


def _are_likely(view: LineView, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Select the titles (n,) that end in `?` or `!`, and those as which a long paragraph of their document ends."""
    documents, last = view.batch.documents, view.last_codes
    title = np.full(len(view.batch.texts), -1, dtype=np.int64)
    title[documents[rows]] = rows
    title = title[documents]  # of each line
    could_end_so = (title >= 0) & (last == last[title]) & (np.arange(len(title)) > title)
    could_end_so &= view.lengths >= np.maximum(TITLE_PARAGRAPH, TITLE_PART * view.lengths[title])
    holds_title = np.bincount(documents[could_end_so], minlength=len(view.batch.texts)) > 0
    is_likely = holds_title[documents[rows]] | (last[rows] == ord("?")) | (last[rows] == ord("!"))
    return np.asarray(rows[is_likely])


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


@detector(decisive=False)
def pinyin_gloss(view: LineView, *, least: int = 12) -> Detections:
    """Find documents with toneless readings sprinkled in, to pass duplicate checks: `台(tai)市(shi)`.

    Left alone: readers for learners, where most characters have one; few readings, as behind rare characters;
    brackets that hold other words.

    Args:
        view: the lines.
        least: readings in a document.
    """
    bits_at = view.characters.bits_at
    brackets, _ = view.characters.find_marks("(")
    if len(brackets) < least:
        return whole_documents(view.batch, [])
    brackets = brackets[(brackets > 0) & (brackets < len(view.codes) - 2)]
    brackets = brackets[(bits_at(brackets - 1) & HAN > 0) & (bits_at(brackets + 1) & LATIN > 0)]
    documents = view.batch.document_at(brackets)
    counts = np.bincount(documents, minlength=len(view.batch.texts))
    candidates = (counts >= least).nonzero()[0].tolist()
    return whole_documents(
        view.batch, [number for number in candidates if _is_glossed(view, number, brackets[documents == number])]
    )


def _is_glossed(view: LineView, document: int, brackets: NDArray[np.int64]) -> bool:
    """Tell whether readings are sprinkled over a document, given where brackets open behind Han."""
    matches = (_GLOSS.match(view.folded_text, start) for start in brackets.tolist())
    readings = sum(match is not None and _SYLLABLE.fullmatch(match[1]) is not None for match in matches)
    begin, end = view.batch.offsets[document : document + 2].tolist()
    han = int(np.count_nonzero(view.characters.bits_at(slice(begin, end)) & HAN))
    return readings >= GLOSS_READINGS * len(brackets) and GLOSS_LEAST * han <= readings * 100 <= GLOSS_MOST * han
