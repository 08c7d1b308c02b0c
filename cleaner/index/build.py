"""Adding documents to a stored index, and all pairs in which stored documents stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.corpus.dedup import inputs
from cleaner.corpus.dedup import run as duplicates
from cleaner.corpus.dedup.sketching import each, in_blocks
from cleaner.dedup import jaccard, keeper
from cleaner.dedup import sketches as sketch
from cleaner.dedup.find import Collection, find_pairs
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches
from cleaner.errors import UsageError
from cleaner.index.store import Scheme, Store, Stored, record_of, scheme_of
from cleaner.options import DedupOptions
from cleaner.text.host import find_host

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.corpus.dedup.inputs import Slice
    from cleaner.corpus.dedup.run import Summary
    from cleaner.corpus.dedup.sketching import Job
    from cleaner.dedup.pairs import Pair
    from cleaner.formats.files import SkippedFile


def opened(name: str, wanted: Scheme | None = None) -> Store:
    """The index of that name, a file or `redis://host:port/number?name=…`; made when missing and a scheme is given.

    UsageError when there is none, or when its scheme is not the wanted one.
    """
    if name.startswith(("redis://", "rediss://")):
        from cleaner.index.redis import RedisStore

        return RedisStore(name, wanted)
    from cleaner.index.sqlite import SqliteStore

    return SqliteStore(Path(name), wanted)


def run(
    job: Job,
    output: Path,
    name: str,
    action: duplicates.Action = "flag",
    workers: int = 1,
    tick: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Add all sources to an index and write the pairs in which they stand, with everything that was there before.

    One transaction: the index holds all of the new documents or, after an error, none.
    """
    output.mkdir(parents=True, exist_ok=True)
    _kernels.load(job.characters)
    store = opened(name, scheme_of(job.options))
    skipped: list[SkippedFile] = []
    try:
        with store:
            added = list(_added(store, job, workers, skipped, tick))
            store.flush()
            known = [row for rows, _ in added for row in rows]
            pairs = of_rows(store, job.options, known)
            duplicates.report(pairs, output, job.options.keep)
            if action == "drop":
                duplicates.drop(job, pairs, output)
        items = sketch.concatenate_sketches([(len(rows), made) for rows, made in added], derive_scheme(job.options))
        return duplicates.summary(items, len(known), pairs, job.options.shingle, skipped)
    finally:
        store.close()


class _Block(NamedTuple):
    """Documents with their sketches and signatures."""

    documents: list[Stored]
    sketches: Sketches
    signed: NDArray[np.uint32]


def _added(
    store: Store, job: Job, workers: int, skipped: list[SkippedFile], tick: Callable[[int], None]
) -> Iterator[tuple[list[int], Sketches]]:
    """Add documents block by block; those that are stored already with the same text are passed over."""
    parts = inputs.parts(job.sources)
    for (blocks, left_out), part in zip(each(_blocks, job, parts, workers), parts, strict=True):
        skipped += left_out
        for block in blocks:
            fresh = _fresh(store, block.documents)
            if len(fresh) < len(block.documents):
                block = _block(fresh, job.options)
            if fresh:
                yield store.add(*block), block.sketches
        tick(sum(piece.stop - piece.start for piece in part))


def _blocks(job: Job, part: Sequence[Slice]) -> tuple[list[_Block], list[SkippedFile]]:
    """The documents of one part, ready to be stored, and what was left out."""
    _kernels.load(job.characters)
    skipped: list[SkippedFile] = []
    made = []
    for rows in in_blocks(inputs.read(job.sources, part, job.fields), skipped):
        documents = [Stored(row.id, row.text, record_of(row.record, job.fields.text)) for row in rows]
        made.append(_block(documents, job.options))
    return made, skipped


def _block(documents: list[Stored], options: DedupOptions) -> _Block:
    return _Block(
        documents,
        *sketch.sketch_with_signatures([document.text for document in documents], derive_scheme(options), options.unit),
    )


def _fresh(store: Store, documents: Sequence[Stored]) -> list[Stored]:
    if len({document.id for document in documents}) < len(documents):
        raise UsageError("two new documents have one id; ids tell documents apart: name another field with --id-field")
    known = store.rows([document.id for document in documents])
    again = [document for document in documents if document.id in known]
    for new, old in zip(again, store.documents([known[document.id] for document in again]), strict=True):
        if new.text != old.text:
            raise UsageError(
                f"the index has another text under the id {new.id!r}; "
                "`cleaner index remove` it first, or give the new one another id"
            )
    return [document for document in documents if document.id not in known]


def of_rows(store: Store, options: DedupOptions, rows: Sequence[int]) -> list[Pair]:
    """All pairs in which one of these documents stands, exactly as one search through everything would find them.

    Buckets lie wholly inside what the rows reach from bucket to bucket, so searching that gives the same clusters.
    """
    if not rows:
        return []
    reached, items = _reached(store, options, rows)
    documents = _Documents(store, reached)
    collection = _collection(documents, options)
    new = {collection.ids[at] for at in range(len(rows))}
    return [pair for pair in find_pairs(items, collection, options) if pair.copy in new or pair.keeper in new]


def _reached(store: Store, options: DedupOptions, rows: Sequence[int]) -> tuple[list[int], Sketches]:
    """The rows and all that share a bucket with them, directly or through others, with their sketches."""
    reached, made = list(rows), []
    known, at = set(rows), 0
    while at < len(reached):
        fresh: list[int] = []
        for some in _texts(store, reached[at:]):
            sketches, signed = sketch.sketch_with_signatures(some, derive_scheme(options), options.unit)
            made.append((len(some), sketches))
            met = np.unique(store.sharing(sketches, signed)[:, 1]).tolist()
            fresh += [row for row in met if row not in known]
            known.update(met)
        at = len(reached)
        reached += fresh
    return reached, sketch.concatenate_sketches(made, derive_scheme(options))


def _texts(store: Store, rows: Sequence[int]) -> Iterator[list[str]]:
    """The texts of rows in blocks."""
    for at in range(0, len(rows), _SOME):
        yield from sketch.in_batches(document.text for document in store.documents(rows[at : at + _SOME]))


_SOME = 256


class _Documents:
    """Stored documents by their place among the reached rows."""

    def __init__(self, store: Store, rows: Sequence[int]) -> None:
        self._store, self._rows = store, rows

    def __call__(self, places: Sequence[int]) -> list[str]:
        """Their texts."""
        return [document.text for document in self._store.documents([self._rows[at] for at in places])]

    def __iter__(self) -> Iterator[Stored]:
        for at in range(0, len(self._rows), _SOME):
            yield from self._store.documents(self._rows[at : at + _SOME])


def _collection(documents: _Documents, options: DedupOptions) -> Collection:
    ids, against, known = [], [], {}
    for document in documents:
        ids.append(document.id)
        against.append(keeper.penalty(options.keep, document.text, document.record))
        known[document.id] = find_host(document.id, document.record)
    return Collection(
        ids, keeper.ordinals(against), known.__getitem__, jaccard.shingle_fetcher(documents, options.shingle)
    )
