"""Sketch the shards of one worker: read, name and sketch their documents, each shard committed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import msgspec
import numpy as np

from cleaner import _kernels, python_json
from cleaner.corpus import sketch_store
from cleaner.corpus.dedup.job import DedupJob
from cleaner.corpus.dedup.reading import read_batches
from cleaner.corpus.reading import ReadRecord
from cleaner.corpus.row_store import OFFSETS, ROWS, TEXTS, RowWriter
from cleaner.corpus.run import Run
from cleaner.corpus.shards import BYTES_A_CHARACTER, ShardWork, missing_shards
from cleaner.corpus.sketch_store import ANCHORS, LENGTHS, SKETCH
from cleaner.dedup import keeper, sketches
from cleaner.dedup.keeper import DATE_FIELD, POLICIES
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches
from cleaner.dedup.spans.anchors import Anchors, concatenate_anchors, find_anchors
from cleaner.formats.base import Format, Record, Source
from cleaner.formats.shared import json_values
from cleaner.formats.storage.folders import SkippedFile
from cleaner.local.checkpoints import ShardDraft
from cleaner.local.events import Assignment, Emit, WorkerEnd

PENALTIES, FIELDS, SIGNATURES = "penalties", "fields", "signatures"
"""Kinds of files of a shard: what documents have against them as keepers, and for an index their other fields and
their signatures."""


def sketch_shards(run: Run[DedupJob], assignment: Assignment, emit: Emit) -> None:
    """Sketch all shards of an assignment that are not committed yet."""
    _kernels.load(run.job.size // BYTES_A_CHARACTER)
    for work in missing_shards(run, assignment, emit):
        _ShardSketcher(run, work, emit).run()
    emit(WorkerEnd())


class _ShardSketcher:
    """One shard, from its records to its files."""

    def __init__(self, run: Run[DedupJob], work: ShardWork, emit: Emit) -> None:
        self.job, self.checkpoints, self.work, self.emit = run.job, run.checkpoints, work, emit
        self.source = run.job.sources[work.shard.source]
        self.format = run.job.format(self.source)
        self.scheme = derive_scheme(run.job.options)
        self.policy = run.job.options.keep
        self.rates = self.policy not in ("longest", "first")
        reads_often = bool(run.job.index_name) or run.job.options.has_spans
        self.keeps_texts = reads_often or not self.format.fetches_by_offset(self.source)
        self.skips: list[SkippedFile] = []
        self.sketches: list[tuple[int, Sketches]] = []
        self.anchors: list[tuple[int, Anchors]] = []

    def run(self) -> None:
        """Read and sketch all records, together in batches or each alone, then commit."""
        with self.checkpoints.draft(self.work.shard, self._kinds()) as draft:
            rows = RowWriter(draft, with_texts=self.keeps_texts, with_hashes=False)
            for batch in read_batches(self.work, self.job.reading.decoding):
                self._add(batch.documents, rows, draft)
                self.skips += batch.skips
                self.emit(batch.progress)
            sketch_store.write_sketches(draft.files[SKETCH], sketches.concatenate_sketches(self.sketches, self.scheme))
            if self.job.options.has_spans:
                sketch_store.write_anchors(draft.files[ANCHORS], concatenate_anchors(self.anchors))
            rows.close()
            draft.counts = self.skips

    def _kinds(self) -> Iterator[str]:
        yield from (ROWS, OFFSETS, SKETCH)
        yield from (TEXTS,) if self.keeps_texts else ()
        yield from (PENALTIES,) if self.rates else ()
        yield from (ANCHORS, LENGTHS) if self.job.options.has_spans else ()
        yield from (FIELDS, SIGNATURES) if self.job.index_name else ()

    def _add(self, documents: list[ReadRecord], rows: RowWriter, draft: ShardDraft) -> None:
        options = self.job.options
        texts = [item.document.text for item in documents]
        rows.add([name_record(item.record, self.source) for item in documents], texts)
        if documents:
            batch_sketches, signatures = sketches.sketch_with_signatures(texts, self.scheme, options.sketch_unit)
            self.sketches.append((len(texts), batch_sketches))
            if options.has_spans:
                self.anchors.append((len(texts), find_anchors(texts, options.min_span)))
                draft.write(LENGTHS, np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)).data)
            if self.job.index_name:
                draft.write(SIGNATURES, signatures.tobytes())
                draft.write(FIELDS, b"".join([self._encode_fields(item.record) for item in documents]))
        if self.rates:
            rates = (rate_record(self.policy, self.format, item) for item in documents)
            draft.write(PENALTIES, b"".join([python_json.encode(rate) + b"\n" for rate in rates]))

    def _encode_fields(self, record: Record) -> bytes:
        fields = self.format.fields(record)
        others = {name: value for name, value in fields.items() if name != self.job.reading.text}
        return json_values.encode_line(others)


def rate_record(policy: str, format_: Format, read: ReadRecord) -> Any:
    """Rate a record as a keeper, see `keeper.penalty`."""
    name = DATE_FIELD if policy == "earliest" else policy
    needs_field = policy == "earliest" or policy not in POLICIES
    fields = {name: _field(format_, read.record, name)} if needs_field else {}
    return keeper.penalty(policy, read.document.text, fields)


def name_record(record: Record, source: Source) -> Record:
    """Return a record under the id that names it among all documents of a run."""
    key = document_id(record, source.files[0].target)
    return record if key is record.id else msgspec.structs.replace(record, id=key)


def document_id(record: Record, target: str) -> str:
    """Return the id of a record; one that has none is called `FILE:LINE`.

    Args:
        record: as a reader names it, by a FILE without its folders; records of two folders would be called alike.
        target: the file, told from the folder that was searched.
    """
    if record.line and "/" in target and record.id == f"{PurePath(record.file).name}:{record.line}":
        return f"{target}:{record.line}"
    return record.id


def _field(format_: Format, record: Record, name: str) -> Any:
    """Return one field of a record; a number in a format where all values are text as a number."""
    value = format_.value(record, name)
    if not format_.is_typed and isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    return value


_NUMBER = re.compile(r"-?\d+(\.\d+)?")
