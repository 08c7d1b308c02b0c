"""Near-duplicate passages over all committed shards: those that meet are grouped, and each group is searched alone."""

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
from cleaner.corpus.job import Job
from cleaner.corpus.row_store import Rows
from cleaner.corpus.sketch_store import Stored
from cleaner.corpus.writing import COMPARED
from cleaner.dedup import bucket_groups, shingles
from cleaner.dedup import find as collection
from cleaner.dedup.find import Collection
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.pairs import Pair
from cleaner.dedup.shingles import Shingles
from cleaner.errors import CleanerError
from cleaner.formats import files
from cleaner.local import pool
from cleaner.local.checkpoints import Parts, Shard
from cleaner.local.events import Begun, Ended, Share, Stepped, Tell, Turned
from cleaner.text.packing import pack_pairs, unpack_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches
    from cleaner.local.pool import Watch

ITEMS, STARTS = "groups.items.npy", "groups.starts.npy"
PAIRS = "pairs"
"""What the search of a group leaves behind: lines with row and passage of a copy, and the pair."""


def find(job: Job, parts: Parts, rows: Rows, output: Path, workers: int | None, watch: Watch) -> NDArray[np.int64]:
    """Write all pairs of near-duplicate passages, those of the first record first.

    Returns where the pairs of each shard begin in `output`, in bytes, and where the last ones end (shards + 1,).
    """
    shards = parts.shards(len(job.sources))
    watch(0, Turned("near-duplicates"))
    items, starts = bucket_groups.candidate_groups(_stored(parts, shards, rows))
    for name, array in ((ITEMS, items), (STARTS, starts)):
        with files.atomic_writer(parts.folder / name) as file:
            np.save(file, array)
    count = len(starts) - 1
    watch(0, Turned("near-duplicates", count - len(parts.done(len(job.sources)))))
    if count:
        pool.run(job, parts, 1 if count == 1 else workers, watch, run)
    with files.atomic_writer(output) as file:
        pairs = _merged([parts.path(len(job.sources), number, PAIRS) for number in range(count)])
        return _written(pairs, file, rows.firsts)


def _written(pairs: Iterable[tuple[int, bytes]], file: BinaryIO, firsts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Write pairs; where those of each shard begin, by the rows of the copies, which ascend, and of the `firsts`."""
    ends = firsts[1:].tolist()
    starts, at = [0], 0
    for row, pair in pairs:
        while row >= ends[len(starts) - 1]:
            starts.append(at)
        at += file.write(pair)
    return np.array(starts + [at] * (len(firsts) - len(starts)), dtype=np.int64)


def run(job: Job, parts: Parts, share: Share, tell: Tell) -> None:
    """Search all groups of a share that are not done yet."""
    _kernels.load(job.size // 3)
    shards = parts.shards(len(job.sources))
    rows = Rows(parts, shards)
    stored = _stored(parts, shards, rows)
    items = np.load(parts.folder / ITEMS, mmap_mode="r")
    bounds = np.load(parts.folder / STARTS).tolist()
    encode = msgspec.json.Encoder().encode_lines
    for number, (start, stop) in enumerate(pairwise(bounds)):
        if number % share.of == share.worker and not parts.is_done(len(job.sources), number):
            tell(Begun(len(job.sources), number))
            if share.troubles:
                raise CleanerError(
                    f"near-duplicates cannot be looked for: {share.troubles[0].reason}; or give --dedup off"
                )
            with parts.draft(len(job.sources), number, (PAIRS,)) as draft:
                draft.write(PAIRS, encode(_searched(np.array(items[start:stop]), stored, rows)))
                draft.counts = {}
            tell(Stepped())
    tell(Ended())


def _stored(parts: Parts, shards: Sequence[Shard], rows: Rows) -> Stored:
    paths = [parts.path(*shard, "sketch") for shard in shards]
    return Stored(paths, rows.firsts, derive_scheme(COMPARED).bands)


def _searched(items: NDArray[np.int64], stored: Stored, rows: Rows) -> list[tuple[int, int, Pair]]:
    """The pairs among some items after row and passage of the copy, by these."""
    sketches = stored.take(items)
    used, documents = np.unique(sketches.documents, return_inverse=True)
    hosts = {name: row.host for name, row in rows.named(used)}
    names = list(hosts)
    row_of = dict(zip(names, used.tolist(), strict=True))
    none = np.zeros(len(used), dtype=np.int64)
    sketches = sketches._replace(documents=documents)
    texts = _Held(sketches, rows, used, COMPARED.shingle)
    found = collection.find_pairs(sketches, Collection(names, none, hosts.__getitem__, texts), COMPARED)
    return sorted((row_of[pair.copy], pair.copy_passage, pair) for pair in found)


class _Held:
    """The shingles of items that go by document and place, made at one time of texts that are read once.

    Windows lie in their passages. Of two items that begin at one place, the first is the longer.
    """

    def __init__(self, items: Sketches, rows: Rows, used: NDArray[np.int64], shingle: int) -> None:
        self._begins, ends = (pack_pairs(items.documents, side) for side in (items.starts, items.stops))
        self._stops = items.stops
        reach = np.maximum.accumulate(ends)
        apart = np.append(True, self._begins[1:] > reach[:-1])
        begins, ends = self._begins[apart], reach[np.append(apart[1:], True)]
        (documents, starts), (_, stops) = unpack_pairs(begins), unpack_pairs(ends)
        codes = rows.part(used[documents], starts, stops)
        at = self._begins + (np.cumsum(ends - begins) - ends)[np.cumsum(apart) - 1]
        self._made = shingles.shingle_ranges(codes, at, at + items.stops - items.starts, shingle)

    def __call__(self, documents: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64]) -> Shingles:
        """The shingles of some of the items."""
        at = np.searchsorted(self._begins, pack_pairs(documents, starts))
        at += self._stops[at] != stops
        return Shingles(self._made.hashes, self._made.starts[at], self._made.stops[at])


def _merged(paths: Sequence[Path]) -> Iterator[tuple[int, bytes]]:
    """All pairs of all groups as lines, with the row of the copy; no two have the same row and passage."""
    decoder = msgspec.json.Decoder(tuple[int, int, msgspec.Raw])
    with ExitStack() as stack:
        shard_files = [stack.enter_context(path.open("rb", files.BUFFER)) for path in paths]
        for row, _, pair in heapq.merge(*(map(decoder.decode, file) for file in shard_files)):
            yield row, bytes(pair) + b"\n"
