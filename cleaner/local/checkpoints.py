"""What workers leave behind for each shard, committed as a whole: files under their names first, a checkpoint last."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

KINDS = ("data", "edits", "rejected", "rows", "places", "texts", "sketch")
"""`data`: the output; `edits`, `rejected`: lines of the ledger and of what was refused; `rows`: id, file and line of
every record, `places`: where those lines and the texts begin; `texts`: clean texts end to end; `sketch`: arrays for
finding near-duplicates."""

DROPPED = "dropped"
"""Before the kind: a part's file once more, without near-duplicates of other records."""


BUFFER = 1 << 18
"""Bytes of a part that are written at one time."""


class Shard(NamedTuple):
    """A committed shard by its numbers."""

    source: int
    number: int


class Parts:
    """The parts of a run in their folder, by numbers of source and shard."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, source: int, shard: int, kind: str) -> Path:
        """Where a part's file of this kind is."""
        return self.folder / f"{source:05}-{shard:07}.{kind}"

    def latest(self, source: int, shard: int, kind: str) -> Path:
        """The file of this kind after copies were dropped, if they were."""
        dropped = self.path(source, shard, f"{DROPPED}-{kind}")
        return dropped if dropped.exists() else self.path(source, shard, kind)

    def is_done(self, source: int, shard: int) -> bool:
        """Whether a shard was committed."""
        return self.path(source, shard, "done").exists()

    def done(self, source: int) -> list[int]:
        """The committed shards of a source, in order."""
        return sorted(int(path.stem[6:]) for path in self.folder.glob(f"{source:05}-*.done"))

    def shards(self, sources: int) -> list[Shard]:
        """The committed shards of so many sources, in order."""
        return [Shard(source, number) for source in range(sources) for number in self.done(source)]

    def counts(self, source: int, shard: int) -> Any:
        """What the checkpoint of a shard says."""
        return msgspec.json.decode(self.path(source, shard, "done").read_bytes())

    @contextmanager
    def draft(self, source: int, shard: int, kinds: Iterable[str] = KINDS) -> Iterator[Draft]:
        """Files for a shard, committed when the block ends well."""
        with ExitStack() as stack:
            made = Draft({kind: stack.enter_context(self._open(source, shard, kind)) for kind in kinds})
            yield made
            for kind, file in made.files.items():
                file.flush()
                os.fsync(file.fileno())
                self._temporary(source, shard, kind).replace(self.path(source, shard, kind))
        if made.counts is not None:
            self.commit(source, shard, made.counts)

    def _open(self, source: int, shard: int, kind: str) -> BinaryIO:
        return self._temporary(source, shard, kind).open("wb", BUFFER)

    def _temporary(self, source: int, shard: int, kind: str) -> Path:
        return self.path(source, shard, f"{kind}.{os.getpid()}")

    def commit(self, source: int, shard: int, counts: Any) -> None:
        """Note that a shard is done, and what its checkpoint says."""
        temporary = self._temporary(source, shard, "done")
        with temporary.open("wb") as file:
            file.write(msgspec.json.encode(counts))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.path(source, shard, "done"))


class Draft:
    """The open files of a shard by kind. `counts`, when set, are the checkpoint."""

    def __init__(self, files: dict[str, BinaryIO]) -> None:
        self.files = files
        self.counts: Any = None

    def write(self, kind: str, data: bytes) -> None:
        """Add to one of the files."""
        self.files[kind].write(data)
