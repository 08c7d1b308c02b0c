"""Documents that would lose too much, put aside whole: as they were read, and a list of them with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

from cleaner.corpus.job import Job, plain, read_as
from cleaner.corpus.records import Read
from cleaner.formats import files, jsonl, streams, text
from cleaner.formats.base import Rejection, Source
from cleaner.local.checkpoints import Parts, Shard
from cleaner.model import Cleaned
from cleaner.packs.builtin import HEAVY_LOSS

DATA, LISTED = "aside-data", "aside-list"
"""The kinds of a part: the documents, and their lines of the list."""
LIST = "quarantine.jsonl"

Keep = Callable[[Read], object]


def reason(cleaned: Cleaned) -> str:
    """Why a document is put aside; empty where it is not."""
    return next((flag.note for flag in cleaned.flags if flag.rule == HEAVY_LOSS), "")


def listed(read: Read, why: str) -> bytes:
    """A line of the list."""
    record = read.record
    found = {"id": record.id, "file": record.file, "line": record.line, "offset": record.offset, "reason": why}
    return msgspec.json.encode(found) + b"\n"


@contextmanager
def writer(file: BinaryIO, source: Source, job: Job) -> Iterator[Keep]:
    """Write documents as they came, in the format they came in; nothing at all for none."""
    with ExitStack() as stack:

        @cache
        def keep() -> Keep:
            return stack.enter_context(_writer(file, source, job))

        yield lambda read: keep()(read)


@contextmanager
def _writer(file: BinaryIO, source: Source, job: Job) -> Iterator[Keep]:
    own, format_ = plain(source), read_as(source)
    if format_ is text.FORMAT:
        yield lambda read: text.append_file(file, _name(read), read.record.data)
    elif format_ is jsonl.FORMAT:
        with streams.compressor(file, own.target) as out:
            yield lambda read: out.write(read.record.data)
    else:
        with format_.writer(file, own, job.reading) as add:
            yield lambda read: add(read.record, read.document.text)


def _name(read: Read) -> str:
    """A page keeps the name it came with."""
    return str(PurePosixPath(read.record.id).with_name(Path(read.record.file).name))


def join(job: Job, folder: Path, parts: Parts, shards: Sequence[Shard]) -> Iterator[Rejection]:
    """All that was put aside, source by source, and the list; what could not be written."""
    for number, source in enumerate(job.sources):
        made = [parts.path(*shard, DATA) for shard in shards if shard.source == number]
        made = [path for path in made if path.stat().st_size]
        if made:
            yield from read_as(source).join(made, folder, plain(source), job.reading)
    with files.atomic_writer(folder / LIST) as file:
        streams.concatenate((parts.path(*shard, LISTED) for shard in shards), file)
