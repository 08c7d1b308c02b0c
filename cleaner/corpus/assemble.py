"""From committed parts to an output: near-duplicates over all records, joined files, ledger, manifest."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from cleaner.corpus import drop_copies, near_duplicates, quarantine, row_store, writing
from cleaner.corpus.job import Job
from cleaner.corpus.report import summary
from cleaner.corpus.report.manifest import File, encode, manifest
from cleaner.corpus.report.summary import Summary
from cleaner.corpus.row_store import Rows
from cleaner.formats import files, streams, text
from cleaner.formats.base import Rejection
from cleaner.formats.files import RUN_FOLDER
from cleaner.local.checkpoints import Parts, Shard
from cleaner.local.events import Turned
from cleaner.local.pool import Watch

EDITS, REJECTED, MANIFEST, JOB = "edits.jsonl", "rejected.jsonl", "manifest.json", "job.json"
DUPLICATES = drop_copies.PAIRS


def run(
    job: Job,
    parts: Parts,
    output: Path,
    workers: int | None = 1,
    watch: Watch = lambda worker, event: None,
) -> Summary:
    """Everything after the last shard is committed; doing it again after it was broken off gives the same.

    `workers` and `watch` as for the shards: near-duplicates are found and dropped by processes too.
    """
    shards = parts.shards(len(job.sources))
    found = Summary()
    for shard in shards:
        found.merge(summary.from_dict(parts.counts(*shard)))
    every = Rows(parts, shards)
    _deduplicate(job, parts, every, output / RUN_FOLDER / DUPLICATES, found, workers, watch)
    watch(0, Turned("joining"))
    _write(job, parts, output, shards, row_store.repeated(every), found)
    return found


def _deduplicate(
    job: Job, parts: Parts, every: Rows, output: Path, found: Summary, workers: int | None, watch: Watch
) -> None:
    if job.chosen.dedup == "off":
        output.write_bytes(b"")
        return
    places = near_duplicates.find(job, parts, every, output, workers, watch)
    with output.open("rb") as file:
        found.duplicates = sum(1 for _ in file)
    if job.chosen.dedup == "drop":
        found.merge(drop_copies.drop(job, parts, places, workers, watch))


def _write(
    job: Job,
    parts: Parts,
    output: Path,
    shards: Sequence[Shard],
    repeated: Iterable[Rejection],
    found: Summary,
) -> None:
    own = output / RUN_FOLDER
    unwritten = list(_joined(job, parts, output, shards))
    if job.quarantine:
        unwritten += quarantine.join(job, job.quarantine, parts, shards)
    left_out = [Rejection(item.path, 0, 0, item.reason) for item in job.skipped]
    with files.atomic_writer(own / EDITS) as file:
        streams.concatenate((parts.latest(*shard, "edits") for shard in shards), file)
    with files.atomic_writer(own / REJECTED) as file:
        streams.concatenate((parts.path(*shard, "rejected") for shard in shards), file)
        for item in (*left_out, *unwritten):
            found.reject(writing.place(item), item.reason)
            file.write(writing.encoded(item))
        for item in repeated:
            found.repeated += 1
            found.reject(writing.place(item), item.reason)
            file.write(writing.encoded(item))
    data = encode(manifest(job.version, job.pack, job.chosen, job.shape(), found, _files(job, parts, output, shards)))
    with files.atomic_writer(own / MANIFEST) as file:
        file.write(data)


def _joined(job: Job, parts: Parts, output: Path, shards: Sequence[Shard]) -> Iterator[Rejection]:
    for number, source in enumerate(job.sources):
        made = [parts.latest(*shard, "data") for shard in shards if shard.source == number]
        try:
            yield from job.format(source).join(made, output, source, job.reading)
        except (IsADirectoryError, NotADirectoryError, PermissionError) as error:
            yield Rejection(source.target, 0, 0, f"cannot be written: {error.strerror}")


def _files(job: Job, parts: Parts, output: Path, shards: Sequence[Shard]) -> Iterator[File]:
    for number, source in enumerate(job.sources):
        if job.format(source) is text.FORMAT:
            yield from _texts(parts.latest(*shard, "edits") for shard in shards if shard.source == number)
        else:
            with ThreadPoolExecutor(2) as pool:  # hashing needs no interpreter
                before, after = pool.map(sha256, (source.path, output / source.target))
            yield File(str(source.path), source.target, "", before, after)


def _texts(paths: Iterable[Path]) -> Iterator[File]:
    decoder = msgspec.json.Decoder(File)
    for path in paths:
        with path.open("rb") as file:
            yield from map(decoder.decode, file)


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file; empty where there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def clear(parts: Parts) -> None:
    """Remove what only an unfinished run needs; the last step of a run, which can be taken again."""
    shutil.rmtree(parts.folder, ignore_errors=True)
    (parts.folder.parent / JOB).unlink(missing_ok=True)
