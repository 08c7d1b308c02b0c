"""Sketching files in local processes: every worker reads its own part of the input and sends back arrays."""

from __future__ import annotations

import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from cleaner import _kernels
from cleaner.corpus.dedup import inputs
from cleaner.corpus.dedup.inputs import Read, Slice, Texts
from cleaner.dedup import jaccard, keeper
from cleaner.dedup import sketches as sketch
from cleaner.dedup.find import Collection
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches
from cleaner.formats.files import Input, SkippedFile
from cleaner.formats.jsonl_rows import Fields
from cleaner.local.process import tuned_memory
from cleaner.options import DedupOptions
from cleaner.text.host import find_host

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Made = TypeVar("Made")

MAPPED = 256 << 20
"""Band keys over this many bytes lie in temporary files that are mapped into memory."""


class Job(NamedTuple):
    """What every part needs to know."""

    sources: Sequence[Input]
    options: DedupOptions
    fields: Fields

    @property
    def characters(self) -> int:
        """About how many there are; three bytes a character."""
        return sum(source.path.stat().st_size for source in self.sources) // 3


class Part(NamedTuple):
    """The documents of one part, by columns, and their sketches. `places` (documents, 3): `Slice`s."""

    ids: list[str]
    hosts: dict[str, str]
    penalties: list[Any]
    places: NDArray[np.int64]
    sketches: Sketches
    skipped: list[SkippedFile]


class Corpus(NamedTuple):
    """All documents of a run, sketched. `collection.fetch` gives shingles of `texts`."""

    sketches: Sketches
    collection: Collection
    texts: Texts
    skipped: list[SkippedFile]


def corpus(
    job: Job, workers: int = 1, folder: Path | None = None, tick: Callable[[int], None] = lambda _: None
) -> Corpus:
    """Sketch all sources with so many processes; `folder` takes temporary files; `tick` gets bytes done."""
    slices = inputs.parts(job.sources)
    _kernels.load(job.characters)
    keys = Spool(derive_scheme(job.options).bands, folder)
    done: list[Part] = []
    for part, read in zip(each(part_of, job, slices, workers), slices, strict=True):
        keys.add(part.sketches.keys)
        done.append(part._replace(sketches=part.sketches._replace(keys=())))
        tick(sum(piece.stop - piece.start for piece in read))
    sketches = sketch.concatenate_sketches(
        [(len(part.ids), part.sketches) for part in done], derive_scheme(job.options)
    )
    texts = Texts(job.sources, np.concatenate([_NOWHERE, *(part.places for part in done)]), job.fields)
    skipped = [item for part in done for item in part.skipped]
    return Corpus(sketches._replace(keys=keys.arrays()), _collection(done, texts, job.options), texts, skipped)


def _collection(done: Sequence[Part], texts: Texts, options: DedupOptions) -> Collection:
    ids = [name for part in done for name in part.ids]
    known = {name: host for part in done for name, host in part.hosts.items()}
    penalties = [value for part in done for value in part.penalties]
    keeper.check_policy(options.keep, penalties)
    fetch = jaccard.shingle_fetcher(texts, options.shingle)
    return Collection(ids, keeper.ordinals(penalties), lambda name: known.get(name, ""), fetch)


def each(
    work: Callable[[Job, Sequence[Slice]], Made], job: Job, parts: Sequence[Sequence[Slice]], workers: int
) -> Iterator[Made]:
    """What a function makes of all parts, in their order, in so many processes; at most two wait for each."""
    if workers == 1 or len(parts) < 2:
        yield from (work(job, part) for part in parts)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(parts)), mp_context=context) as pool:
        waiting: deque[Future[Made]] = deque()
        for part in parts:
            waiting.append(pool.submit(work, job, part))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def part_of(job: Job, part: Sequence[Slice]) -> Part:
    """Read and sketch one part."""
    _kernels.load(job.characters)
    with tuned_memory():
        return _part(job, part)


def _part(job: Job, part: Sequence[Slice]) -> Part:
    scheme, unit, policy = derive_scheme(job.options), job.options.unit, job.options.keep
    out = Part([], {}, [], _NOWHERE, sketch.concatenate_sketches([], scheme), [])
    made: list[tuple[int, Sketches]] = []
    places: list[Slice] = []
    for rows in in_blocks(inputs.read(job.sources, part, job.fields), out.skipped):
        made.append((len(rows), sketch.sketch([row.text for row in rows], scheme, unit)))
        places += [row.place for row in rows]
        out.ids.extend([row.id for row in rows])
        out.penalties.extend([keeper.penalty(policy, row.text, row.record) for row in rows])
        out.hosts.update((row.id, sys.intern(host)) for row in rows if (host := find_host(row.id, row.record)))
    numbers = np.fromiter(chain.from_iterable(places), dtype=np.int64, count=3 * len(places))
    return out._replace(places=numbers.reshape(-1, 3), sketches=sketch.concatenate_sketches(made, scheme))


def in_blocks(items: Iterable[Read | SkippedFile], skipped: list[SkippedFile]) -> Iterator[list[Read]]:
    """Documents in lists of about `sketch.BATCH_CHARACTERS` characters; what was skipped goes to its own list."""
    rows: list[Read] = []
    held = 0
    for item in items:
        if isinstance(item, SkippedFile):
            skipped.append(item)
            continue
        rows.append(item)
        held += len(item.text)
        if held >= sketch.BATCH_CHARACTERS:
            yield rows
            rows, held = [], 0
    if rows:
        yield rows


_NOWHERE = np.empty((0, 3), dtype=np.int64)
_NO_KEYS = np.empty(0, dtype=np.uint64)


class Spool:
    """Band keys of parts as they come, in memory until they need more than `MAPPED` bytes, then a file a band."""

    def __init__(self, bands: int, folder: Path | None, limit: int | None = None) -> None:
        self._folder, self._room = folder, MAPPED if limit is None else limit
        self._held: list[list[NDArray[np.uint64]]] = [[] for _ in range(bands)]
        self._files: list[IO[bytes]] = []

    def add(self, keys: Sequence[NDArray[np.uint64]]) -> None:
        """Add the keys of one more part, an array a band."""
        for held, key in zip(self._held, keys, strict=True):
            held.append(np.ascontiguousarray(key))
            self._room -= key.nbytes
        if self._files or self._room < 0:
            self._write()

    def _write(self) -> None:
        if not self._files:
            # each is closed by `arrays`; a mapping outlives its file
            self._files = [TemporaryFile(dir=self._folder) for _ in self._held]  # noqa: SIM115
        for file, held in zip(self._files, self._held, strict=True):
            file.writelines(key.data for key in held)
            held.clear()

    def arrays(self) -> list[NDArray[np.uint64]]:
        """All keys, an array a band, mapped where they lie in a file. Ends the spool."""
        if self._files:
            return [self._mapped(file) for file in self._files]
        return [self._joined(held) for held in self._held]

    def _joined(self, held: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
        whole = np.concatenate([_NO_KEYS, *held])
        held.clear()
        return whole

    def _mapped(self, file: IO[bytes]) -> NDArray[np.uint64]:
        with file:
            file.flush()
            return np.memmap(file, dtype=np.uint64, mode="r") if file.tell() else _NO_KEYS
