"""Add the documents of a corpus to a stored index, and find all pairs in which they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from cleaner import _kernels
from cleaner.corpus.dedup.documents import StoredDocuments
from cleaner.corpus.dedup.drop_documents import drop_documents
from cleaner.corpus.dedup.job import DedupJob
from cleaner.corpus.dedup.report import DedupSummary, summarize, write_report
from cleaner.corpus.dedup.run import open_run, read_summary, start_pool, write_summary
from cleaner.corpus.dedup.sketching import sketch_shards
from cleaner.corpus.run import Run
from cleaner.corpus.shards import BYTES_A_CHARACTER
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches, concatenate_sketches, in_batches, sketch_with_signatures
from cleaner.errors import UsageError
from cleaner.formats.storage import files
from cleaner.index.guarded import GuardedStore, explained
from cleaner.index.search import pairs_of_rows
from cleaner.index.store import IndexedDocument, IndexScheme, Store, scheme_of
from cleaner.local.pool import Pool, ignore
from cleaner.options import DedupOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.local.pool import Watch

PENDING, FRESH = "pending.json", "fresh.json"
"""Among the checkpoints: the summary of a run whose documents are about to be in the index, and the ids of those that
were not in it when the run came to it first. What a killed run left there is by these still its own."""


def open_store(name: str, scheme: IndexScheme | None = None) -> Store:
    """Open the index of that name; it is made where it is missing and a scheme is given.

    Args:
        name: a file or `redis://host:port/number?name=…`.
        scheme: the scheme that it must have.

    Raises:
        UsageError: there is none, or it has another scheme.
        CleanerError: it cannot be reached or written now.
    """

    def make() -> Store:
        if name.startswith(("redis://", "rediss://")):
            from cleaner.index.redis import RedisStore

            return RedisStore(name, scheme)
        from cleaner.index.sqlite import SqliteStore

        return SqliteStore(Path(name), scheme)

    return GuardedStore(name, make)


def add_corpus(
    job: DedupJob,
    output: Path,
    *,
    workers: int | None = None,
    force: bool = False,
    restart: bool = False,
    watch: Watch = ignore,
) -> DedupSummary:
    """Add all sources of a job to its index and write the pairs in which they stand, with what was there before.

    One transaction: the index holds all of the new documents or, after an error, none. The arguments are those of
    `corpus.dedup.run.deduplicate_corpus`.
    """
    with open_run(job, output, force=force, restart=restart) as run, start_pool(run, workers, watch) as pool:
        if not run.is_complete:
            pool.work(sketch_shards, run)
            run.require_unchanged_inputs()
            write_summary(run, _add_documents(run, pool))
        return read_summary(run)


def _add_documents(run: Run[DedupJob], pool: Pool) -> DedupSummary:
    job = run.job
    pool.announce("near-duplicates")
    _kernels.load(job.size // BYTES_A_CHARACTER)
    store = open_store(job.index_name or "", scheme_of(job.options))
    try:
        if summary := _read_pending(run, store):
            return summary
        with store:
            summary = _add_and_report(run, store, pool)
            files.write_bytes(run.checkpoints.folder / PENDING, msgspec.json.encode(summary))
        return summary
    finally:
        store.close()


def _read_pending(run: Run[DedupJob], store: Store) -> DedupSummary | None:
    """Read the summary of a run that was interrupted after its documents were in the index."""
    path = run.checkpoints.folder / PENDING
    ids = StoredDocuments(run).ids
    if path.exists() and len(store.rows(ids)) == len(set(ids)):
        return msgspec.json.decode(path.read_bytes(), type=DedupSummary)
    return None


def _read_fresh_ids(run: Run[DedupJob], store: Store, documents: StoredDocuments) -> set[str]:
    """Return the ids of the documents that a run adds, as they were when it began to."""
    path = run.checkpoints.folder / FRESH
    if not path.exists():
        ids = documents.ids
        known = store.rows(ids)
        files.write_bytes(path, msgspec.json.encode([name for name in ids if name not in known]))
    return msgspec.json.decode(path.read_bytes(), type=set[str])


def _add_and_report(run: Run[DedupJob], store: Store, pool: Pool) -> DedupSummary:
    job, documents = run.job, StoredDocuments(run)
    fresh = _read_fresh_ids(run, store, documents)
    rows: list[int] = []
    sketches: list[tuple[int, Sketches]] = []
    for shard in range(documents.shards):
        adder = _ShardAdder(store, documents, shard, job.options)
        if new := adder.take(fresh):
            rows += adder.add(new)
            sketches.append((len(new), adder.batch(new).sketches))
    store.flush()
    with explained(job.index_name or ""):
        pairs = pairs_of_rows(store, job.options, rows)
    write_report(pairs, run.output, job.options.keep)
    skips = documents.skips()
    if job.action == "drop":
        skips += drop_documents(run, pool)
    items = concatenate_sketches(sketches, derive_scheme(job.options))
    return summarize(items, len(rows), pairs, job.options.shingle, skips)


def add_documents(store: Store, documents: list[IndexedDocument], options: DedupOptions) -> None:
    """Add documents whose ids are not stored, all or none."""
    with store:
        store.add(*_sketch(documents, options))
        store.flush()


class _Batch(NamedTuple):
    """Documents with their sketches and signatures."""

    documents: list[IndexedDocument]
    sketches: Sketches
    signatures: NDArray[np.uint32]


class _ShardAdder:
    """The documents of a shard on their way into an index; those with the same text are passed over."""

    def __init__(self, store: Store, documents: StoredDocuments, shard: int, options: DedupOptions) -> None:
        self._store, self._stored, self._shard, self._options = store, documents, shard, options
        self._documents = [IndexedDocument(*columns) for columns in documents.with_fields(shard)]

        self._rows = _refuse_other_texts(store, self._documents)

    def take(self, fresh: set[str]) -> list[IndexedDocument]:
        """Take the documents out that a run adds, an earlier try of it included; no other shard adds them."""
        documents = [document for document in self._documents if document.id in fresh]
        fresh.difference_update(document.id for document in documents)
        return documents

    def add(self, documents: Sequence[IndexedDocument]) -> list[int]:
        """Add those of some documents that are not in the index; the rows of all."""
        if missing := [document for document in documents if document.id not in self._rows]:
            new_rows = self._store.add(*self.batch(missing))
            self._rows |= zip((document.id for document in missing), new_rows, strict=True)
        return [self._rows[document.id] for document in documents]

    def batch(self, documents: list[IndexedDocument]) -> _Batch:
        """Read the sketches of the whole shard, or sketch some of its documents again."""
        if len(documents) < len(self._documents):
            return _sketch(documents, self._options)
        return _Batch(documents, self._stored.shard_sketches(self._shard), self._stored.signatures(self._shard))


def _sketch(documents: list[IndexedDocument], options: DedupOptions) -> _Batch:
    scheme = derive_scheme(options)
    batches = list(in_batches(document.text for document in documents))
    sketches, signatures = zip(*(sketch_with_signatures(batch, scheme, options.unit) for batch in batches), strict=True)
    lengths = map(len, batches)
    whole_sketches = concatenate_sketches(list(zip(lengths, sketches, strict=True)), scheme)
    return _Batch(documents, whole_sketches, np.concatenate(signatures))


def _refuse_other_texts(store: Store, documents: Sequence[IndexedDocument]) -> dict[str, int]:
    """Return the rows of documents that are stored, by id; UsageError for another text under a stored id."""
    if len({document.id for document in documents}) < len(documents):
        raise UsageError("two new documents have one id; ids tell documents apart: name another field with --id-field")
    rows = store.rows([document.id for document in documents])
    known_documents = [document for document in documents if document.id in rows]
    for new, old in zip(
        known_documents, store.documents([rows[document.id] for document in known_documents]), strict=True
    ):
        if new.text != old.text:
            raise UsageError(
                f"the index has another text under the id {new.id!r}; "
                "`cleaner index remove` it first, or give the new one another id"
            )
    return rows
