"""Replace dictionary phrases and characters in whole texts, by OpenCC's rules of precedence.

In a stage the dictionaries are consulted in order; in a dictionary the longest key comes first, among equals the
leftmost; each later one sees only what is left uncovered. So of all occurrences of all keys, taken in the order
(dictionary, -length, position), those stay that overlap none that stayed before. Nearly all of a text is settled
by single characters: a table gives, for two neighbouring characters, how far a phrase starting there can reach
and whether it can yield anything but its characters one by one. Only around those places are phrases looked up.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

SHORT = 100
"""Below this length dictionaries cost less than arrays."""
CHANGES = 0x80
REACH = 0x7F
"""Parts of a mark: whether a phrase changes more than its characters one by one, and how far one reaches."""
_HEAD = 2
"""Characters of a key that phrases are looked up by."""


class Phrase(NamedTuple):
    """The value of a key, and its precedence: lower comes first. `changes`: not just its characters one by one."""

    order: int
    value: str
    changes: bool


class PhraseMatch(NamedTuple):
    """An occurrence of a phrase, in order of precedence."""

    order: int
    start: int
    stop: int
    phrase: Phrase


class Stage:
    """A group of dictionaries ready to be applied.

    `characters` are the one-to-one replacements that come after all phrases, `phrases` all other keys, `lengths`
    the lengths of keys, longest first, by their first two characters (by the character where it is a whole key).
    """

    def __init__(self, characters: Mapping[int, int], phrases: Mapping[str, Phrase]) -> None:
        self.characters = characters
        self.phrases = phrases
        self.lengths = _lengths(phrases)
        self.longest = max(map(len, phrases), default=0)
        self.has_single = any(len(key) == 1 for key in phrases)
        self.reaches = _reaches(phrases)
        keys = [*map(chr, characters), *phrases]
        self.has_ascii = any(key.isascii() for key in keys)

    @cached_property
    def table(self) -> codepoints.Codes:
        """Build a table of what each code point becomes on its own."""
        return codepoints.mapping_table(self.characters)

    @cached_property
    def starts(self) -> Starts:
        """Build the reach of phrases by the two characters they start with."""
        return Starts(self.reaches)

    def matches(self, text: str, start: int) -> list[PhraseMatch]:
        """Find the phrases that occur at `start`."""
        lengths = self.lengths.get(text[start : start + _HEAD], ())
        if self.has_single:
            lengths += self.lengths.get(text[start], ())
        matches = []
        for length in lengths:
            phrase = self.phrases.get(text[start : start + length])
            if phrase and start + length <= len(text):
                matches.append(PhraseMatch(phrase.order, start, start + length, phrase))
        return matches


class Starts:
    """Reach and CHANGES flag by two neighbouring characters, hashed: too much is possible, too little is not."""

    def __init__(self, reaches: Mapping[str, int]) -> None:
        import numpy as np

        pairs = [head for head in reaches if len(head) == _HEAD]
        bits = max(12, (len(pairs) * 32).bit_length())
        random = np.random.default_rng(0)
        self.first = self._marks(random, {pair[0] for pair in pairs}, bits, 1 << bits)
        self.second = self._marks(random, {pair[1] for pair in pairs}, bits, 2 << bits)
        self.cells = np.zeros(4 << bits, dtype=np.uint8)
        for pair in pairs:
            self.cells[self.first[ord(pair[0])] ^ self.second[ord(pair[1])]] |= reaches[pair]
        self.single = np.zeros(codepoints.COUNT, dtype=np.uint8)
        for head in reaches.keys() - pairs:
            self.single[ord(head)] = reaches[head]
        self.has_single = len(pairs) < len(reaches)

    @staticmethod
    def _marks(random: np.random.Generator, characters: set[str], bits: int, flag: int) -> NDArray[np.intp]:
        import numpy as np

        marks = np.zeros(codepoints.COUNT, dtype=np.intp)
        codes = sorted(map(ord, characters))
        marks[codes] = random.integers(0, 1 << bits, len(codes)) | flag
        return marks

    def look_up(self, codes: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Look up reach and flag of each position; of the last only for a key of one character."""
        import numpy as np

        reach = np.zeros(len(codes), dtype=np.uint8)
        reach[:-1] = self.cells[self.first[codes[:-1]] ^ self.second[codes[1:]]]
        if self.has_single:
            reach |= self.single[codes]
        return reach


def prepare(dictionaries: Sequence[Mapping[str, str]]) -> Stage:
    """Prepare a stage from its dictionaries in order of precedence. The first of equal keys counts."""
    last = max((rank for rank, keys in enumerate(dictionaries) if any(len(key) > 1 for key in keys)), default=0)
    entries: dict[str, tuple[int, str]] = {}
    for rank, keys in enumerate(dictionaries):
        for key, value in keys.items():
            entries.setdefault(key, (rank, value))
    characters = {
        ord(key): ord(value) for key, (rank, value) in entries.items() if len(key) == len(value) == 1 and rank >= last
    }
    phrases = {
        key: Phrase(rank * 128 - len(key), value, key.translate(characters) != value)
        for key, (rank, value) in entries.items()
        if len(key) > 1 or ord(key) not in characters
    }
    return Stage(characters, phrases)


def replace(text: str, stage: Stage) -> str:
    """Apply one stage to a text."""
    if text.isascii() and not stage.has_ascii:
        return text
    if len(text) < SHORT:
        by_characters = text.translate(stage.characters)
        reach: Sequence[int] = _reach(text, stage)
        starts: Iterable[int] = [index for index, mark in enumerate(reach) if mark & CHANGES]
    else:
        codes = codepoints.indices(text)
        marks = stage.starts.look_up(codes)
        by_characters = codepoints.to_text(stage.table[codes])
        starts = (marks >= CHANGES).nonzero()[0].tolist()
        reach = marks.tobytes() if starts else b""
    return _merge(by_characters, _changes(text, stage, reach, starts)) if starts else by_characters


def _reach(text: str, stage: Stage) -> list[int]:
    get = stage.reaches.get
    return [get(text[index : index + _HEAD], 0) | get(text[index], 0) for index in range(len(text))]


def _merge(text: str, changes: Iterable[PhraseMatch]) -> str:
    parts: list[str] = []
    stop = 0
    for match in changes:
        parts += (text[stop : match.start], match.phrase.value)
        stop = match.stop
    return "".join((*parts, text[stop:]))


def _changes(text: str, stage: Stage, reach: Sequence[int], starts: Iterable[int]) -> Iterator[PhraseMatch]:
    stop = 0
    for start in starts:
        if start < stop:
            continue
        if any(match.phrase.changes for match in stage.matches(text, start)):
            cluster = _cluster(text, stage, reach, _first_overlap(text, stage, reach, (stop, start)))
            stop = max(match.stop for match in cluster)
            yield from _choose(cluster)


def _first_overlap(text: str, stage: Stage, reach: Sequence[int], bounds: tuple[int, int]) -> int:
    """Find where the occurrences begin that hang together with one at the second bound, none before the first."""
    stop, start = bounds
    index = start
    while index > max(stop, start - stage.longest):
        index -= 1
        if reach[index] & REACH > start - index and any(m.stop > start for m in stage.matches(text, index)):
            start = index
    return start


def _cluster(text: str, stage: Stage, reach: Sequence[int], start: int) -> list[PhraseMatch]:
    """Find all occurrences that hang together by overlaps, from the first on."""
    cluster: list[PhraseMatch] = []
    stop = start + 1
    while start < stop:
        if reach[start]:
            matches = stage.matches(text, start)
            if matches:
                cluster += matches
                stop = max(stop, *[match.stop for match in matches])
        start += 1
    return cluster


def _choose(cluster: list[PhraseMatch]) -> list[PhraseMatch]:
    """Choose those of overlapping occurrences that win and change something, in order of position."""
    if len(cluster) == 1:
        return cluster
    offset = cluster[0].start
    coverage = bytearray(max(match.stop for match in cluster) - offset)
    winners = []
    for match in sorted(cluster):
        if coverage.find(1, match.start - offset, match.stop - offset) < 0:
            coverage[match.start - offset : match.stop - offset] = b"\1" * (match.stop - match.start)
            winners.append(match)
    return sorted((match for match in winners if match.phrase.changes), key=lambda match: match.start)


def _lengths(phrases: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for key in phrases:
        lengths.setdefault(key[:_HEAD], set()).add(len(key))
    return {head: tuple(sorted(sizes, reverse=True)) for head, sizes in lengths.items()}


def _reaches(phrases: Mapping[str, Phrase]) -> dict[str, int]:
    reaches: dict[str, int] = {}
    for key, phrase in phrases.items():
        head = key[:_HEAD]
        mark = reaches.get(head, 0)
        reaches[head] = max(mark & REACH, len(key)) | (CHANGES if phrase.changes else mark & CHANGES)
    return reaches
