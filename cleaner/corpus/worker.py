"""What one worker does: its shards of every source, block by block, each committed as a part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count

from cleaner import _kernels
from cleaner.corpus import quarantine, row_store, sketch_store
from cleaner.corpus import records as stage
from cleaner.corpus import writing as step
from cleaner.corpus.job import Job
from cleaner.corpus.records import Done
from cleaner.corpus.report.summary import Summary
from cleaner.corpus.row_store import Places
from cleaner.corpus.writing import COMPARED, Writing
from cleaner.dedup import sketches
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches
from cleaner.formats import jsonl
from cleaner.formats import text as texts
from cleaner.formats.base import Item, Record, Rejection, Source
from cleaner.local.checkpoints import KINDS, Draft, Parts
from cleaner.local.events import Begun, Ended, Moved, Share, Tell, Trouble, Watched


def run(job: Job, parts: Parts, share: Share, tell: Tell) -> None:
    """Do all shards of a share that are not done yet."""
    _kernels.load(job.size // 3)
    troubles = {(trouble.source, trouble.shard): trouble for trouble in share.troubles}
    passed = 0
    for number, source in enumerate(job.sources):

        def wanted(shard: int, number: int = number) -> bool:
            return (number + shard) % share.of == share.worker and not parts.is_done(number, shard)

        for shard, items in job.format(source).shards(source, job.reading, wanted):
            tell(Begun(number, shard))
            trouble = troubles.get((number, shard))
            chosen = _watched(items, trouble, tell) if trouble else items
            _Shard(job, number, tell, passed).work(parts, shard, chosen, alone=trouble is not None)
        passed += source.size
        tell(Moved(passed))
    tell(Ended())


def _watched(items: Iterator[Item], trouble: Trouble, tell: Tell) -> Iterator[Item]:
    """The records of a shard, each told of before it is read; those that are known to end the worker are refused."""
    for place in count():
        tell(Watched(place))
        item = next(items, None)
        if item is None:
            return
        refused = trouble.whole or place in trouble.refused
        yield stage.rejected(item, trouble.reason) if refused and isinstance(item, Record) else item


class _Shard:
    """A shard under way."""

    def __init__(self, job: Job, number: int, tell: Tell, passed: int) -> None:
        self.job, self.source, self.number = job, job.sources[number], number
        self.tell, self.passed = tell, passed
        self.format = job.format(self.source)
        self.compares = job.chosen.dedup != "off"
        self.found = Summary()
        self.sketches: list[tuple[int, Sketches]] = []
        self.places = Places()
        self.at = 0

    def work(self, parts: Parts, shard: int, items: Iterator[Item], *, alone: bool) -> None:
        """Clean and write all records, together in blocks or each `alone`, then commit."""
        with parts.draft(self.number, shard, self._kinds()) as draft:
            with ExitStack() as stack:
                writing = self._writing(draft, stack)
                reads = (stage.read(item, self.job.reading.encoding) for item in items)
                block_size = 0 if alone else stage.BLOCK
                for block in stage.clean(reads, self.job.pack, self.job.chosen.clean_options, block_size):
                    self._write(block, writing, draft)
            if self.compares:
                sketch_store.save(
                    draft.files["sketch"], sketches.concatenate_sketches(self.sketches, derive_scheme(COMPARED))
                )
            draft.write("places", self.places.data())
            draft.counts = self.found.as_dict()

    def _kinds(self) -> Iterator[str]:
        left_out = () if self.compares else ("texts", "sketch")
        yield from (kind for kind in KINDS if kind not in left_out)
        yield from (quarantine.DATA, quarantine.LISTED) if self.job.quarantine else ()

    def _writing(self, draft: Draft, stack: ExitStack) -> Writing:
        add = stack.enter_context(self.format.writer(draft.files["data"], self.source, self.job.reading))
        lines = self.source.target if self.format is jsonl.FORMAT else None
        put_aside = None
        if self.job.quarantine:
            put_aside = stack.enter_context(quarantine.writer(draft.files[quarantine.DATA], self.source, self.job))
        return Writing(lambda record: output(record, self.source), add, lines, put_aside)

    def _write(self, block: list[Done | Rejection], writing: Writing, draft: Draft) -> None:
        written = list(step.rows(block, writing, self.found))
        draft.write("edits", b"".join([row.entry for row in written]))
        draft.write("rejected", b"".join([row.rejected for row in written]))
        if writing.aside:
            draft.write(quarantine.LISTED, b"".join([row.aside for row in written]))
        done = [item for row in written if (item := row.done)]
        self._keep(done, draft)
        last = block[-1]
        self.at = last.read.record.at if isinstance(last, Done) else last.at
        before = sum(len(item.cleaned.document.text) for item in done)
        after = sum(len(item.cleaned.text) for item in done)
        self.tell(Moved(self.passed + self.at, len(done), sum(row.size for row in written), before, after))

    def _keep(self, done: list[Done], draft: Draft) -> None:
        """What the search for near-duplicates needs of records, and who looks for one by its id."""
        texts = [item.cleaned.text for item in done]
        records = [item.read.record for item in done]
        about = [
            row_store.encoded(row_store.Row(record.id, record.file, record.line, record.host)) for record in records
        ]
        draft.write("rows", b"".join(about))
        for record, line, text in zip(records, about, texts, strict=True):
            self.places.add(record.id, len(line), len(text))
        if self.compares:
            draft.write("texts", row_store.together(texts))
            self.sketches += step.sketches(texts)


def output(record: Record, source: Source) -> str:
    """The file that holds a record's clean text."""
    return source.target if source.target and not source.target.endswith("/") else texts.output_file(record, source)
