"""Clean the shards of one worker: those of every source that are its own, batch by batch, each shard committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from cleaner import _kernels
from cleaner.corpus import quarantine, records, sketch_store, writing
from cleaner.corpus.job import CleanJob
from cleaner.corpus.plan import is_refused
from cleaner.corpus.reading import read_record
from cleaner.corpus.records import CleanedRecord, FindEarlier
from cleaner.corpus.report.summary import RunSummary
from cleaner.corpus.row_store import OFFSETS, ROWS, TEXTS, RowWriter
from cleaner.corpus.run import Run
from cleaner.corpus.shards import BYTES_A_CHARACTER, DATA, EDITS, REJECTED, ShardWork, missing_shards
from cleaner.corpus.sketch_store import SKETCH
from cleaner.corpus.update import earlier_results
from cleaner.corpus.update.earlier_results import EarlierResults
from cleaner.corpus.writing import PASSAGE_OPTIONS, RecordWriter
from cleaner.dedup import sketches
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches
from cleaner.formats import text as texts
from cleaner.formats.base import Record, Rejection, Source
from cleaner.local.checkpoints import ShardDraft
from cleaner.local.events import Advance, Assignment, Emit, WorkerEnd


def clean_shards(run: Run[CleanJob], assignment: Assignment, emit: Emit) -> None:
    """Clean all shards of an assignment that are not committed yet."""
    _kernels.load(run.job.size // BYTES_A_CHARACTER)
    with open_earlier_results(run) as find_earlier:
        for work in missing_shards(run, assignment, emit):
            _ShardCleaner(run, work, emit, find_earlier).run()
    emit(WorkerEnd())


@contextmanager
def open_earlier_results(run: Run[CleanJob]) -> Iterator[FindEarlier | None]:
    """Open the results of the run before; None where none of them hold."""
    if not (run.checkpoints.folder / earlier_results.KEYS).exists():
        yield None
        return
    with run.previous.ledger_path.open("rb") as ledger:
        yield EarlierResults(run.job, ledger, run.checkpoints.folder).find


class _ShardCleaner:
    """One shard, from its records to its files."""

    def __init__(self, run: Run[CleanJob], work: ShardWork, emit: Emit, find_earlier: FindEarlier | None) -> None:
        self.find_earlier = find_earlier
        self.job, self.checkpoints, self.work, self.emit = run.job, run.checkpoints, work, emit
        self.source = run.job.sources[work.shard.source]
        self.format = run.job.format(self.source)
        self.compares = run.job.config.dedup != "off"
        self.summary = RunSummary()
        self.sketches: list[tuple[int, Sketches]] = []

    def run(self) -> None:
        """Clean and write all records, together in batches or each alone, then commit."""
        job, work = self.job, self.work
        with self.checkpoints.draft(work.shard, self._kinds()) as draft:
            rows = RowWriter(draft, with_texts=self.compares)
            with ExitStack() as stack:
                writer = self._writer(draft, stack)
                reads = (read_record(item, job.decoding) for item in work.items)
                size = 0 if work.is_poison else records.BATCH_CHARACTERS
                results = records.clean_records(
                    reads, job.pack, job.config.page_options, size, find_earlier=self.find_earlier
                )
                for batch in results:
                    self._write(batch, writer, rows, draft)
            if self.compares:
                whole_sketches = sketches.concatenate_sketches(self.sketches, derive_scheme(PASSAGE_OPTIONS))
                sketch_store.write_sketches(draft.files[SKETCH], whole_sketches)
            rows.close()
            draft.counts = self.summary.as_dict()

    def _kinds(self) -> Iterator[str]:
        yield from (DATA, EDITS, REJECTED, ROWS, OFFSETS)
        yield from (TEXTS, SKETCH) if self.compares else ()
        yield from (quarantine.DATA, quarantine.LINES) if self.job.quarantine else ()

    def _writer(self, draft: ShardDraft, stack: ExitStack) -> RecordWriter:
        add = stack.enter_context(self.format.writer(draft.files[DATA], self.source, self.job.reading))
        has_lines = self.format.restorable and not self.format.is_per_file
        lines = self.source.target if has_lines and not is_refused(self.source, self.job.reading) else None
        keep = None
        if self.job.quarantine:
            keep = stack.enter_context(quarantine.writer(draft.files[quarantine.DATA], self.source, self.job))
        return RecordWriter(
            lambda record: output_name(record, self.source), add, lines, keep, self.job.quarantine_doubt
        )

    def _write(
        self, batch: list[CleanedRecord | Rejection], writer: RecordWriter, rows: RowWriter, draft: ShardDraft
    ) -> None:
        results = list(writing.write_records(batch, writer, self.summary))
        draft.write(EDITS, b"".join([result.entry for result in results]))
        draft.write(REJECTED, b"".join([result.rejection for result in results]))
        if writer.quarantine:
            draft.write(quarantine.LINES, b"".join([result.quarantine_line for result in results]))
        output = [record for result in results if (record := result.output_record)]
        texts = [record.cleaned.text for record in output]
        rows.add([record.read.record for record in output], texts)
        if self.compares:
            self.sketches += writing.sketch_texts(texts)
        self.emit(self._advance(batch[-1], output, sum(result.size for result in results)))

    def _advance(self, last: CleanedRecord | Rejection, output: list[CleanedRecord], size: int) -> Advance:
        position = self.work.position + (
            last.read.record.stored_offset if isinstance(last, CleanedRecord) else last.stored_offset
        )
        before = sum(len(record.cleaned.document.text) for record in output)
        after = sum(len(record.cleaned.text) for record in output)
        return Advance(position, len(output), size, before, after)


def output_name(record: Record, source: Source) -> str:
    """Return the file that holds a record's clean text."""
    return source.target if source.target and not source.target.endswith("/") else texts.output_file(record, source)
