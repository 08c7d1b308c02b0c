"""The files to check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from cleaner.check.findings import make_encodable
from cleaner.check.selection import path_fits
from cleaner.errors import UsageError
from cleaner.formats.storage.files import LOOP, SkippedFile, walk


def find(paths: Sequence[Path], include: Sequence[str], exclude: Sequence[str], *, force: bool) -> list[Path]:
    """Find files that are named, and those of folders that `include` fits and `exclude` does not, each once.

    `force`: leave out what `exclude` fits even where it is named. UsageError for a path that does not exist.
    """
    files: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            for file in walk(path, include, lambda entry: _is_excluded(entry, exclude), _refuse):
                files.setdefault(file.resolve(), file)
        elif not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        elif not (force and _is_excluded(path, exclude)):
            files.setdefault(path.resolve(), path)
    return list(files.values())


def matching(files: Iterable[Path], include: Sequence[str], exclude: Sequence[str]) -> list[Path]:
    """Filter files by patterns: those that `include` fits and `exclude` does not."""
    candidates = (path for path in files if any(fnmatch(path.name, pattern) for pattern in include))
    return [path for path in candidates if not _is_excluded(path, exclude)]


def _refuse(folder: SkippedFile) -> None:
    if folder.reason != LOOP:
        raise UsageError(f"{folder.path}: {folder.reason}")


def _is_excluded(path: Path, exclude: Sequence[str]) -> bool:
    return any(path_fits(display_path(path), glob) for glob in exclude)


def display_path(path: Path) -> str:
    """Write a path as it is reported: relative to the current folder where it lies in it, with slashes."""
    with suppress(ValueError):
        path = path.absolute().relative_to(Path.cwd())
    return make_encodable(path.as_posix())
