"""Replace dictionary phrases and characters in whole texts, by OpenCC's rules of precedence.

In a stage the dictionaries are consulted in order; in a dictionary the longest key comes first, among equals the
leftmost; each later one sees only what is left uncovered. So of all occurrences of all keys, taken in the order
(dictionary, -length, position), those stay that overlap none that stayed before.

Nearly all of a text is settled by single characters. Only where a key begins that yields anything else, its island
is looked at: the run of characters of which each two neighbours stand together in some key. No key reaches beyond its
island, so what an island becomes depends on nothing else, and is remembered.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleaner.normalization.script.heads import Heads

SHORT = 120
"""Below this length dictionaries cost less than arrays."""
RANK = 128
"""What a dictionary's place adds to the precedence of its phrases: more than any of them is long."""
PAIR, TRIPLE = 2, 3
"""Characters of a key that phrases are looked up by, and of those by which it is told whether one can change."""
MEMORY, _LONG = 1 << 16, 24
"""Islands that are remembered, and the length of those that are not, as they hardly come again."""


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

    `characters` are the one-to-one replacements that come after all phrases, `phrases` all other keys.
    """

    def __init__(self, characters: Mapping[int, int], phrases: Mapping[str, Phrase]) -> None:
        self.characters = characters
        self.phrases = phrases
        self.has_ascii = any(text.isascii() for text in (*phrases, *map(chr, characters)))
        self._memory: dict[str, str] = {}

    @cached_property
    def heads(self) -> Heads:
        """Build the tables by which long texts are looked up."""
        from cleaner.normalization.script.heads import Heads

        return Heads(self)

    @cached_property
    def openings(self) -> frozenset[str]:
        """Collect the first characters, up to three, of phrases that change something."""
        return frozenset(key[:TRIPLE] for key, phrase in self.phrases.items() if phrase.changes)

    @cached_property
    def _heads(self) -> tuple[frozenset[str], ...]:
        """Collect the first characters of openings, their first pairs, and those of one character."""
        firsts, pairs = (frozenset(opening[:length] for opening in self.openings) for length in (1, PAIR))
        return firsts, pairs, self.openings & firsts

    @cached_property
    def _joints(self) -> frozenset[str]:
        """Collect all two neighbours of all keys."""
        return frozenset(key[index : index + PAIR] for key in self.phrases for index in range(len(key) - 1))

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """List the lengths of keys, longest first, by their first two characters."""
        lengths: dict[str, set[int]] = {}
        for key in self.phrases:
            lengths.setdefault(key[:PAIR], set()).add(len(key))
        return {head: tuple(sorted(sizes, reverse=True)) for head, sizes in lengths.items()}

    def is_opening(self, text: str, start: int) -> bool:
        """Whether a phrase that changes something may begin here."""
        openings = self.openings
        return (
            text[start : start + PAIR] in openings
            or text[start : start + TRIPLE] in openings
            or text[start : start + 1] in openings
        )

    def islands(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the start and stop of each island of a text in which a phrase may change something."""
        firsts, pairs, singles = self._heads
        starts = [
            start
            for start, character in enumerate(text)
            if character in firsts and (text[start : start + PAIR] in pairs or character in singles)
        ]
        if not starts:
            return
        joints, stop = self._joints, 0
        for start in starts:
            if start >= stop and self.is_opening(text, start):
                begin, stop = start, start + 1
                while text[begin - 1 : begin + 1] in joints:
                    begin -= 1
                while text[stop - 1 : stop + 1] in joints:
                    stop += 1
                yield begin, stop

    def convert_island(self, text: str) -> str:
        """Convert an island, or remember what it became."""
        value = self._memory.get(text)
        if value is None:
            value = _merge(text.translate(self.characters), self.find_changes(text))
            if len(text) < _LONG:
                if len(self._memory) >= MEMORY:
                    self._memory.clear()
                self._memory[text] = value
        return value

    def find_changes(self, island: str) -> list[PhraseMatch]:
        """Find the phrases that win in an island and change something, in order of position."""
        matches = [match for start in range(len(island)) for match in self._matches(island, start)]
        winners = matches if len(matches) == 1 else _choose(matches, len(island))
        return sorted((match for match in winners if match.phrase.changes), key=lambda match: match.start)

    def _matches(self, text: str, start: int) -> Iterator[PhraseMatch]:
        lengths = self._lengths.get(text[start : start + PAIR], ())
        if start + 1 < len(text):
            lengths += self._lengths.get(text[start], ())
        for length in lengths:
            phrase = self.phrases.get(text[start : start + length])
            if phrase and start + length <= len(text):
                yield PhraseMatch(phrase.order, start, start + length, phrase)


def prepare(dictionaries: Sequence[Mapping[str, str]]) -> Stage:
    """Prepare a stage from its dictionaries in order of precedence. The first of equal keys counts."""
    last = max((rank for rank, keys in enumerate(dictionaries) if any(len(key) > 1 for key in keys)), default=0)
    entries: dict[str, tuple[int, str]] = {}
    for rank, keys in reversed(list(enumerate(dictionaries))):
        entries.update((key, (rank, value)) for key, value in keys.items())
    characters = {
        ord(key): ord(value) for key, (rank, value) in entries.items() if len(key) == len(value) == 1 and rank >= last
    }
    phrases = {key: entry for key, entry in entries.items() if len(key) > 1 or ord(key) not in characters}
    by_characters = "\n".join((*phrases, "")).translate(characters).split("\n")
    pairs = zip(phrases.items(), by_characters, strict=False)
    return Stage(
        characters,
        {key: Phrase(rank * RANK - len(key), value, value != plain) for (key, (rank, value)), plain in pairs},
    )


def replace(text: str, stage: Stage) -> str:
    """Apply one stage to a text."""
    if text.isascii() and not stage.has_ascii:
        return text
    if len(text) >= SHORT:
        by_characters, islands = stage.heads.look_up(text)
    else:
        by_characters, islands = text.translate(stage.characters), stage.islands(text)
    parts: list[str] = []
    edge = 0
    for start, stop in islands:
        parts += (by_characters[edge:start], stage.convert_island(text[start:stop]))
        edge = stop
    return "".join((*parts, by_characters[edge:])) if parts else by_characters


def _merge(text: str, changes: Iterable[PhraseMatch]) -> str:
    parts: list[str] = []
    stop = 0
    for match in changes:
        parts += (text[stop : match.start], match.phrase.value)
        stop = match.stop
    return "".join((*parts, text[stop:]))


def _choose(matches: list[PhraseMatch], length: int) -> Iterator[PhraseMatch]:
    """Choose the occurrences that win over all that overlap them, in a text of this length."""
    coverage = bytearray(length)
    for match in sorted(matches):
        _, start, stop, _ = match
        if coverage.find(1, start, stop) < 0:
            coverage[start:stop] = b"\1" * (stop - start)
            yield match
