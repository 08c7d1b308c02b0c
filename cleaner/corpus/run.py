"""A run: one job in one output folder, with the checkpoints by which it is resumed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

import msgspec

from cleaner.errors import UsageError
from cleaner.formats.base import Format, Reading, Source
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import RUN_FOLDER
from cleaner.local import lock
from cleaner.local.checkpoints import Checkpoints, Shard
from cleaner.local.resume import OutputState, as_plain, differences, in_words, resumes

JOB, MANIFEST = "job.json", "manifest.json"
CHECKPOINTS = "checkpoints"


class Job(Protocol):
    """What is done to which sources, with all that decides what comes out."""

    @property
    def folder_name(self) -> str:
        """The name of the run's own folder inside the output."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """What is read."""

    @property
    def size(self) -> int:
        """Bytes of all sources as stored."""

    @property
    def reading(self) -> Reading:
        """How sources are read."""

    def format(self, source: Source) -> Format:
        """Return the format of a source."""

    def identity(self) -> dict[str, Any]:
        """Return what must be equal for a run to be resumed."""

    def refusal(self, output: Path) -> str:
        """Say why a new run would overwrite something; empty where it would not."""


JobType = TypeVar("JobType", bound=Job)


@dataclass(frozen=True)
class Run(Generic[JobType]):
    """A job in its output folder. It holds no more than that, so it can be sent to any process."""

    job: JobType
    output: Path

    @classmethod
    def open(cls, job: JobType, output: Path, *, force: bool = False, restart: bool = False) -> Self:
        """Start a run, or resume the same one where it was broken off.

        Raises:
            UsageError: the output holds an unfinished run of another job or, without `force`, what would be lost.
        """
        run = cls(job, output)
        identity = as_plain(job.identity())
        state = OutputState(str(output), run._stored_identity(), lambda: job.refusal(output))
        is_resumed = resumes(state, identity, force=force, restart=restart)
        files.remove_temporaries(output if is_resumed else run.folder)
        if not is_resumed:
            (run.folder / MANIFEST).unlink(missing_ok=True)
            run.discard_checkpoints()
            with files.atomic_writer(run.folder / JOB) as file:
                file.write(msgspec.json.encode(identity))
        run.checkpoints.folder.mkdir(exist_ok=True)
        return run

    def _stored_identity(self) -> bytes | None:
        path = self.folder / JOB
        return path.read_bytes() if path.exists() else None

    @property
    def folder(self) -> Path:
        """The run's own folder inside the output."""
        return self.output / self.job.folder_name

    @property
    def checkpoints(self) -> Checkpoints:
        """The committed shards."""
        return Checkpoints(self.folder / CHECKPOINTS)

    @property
    def is_complete(self) -> bool:
        """Whether the output is there, and only the checkpoints are left to discard."""
        return (self.folder / MANIFEST).exists()

    def shards(self) -> list[Shard]:
        """List the committed shards of all sources, in order."""
        return self.checkpoints.of_sources(len(self.job.sources))

    def phase_shards(self, phase: int) -> list[Shard]:
        """List the committed shards of a phase that follows the reading of all sources, counted from 0."""
        return self.checkpoints.of_source(len(self.job.sources) + phase)

    def phase_shard(self, phase: int, number: int) -> Shard:
        """Return a shard of such a phase."""
        return Shard(len(self.job.sources) + phase, number)

    def require_unchanged_inputs(self) -> None:
        """Raise UsageError where an input is not what it was when the run started."""
        before = msgspec.json.decode((self.folder / JOB).read_bytes())
        if different := list(differences(before, as_plain(self.job.identity()))):
            raise UsageError(f"inputs changed during the run: {in_words(different)}. Begin anew with --restart")

    def discard_checkpoints(self) -> None:
        """Remove what only an unfinished run needs; the last step of a run, which can be taken again."""
        shutil.rmtree(self.checkpoints.folder, ignore_errors=True)
        (self.folder / JOB).unlink(missing_ok=True)


@contextmanager
def locked_folder(output: Path, name: str = RUN_FOLDER) -> Iterator[Path]:
    """Make a run's own folder inside an output and hold it.

    Args:
        output: the output folder.
        name: the name of the run's own folder.

    Raises:
        UsageError: the output cannot be written, or another run holds it.
    """
    folder = output / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with lock.exclusive(folder):
            yield folder
    except OSError as error:
        raise UsageError(f"{output}: cannot be written ({error.strerror})") from error


def refuse_existing(output: Path, names: Iterable[str]) -> str:
    """Name the first of some outputs that exists, and what to do; empty where none does."""
    path = next((output / name for name in names if os.path.exists(output / name)), None)  # noqa: PTH110 - takes any name
    return f"{path} exists; choose another --output or give --force to overwrite" if path else ""
