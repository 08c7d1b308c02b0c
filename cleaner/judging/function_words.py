"""Weigh the function words of lines in other languages: running text has them, menus and lists of links do not.

The share of stop words is what jusText (Pomikálek 2011) tells text from boilerplate by. The judge's trees were taught
on Chinese pages and know nothing of other languages' words; what they know of form and place holds there too.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.features.layout import Layout
    from cleaner.judging.evidence import LineEvidence

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

KNOWN_SHARE = 0.12
"""The share of a document's words that are function words of a language, from which it is in that language."""
TEXT_SHARE, TEXT_WORDS = 0.2, 4
"""The share of function words, and the words, from which a line is running text."""
TEXT, FRAMED = -0.5, 2.0
"""Log-odds of junk of running text, and of other lines between furniture."""
NAMED = 0.6
"""What rules must say of a line for it to be named furniture; left-overs, such as bare links, are none."""
REACH = 3
"""Lines above and below, in each of which rules name furniture, between which a line stands; one that is named itself
needs them on one side. A lone link in a licence is none."""
_WORD = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]|[^\W\d_\u3041-\u30ff\u4e00-\u9fff]+")
"""A word, or a character of Han or kana."""


def weigh_function_words(layout: Layout, evidence: LineEvidence, is_eligible: Mask) -> Numbers:
    """Weigh the lines of a batch, (lines,): log-odds of junk, 0 where no language is known.

    Args:
        evidence: what the rules say of them.
        is_eligible: (documents,) whether a document's words are looked at; those in Chinese have none.
    """
    log_odds, first_lines = np.zeros(len(layout.prose)), layout.batch.first_lines.tolist()
    documents = (is_eligible & ~layout.is_chinese).nonzero()[0].tolist()
    if not documents:
        return log_odds
    windows, is_named = layout.segments.windows(REACH), evidence.total - evidence.categories["artefact"] >= NAMED
    above, below = windows.mean_above(is_named) > 0, windows.mean_below(is_named) > 0
    is_framed = (above & below) | (is_named & (above | below))
    for document in documents:
        rows = slice(first_lines[document], first_lines[document + 1])
        if is_text := _mark_text(layout, rows):
            is_own = is_text & ~is_named[rows]
            log_odds[rows] = np.where(is_own, TEXT, np.where(is_framed[rows], FRAMED, 0.0))
    return log_odds


def _mark_text(layout: Layout, rows: slice) -> list[bool]:
    """Mark lines of running text of one document; empty where its language is not known."""
    text, starts, stops = layout.view.folded_text, layout.batch.starts[rows], layout.batch.stops[rows]
    lines = [_WORD.findall(text[start:stop]) for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
    known_words = _find_language(lines)
    if not known_words:
        return []
    shares = [sum(word in known_words for word in line) / max(len(line), 1) for line in lines]
    return [len(line) >= TEXT_WORDS and share >= TEXT_SHARE for line, share in zip(lines, shares, strict=True)]


def _find_language(lines: Sequence[Sequence[str]]) -> frozenset[str]:
    """Find the function words of the language that lines of words are in; none where they are too few."""
    counts = Counter(word for line in lines for word in line)
    known = {name: sum(counts[word] for word in words) for name, words in _load_words().items()}
    best = max(known, key=lambda name: known[name])
    return _load_words()[best] if known[best] >= max(KNOWN_SHARE * counts.total(), 1) else frozenset()


@cache
def _load_words() -> Mapping[str, frozenset[str]]:
    """Load the function words of each language, by its code."""
    data = (resources.files("cleaner") / "data" / "function-words.toml").read_text(encoding="utf-8")
    return {language: frozenset(words.split()) for language, words in tomllib.loads(data).items()}
