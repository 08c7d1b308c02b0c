"""Strings put into an author's text by a machine: anchors, names in place of pronouns, readings, the page's title."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors import line_view
from cleaner.detectors.api import Found, Params, ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.detectors.line_view import Shape
    from cleaner.text.lines import Block

Hits = Iterator[tuple[int, int, int]]
SYLLABLE = re.compile(r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:[aeiouv]{1,3})(?:ng?|r)?")
GLOSS = re.compile(r"\(([a-z]{1,6})\)(?:\([a-z]{1,6}\))*")
ANCHOR = re.compile(r"([^\s，。；：、]{2,24})(?:\u3000{2}\1)*(?=\u3000{2})")
NAME = re.compile(r"([a-z]{1,10}\d{1,6})([\u4e00-\u9fff]{2,10})")
BRACKETED = re.compile(r"【([^【】\n]{2,12})】")


def injected_anchor(block: Block, folded: str, params: Params) -> Found:
    """Spans before a paragraph's indentation: `KEYWORD　　The paragraph…`, the same keyword on two paragraphs or more.

    Seen where a hacked site gets links to a casino: the anchor stands before the two ideographic spaces that begin a
    paragraph. Table rows also repeat a first cell: the keyword has `least` (5) characters or more and prose behind it.
    """
    made = line_view.of(block, folded)
    spaces, lines = made.characters.stand(" ")
    wide = np.flatnonzero(block.codes[spaces] == 0x3000)
    pairs = wide[:-1][np.diff(spaces[wide]) == 1]
    least = int(params.get("least", 5))
    heads: dict[tuple[int, str], list[tuple[int, int, int]]] = defaultdict(list)
    for line in np.unique(lines[pairs]).tolist():
        match = ANCHOR.match(block.text, made.starts[line], made.stops[line])
        if match and len(match[1]) >= least and made.stops[line] - match.end() >= 25:
            heads[int(block.documents[line]), match[1]].append((line, match.start(), match.end()))
    return ranges(hit for hits in heads.values() for hit in hits if len(hits) > 1)


def title_insertion(block: Block, folded: str, params: Params) -> Found:
    """Spans where a page's title was put into its own prose.

    Two shapes no author writes: a title with `？` before a comma in mid-sentence, and a title behind the last comma of
    a long paragraph that then lacks its full stop. `params`: `least` (10) characters of a title.
    """
    made = line_view.of(block, folded)
    firsts = np.unique(made.first[:-1][np.diff(made.first) > 2])
    least = int(params.get("least", 10))
    firsts = firsts[(made.lengths[firsts] >= least) & (made.lengths[firsts] <= 60)] if len(firsts) else firsts
    return ranges(hit for line in firsts.tolist() for hit in _inserted(made, line))


def _inserted(made: Shape, line: int) -> Hits:
    title, folded = made.text(line), made.folded
    end = int(made.block.offsets[made.block.documents[line] + 1])
    at = folded.find(title, made.stops[line], end)
    while at >= 0:
        stop = at + len(title)
        holder = made.line(at)
        start, last = made.starts[holder], made.stops[holder]
        if last - start >= max(60, 3 * len(title)) and at > start:
            if title[-1] in "?!" and folded.startswith((",", ";"), stop) and "\u4e00" <= folded[at - 1] <= "\u9fff":
                yield holder, at, stop
            elif stop == last and folded[at - 1] == "," and title[-1] not in '。?!…"”)':
                yield holder, _without_repeats(folded, at - 1, "," + title), stop
        at = folded.find(title, stop, end)


def _without_repeats(folded: str, at: int, text: str) -> int:
    """Where a row of one text that ends at `at` begins."""
    while at >= len(text) and folded.startswith(text, at - len(text)):
        at -= len(text)
    return at


def pinyin_gloss(block: Block, folded: str, params: Params) -> Found:
    """Spans of toneless readings behind common characters, `台(tai)市(shi)`: to pass duplicate checks.

    Left alone: readers for learners, where most characters have one; few readings (`least`, 12), as behind rare
    characters; brackets that hold other words.
    """
    made = line_view.of(block, folded)
    at, _ = made.characters.stand("(")
    at = at[(at > 0) & (at < len(folded) - 2)]
    at = at[(made.at(at - 1) & line_view.HAN > 0) & (made.at(at + 1) & line_view.LATIN > 0)]
    owners = np.searchsorted(block.offsets, at, side="right") - 1
    many = np.flatnonzero(np.bincount(owners, minlength=len(block.texts)) >= int(params.get("least", 12)))
    return ranges(hit for document in many.tolist() for hit in _glosses(made, document, at[owners == document]))


def _glosses(made: Shape, document: int, opened: NDArray[np.int64]) -> Hits:
    found = [match for at in opened.tolist() if (match := GLOSS.match(made.folded, at))]
    real = [match for match in found if SYLLABLE.fullmatch(match[1])]
    begin, end = made.block.offsets[document : document + 2].tolist()
    han = int(np.count_nonzero(made.at(slice(begin, end)) & line_view.HAN))
    if len(real) < 0.9 * len(opened) or len(real) * 100 < 3 * han or len(real) * 10 > 4 * han:
        return
    for match in real:
        line = made.line(match.start())
        yield line, match.start(), match.end()


def substituted_name(block: Block, folded: str, params: Params) -> Found:
    """Spans of a name that a machine wrote wherever the text had 我 or 我们: `作为js123某某国…`, `自js123某某调节`.

    The name has Latin letters, digits and Han, stands `least` (5) times or more, and some of them, not most, stand
    before 国 or 们, which only follow a pronoun there. Bracketed names 【…】 that share two characters with it go too.
    """
    made = line_view.of(block, folded)
    at = _latin_digits_han(made)
    counts = np.bincount(np.searchsorted(block.offsets, at, side="right") - 1, minlength=len(block.texts))
    least = int(params.get("least", 5))
    return ranges(hit for document in np.flatnonzero(counts >= least).tolist() for hit in _names(made, document, least))


def _latin_digits_han(made: Shape) -> NDArray[np.int64]:
    """Where a Han character stands behind up to six digits behind a Latin letter."""
    at = made.characters.bearing(line_view.DIGIT)
    at = at[at + 1 < len(made.folded)]
    at = at[made.at(at + 1) & line_view.HAN > 0]
    back, found = at, np.zeros(len(at), dtype=bool)
    for _ in range(6):
        back = np.where(made.at(back) & line_view.DIGIT > 0, np.maximum(back - 1, 0), back)
        found |= made.at(back) & line_view.LATIN > 0
    return at[found]


def _names(made: Shape, document: int, least: int) -> Hits:
    begin, end = made.block.offsets[document : document + 2].tolist()
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for match in NAME.finditer(made.folded, begin, end):
        groups[match[1]].append((match.start(), match[2]))
    for prefix, places in groups.items():
        if len(places) < least:
            continue
        tail = _common_tail([text for _, text in places])
        stands = [at for at, text in places if text.startswith(tail)]
        pronoun = sum(made.folded.startswith(("国", "们"), at + len(prefix) + len(tail)) for at in stands)
        if len(tail) < 2 or len(stands) < least or pronoun < 2 or pronoun > 0.6 * len(stands):
            continue
        for at in stands:
            yield made.line(at), at, at + len(prefix) + len(tail)
        pairs = {tail[k : k + 2] for k in range(len(tail) - 1)}
        for match in BRACKETED.finditer(made.folded, begin, end):
            if any(pair in match[1] for pair in pairs):
                yield made.line(match.start()), match.start(), match.end()


def _common_tail(texts: list[str]) -> str:
    """The longest beginning that seven of ten texts share."""
    tail = ""
    while True:
        longer = Counter(text[: len(tail) + 1] for text in texts if len(text) > len(tail) and text.startswith(tail))
        best, count = longer.most_common(1)[0] if longer else ("", 0)
        if not best or count < 0.7 * len(texts):
            return tail
        tail = best
