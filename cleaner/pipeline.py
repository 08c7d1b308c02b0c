"""One text's whole way: normalize, judge, apply, until nothing changes any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import cached_property, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from cleaner.errors import EditError
from cleaner.features.markup import Hints, together
from cleaner.judging import removal
from cleaner.judging.flags import after, heavy_loss
from cleaner.judging.judge import Judge, Judged
from cleaner.model import Cleaned, Document, Edit, Flag, Pass, Span, Verdict
from cleaner.normalization.steps import NORMALIZER
from cleaner.options import CleanOptions
from cleaner.packs import loader
from cleaner.packs.builtin import NO_ARTICLE
from cleaner.rules.schema import Rule, RulePack
from cleaner.text import edits, lines

if TYPE_CHECKING:
    from typing import Unpack

    from numpy.typing import NDArray

    from cleaner.options import CleanKeywords
    from cleaner.text.lines import Block

_WHOLE = ("drop", "flag")
"""Actions that leave every line whole or nothing of it."""

LIMIT = 20
"""Rounds after which a text that still changes is an error: rules that undo each other."""


_compiling = Lock()


@lru_cache(maxsize=8)
def _judge(pack: Pack) -> Judge:
    return Judge(pack.data)


class Pack:
    """A rule pack ready to use, equal to every pack of the same content.

    It can be shared between threads and pickled, as data; equal packs are compiled once in a process, when first used.
    """

    def __init__(self, data: RulePack) -> None:
        self.data = data if data.hash else loader.rehash(data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pack) and self.data.hash == other.data.hash

    def __hash__(self) -> int:
        return hash(self.data.hash)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules as data, those of extended packs included."""
        return self.data.rules

    @cached_property
    def judging(self) -> Judge:
        """The compiled rules."""
        with _compiling:
            return _judge(self)

    def judge(self, text: str) -> tuple[Verdict, ...]:
        """Verdicts on one text as it stands, with their evidence; nothing is normalized or changed."""
        return self.judging.judge(lines.block([text]), explain=True)[0].verdicts

    def clean(self, text: str, **options: Unpack[CleanKeywords]) -> Cleaned:
        """Clean one text; `options` are fields of `CleanOptions`."""
        return clean([Document("", text)], self, CleanOptions.of(**options))[0]

    def __getstate__(self) -> RulePack:
        return self.data

    def __setstate__(self, data: RulePack) -> None:
        self.data = data


class _Way:
    """One document under way."""

    def __init__(self, document: Document, hints: Hints | None) -> None:
        self.document, self.text = document, document.text
        self._hints = hints
        self.size = self.rest = 0  # characters of the document as it came, and of what is left of it, blanks aside
        self.passes: list[Pass] = []
        self.verdicts: list[tuple[Verdict, ...]] = []
        self.flags: tuple[Flag, ...] = ()
        self.left: NDArray[np.int64] | None = None  # rows of the lines of the last block that make the text, if known
        self.cut = True  # whether the text changed since it was judged
        self.signs: int | None = None  # what the text holds that steps may change; None: to be looked for

    def follow(self, changes: Sequence[tuple[str, Pass]]) -> None:
        """Carry out what the normalizing steps made of the text."""
        for text, made in changes:
            self._note(made, text, ())
        if changes:
            self.signs = self.left = None
            self.cut = True

    def obey(self, judged: Judged) -> None:
        """Carry out the verdicts."""
        made = removal.edits_of(self.text, judged.verdicts)
        self.flags, self.rest = after(self.flags, judged.flags), judged.size
        if not all(verdict.action in _WHOLE for verdict in judged.verdicts):
            self.signs = None
        elif self.signs:
            self.signs &= ~NORMALIZER.by_line
        if made:
            self._note(made, edits.apply(self.text, made), judged.verdicts)
        self.cut = bool(made)

    def _note(self, made: Pass, text: str, verdicts: tuple[Verdict, ...]) -> None:
        self.text = text
        self.passes.append(made)
        self.verdicts.append(verdicts)

    def hints(self, starts: NDArray[np.int64]) -> Hints | None:
        """The hints for the text as it is, whose lines begin at `starts`."""
        return self._hints and self._hints.follow(self._first_starts, self.passes, starts)

    @cached_property
    def _first_starts(self) -> NDArray[np.int64]:
        return lines.block([self.document.text]).starts

    def empty(self) -> None:
        """Leave nothing of a document that holds no article."""
        if self.text and any(flag.rule == NO_ARTICLE for flag in self.flags):
            self._note((Edit(Span(0, len(self.text)), "", NO_ARTICLE),), "", ())
            self.rest = 0

    def done(self, options: CleanOptions, off: Set[str], explain: bool) -> Cleaned:
        found = (*self.flags, *self._heavy_loss(options.max_loss), *NORMALIZER.flags(self.text, self.signs or 0))
        verdicts = tuple(self.verdicts) if explain else ()
        reported = tuple(flag for flag in found if flag.rule not in off)
        return Cleaned(self.document, self.text, tuple(self.passes), reported, verdicts)

    def _heavy_loss(self, most: float) -> Iterator[Flag]:
        if self.size - self.rest > most * self.size:
            yield heavy_loss(len(self.text), self.size, self.rest)


def clean(
    documents: Sequence[Document],
    pack: Pack,
    options: CleanOptions,
    *,
    hints: Sequence[Hints | None] = (),
    explain: bool = False,
) -> list[Cleaned]:
    """Clean documents, judged together as one block; each comes to rest on its own.

    The result for a document does not depend on the others. `hints`: for each document what its markup says about its
    lines, or None. `explain` adds the verdicts with all their evidence. Raises EditError when a text still changes
    after LIMIT rounds.
    """
    known = hints or [None] * len(documents)
    ways = [_Way(document, hint) for document, hint in zip(documents, known, strict=True)]
    restless, block = ways, None
    for _ in range(LIMIT):
        _normalize(restless, options)
        restless = [way for way in restless if way.cut]
        if not restless:
            break
        block = _block(restless, block)
        verdicts = _judged(restless, block, pack, explain)
        _keep(restless, block, verdicts)
        for way, judged in zip(restless, verdicts, strict=True):
            way.obey(judged)
    else:
        raise EditError(f"{restless[0].document.id}: still changing after {LIMIT} rounds; report the text as a defect")
    off = pack.data.off
    if options.no_article == "drop" and NO_ARTICLE not in off:
        for way in ways:
            way.empty()
    return [way.done(options, off, explain) for way in ways]


def _normalize(ways: Sequence[_Way], options: CleanOptions) -> None:
    """Normalize the texts, after a look at what those hold of which that is not known."""
    due = [way for way in ways if way.signs is None]
    for way, held in zip(due, NORMALIZER.scan([way.text for way in due], options), strict=True):
        way.signs = held.bits
        way.size = way.size if way.passes else held.size
    changes = NORMALIZER.run_batch([way.text for way in ways], options, [way.signs or 0 for way in ways])
    for way, made in zip(ways, changes, strict=True):
        way.follow(made)


def _block(ways: Sequence[_Way], earlier: Block | None) -> Block:
    """The texts in one block, whose lines are known as far as they were in the block before."""
    block = lines.block([way.text for way in ways])
    if earlier:
        sizes = np.bincount(block.documents, minlength=len(ways)).tolist()
        known = [
            way.left if way.left is not None and len(way.left) == size else np.full(size, -1)
            for way, size in zip(ways, sizes, strict=True)
        ]
        block.carry(np.concatenate(known), earlier)
    return block


def _keep(ways: Sequence[_Way], block: Block, judged: Sequence[Judged]) -> None:
    """Remember for each text the rows of the lines that its verdicts leave, -1 for those of which they change a part.

    That holds as long as no line vanishes by its parts or is joined to another, which their number shows, and none is
    written anew.
    """
    left = np.arange(len(block.starts))
    for dropping in (False, True):
        starts = [
            at + v.span.start
            for one, at in zip(judged, block.offsets.tolist(), strict=False)
            for v in one.verdicts
            if (v.action == "drop") is dropping
        ]
        left[np.searchsorted(block.starts, starts, side="right") - 1] = -2 if dropping else -1
    bounds = np.searchsorted(block.documents, np.arange(len(ways) + 1)).tolist()
    for way, one, start, stop in zip(ways, judged, bounds, bounds[1:], strict=False):
        rows = left[start:stop]
        way.left = None if any("\n" in verdict.new for verdict in one.verdicts) else rows[rows > -2]


def _judged(ways: Sequence[_Way], block: Block, pack: Pack, explain: bool) -> list[Judged]:
    bounds = np.searchsorted(block.documents, np.arange(len(ways) + 1))
    starts = [block.starts[a:b] - at for a, b, at in zip(bounds, bounds[1:], block.offsets, strict=False)]
    hints = [way.hints(own) for way, own in zip(ways, starts, strict=True)]
    columns = together(hints, [len(own) for own in starts])
    sizes = np.array([way.size for way in ways], dtype=np.int64)
    return pack.judging.judge(block, columns, sizes=sizes, explain=explain)
