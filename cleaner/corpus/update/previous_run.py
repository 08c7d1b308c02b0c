"""The run before, in the same output: its manifest and ledger are set aside until a new one is complete."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from cleaner.errors import CleanerError, UsageError
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import LEDGER, MANIFEST
from cleaner.ledger import read_entries
from cleaner.local.resume import differences, in_words

_ASIDE = "previous-"
"""Before the names of what is set aside."""


class ManifestShape(msgspec.Struct):
    """What is read of a manifest; `quarantine`: the checksums of files that were put aside whole, by name."""

    class File(msgspec.Struct):
        """One input and its output."""

        source: str
        output: str
        input_sha256: str
        output_sha256: str

    cleaner: str
    rules_sha256: str
    options: dict[str, Any]
    reading: dict[str, Any]
    files: list[File]
    quarantine: dict[str, str] = {}


class PreviousRun:
    """What a run before left in its own folder `folder`, inside the output `output`."""

    def __init__(self, output: Path, folder: Path) -> None:
        self.output, self.folder = output, folder

    def set_aside(self) -> None:
        """Give manifest and ledger other names, the manifest last, so that they are only taken together."""
        if (self.folder / MANIFEST).exists():
            for name in (LEDGER, MANIFEST):
                with suppress(FileNotFoundError):
                    (self.folder / name).replace(self.folder / f"{_ASIDE}{name}")

    def discard(self) -> None:
        """Remove what was set aside."""
        for name in (MANIFEST, LEDGER):
            (self.folder / f"{_ASIDE}{name}").unlink(missing_ok=True)

    @property
    def is_there(self) -> bool:
        """Whether there was such a run."""
        return bool(self._manifest_path)

    @cached_property
    def _manifest_path(self) -> Path | None:
        paths = (self.folder / MANIFEST, self.folder / f"{_ASIDE}{MANIFEST}")
        return next((path for path in paths if path.exists()), None)

    @property
    def ledger_path(self) -> Path:
        """The ledger of the run, set aside or not."""
        path = self.folder / f"{_ASIDE}{LEDGER}"
        return path if path.exists() else self.folder / LEDGER

    @cached_property
    def manifest(self) -> ManifestShape:
        """What its manifest says.

        Raises:
            UsageError: it cannot be read.
        """
        assert self._manifest_path
        try:
            return msgspec.json.decode(self._manifest_path.read_bytes(), type=ManifestShape)
        except (OSError, msgspec.DecodeError) as error:
            raise UsageError(f"{self._manifest_path}: cannot be read ({error}); choose another --output") from error

    def list_differences(self, identity: Mapping[str, Any]) -> str:
        """Say in words what was cleaned in another way than by a job; empty where its results hold for the job."""
        manifest = self.manifest
        before = {
            "cleaner": manifest.cleaner,
            "pack": manifest.rules_sha256,
            "options": manifest.options,
            "reading": manifest.reading,
        }
        own = {name: _without_others(value) for name, value in before.items()}
        return in_words(list(differences(own, {name: _without_others(identity[name]) for name in own})))

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The checksums of all files in the output that it made, by their names."""
        outputs = {file.output: file.output_sha256 for file in self.manifest.files}
        folders = {name for name in outputs if (self.output / name).is_dir()}
        if folders:
            with suppress(CleanerError):
                outputs |= {
                    entry.output: entry.output_sha256
                    for entry in read_entries(self.ledger_path)
                    if entry.output.rpartition("/")[0] in folders
                }
        return {name: checksum for name, checksum in outputs.items() if checksum}

    @property
    def own_inputs(self) -> Iterator[Path]:
        """The files that were read and may be outputs themselves."""
        return (Path(file.source) for file in self.manifest.files)

    def remove_outputs(self, names: Collection[str], inputs: Collection[tuple[int, int]]) -> None:
        """Remove the files that it made, but those of some names, inputs, and what somebody has changed since.

        Args:
            names: relative to the output.
            inputs: files that are read, as `files.identify` tells them.
        """
        kept = {*inputs, *files.identify(self.own_inputs)}
        _remove(self.output, {name: sha for name, sha in self.outputs.items() if name not in names}, kept)

    def remove_quarantine(self, folder: Path, names: Collection[str]) -> None:
        """Remove the files that it put aside whole, but those of some names."""
        _remove(folder, {name: sha for name, sha in self.manifest.quarantine.items() if name not in names}, ())


def _without_others(value: Any) -> Any:
    """Return options without those that the cleaning of a text does not depend on."""
    return {key: each for key, each in value.items() if key not in _OTHERS} if isinstance(value, dict) else value


_OTHERS = ("check", "dedup", "include", "rules", "pack")
"""Options that change no text's own result, and those of which the hash of all rules tells."""


def _remove(folder: Path, checksums: Mapping[str, str], kept: Collection[tuple[int, int]]) -> None:
    root = folder.resolve()
    for name, checksum in checksums.items():
        path = files.path_inside(folder, name)
        is_own = path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(root)
        if is_own and not set(files.identify([path])) & set(kept) and sha256(path) == checksum:
            path.unlink()
            _remove_empty_folders(path.parent, folder)


def _remove_empty_folders(folder: Path, top: Path) -> None:
    while folder not in (top, folder.parent):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file; empty where none can be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
