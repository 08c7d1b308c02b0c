"""Documents against a stored index: add new ones, ask for what is like a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from cleaner.dedup import check, hosts, keep, sketch
from cleaner.dedup.collection import Collection, Options, find
from cleaner.dedup.sketch import Sketches
from cleaner.engines import duplicates, sources
from cleaner.engines.sketching import in_blocks
from cleaner.errors import UsageError
from cleaner.formats.index import Scheme, Store, Stored, record_of, scheme_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.results import Pair
    from cleaner.engines.duplicates import Summary
    from cleaner.engines.sketching import Job
    from cleaner.formats.files import Skipped


def opened(name: str, wanted: Scheme | None = None) -> Store:
    """The index of that name, a file or `redis://host:port/number?name=…`; made when missing and a scheme is given.

    UsageError when there is none, or when its scheme is not the wanted one.
    """
    if name.startswith(("redis://", "rediss://")):
        from cleaner.formats.redis_index import RedisStore

        return RedisStore(name, wanted)
    from cleaner.formats.sqlite_index import SqliteStore

    return SqliteStore(Path(name), wanted)


def run(
    job: Job,
    output: Path,
    name: str,
    action: duplicates.Action = "flag",
    tick: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Add all sources to an index and write the pairs in which they stand, with everything that was there before.

    One transaction: the index holds all of the new documents or, after an error, none.
    """
    output.mkdir(parents=True, exist_ok=True)
    store = opened(name, scheme_of(job.options))
    skipped: list[Skipped] = []
    try:
        with store:
            added = list(_added(store, job, skipped, tick))
            store.flush()
            known = [row for rows, _ in added for row in rows]
            pairs = of_rows(store, job.options, known)
            duplicates.report(pairs, output, job.options.keep)
            if action == "drop":
                duplicates.drop(job, pairs, output)
        items = sketch.joined([(len(rows), made) for rows, made in added], job.options.scheme)
        return duplicates.summary(items, len(known), pairs, job.options.shingle, skipped)
    finally:
        store.close()


def _added(
    store: Store, job: Job, skipped: list[Skipped], tick: Callable[[int], None]
) -> Iterator[tuple[list[int], Sketches]]:
    """Add documents block by block; those that are stored already with the same text are passed over."""
    for part in sources.parts(job.sources):
        for rows in in_blocks(sources.read(job.sources, part, job.fields), skipped):
            documents = [Stored(row.id, row.text, record_of(row.record, job.fields.text)) for row in rows]
            fresh = _fresh(store, documents)
            if fresh:
                made, signed = sketch.signed([d.text for d in fresh], job.options.scheme, job.options.unit)
                yield store.add(fresh, made, signed), made
        tick(sum(piece.stop - piece.start for piece in part))


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


def of_rows(store: Store, options: Options, rows: Sequence[int]) -> list[Pair]:
    """All pairs in which one of these documents stands, exactly as one search through everything would find them.

    Buckets lie wholly inside what the rows reach from bucket to bucket, so searching that gives the same clusters.
    """
    if not rows:
        return []
    reached, items = _reached(store, options, rows)
    documents = _Documents(store, reached)
    collection = _collection(documents, options)
    new = {collection.ids[at] for at in range(len(rows))}
    return [pair for pair in find(items, collection, options) if pair.copy in new or pair.keeper in new]


def _reached(store: Store, options: Options, rows: Sequence[int]) -> tuple[list[int], Sketches]:
    """The rows and all that share a bucket with them, directly or through others, with their sketches."""
    reached, made = list(rows), []
    known, at = set(rows), 0
    while at < len(reached):
        fresh: list[int] = []
        for some in _texts(store, reached[at:]):
            sketches, signed = sketch.signed(some, options.scheme, options.unit)
            made.append((len(some), sketches))
            met = np.unique(store.sharing(sketches, signed)[:, 1]).tolist()
            fresh += [row for row in met if row not in known]
            known.update(met)
        at = len(reached)
        reached += fresh
    return reached, sketch.joined(made, options.scheme)


def _texts(store: Store, rows: Sequence[int]) -> Iterator[list[str]]:
    """The texts of rows in blocks."""
    for at in range(0, len(rows), _SOME):
        yield from sketch.in_blocks(document.text for document in store.documents(rows[at : at + _SOME]))


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


def _collection(documents: _Documents, options: Options) -> Collection:
    ids, against, known = [], [], {}
    for document in documents:
        ids.append(document.id)
        against.append(keep.demerit(options.keep, document.text, document.record))
        known[document.id] = hosts.host(document.id, document.record)
    return Collection(ids, keep.ordinals(against), known.__getitem__, documents)


class Match(Struct, frozen=True):
    """A stored document or passage that is like one of a query. Passage numbers as in `Pair`."""

    query: str
    query_passage: int
    document: str
    document_passage: int
    jaccard: float
    containment: float


def query(store: Store, texts: dict[str, str]) -> list[Match]:
    """What the index holds that reaches its threshold with a text or a passage of it, best first for each."""
    stored = store.scheme
    options = Options(stored.unit, stored.threshold, stored.shingle, stored.permutations)
    ids, found = list(texts), []
    at = 0
    for block in sketch.in_blocks(texts.values()):
        names = ids[at : at + len(block)]
        found += _matches(store, options, names, block)
        at += len(block)
    return sorted(found, key=lambda m: (m.query, m.query_passage, -m.jaccard, m.document, m.document_passage))


def _matches(store: Store, options: Options, names: Sequence[str], block: Sequence[str]) -> list[Match]:
    """Compare the items of a block with the stored ones that share a bucket."""
    asked, signed = sketch.signed(block, options.scheme, options.unit)
    met = store.sharing(asked, signed)
    met = met[(asked.numbers[met[:, 0]] > 0) == (met[:, 2] > 0)]
    if not len(met):
        return []
    rows, places = np.unique(met[:, 1], return_inverse=True)
    held = store.documents(rows.tolist())
    wanted, where = np.unique(np.column_stack((places, met[:, 2])), axis=0, return_inverse=True)
    own = _items(options, [document.text for document in held], wanted)
    both = sketch.joined([(len(block), asked._replace(keys=())), (len(held), own)], options.scheme)
    texts = [*block, *(document.text for document in held)]
    left, right = met[:, 0], where.ravel() + len(asked.documents)
    alike = check.compare(both, left, right, lambda found: [texts[i] for i in found], options.shingle)
    return [
        Match(
            names[asked.documents[a]],
            int(asked.numbers[a]),
            held[both.documents[b] - len(block)].id,
            int(both.numbers[b]),
            float(alike.jaccard[i]),
            float(alike.left_share[i]),
        )
        for i, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True))
        if alike.jaccard[i] >= options.threshold
    ]


def _items(options: Options, texts: Sequence[str], wanted: NDArray[np.int64]) -> Sketches:
    """Some items of texts without their keys: those of (place of the text, passage number), sorted."""
    _, found = sketch.items(texts, options.scheme, options.unit)
    order = np.lexsort((found.numbers, found.documents))
    first = np.searchsorted(found.documents[order], wanted[:, 0])
    return found.only(order[first + wanted[:, 1] - (options.unit == "passage")])
