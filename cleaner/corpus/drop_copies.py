"""Committed parts once more, without the near-duplicate passages that were found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import msgspec
import numpy as np

from cleaner import ledger
from cleaner.corpus.job import Job
from cleaner.corpus.report import summary
from cleaner.corpus.report.summary import Summary
from cleaner.corpus.row_store import Row, Rows
from cleaner.dedup import pairs
from cleaner.dedup.pairs import Pair
from cleaner.errors import CleanerError
from cleaner.formats import files
from cleaner.formats.base import Add, Record
from cleaner.ledger import Entry
from cleaner.local import pool
from cleaner.local.checkpoints import DROPPED, Parts, Shard
from cleaner.local.events import Begun, Ended, Share, Stepped, Tell, Turned
from cleaner.model import Edit
from cleaner.text import edits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.local.pool import Watch

PLACES = "pairs.places.npy"
PAIRS = "duplicates.jsonl"


def drop(job: Job, parts: Parts, places: NDArray[np.int64], workers: int | None, watch: Watch) -> Summary:
    """Write data and ledger of the parts that hold copies again, without them; what that removed.

    `places`: where the pairs of each shard begin in the file of all pairs.
    """
    with files.atomic_writer(parts.folder / PLACES) as file:
        np.save(file, places)
    count = int(np.count_nonzero(np.diff(places)))
    watch(0, Turned("dropping", count - len(parts.done(_source(job)))))
    pool.run(job, parts, workers if count > 1 else 1, watch, run)
    found = Summary()
    for number in parts.done(_source(job)):
        found.merge(summary.from_dict(parts.counts(_source(job), number)))
    return found


def _source(job: Job) -> int:
    """The number under which it is noted what was done: after all sources and the search for pairs."""
    return len(job.sources) + 1


def run(job: Job, parts: Parts, share: Share, tell: Tell) -> None:
    """Write all parts of a share again that hold copies and are not done yet."""
    shards = parts.shards(len(job.sources))
    rows = Rows(parts, shards)
    copies = _Copies(parts.folder.parent / PAIRS, np.load(parts.folder / PLACES))
    indices = {shard: index for index, shard in enumerate(shards)}
    for number, source in enumerate(job.sources):

        def wanted(shard: int, number: int = number) -> bool:
            index = indices.get(Shard(number, shard), -1)
            mine = index >= 0 and index % share.of == share.worker
            return mine and copies.are_in(index) and not parts.is_done(_source(job), index)

        for shard, items in job.format(source).shards(source, job.reading, wanted):
            index = indices[Shard(number, shard)]
            tell(Begun(_source(job), index))
            if share.troubles:
                raise CleanerError(
                    f"near-duplicates cannot be dropped: {share.troubles[0].reason}; or give --dedup flag"
                )
            _Again(job, parts, rows, index).write(shards[index], items, copies.of(index))
            tell(Stepped())
    tell(Ended())


class _Copies:
    """Which passages are to go, by shard."""

    def __init__(self, path: Path, places: NDArray[np.int64]) -> None:
        self._path, self._places = path, places.tolist()

    def are_in(self, shard: int) -> bool:
        return bool(self._places[shard] < self._places[shard + 1])

    def of(self, shard: int) -> dict[str, list[Pair]]:
        """Pairs by the name of the copy."""
        found: defaultdict[str, list[Pair]] = defaultdict(list)
        with self._path.open("rb") as file:
            file.seek(self._places[shard])
            for line in file.read(self._places[shard + 1] - self._places[shard]).splitlines():
                pair = msgspec.json.decode(line, type=Pair)
                if pair.kind == "copy":
                    found[pair.copy].append(pair)
        return found


class _Changed(NamedTuple):
    """What dropping did to a record."""

    before: str
    made: tuple[Edit, ...]
    written: bytes


class _Again:
    """One shard written again."""

    def __init__(self, job: Job, parts: Parts, rows: Rows, index: int) -> None:
        self._job, self._parts, self._all, self._index = job, parts, rows, index
        self._counted = Summary()

    def write(self, shard: Shard, items: Iterable[object], copies: Mapping[str, list[Pair]]) -> None:
        """Write data and ledger, then note it as done."""
        source, reading = self._job.sources[shard.source], self._job.reading
        format_ = self._job.format(source)
        records = (item for item in items if isinstance(item, Record))
        with self._parts.draft(*shard, (f"{DROPPED}-data", f"{DROPPED}-edits")) as draft:
            with format_.writer(draft.files[f"{DROPPED}-data"], source, reading) as add:
                changed = dict(self._written(self._paired(records), copies, add))
            _extend(self._parts.path(*shard, "edits"), draft.files[f"{DROPPED}-edits"], changed)
        self._parts.commit(_source(self._job), self._index, self._counted.as_dict())

    def _paired(self, records: Iterable[Record]) -> Iterator[tuple[int, str, Row, Record]]:
        """The records that were cleaned, with their place among these, name and row."""
        numbers = np.array(self._all.of(self._index), dtype=np.int64)
        known = enumerate(self._all.named(numbers))
        at, (name, row) = next(known, (0, ("", None)))
        for record in records:
            if row and (record.id, record.line, record.file) == (row.id, row.line, row.file):
                yield at, name, row, record
                at, (name, row) = next(known, (0, ("", None)))

    def _written(
        self, records: Iterable[tuple[int, str, Row, Record]], copies: Mapping[str, list[Pair]], add: Add
    ) -> Iterator[tuple[int, _Changed]]:
        """Write all; yield those that changed, by their place."""
        first = self._all.of(self._index).start
        for at, name, row, record in records:
            before = self._all.text(first + at)
            made = pairs.removal_edits(copies.get(name, []), before)
            written = add(record, edits.apply(before, made))
            if made:
                removed = sum(edit.span.stop - edit.span.start for edit in made)
                self._counted.remove(pairs.PASSAGE_RULE, len(made), removed, row.host)
                yield at, _Changed(before, made, written)


def _extend(path: Path, output: BinaryIO, changed: Mapping[int, _Changed]) -> None:
    """The ledger of a shard with one more pass for the records that changed."""
    decoder = msgspec.json.Decoder(Entry)
    at = 0
    with path.open("rb") as file:
        for line in file:
            entry = decoder.decode(line)
            is_row = bool(entry.output_sha256)
            now = changed.get(at) if is_row else None
            at += is_row
            again = ledger.extended(entry, now.before, now.made, now.written) if now else None
            output.write(ledger.encode(again) if again else line)
