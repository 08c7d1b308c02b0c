"""One look at a whole ledger: counts of all documents, and the places of those that are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaner import ledger
from cleaner.errors import UsageError
from cleaner.ledger import LedgerEntry
from cleaner.report.sampling.reservoirs import Greatest, Reservoir

DOCUMENTS = 20
"""Documents that are shown of each kind: of great loss, of great doubt, any."""
REMOVALS = 10
"""Removals that are shown of each rule."""
TENTHS = 10


class EntryPlace(NamedTuple):
    """A line of the ledger: where it begins, and the place of its record in the output, from 0 (-1: not there)."""

    offset: int
    ordinal: int


class ChangePlace(NamedTuple):
    """A change: the line of the ledger, the pass and the place in it."""

    entry: EntryPlace
    edit_pass: int
    number: int


class LedgerSurvey:
    """What a ledger holds. `losses`: documents by the tenth that their loss lies in, of those that lost anything.

    `removals`: places of some changes of each rule. `place_of`: the places of documents that were asked for by id.
    """

    def __init__(self, seed: int, names: Container[str] = ()) -> None:
        self.seed = seed
        self.names = names
        self.place_of: dict[str, EntryPlace] = {}
        self.encodings: Counter[str] = Counter()
        self.losses: Counter[int] = Counter()
        self.removals: dict[str, Reservoir[ChangePlace]] = {}
        self.greatest_losses: Greatest[EntryPlace] = Greatest(DOCUMENTS)
        self.greatest_doubts: Greatest[EntryPlace] = Greatest(DOCUMENTS)
        self.others: Reservoir[EntryPlace] = Reservoir(DOCUMENTS, f"{seed}/documents")

    def add(self, entry: LedgerEntry, place: EntryPlace) -> None:
        """Count a document and offer it as a sample."""
        self.encodings[entry.encoding] += 1
        if place.ordinal < 0 or entry.is_unchanged:
            return
        if entry.document in self.names:
            self.place_of.setdefault(entry.document, place)
        if entry.passes:
            loss = measure_loss(entry)
            if loss > 0:
                self.losses[min(int(loss * TENTHS), TENTHS - 1)] += 1
                self.greatest_losses.offer(loss, place)
            self._add_changes(entry, place)
        if entry.doubt > 0:
            self.greatest_doubts.offer(entry.doubt, place)
        self.others.offer(lambda: place)

    def samples(self) -> dict[EntryPlace, tuple[str, ...]]:
        """Return the places of documents that are shown, each with the reasons why."""
        groups = {
            "loss": self.greatest_losses.values,
            "doubt": self.greatest_doubts.values,
            "random": self.others.values,
        }
        places = dict.fromkeys(place for group in groups.values() for place in group)
        return {place: tuple(name for name, group in groups.items() if place in group) for place in places}

    def _add_changes(self, entry: LedgerEntry, place: EntryPlace) -> None:
        removals, seed = self.removals, self.seed
        for number, changes in enumerate(entry.passes):
            for index, change in enumerate(changes):
                reservoir = removals.get(change.rule)
                if reservoir is None:
                    reservoir = removals[change.rule] = Reservoir(REMOVALS, f"{seed}/{change.rule}")
                reservoir.offer(lambda number=number, index=index: ChangePlace(place, number, index))  # type: ignore[misc]


def measure_loss(entry: LedgerEntry) -> float:
    """Return the share of its characters that a document lost; 0 where it gained some, or nobody counted them."""
    if not entry.characters:
        return 0.0
    loss = sum(len(change.old) - len(change.new) for changes in entry.passes for change in changes)
    return max(loss / entry.characters, 0.0)


def survey_ledger(path: Path, seed: int, names: Container[str] = ()) -> LedgerSurvey:
    """Read a ledger once, in little memory.

    Args:
        path: of the ledger.
        seed: of the samples.
        names: ids of documents whose places are wanted.
    """
    survey = LedgerSurvey(seed, names)
    offset = ordinal = 0
    output = ""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                entry = decode_line(path, number, line)
                if entry.output != output:
                    output, ordinal = entry.output, 0
                is_written = bool(entry.output_sha256)
                if entry.document or is_written:
                    survey.add(entry, EntryPlace(offset, ordinal if is_written else -1))
                ordinal += is_written
                offset += len(line)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({error.strerror}); name a folder that 'cleaner clean' wrote"
        ) from error
    return survey


def decode_line(path: Path, number: int, line: bytes) -> LedgerEntry:
    """Decode a line of a ledger. UsageError, naming it, where it is none."""
    try:
        return ledger.decode_entry(line)
    except msgspec.DecodeError as error:
        raise UsageError(f"{path}:{number}: not a ledger line ({error}); the ledger was altered") from error
