"""Text that stands twice on a page: titles, abstracts, paragraphs, outlines, buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors import line_view
from cleaner.detectors.api import Found, Params, whole
from cleaner.features.classes import Set

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.detectors.line_view import Shape
    from cleaner.text.lines import Block

HAN = re.compile(r"(?:[^\u4e00-\u9fff]{0,12}[\u4e00-\u9fff]){4}")
SENTENCE = Set("。;,")
MARKS = frozenset("|_")
SITE = re.compile(r" *[_|]+ *| +[-–—] *|[-–—]+ *(?=[^-–—]*$)")


def repeated_title(block: Block, folded: str, params: Params) -> Found:
    """All copies but one of a title: printed twice, printed again below the text, or once more with the site's name.

    Of copies above the text the last stays if they stand far apart, else the first: a page title stands above the
    menus, the heading below them. Documents without prose (verse, lists, code) lose only a copy next to the first.
    `params`: `least` (8) is the least length in characters.
    """
    made = line_view.of(block, folded)
    least = int(params.get("least", 8))
    later = np.flatnonzero((made.previous >= 0) & (made.lengths >= least) & (made.lengths <= 80))
    later = later[(made.count(line_view.HAN)[later] * 3 >= made.lengths[later]) & (made.copies[later] <= 4)]
    later = later[~SENTENCE.holds(made.codes[block.stops[later] - 1])]
    above = made.prose_before
    before, document = made.previous[later], block.documents[later]
    total = made.prose_total[later]
    near = later - before <= np.where(total > 0, 3, 1)
    twice = near & (above[later] == 0) & ((made.numbers[before] < 3) | (total > 1)) & (made.copies[later] == 2)
    both = ~near & (above[later] == 0) & (total > 1)
    below = (above[before] == 0) & (above[later] > 0)
    # many lines that come again are an outline or a refrain
    few = np.bincount(document[both | below], minlength=len(block.texts))[document] < 3
    hits = np.concatenate((later[twice | (below & few)], before[both & few], _with_site(made, least)))
    return whole(block, np.unique(hits))


def _with_site(made: Shape, least: int) -> NDArray[np.int64]:
    """Head lines that are a later line of the document with the name of a site behind it."""
    head = (made.numbers < 3) & (made.lengths > least) & (made.lengths <= 120) & (made.count(line_view.SEPARATOR) > 0)
    # a title holds no bar: no line with one near its beginning has a title in front of the site's name
    places, lines = made.characters.stand("_|")
    head[lines[places < made.block.starts[lines] + least]] = False
    hits = []
    for line in np.flatnonzero(head).tolist():
        text = made.text(line)
        titles = {text[: mark.start()] for mark in SITE.finditer(text, least)}
        if any(_stands_below(made, line, title) for title in titles if MARKS.isdisjoint(title) and HAN.match(title)):
            hits.append(line)
    return np.array(hits, dtype=np.int64)


def _stands_below(made: Shape, line: int, title: str) -> bool:
    """Whether a title is a line of its own among the next 200."""
    last = made.stops[line + min(int(made.after[line]), 200)]
    at = made.folded.find(title, made.stops[line], last)
    while at >= 0:
        holder = made.line(at)
        if made.starts[holder] == at and made.stops[holder] == at + len(title):
            return True
        at = made.folded.find(title, made.stops[holder], last)
    return False


def repeated_paragraph(block: Block, folded: str, params: Params) -> Found:
    """Second and later copies of a paragraph in one document.

    `params`: `least` (40) is the least length in characters; shorter lines may be refrains or clauses.
    """
    made = line_view.of(block, folded)
    long = (made.previous >= 0) & (made.lengths >= int(params.get("least", 40)))
    return whole(block, np.flatnonzero(long & (made.count(line_view.HAN) * 2 > made.lengths)))


def outline_copy(block: Block, folded: str, params: Params) -> Found:
    """Runs of headings copied out of the text: every line of the run also stands apart elsewhere, in the same order.

    `params`: `least` (4) is the least length of a run in lines.
    """
    made = line_view.of(block, folded)
    least = int(params.get("least", 4))
    copied = (made.copies > 1) & (made.lengths <= 80)
    runs = made.runs(copied)
    long = runs[runs[:, 1] - runs[:, 0] >= least]
    if not len(long):
        return whole(block, [])
    inside = np.zeros(len(copied), dtype=bool)
    for start, stop in long.tolist():
        inside[start:stop] = True
    outlined = np.zeros(len(block.texts), dtype=bool)
    outlined[block.documents[long[:, 0]]] = True
    others = np.flatnonzero(copied & ~inside & outlined[block.documents]).tolist()
    apart = {(int(block.documents[line]), made.text(line)): line for line in others}
    hits: list[int] = []
    for start, stop in long.tolist():
        hits += _outline(made, apart, start, stop)
    return whole(block, hits)


def _outline(made: Shape, apart: dict[tuple[int, str], int], start: int, stop: int) -> Iterator[int]:
    document = int(made.block.documents[start])
    places = [apart.get((document, made.text(line)), -1) for line in range(start, stop)]
    known = [place for place in places if place >= 0]
    ordered = sum(left < right for left, right in pairwise(known))
    han = int(made.count(line_view.HAN)[start:stop].sum())
    spread = len(known) > 1 and known[-1] - known[0] >= 2 * len(known) - 2
    written = han * 3 >= int(made.lengths[start:stop].sum())
    if written and spread and len(known) * 10 >= 8 * (stop - start) and ordered >= len(known) - 2:
        yield from range(start, stop)


def repeated_lines(block: Block, folded: str, params: Params) -> Found:
    """Short lines that stand many times in a document: buttons around posts and entries.

    Score: grows with the count, from 0.5 at `least` (4) to 1 at three times that. Left alone: lines that do not come
    nearly as often as the most frequent (a reply that some give), two characters in turn (a refrain), heads that end
    in a colon, code. Cells of a flattened table and a chorus look alike, so this is evidence, not proof.
    """
    made = line_view.of(block, folded)
    least = int(params.get("least", 4))
    han = made.count(line_view.HAN)
    many = (made.copies >= least) & (han > 1) & (han * 2 > made.lengths) & (made.lengths <= 12) & (made.copies < 5000)
    lines = np.array([line for line in np.flatnonzero(many).tolist() if _is_label(made.text(line))], dtype=np.int64)
    most = np.zeros(len(block.texts), dtype=np.int64)
    np.maximum.at(most, block.documents[lines], made.copies[lines])
    lines = lines[made.copies[lines] * 2 > most[block.documents[lines]]]
    return whole(block, lines, np.clip(made.copies[lines] / (3 * least) + 1 / 6, 0.5, 1.0))


def _is_label(text: str) -> bool:
    """Whether a short line may be a button: not a head with a colon, not two characters taking turns."""
    return text[-1] != ":" and (len(set(text)) > 2 or len(text) == 2)
