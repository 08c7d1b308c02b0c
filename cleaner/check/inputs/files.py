"""The files to check."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cleaner.check.inputs.gitignore import GitIgnore
from cleaner.check.selection import path_fits
from cleaner.errors import UsageError
from cleaner.formats.storage.folders import SkippedFile, is_folder, is_name_included, walk
from cleaner.text.printable import make_encodable


class FileFilter(NamedTuple):
    """Chooses files of folders: `include` fits their names, `exclude` neither them nor a folder above them.

    `force`: what `exclude` fits is left out even where it is named. `gitignore`: so is what git ignores, in folders.
    """

    include: Sequence[str]
    exclude: Sequence[str] = ()
    force: bool = False
    gitignore: bool = True

    def excludes(self, path: Path) -> bool:
        """Whether `exclude` fits a path or a folder above it."""
        return path_fits(display_path(path), *self.exclude)

    def walk(self, folder: Path) -> Iterator[Path]:
        """Yield the files of a folder and of those in it. UsageError for a folder that cannot be listed."""
        ignore = GitIgnore(folder) if self.gitignore else None

        def is_excluded(entry: Path) -> bool:
            return self.excludes(entry) or bool(ignore and ignore.ignores(entry, is_folder=is_folder(entry)))

        return walk(folder, self.include, is_excluded, _refuse)


def find(paths: Sequence[Path], chosen: FileFilter) -> list[Path]:
    """Find files that are named, and those of folders that are chosen, each once.

    UsageError for a path that does not exist.
    """
    files: dict[Path, Path] = {}
    for path in paths:
        if is_folder(path):
            for file in chosen.walk(path):
                files.setdefault(file.resolve(), file)
        elif not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        elif not (chosen.force and chosen.excludes(path)):
            files.setdefault(path.resolve(), path)
    return list(files.values())


def matching(files: Iterable[Path], chosen: FileFilter) -> list[Path]:
    """Return those of some files that are chosen."""
    candidates = (path for path in files if is_name_included(path.name, chosen.include))
    return [path for path in candidates if not chosen.excludes(path)]


def _refuse(folder: SkippedFile) -> None:
    if not folder.is_known_folder:
        raise UsageError(f"{folder.path}: {folder.reason}")


def display_path(path: Path) -> str:
    """Write a path as it is reported: relative to the current folder where it lies in it, with slashes."""
    return _display(str(path), os.getcwd())  # noqa: PTH109 - asked for several times a file, and Path.cwd() is slow


@lru_cache(maxsize=1 << 16)
def _display(name: str, folder: str) -> str:
    """Write a path as it is reported from a folder; it is asked for several times for every file."""
    path = Path(name)
    with suppress(ValueError):
        path = Path(folder, path).relative_to(folder)
    return make_encodable(path.as_posix())
