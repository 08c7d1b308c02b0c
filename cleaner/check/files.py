"""The files to check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from cleaner.check.findings import writable
from cleaner.check.selection import is_at
from cleaner.errors import UsageError
from cleaner.formats.files import RUN_FOLDER


def find(paths: Sequence[Path], include: Sequence[str], exclude: Sequence[str], *, force: bool) -> list[Path]:
    """Files that are named, and those of folders that `include` fits and `exclude` does not, each once.

    `force`: leave out what `exclude` fits even where it is named. UsageError for a path that does not exist.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            for inside in _walk(path, include, exclude, frozenset()):
                found.setdefault(inside.resolve(), inside)
        elif not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        elif not (force and _is_excluded(path, exclude)):
            found.setdefault(path.resolve(), path)
    return list(found.values())


def matching(files: Iterable[Path], include: Sequence[str], exclude: Sequence[str]) -> list[Path]:
    """The files that `include` fits and `exclude` does not."""
    named = (path for path in files if any(fnmatch(path.name, pattern) for pattern in include))
    return [path for path in named if not _is_excluded(path, exclude)]


def _walk(folder: Path, include: Sequence[str], exclude: Sequence[str], above: frozenset[Path]) -> Iterator[Path]:
    real = folder.resolve()
    for entry in () if real in above else _entries(folder):
        if entry.name.startswith(".") or entry.name == RUN_FOLDER or _is_excluded(entry, exclude):
            continue
        if entry.is_dir():
            yield from _walk(entry, include, exclude, above | {real})
        elif any(fnmatch(entry.name, pattern) for pattern in include):
            yield entry


def _entries(folder: Path) -> Iterable[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(f"{folder}: cannot be listed ({error.strerror})") from error


def _is_excluded(path: Path, exclude: Sequence[str]) -> bool:
    return any(is_at(shown(path), glob) for glob in exclude)


def shown(path: Path) -> str:
    """A path as it is reported: relative to the current folder where it lies in it, with slashes."""
    with suppress(ValueError):
        path = path.absolute().relative_to(Path.cwd())
    return writable(path.as_posix())
