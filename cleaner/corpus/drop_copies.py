"""Write committed shards once more, without the near-duplicate passages that were found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import msgspec
import numpy as np

from cleaner import ledger
from cleaner.corpus.job import CleanJob
from cleaner.corpus.near_duplicates import DUPLICATES
from cleaner.corpus.report.summary import RunSummary
from cleaner.corpus.row_store import RecordRow, RowStore
from cleaner.corpus.run import Run
from cleaner.corpus.shards import DATA, EDITS, committed_shards
from cleaner.dedup import pairs
from cleaner.dedup.pairs import Pair
from cleaner.errors import CleanerError
from cleaner.formats.base import Add, Item, Record
from cleaner.formats.storage import files
from cleaner.local.checkpoints import REWRITTEN, Shard
from cleaner.local.events import Assignment, Emit, ShardStart, StepEnd, WorkerEnd
from cleaner.model import Edit
from cleaner.text import edits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.local.pool import Pool

PHASE = 1
"""The number of this phase among those that follow the reading of all sources."""
OFFSETS = "pairs.offsets.npy"


def drop_copies(run: Run[CleanJob], offsets: NDArray[np.int64], pool: Pool) -> None:
    """Write data and ledger of the shards that hold copies again, without them.

    Args:
        offsets: where the pairs of each shard begin in the file of all pairs, in bytes (shards + 1,).
    """
    with files.atomic_writer(run.checkpoints.folder / OFFSETS) as file:
        np.save(file, offsets)
    count = int(np.count_nonzero(np.diff(offsets)))
    pool.announce("dropping", count - len(run.phase_shards(PHASE)))
    pool.work(rewrite_shards, run, count)


def rewrite_shards(run: Run[CleanJob], assignment: Assignment, emit: Emit) -> None:
    """Write all shards of an assignment again that hold copies and are not committed yet."""
    shards = run.shards()
    rows = RowStore(run.checkpoints, shards)
    copies = _Copies(run.folder / DUPLICATES, np.load(run.checkpoints.folder / OFFSETS))

    def is_wanted(index: int) -> bool:
        return copies.are_in(index) and not run.checkpoints.has(run.phase_shard(PHASE, index))

    for index, items in committed_shards(run, shards, assignment, is_wanted):
        emit(ShardStart(*run.phase_shard(PHASE, index)))
        if assignment.poison:
            reason = assignment.poison[0].reason
            raise CleanerError(f"dropping near-duplicates ends its worker: {reason}; give --workers 1, or --dedup flag")
        _ShardRewriter(run, rows, index).write(shards[index], items, copies.of_shard(index))
        emit(StepEnd())
    emit(WorkerEnd())


class _Copies:
    """The pairs of all copies, by shard."""

    def __init__(self, path: Path, offsets: NDArray[np.int64]) -> None:
        self._path, self._offsets = path, offsets.tolist()

    def are_in(self, shard: int) -> bool:
        return bool(self._offsets[shard] < self._offsets[shard + 1])

    def of_shard(self, shard: int) -> dict[str, list[Pair]]:
        """Read the pairs of a shard, by the name of the copy."""
        copies: defaultdict[str, list[Pair]] = defaultdict(list)
        with self._path.open("rb") as file:
            file.seek(self._offsets[shard])
            for line in file.read(self._offsets[shard + 1] - self._offsets[shard]).splitlines():
                pair = msgspec.json.decode(line, type=Pair)
                if pair.kind == "copy":
                    copies[pair.copy].append(pair)
        return copies


class _Change(NamedTuple):
    """What dropping did to a record."""

    before: str
    edits: tuple[Edit, ...]
    output: bytes


class _ShardRewriter:
    """One shard, written again."""

    def __init__(self, run: Run[CleanJob], rows: RowStore, index: int) -> None:
        self._run, self._rows, self._index = run, rows, index
        self._summary = RunSummary()

    def write(self, shard: Shard, items: Iterable[Item], copies: Mapping[str, list[Pair]]) -> None:
        """Write data and ledger, then commit."""
        job, checkpoints = self._run.job, self._run.checkpoints
        source = job.sources[shard.source]
        records = (item for item in items if isinstance(item, Record))
        data, edits_ = f"{REWRITTEN}-{DATA}", f"{REWRITTEN}-{EDITS}"
        with checkpoints.draft(shard, (data, edits_)) as draft:
            with job.format(source).writer(draft.files[data], source, job.reading) as add:
                changes = dict(self._write_records(self._with_rows(records), copies, add))
            _extend_ledger(checkpoints.path(shard, EDITS), draft.files[edits_], changes)
        checkpoints.commit(self._run.phase_shard(PHASE, self._index), self._summary.as_dict())

    def _with_rows(self, records: Iterable[Record]) -> Iterator[tuple[int, str, RecordRow, Record]]:
        """Yield the records that were cleaned, with their index among these, name and row."""
        numbers = np.array(self._rows.of_shard(self._index), dtype=np.int64)
        rows = enumerate(self._rows.with_names(numbers))
        index, (name, row) = next(rows, (0, ("", None)))
        for record in records:
            if row and (record.id, record.line, record.file) == (row.id, row.line, row.file):
                yield index, name, row, record
                index, (name, row) = next(rows, (0, ("", None)))

    def _write_records(
        self, records: Iterable[tuple[int, str, RecordRow, Record]], copies: Mapping[str, list[Pair]], add: Add
    ) -> Iterator[tuple[int, _Change]]:
        """Write all records; yield those that changed, by their index."""
        first = self._rows.of_shard(self._index).start
        for index, name, row, record in records:
            before = self._rows.text(first + index)
            drops = pairs.removal_edits(copies.get(name, []), before, record.seam)
            output = add(record, edits.apply(before, drops))
            if drops:
                characters = sum(edit.span.stop - edit.span.start for edit in drops)
                self._summary.remove(pairs.PASSAGE_RULE, len(drops), characters, row.host)
                yield index, _Change(before, drops, output)


def _extend_ledger(path: Path, output: BinaryIO, changes: Mapping[int, _Change]) -> None:
    """Write the ledger of a shard with one more pass for the records that changed."""
    index = 0
    with path.open("rb") as file:
        for line in file:
            entry = ledger.decode_entry(line)
            is_row = bool(entry.output_sha256)
            change = changes.get(index) if is_row else None
            index += is_row
            longer_entry = ledger.extend(entry, change.before, change.edits, change.output) if change else None
            output.write(ledger.encode_entry(longer_entry) if longer_entry else line)
