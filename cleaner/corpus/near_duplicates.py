"""Find near-duplicate passages over all committed shards: items that share buckets are grouped, then compared."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import numpy as np

from cleaner import _kernels
from cleaner.corpus.job import CleanJob
from cleaner.corpus.row_store import RowStore
from cleaner.corpus.run import Run
from cleaner.corpus.shards import BYTES_A_CHARACTER
from cleaner.corpus.sketch_store import SKETCH, SketchStore
from cleaner.corpus.writing import PASSAGE_OPTIONS
from cleaner.dedup import bucket_groups, shingles
from cleaner.dedup import find as collection
from cleaner.dedup.find import Collection
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.pairs import Pair
from cleaner.dedup.shingles import Shingles
from cleaner.errors import CleanerError
from cleaner.formats.storage import files
from cleaner.local.events import Assignment, Emit, ShardStart, StepEnd, WorkerEnd
from cleaner.text.packing import pack_pairs, unpack_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches
    from cleaner.local.pool import Pool

PHASE = 0
"""The number of this phase among those that follow the reading of all sources."""
ITEMS, BOUNDS = "groups.items.npy", "groups.bounds.npy"
PAIRS = "pairs"
"""The kind of a group's file: lines with row and passage of a copy, and the pair."""
DUPLICATES = "duplicates.jsonl"


def find_near_duplicates(run: Run[CleanJob], pool: Pool) -> NDArray[np.int64]:
    """Write all pairs of near-duplicate passages, those of the first record first.

    Returns:
        Where the pairs of each shard begin in the file, in bytes, and where the last ones end (shards + 1,).
    """
    pool.announce("near-duplicates")
    rows = RowStore(run.checkpoints, run.shards())
    items, bounds = bucket_groups.candidate_groups(_sketch_store(run, rows))
    for name, array in ((ITEMS, items), (BOUNDS, bounds)):
        with files.atomic_writer(run.checkpoints.folder / name) as file:
            np.save(file, array)
    count = len(bounds) - 1
    pool.announce("near-duplicates", count - len(run.phase_shards(PHASE)))
    if count:
        pool.work(search_groups, run, count)
    paths = [run.checkpoints.path(run.phase_shard(PHASE, number), PAIRS) for number in range(count)]
    with files.atomic_writer(run.folder / DUPLICATES) as file:
        return _write_pairs(_merge(paths), file, rows.firsts)


def _write_pairs(pairs: Iterable[tuple[int, bytes]], file: BinaryIO, firsts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Write pairs; return where those of each shard begin.

    Args:
        pairs: rows of the copies, ascending, and lines.
        firsts: the number of each shard's first row (shards + 1,).
    """
    ends = firsts[1:].tolist()
    offsets, offset = [0], 0
    for row, pair in pairs:
        while row >= ends[len(offsets) - 1]:
            offsets.append(offset)
        offset += file.write(pair)
    return np.array(offsets + [offset] * (len(firsts) - len(offsets)), dtype=np.int64)


def search_groups(run: Run[CleanJob], assignment: Assignment, emit: Emit) -> None:
    """Search all groups of an assignment that are not committed yet."""
    _kernels.load(run.job.size // BYTES_A_CHARACTER)
    rows = RowStore(run.checkpoints, run.shards())
    store = _sketch_store(run, rows)
    items = np.load(run.checkpoints.folder / ITEMS, mmap_mode="r")
    bounds = np.load(run.checkpoints.folder / BOUNDS).tolist()
    encode = msgspec.json.Encoder().encode_lines
    for number, (start, stop) in enumerate(pairwise(bounds)):
        group = run.phase_shard(PHASE, number)
        if assignment.includes(number) and not run.checkpoints.has(group):
            emit(ShardStart(*group))
            if assignment.poison:
                reason = assignment.poison[0].reason
                raise CleanerError(
                    f"the search for near-duplicates ends its worker: {reason}; give --workers 1, or --dedup off"
                )
            with run.checkpoints.draft(group, (PAIRS,)) as draft:
                draft.write(PAIRS, encode(_search(np.array(items[start:stop]), store, rows)))
                draft.counts = {}
            emit(StepEnd())
    emit(WorkerEnd())


def _sketch_store(run: Run[CleanJob], rows: RowStore) -> SketchStore:
    paths = [run.checkpoints.path(shard, SKETCH) for shard in run.shards()]
    return SketchStore(paths, rows.firsts, derive_scheme(PASSAGE_OPTIONS).bands)


def _search(items: NDArray[np.int64], store: SketchStore, rows: RowStore) -> list[tuple[int, int, Pair]]:
    """Return the pairs among some items after row and passage of the copy, sorted by these."""
    sketches = store.take(items)
    rows_used, documents = np.unique(sketches.documents, return_inverse=True)
    hosts = {name: row.host for name, row in rows.with_names(rows_used)}
    names = list(hosts)
    row_of = dict(zip(names, rows_used.tolist(), strict=True))
    penalties = np.zeros(len(rows_used), dtype=np.int64)
    sketches = sketches._replace(documents=documents)
    texts = _ItemShingles(sketches, rows, rows_used, PASSAGE_OPTIONS.shingle)
    pairs = collection.find_pairs(sketches, Collection(names, penalties, list(hosts.values()), texts), PASSAGE_OPTIONS)
    return sorted((row_of[pair.copy], pair.copy_passage, pair) for pair in pairs)


class _ItemShingles:
    """The shingles of items by document and start, made at one time of texts that are read once.

    Windows lie in their passages. Of two items that begin at one place, the first is the longer.
    """

    def __init__(self, items: Sketches, rows: RowStore, rows_used: NDArray[np.int64], shingle: int) -> None:
        self._begins, ends = (pack_pairs(items.documents, side) for side in (items.starts, items.stops))
        self._stops = items.stops
        reach = np.maximum.accumulate(ends)
        is_first = np.append(True, self._begins[1:] > reach[:-1])
        begins, ends = self._begins[is_first], reach[np.append(is_first[1:], True)]
        (documents, first_codes), (_, last_codes) = unpack_pairs(begins), unpack_pairs(ends)
        codes = rows.code_points(rows_used[documents], first_codes, last_codes)
        starts = self._begins + (np.cumsum(ends - begins) - ends)[np.cumsum(is_first) - 1]
        self._shingles = shingles.shingle_ranges(codes, starts, starts + items.stops - items.starts, shingle)

    def __call__(self, documents: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64]) -> Shingles:
        """Return the shingles of some of the items."""
        index = np.searchsorted(self._begins, pack_pairs(documents, starts))
        index += self._stops[index] != stops
        return Shingles(self._shingles.hashes, self._shingles.starts[index], self._shingles.stops[index])


def _merge(paths: Sequence[Path]) -> Iterator[tuple[int, bytes]]:
    """Yield all pairs of all groups as lines, with the row of the copy; no two have the same row and passage."""
    decoder = msgspec.json.Decoder(tuple[int, int, msgspec.Raw])
    with ExitStack() as stack:
        group_files = [stack.enter_context(path.open("rb", files.BUFFER)) for path in paths]
        for row, _, pair in heapq.merge(*(map(decoder.decode, file) for file in group_files)):
            yield row, bytes(pair) + b"\n"
