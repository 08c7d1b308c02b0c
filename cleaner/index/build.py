"""Add the documents of a corpus to a stored index, and find all pairs in which they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from cleaner.index.search import pairs_of_rows
from cleaner.index.store import IndexedDocument, IndexScheme, Store, scheme_of
from cleaner.local.pool import Pool, ignore
from cleaner.options import DedupOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.local.pool import Watch

PENDING = "pending.json"
"""In the run's folder: the summary of a run whose documents are about to be in the index."""


def open_store(name: str, scheme: IndexScheme | None = None) -> Store:
    """Open the index of that name; it is made where it is missing and a scheme is given.

    Args:
        name: a file or `redis://host:port/number?name=…`.
        scheme: the scheme that it must have.

    Raises:
        UsageError: there is none, or it has another scheme.
    """
    if name.startswith(("redis://", "rediss://")):
        from cleaner.index.redis import RedisStore

        return RedisStore(name, scheme)
    from cleaner.index.sqlite import SqliteStore

    return SqliteStore(Path(name), scheme)


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
            files.write_bytes(run.folder / PENDING, msgspec.json.encode(summary))
        return summary
    finally:
        store.close()


def _read_pending(run: Run[DedupJob], store: Store) -> DedupSummary | None:
    """Read the summary of a run that was interrupted after its documents were in the index."""
    path = run.folder / PENDING
    ids = StoredDocuments(run).ids
    if path.exists() and len(store.rows(ids)) == len(ids):
        return msgspec.json.decode(path.read_bytes(), type=DedupSummary)
    return None


def _add_and_report(run: Run[DedupJob], store: Store, pool: Pool) -> DedupSummary:
    job, documents = run.job, StoredDocuments(run)
    rows: list[int] = []
    sketches: list[tuple[int, Sketches]] = []
    for batch in _fresh_batches(store, documents, job.options):
        rows += store.add(*batch)
        sketches.append((len(batch.documents), batch.sketches))
    store.flush()
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


def _fresh_batches(store: Store, documents: StoredDocuments, options: DedupOptions) -> Iterator[_Batch]:
    """Yield the documents of each shard that are not stored yet; those with the same text are passed over."""
    for shard in range(documents.shards):
        new = [IndexedDocument(*columns) for columns in documents.with_fields(shard)]
        fresh = _refuse_other_texts(store, new)
        if fresh and len(fresh) < len(new):
            yield _sketch(fresh, options)
        elif fresh:
            yield _Batch(fresh, documents.shard_sketches(shard), documents.signatures(shard))


def _sketch(documents: list[IndexedDocument], options: DedupOptions) -> _Batch:
    scheme = derive_scheme(options)
    batches = list(in_batches(document.text for document in documents))
    sketches, signatures = zip(*(sketch_with_signatures(batch, scheme, options.unit) for batch in batches), strict=True)
    lengths = map(len, batches)
    whole_sketches = concatenate_sketches(list(zip(lengths, sketches, strict=True)), scheme)
    return _Batch(documents, whole_sketches, np.concatenate(signatures))


def _refuse_other_texts(store: Store, documents: Sequence[IndexedDocument]) -> list[IndexedDocument]:
    """Return the documents that are not stored; UsageError for another text under a stored id."""
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
    return [document for document in documents if document.id not in rows]
