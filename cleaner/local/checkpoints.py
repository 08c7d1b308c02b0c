"""Files that workers write for each shard, committed as a whole: files under their names first, a checkpoint last."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

BUFFER = 1 << 18
"""Bytes of a shard's file that are written at one time."""
COMMITTED = "done"
"""The kind of the file that is the checkpoint of a shard."""
REWRITTEN = "dropped"
"""Before a kind: a file of a committed shard, written once more without near-duplicates."""


class Shard(NamedTuple):
    """A shard by the number of its source, and its own number there."""

    source: int
    number: int


class Checkpoints:
    """The committed shards of a run in their folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, shard: Shard, kind: str) -> Path:
        """Return the path of a shard's file of this kind."""
        return self.folder / f"{shard.source:05}-{shard.number:07}.{kind}"

    def latest(self, shard: Shard, kind: str) -> Path:
        """Return the file of this kind as it was rewritten, or as it was first written."""
        rewritten = self.path(shard, f"{REWRITTEN}-{kind}")
        return rewritten if rewritten.exists() else self.path(shard, kind)

    @property
    def is_empty(self) -> bool:
        """Whether no shard is committed."""
        return not any(self.folder.glob(f"*.{COMMITTED}"))

    def has(self, shard: Shard) -> bool:
        """Whether a shard is committed."""
        return self.path(shard, COMMITTED).exists()

    def of_source(self, source: int) -> list[Shard]:
        """List the committed shards of a source, in order."""
        numbers = sorted(int(path.stem[6:]) for path in self.folder.glob(f"{source:05}-*.{COMMITTED}"))
        return [Shard(source, number) for number in numbers]

    def of_sources(self, count: int) -> list[Shard]:
        """List the committed shards of the first `count` sources, in order."""
        return [shard for source in range(count) for shard in self.of_source(source)]

    def counts(self, shard: Shard) -> Any:
        """Read what was committed with a shard."""
        return msgspec.json.decode(self.path(shard, COMMITTED).read_bytes())

    @contextmanager
    def draft(self, shard: Shard, kinds: Iterable[str]) -> Iterator[ShardDraft]:
        """Open files for a shard; they are committed when the block ends well."""
        with ExitStack() as stack:
            draft = ShardDraft({kind: stack.enter_context(self._open(shard, kind)) for kind in kinds})
            yield draft
            for kind, file in draft.files.items():
                file.flush()
                os.fsync(file.fileno())
                self._temporary(shard, kind).replace(self.path(shard, kind))
        if draft.counts is not None:
            self.commit(shard, draft.counts)

    def _open(self, shard: Shard, kind: str) -> BinaryIO:
        return self._temporary(shard, kind).open("wb", BUFFER)

    def _temporary(self, shard: Shard, kind: str) -> Path:
        return self.path(shard, f"{kind}.{os.getpid()}")

    def commit(self, shard: Shard, counts: Any) -> None:
        """Write the checkpoint of a shard, with what was counted in it."""
        temporary = self._temporary(shard, COMMITTED)
        with temporary.open("wb") as file:
            file.write(msgspec.json.encode(counts))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.path(shard, COMMITTED))


class ShardDraft:
    """The open files of a shard by kind. `counts`, when set, make the checkpoint."""

    def __init__(self, files: dict[str, BinaryIO]) -> None:
        self.files = files
        self.counts: Any = None

    def write(self, kind: str, data: bytes | memoryview) -> None:
        """Add to one of the files."""
        self.files[kind].write(data)
