"""Quarantine: documents of heavy loss or in doubt, whole and as they were read, and a list of them with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

from cleaner.corpus.job import QUARANTINE_LIST, CleanJob
from cleaner.corpus.plan import as_own_format, own_format
from cleaner.corpus.reading import ReadRecord
from cleaner.corpus.run import Run
from cleaner.corpus.update.previous_run import sha256
from cleaner.formats.base import Add, Rejection, Source
from cleaner.formats.storage import files, streams
from cleaner.model import Cleaned
from cleaner.packs.builtin import HEAVY_LOSS

DATA, LINES = "quarantine-data", "quarantine-list"
"""Kinds of files of a shard: the documents, and their lines of the list."""
LIST = QUARANTINE_LIST

Keep = Callable[[ReadRecord], object]


def reason(cleaned: Cleaned, doubt: float | None = None) -> str:
    """Say why a document is quarantined; empty where it is not. `doubt`: from which it is, None for none."""
    heavy_loss = next((flag.note for flag in cleaned.flags if flag.rule == HEAVY_LOSS), "")
    return heavy_loss or (f"doubt {cleaned.doubt:.3f}" if doubt is not None and cleaned.doubt >= doubt else "")


def encode_line(read: ReadRecord, why: str) -> bytes:
    """Return a line of the list."""
    record = read.record
    fields = {"id": record.id, "file": record.file, "line": record.line, "offset": record.offset, "reason": why}
    return msgspec.json.encode(fields) + b"\n"


@contextmanager
def writer(file: BinaryIO, source: Source, job: CleanJob) -> Iterator[Keep]:
    """Write documents as they came, in the format they came in; nothing at all for none."""
    with ExitStack() as stack:

        @cache
        def add() -> Add:
            return stack.enter_context(own_format(source).raw_writer(file, as_own_format(source), job.reading))

        yield lambda read: add()(read.record, read.document.text if read.record.kind else read.record.text)


def join(run: Run[CleanJob], folder: Path) -> Iterator[Rejection]:
    """Write all quarantined documents, source by source, and the list; yield what could not be written."""
    job, checkpoints, shards = run.job, run.checkpoints, run.shards()
    for number, source in enumerate(job.sources):
        paths = [checkpoints.path(shard, DATA) for shard in shards if shard.source == number]
        paths = [path for path in paths if path.stat().st_size]
        if paths:
            yield from own_format(source).join(paths, folder, as_own_format(source), job.reading)
    with files.atomic_writer(folder / LIST) as file:
        streams.concatenate((checkpoints.path(shard, LINES) for shard in shards), file)


def checksums(run: Run[CleanJob], folder: Path) -> dict[str, str]:
    """Return the checksums of the files with quarantined documents, by their names in the folder."""
    names: set[str] = set()
    checkpoints = run.checkpoints
    for shard in run.shards():
        source = run.job.sources[shard.source]
        if own_format(source).is_per_file:
            with checkpoints.path(shard, LINES).open("rb") as file:
                lines = [msgspec.json.decode(line) for line in file]
            names |= {str(PurePosixPath(line["id"]).with_name(Path(line["file"]).name)) for line in lines}
        elif checkpoints.path(shard, DATA).stat().st_size:
            names.add(as_own_format(source).target)
    return {name: sha256(folder / name) for name in sorted(names)}
