"""The layout of documents: what their lines are, and where the body begins and ends. From the text alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features import line, prose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line import LineFeatures
    from cleaner.features.line_view import LineView
    from cleaner.text.lines import Batch
    from cleaner.text.segments import Segments

EDGE = 3
"""Lines at either end of a document or body that are head or tail however long it is."""
EDGE_SHARE = 4
"""The part of a body, one in so many lines, that is its head or tail."""
GAIN_CAP, GAIN_LENGTH = 8, 2
"""The logarithms (base 2) of the length from which prose adds no more, and up to which it adds nothing."""
GAIN_CUT, GAIN_ENDS, LOSS = 1.0, 0.5, 0.7
"""What text cut off in the middle and other lines that end like a sentence add, and what all others take."""
LEAST_HAN, MOST_KANA = 0.05, 0.3
"""The share of Han among the letters of a Chinese text, at least, and of kana among those and Han, at most."""
OTHER_SCRIPTS = ((0x370, 0x2000), (0xA000, 0xE000))
"""Code points of letters that are neither Latin, kana nor Han: Greek to Mongolian, and Yi to Hangul."""


@dataclass(frozen=True)
class Layout:
    """The lines of a batch in their documents.

    Attributes:
        features: columns (lines,) on each line by itself, by name; lines of code, tables, verse and hard-wrapped
            paragraphs have those of a sentence.
        prose: (lines,) bool, running text of any kind.
        gain: (lines,) float64, what a line adds to a body or takes from it.
        start, stop: (lines,) int64, rows of the body of each line's document, equal where there is none.
        zones: "head", "body" and "tail", each (lines,) bool; without a body a line stands in all three.
    """

    view: LineView
    features: LineFeatures
    prose: NDArray[np.bool_]
    gain: NDArray[np.float64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    zones: Mapping[str, NDArray[np.bool_]]

    @property
    def batch(self) -> Batch:
        """The documents."""
        return self.view.batch

    @property
    def segments(self) -> Segments:
        """The lines as segments, one a document."""
        return self.view.segments

    @property
    def visible(self) -> NDArray[np.int64]:
        """Characters of each line that are not white space, (lines,)."""
        return self.view.characters.visible

    @cached_property
    def shapes(self) -> NDArray[np.int64]:
        """Numbers (lines,), the same for lines of about one length that end alike."""
        size = np.minimum(np.log2(np.maximum(self.visible, 1) * 1.5), 6).astype(np.int64)
        return np.asarray(size * 2 + self.features["ends"])

    @cached_property
    def is_taught(self) -> NDArray[np.bool_]:
        """Documents (documents,) most of whose letters are Han, Latin or kana, which the judge was taught."""
        return np.asarray(
            self._letters["other"] <= self._letters["han"] + self._letters["latin"] + self._letters["kana"]
        )

    @cached_property
    def is_chinese(self) -> NDArray[np.bool_]:
        """Documents (documents,) in Chinese, or with enough of it beside code or another language."""
        han, kana = self._letters["han"], self._letters["kana"]
        letters = han + kana + self._letters["latin"] + self._letters["other"]
        return np.asarray((han >= LEAST_HAN * letters) & (kana <= MOST_KANA * (han + kana)))

    @cached_property
    def _letters(self) -> dict[str, NDArray[Any]]:
        """The letters of each document (documents,) by script."""
        characters, count = self.view.characters, len(self.batch.texts)
        scripts = {"han": ("han", "function"), "kana": ("kana",), "latin": ("latin",)}
        letters = {
            script: np.bincount(self.batch.documents, weights=characters.count(*classes), minlength=count)
            for script, classes in scripts.items()
        }
        others = self.batch.document_at(characters.find_ranges(OTHER_SCRIPTS))
        return letters | {"other": np.bincount(others, minlength=count)}


def lay_out(view: LineView) -> Layout:
    """Lay out a batch of at least one line."""
    features = line.measure(view)
    sentences = prose.find_sentences(view, features)
    is_prose = sentences | prose.find_other_prose(view, features)
    features = line.as_sentences(features, is_prose & ~sentences)
    gain = _gain(features, view.characters.visible, is_prose)
    start, stop = view.segments.densest(gain)
    return Layout(view, features, is_prose, gain, start, stop, _zones(view.segments, start, stop))


def _gain(features: LineFeatures, visible: NDArray[np.int64], is_prose: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weigh lines: prose adds by the logarithm of its length, text cut off less; other lines take a little."""
    bits = np.minimum(np.log2(np.maximum(visible, 1)), GAIN_CAP)
    gain = np.where(is_prose, np.where(features["cut"], GAIN_CUT, bits - GAIN_LENGTH), -LOSS)
    return np.where(~is_prose & features["ends"], GAIN_ENDS, gain)


def _zones(segments: Segments, start: NDArray[np.int64], stop: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
    rows = np.arange(len(start))
    has_no_body = start == stop
    edge = np.maximum((stop - start) // EDGE_SHARE, EDGE)
    return {
        "head": has_no_body | (rows < start + edge) | (segments.position < EDGE),
        "body": has_no_body | ((rows >= start) & (rows < stop)),
        "tail": has_no_body | (rows >= stop - edge) | (rows >= segments.high - EDGE),
    }
