"""The sketched documents of a run, read where they lie: what the search for near-duplicates asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from cleaner import python_json
from cleaner.corpus.dedup.job import DedupJob
from cleaner.corpus.dedup.sketching import FIELDS, PENALTIES, SIGNATURES
from cleaner.corpus.dedup.span_files import ColumnFiles, StoredAnchors
from cleaner.corpus.reading import ReadRecord, read_record
from cleaner.corpus.row_store import RowStore
from cleaner.corpus.run import Run
from cleaner.corpus.sketch_store import ANCHORS, LENGTHS, SKETCH, SketchStore
from cleaner.dedup import keeper, shingles
from cleaner.dedup.find import Collection
from cleaner.dedup.id_column import HostColumn, IdColumn
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.span_search import SpanSource
from cleaner.errors import CleanerError
from cleaner.formats.base import RecordKey
from cleaner.formats.storage.folders import SkippedFile
from cleaner.local.checkpoints import Shard
from cleaner.text.printable import make_encodable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.shingles import Shingles
    from cleaner.dedup.sketches import Sketches


class StoredDocuments:
    """All documents of a run with their sketches. Texts stay on the disk."""

    def __init__(self, run: Run[DedupJob]) -> None:
        self._run = run
        self._shards = run.shards()
        self.rows = RowStore(run.checkpoints, self._shards, self._read_source)

    def _read_source(self, shard: Shard, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
        job, source = self._run.job, self._run.job.sources[shard.source]
        keys = [RecordKey(shard.number, 0, 0, start, stop - start) for start, stop in spans]
        for item in job.format(source).fetch(source, job.reading, keys):
            read = read_record(item, job.reading.decoding, with_islands=False)
            if not isinstance(read, ReadRecord):
                raise CleanerError(f"{source.path}: changed during the run; begin anew with --restart")
            yield read.document.text

    @property
    def shards(self) -> int:
        """The number of shards."""
        return len(self._shards)

    @cached_property
    def sketches(self) -> Sketches:
        """The sketches; the keys of a band are read when they are asked for."""
        paths = [self._run.checkpoints.path(shard, SKETCH) for shard in self._shards]
        store = SketchStore(paths, self.rows.firsts, derive_scheme(self._run.job.options).bands)
        return store.without_keys()._replace(keys=store.keys())

    @cached_property
    def ids(self) -> list[str]:
        """The ids of all documents."""
        return [row.id for row in self.rows.read_all()]

    def collection(self) -> Collection:
        """Return the documents as the search wants them."""
        hosts = HostColumn()

        def read_ids() -> Iterator[str]:
            for row in self.rows.read_all():
                hosts.append(row.host)
                yield row.id

        ids = IdColumn(read_ids())
        return Collection(ids, self._penalties(), hosts, self.fetch_shingles)

    def span_source(self) -> SpanSource:
        """Return the documents as the search for repeated spans wants them."""
        anchors = StoredAnchors(self._paths(ANCHORS), np.diff(self.rows.firsts).tolist())
        return SpanSource(lambda: anchors, self._lengths, self.fetch_code_points, ColumnFiles(self._run.folder))

    @cached_property
    def _lengths(self) -> NDArray[np.int64]:
        """The characters of each document, where repeated spans are found."""
        lengths = [np.fromfile(path, dtype=np.int64) for path in self._paths(LENGTHS)]
        return np.concatenate([np.empty(0, dtype=np.int64), *lengths])

    def fetch_code_points(self, rows: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return the code points of the texts of some documents, end to end."""
        return self.rows.code_points(rows, np.zeros_like(rows), self._lengths[rows])

    def _paths(self, kind: str) -> list[Path]:
        return [self._run.checkpoints.path(shard, kind) for shard in self._shards]

    def with_fields(self, shard: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield id, text and other fields of the documents of a shard, for an index."""
        numbers = self.rows.of_shard(shard)
        rows = self.rows.read(np.array(numbers, dtype=np.int64))
        fields = read_lines(self._run.checkpoints.path(self._shards[shard], FIELDS))
        for number, row, record in zip(numbers, rows, fields, strict=True):
            yield row.id, make_encodable(self.rows.text(number)), _make_storable(record)

    def shard_sketches(self, shard: int) -> Sketches:
        """Return the sketches of a shard with their keys; `documents` are numbered from 0."""
        options = self._run.job.options
        count = np.array([0, len(self.rows.of_shard(shard))])
        path = self._run.checkpoints.path(self._shards[shard], SKETCH)
        store = SketchStore([path], count, derive_scheme(options).bands)
        return store.take(np.arange(len(store)))

    def signatures(self, shard: int) -> NDArray[np.uint32]:
        """Return the signatures of a shard, (items, permutations)."""
        path = self._run.checkpoints.path(self._shards[shard], SIGNATURES)
        return np.fromfile(path, dtype=np.uint32).reshape(-1, self._run.job.options.permutations)

    def _penalties(self) -> NDArray[np.int64]:
        policy = self._run.job.options.keep
        paths = [self._run.checkpoints.path(shard, PENALTIES) for shard in self._shards]
        if not all(path.exists() for path in paths):
            return np.zeros(len(self.rows), dtype=np.int64)
        penalties: list[Any] = [value for path in paths for value in read_lines(path)]
        keeper.check_policy(policy, penalties)
        return keeper.ordinals(penalties)

    def fetch_shingles(self, rows: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64]) -> Shingles:
        """Return the shingles of spans of documents, one each, (spans,) arrays."""
        codes = self.rows.code_points(rows, starts, stops)
        ends = np.cumsum(stops - starts)
        return shingles.shingle_ranges(codes, ends - (stops - starts), ends, self._run.job.options.shingle)

    def skips(self) -> list[SkippedFile]:
        """List what was left out before the run and while it read."""
        counts = [msgspec.convert(self._run.checkpoints.counts(shard), list[SkippedFile]) for shard in self._shards]
        return [*self._run.job.skipped, *(skip for shard_skips in counts for skip in shard_skips)]


def _make_storable(value: Any) -> Any:
    """Replace the half surrogates of a value, which no index holds."""
    try:
        msgspec.msgpack.encode(value)
    except UnicodeEncodeError:
        return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value


def read_lines(path: Path) -> Iterator[Any]:
    """Read a file of JSON lines."""
    with path.open("rb") as file:
        decoder = msgspec.json.Decoder()
        yield from (python_json.decode(line, decoder) for line in file)
