"""Frames of pages that do not say which site they are from: clusters of pages by the short lines that they share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec
import numpy as np

from cleaner.dedup import jaccard, lsh, minhash
from cleaner.dedup.clusters import connected_components
from cleaner.dedup.shingles import Shingles
from cleaner.features.line_view import view_lines
from cleaner.learning.decisions import FRAME_WORDS
from cleaner.learning.line_keys import hash_names, key_lines
from cleaner.learning.pages import least_pages
from cleaner.rules.frames import FrameIndex
from cleaner.text import hashing, lines
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.learning.line_counts import LineCounts

    Rows = NDArray[np.int64]
    Value = TypeVar("Value", bound=np.generic)

NO_HOST = ""
"""The host of pages that have none."""
LEAST_SHARED = 4
"""Recurring lines of a page from which it is compared with others."""
LONGEST_LINE = 60
"""Characters of a line of a frame."""
SIMILAR_PAGES, SIMILAR_CLUSTERS = 0.5, 0.4
"""The Jaccard similarity of the recurring lines of two pages from which they are of one cluster, and that of the steady
lines of two clusters, as the sections of a site have them, from which these are one."""
PERMUTATIONS = 64
STEADY_SHARE = 0.8
"""The share of a cluster's pages that have each line of its frame."""
PURITY = 0.5
"""The share of a line's pages that are of the cluster, from which the line tells it from others."""
FEWEST, MOST = 3, 7
"""Lines that tell a frame."""
_BLOCK = 1 << 13
"""Pages whose signatures are in memory at one time."""
_SITE = re.compile(r"(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,6})\b")
_LONGEST_NAME = 40


class PageFrame(NamedTuple):
    """A frame: its name, the lines that tell it, the most telling first."""

    name: str
    lines: tuple[str, ...]


@dataclass
class FrameSketches:
    """The recurring lines of pages without a host.

    Attributes:
        counts: all lines that recur.
        sizes: of each page, the number of its lines.
        rows: (lines,) int32, rows of `counts`, page after page.
        texts: by row the line, folded.
    """

    counts: LineCounts
    sizes: list[NDArray[np.int64]] = field(default_factory=list)
    rows: list[NDArray[np.int32]] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)

    def add(self, pages: Sequence[str]) -> None:
        """Add a batch of pages."""
        batch = lines.join(pages)
        if not len(batch.starts):
            return
        view = view_lines(batch)
        line_rows, keys, _ = key_lines(view, hash_names([NO_HOST] * len(pages)))
        rows = self.counts.find(keys)
        is_fixed = np.append(~self.counts.is_variable, False)[rows]
        fits = (rows >= 0) & is_fixed & (batch.lengths[line_rows] <= LONGEST_LINE)
        line_rows, rows = line_rows[fits], rows[fits]
        documents = batch.documents[line_rows]
        order = np.lexsort((rows, documents))
        firsts = order[run_starts(documents[order], rows[order])]
        documents, rows, line_rows = documents[firsts], rows[firsts], line_rows[firsts]
        has_several = np.bincount(documents, minlength=len(pages))[documents] >= LEAST_SHARED
        documents, rows, line_rows = documents[has_several], rows[has_several], line_rows[has_several]
        self.sizes.append(np.diff(run_starts(documents), append=len(documents)))
        self.rows.append(rows.astype(np.int32))
        for row, line in zip(rows.tolist(), line_rows.tolist(), strict=True):
            if row not in self.texts:
                self.texts[row] = view.text(line)

    def to_bytes(self) -> bytes:
        """Encode what was seen, without the counts."""
        sizes, rows = _join(self.sizes, np.int64), _join(self.rows, np.int32)
        return msgspec.msgpack.encode((sizes.tobytes(), rows.tobytes(), self.texts))

    def merge_bytes(self, data: bytes) -> None:
        """Add what was encoded elsewhere with the same counts."""
        sizes, rows, texts = msgspec.msgpack.decode(data, type=tuple[bytes, bytes, dict[int, str]])
        self.sizes.append(np.frombuffer(sizes, dtype=np.int64))
        self.rows.append(np.frombuffer(rows, dtype=np.int32))
        self.texts |= texts


def _join(parts: Sequence[NDArray[Value]], kind: type[Value]) -> NDArray[Value]:
    return np.concatenate([np.zeros(0, dtype=kind), *parts])


def find_frames(sketches: FrameSketches, min_pages: int) -> list[PageFrame]:
    """Find the frames that at least `min_pages` pages share, by name; the order of pages changes nothing."""
    sets = _line_sets(sketches)
    sections = [section for section in _cluster(sets, SIMILAR_PAGES) if len(section) >= FEWEST]
    sites = _cluster(_steady_sets(sets, sections, sketches.counts), SIMILAR_CLUSTERS)
    clusters = [np.concatenate([sections[number] for number in site.tolist()]) for site in sites]
    frames = {_choose_lines(sets, cluster, sketches) for cluster in clusters if len(cluster) >= min_pages}
    return list(_name_all(sorted(frames - {()})))


class _LineSets(NamedTuple):
    """The lines of each page: rows of the counts, `rows[starts[i]:stops[i]]`, and their keys."""

    rows: NDArray[np.int32]
    keys: NDArray[np.uint64]
    starts: Rows
    stops: Rows


def _line_sets(sketches: FrameSketches) -> _LineSets:
    """Put pages into an order of their own, by a hash of their lines."""
    sizes, rows = _join(sketches.sizes, np.int64), _join(sketches.rows, np.int32)
    stops = np.cumsum(sizes)
    keys = sketches.counts.keys[rows]
    prints = hashing.sum_ranges(hashing.spread(keys), stops - sizes, stops)
    order = np.argsort(prints, kind="stable")
    return _LineSets(rows, keys, (stops - sizes)[order], stops[order])


def _steady_sets(sets: _LineSets, clusters: Sequence[Rows], counts: LineCounts) -> _LineSets:
    """Take the steady lines of each cluster, as those of one page."""
    parts = [_count_steady(sets, cluster)[0] for cluster in clusters]
    sizes = np.array([len(part) for part in parts], dtype=np.int64)
    rows, stops = _join(parts, np.int32), np.cumsum(sizes)
    return _LineSets(rows, counts.keys[rows], stops - sizes, stops)


def _count_steady(sets: _LineSets, members: Rows) -> tuple[NDArray[np.int32], Rows]:
    """Find the lines that most pages of a cluster have, with the number of these pages."""
    _, _, rows = hashing.gather_ranges(sets.rows, sets.starts[members], sets.stops[members])
    numbers, pages = np.unique(rows, return_counts=True)
    is_steady = pages >= least_pages(len(members), FEWEST, STEADY_SHARE)
    return numbers[is_steady], pages[is_steady]


def _cluster(sets: _LineSets, similar: float) -> list[Rows]:
    """Cluster sets of lines, each cluster as their numbers: two are of one if a chain of similar ones joins them."""
    scheme = lsh.choose_scheme(similar, permutations=PERMUTATIONS)
    shingles, count = Shingles(sets.keys, sets.starts, sets.stops), len(sets.starts)
    bands = [np.zeros((scheme.bands, 0), dtype=np.uint64)]
    for first in range(0, count, _BLOCK):
        starts, stops = (edges[first : first + _BLOCK] for edges in (sets.starts, sets.stops))
        begins, ends, keys = hashing.gather_ranges(sets.keys, starts, stops)
        signatures = minhash.signatures(Shingles(keys, begins, ends), scheme.permutations, scheme.seed)
        bands.append(lsh.band_keys(signatures, scheme.bands, scheme.rows))
    left, right = lsh.candidate_pairs(list(np.concatenate(bands, axis=1)))
    is_similar = jaccard.compare_sets(shingles, left, right).jaccard >= similar
    labels = connected_components(count, left[is_similar], right[is_similar])
    members = np.argsort(labels, kind="stable")
    return np.split(members, run_starts(labels[members])[1:]) if count else []


def _choose_lines(sets: _LineSets, members: Rows, sketches: FrameSketches) -> tuple[str, ...]:
    """Choose the lines that tell a cluster, the most telling first; none where they are too few.

    Those with a word of frames come first: the headlines that pages of one day share are others on the next.
    """
    numbers, pages = _count_steady(sets, members)
    purity = pages / sketches.counts.pages[numbers]
    candidates = [
        (not FRAME_WORDS.search(text := sketches.texts[row]), -count, -len(text), text)
        for row, count, share in zip(numbers.tolist(), pages.tolist(), purity.tolist(), strict=True)
        if share >= PURITY
    ]
    chosen = tuple(dict.fromkeys(text for *_, text in sorted(candidates)))[:MOST]
    return chosen if len(chosen) >= FEWEST else ()


def _name_all(frames: Sequence[tuple[str, ...]]) -> Iterator[PageFrame]:
    """Name frames by the sites that they name; where that is one of several or none, by a hash of their lines, too."""
    names = [_site(frame) for frame in frames]
    for name, frame in zip(names, frames, strict=True):
        digest = blake2b("\n".join(frame).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
        parts = ("frame", name) if name and names.count(name) == 1 else ("frame", name, digest)
        yield PageFrame("-".join(filter(None, parts)), frame)


def _site(frame: tuple[str, ...]) -> str:
    """Return the site that a frame names, as part of an id; "" where it names none."""
    site = next((match[1] for line in frame if (match := _SITE.search(line))), "")
    return re.sub(r"[^a-z0-9]+", "-", site[:_LONGEST_NAME]).strip("-")


class FrameNames:
    """Names pages without a host by the frame that they show most of."""

    def __init__(self, frames: Sequence[PageFrame]) -> None:
        self._names = {frame.lines: frame.name for frame in frames}
        self._index = FrameIndex(list(self._names))

    def name(self, texts: Sequence[str], hosts: Sequence[str]) -> list[str]:
        """Return the host of each page, or the name of its frame; "" where it has neither."""
        names = list(hosts)
        missing = [page for page, host in enumerate(hosts) if host == NO_HOST]
        if self._names and missing:
            view = view_lines(lines.join([texts[page] for page in missing]))
            for page, frames in zip(missing, self._index.find(view), strict=True):
                names[page] = max(((share, self._names[frame]) for frame, share in frames.items()), default=(0, ""))[1]
        return names
