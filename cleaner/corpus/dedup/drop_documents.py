"""Write the corpus without its copies: whole documents left out, copied passages cut, templates left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec
import numpy as np

from cleaner.corpus.assemble import join_parts
from cleaner.corpus.dedup.job import PAIRS, SPANS, DedupJob
from cleaner.corpus.dedup.sketching import name_record
from cleaner.corpus.reading import ReadRecord, location, read_record
from cleaner.corpus.row_store import RowStore
from cleaner.corpus.run import Run
from cleaner.corpus.shards import DATA, committed_shards
from cleaner.dedup.pairs import TEXT_RULE, Pair, removal_edits
from cleaner.dedup.spans.records import RepeatedSpan
from cleaner.errors import CleanerError
from cleaner.formats.base import Record, Rejection
from cleaner.formats.storage.folders import SkippedFile
from cleaner.local.events import Assignment, Emit, ShardStart, StepEnd, WorkerEnd
from cleaner.model import Pass, Span
from cleaner.text import edits

if TYPE_CHECKING:
    from cleaner.local.checkpoints import Shard
    from cleaner.local.pool import Pool

Row = TypeVar("Row", Pair, RepeatedSpan)

PHASE = 0
"""The number of this phase among those that follow the reading of all sources."""


def drop_documents(run: Run[DedupJob], pool: Pool) -> list[SkippedFile]:
    """Write every source without its copies; return what could not be written."""
    shards = run.shards()
    pool.announce("dropping", len(shards) - len(run.phase_shards(PHASE)))
    pool.work(rewrite_shards, run, len(shards))
    pool.announce("joining")
    return [SkippedFile(location(item), item.reason) for item in _join_outputs(run, shards)]


def rewrite_shards(run: Run[DedupJob], assignment: Assignment, emit: Emit) -> None:
    """Write all shards of an assignment that are not committed yet, without copies."""
    shards = run.shards()
    rows = RowStore(run.checkpoints, shards)
    copies, options = _Copies(run), run.job.reading.decoding

    def is_wanted(index: int) -> bool:
        return not run.checkpoints.has(run.phase_shard(PHASE, index))

    for index, items in committed_shards(run, shards, assignment, is_wanted):
        shard = run.phase_shard(PHASE, index)
        emit(ShardStart(*shard))
        if assignment.poison:
            raise CleanerError(f"dropping copies ends its worker: {assignment.poison[0].reason}; give --workers 1")
        source = run.job.sources[shards[index].source]
        with run.checkpoints.draft(shard, (DATA,)) as draft:
            with run.job.format(source).writer(draft.files[DATA], source, run.job.reading) as add:
                named_records = (name_record(item, source) for item in items if isinstance(item, Record))
                records = (read_record(record, options, with_islands=False) for record in named_records)
                readable = (record for record in records if isinstance(record, ReadRecord))
                for record, text in _kept_records(readable, index, rows, copies):
                    add(record, text)
            draft.counts = {}
        emit(StepEnd())
    emit(WorkerEnd())


class _Copies:
    """What was found in each document, by its id."""

    def __init__(self, run: Run[DedupJob]) -> None:
        self._pairs: defaultdict[str, list[Pair]] = defaultdict(list)
        self._spans: defaultdict[str, list[Span]] = defaultdict(list)
        for pair in _read(run.output / PAIRS, Pair):
            if pair.kind == "copy":
                self._pairs[pair.copy].append(pair)
        for span in _read(run.output / SPANS, RepeatedSpan) if run.job.options.has_spans else ():
            for place in span.cuts:
                self._spans[place.document].append(place.span)

    def edits(self, record: Record, text: str) -> Pass:
        """Return the edits that remove the copies of a record."""
        return removal_edits(self._pairs.get(record.id, []), text, record.seam, self._spans.get(record.id, ()))


def _read(path: Path, kind: type[Row]) -> Iterator[Row]:
    """Read lines of a report."""
    decoder = msgspec.json.Decoder(kind)
    with path.open("rb") as file:
        yield from map(decoder.decode, file)


def _kept_records(
    records: Iterable[ReadRecord], index: int, rows: RowStore, copies: _Copies
) -> Iterator[tuple[Record, str]]:
    """Yield the records of a shard that stay, with their texts without copied passages."""
    stored_rows = rows.read(np.array(rows.of_shard(index), dtype=np.int64))
    row = next(stored_rows, None)
    for read in records:
        record, text = read.record, read.document.text
        if row and (record.id, record.line, record.file) == (row.id, row.line, row.file):
            drops = copies.edits(record, text)
            if not any(edit.rule == TEXT_RULE for edit in drops):
                # of a page in a field no passage can be cut: it stays as it is
                yield record, record.text if record.pages else edits.apply(text, drops)
            row = next(stored_rows, None)


def _join_outputs(run: Run[DedupJob], shards: list[Shard]) -> Iterator[Rejection]:
    for number, source in enumerate(run.job.sources):
        paths = [
            run.checkpoints.path(run.phase_shard(PHASE, index), DATA)
            for index, shard in enumerate(shards)
            if shard.source == number
        ]
        yield from join_parts(run, source, paths)
