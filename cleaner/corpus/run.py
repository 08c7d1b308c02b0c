"""A run: one job in one output folder, with the checkpoints by which it is resumed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

import msgspec

from cleaner.corpus.update.previous_run import PreviousRun
from cleaner.errors import UsageError
from cleaner.formats.base import Format, Reading, Source
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import MANIFEST, RUN_FOLDER
from cleaner.local import lock
from cleaner.local.checkpoints import Checkpoints, Shard
from cleaner.local.resume import OutputState, as_plain, differences, in_words, resumes

JOB = "job.json"
CHECKPOINTS = "checkpoints"
OVERWRITING = "overwriting.json"
"""The file of a run that began to overwrite its inputs, and has not ended."""


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
        stored_identity = run._stored_identity()
        if stored_identity is not None and run.is_overwriting:
            run._require_same_call(stored_identity, identity, restart=restart)
            return run
        state = OutputState(str(output), stored_identity, lambda: job.refusal(output))
        is_resumed = resumes(state, identity, force=force, restart=restart)
        files.remove_temporaries(output if is_resumed else run.folder)
        if not is_resumed:
            run.previous.set_aside()
            run.discard_checkpoints()
            with files.atomic_writer(run.folder / JOB) as file:
                file.write(msgspec.json.encode(identity))
        run.checkpoints.folder.mkdir(exist_ok=True)
        return run

    def _require_same_call(self, stored: bytes, identity: dict[str, Any], *, restart: bool) -> None:
        """Check that a run which began to overwrite its inputs is finished: all that it needs is in its folder."""
        before = msgspec.json.decode(stored)
        stamps = {name: before["inputs"].get(name, stamp) for name, stamp in identity["inputs"].items()}
        different = list(differences(before, {**identity, "inputs": stamps}))
        if restart or different:
            raise UsageError(
                f"{self.output}: an unfinished run lies there that has begun to overwrite its inputs"
                f"{', and it is another one: ' if different else ''}{in_words(different)}. Give the call again as it "
                "was, without --restart, to finish it; 'cleaner restore' then brings the originals back"
            )

    def _stored_identity(self) -> bytes | None:
        """Return the identity of an unfinished run; None where it has done nothing that would be lost."""
        path = self.folder / JOB
        has_work = self.is_complete or self.is_overwriting or not self.checkpoints.is_empty
        return path.read_bytes() if path.exists() and has_work else None

    @property
    def previous(self) -> PreviousRun:
        """The run before, in the same output."""
        return PreviousRun(self.output, self.folder)

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

    @property
    def is_unfinished(self) -> bool:
        """Whether a run was broken off here that has done something."""
        return self._stored_identity() is not None

    @property
    def is_overwriting(self) -> bool:
        """Whether its outputs overwrite inputs, and some may have done so already."""
        return (self.folder / OVERWRITING).exists()

    def overwrites_inputs(self, targets: Iterable[str]) -> bool:
        """Whether some outputs, relative to the output folder, are files that are read."""
        outputs = (self.output / target for target in targets)
        return not self.identify_inputs().isdisjoint(files.identify(outputs))

    def identify_inputs(self) -> set[tuple[int, int]]:
        """Return what tells the files that are read apart from others."""
        return set(files.identify(file.path for source in self.job.sources for file in source.files))

    def begin_overwriting(self, checksums: Mapping[str, str]) -> None:
        """Mark the run, on the disk together with its ledger, before the first input is overwritten.

        Args:
            checksums: of the sources as they were read, by their paths, for the manifest.
        """
        files.write_bytes(self.folder / OVERWRITING, msgspec.json.encode(checksums))
        files.sync_folder(self.folder)

    def checksums_before(self) -> dict[str, str]:
        """Return the checksums that were taken before inputs were overwritten; none where they are not."""
        if not self.is_overwriting:
            return {}
        return msgspec.json.decode((self.folder / OVERWRITING).read_bytes(), type=dict[str, str])

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

    def end(self) -> None:
        """Remove all but the result; the last step of a run, which can be taken again."""
        self.previous.discard()
        self.discard_checkpoints()

    def discard_checkpoints(self) -> None:
        """Remove what only an unfinished run needs; it can be done again."""
        shutil.rmtree(self.checkpoints.folder, ignore_errors=True)
        (self.folder / JOB).unlink(missing_ok=True)
        (self.folder / OVERWRITING).unlink(missing_ok=True)


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
