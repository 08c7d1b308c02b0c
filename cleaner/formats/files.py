"""Files and folders: finding inputs, writing outputs whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from msgspec import Struct

from cleaner.errors import UsageError

BUFFER = 1 << 17
"""Bytes that are read or written at one time: as many as stay in cache, and lines of some kB are slow with less."""

RUN_FOLDER = "_cleaner"
"""The folder inside an output that holds ledger, manifest and reports."""


class Input(Struct, frozen=True, order=True):
    """A file to read and where its result goes, relative to the output folder.

    `kind`: the format of a file that is a document, "" where it is not told.
    """

    target: str
    path: Path
    kind: str = ""


class SkippedFile(Struct, frozen=True):
    """A file that was left out, and why."""

    path: str
    reason: str


def find_inputs(
    paths: Iterable[Path], output: Path | None, include: tuple[str, ...]
) -> tuple[list[Input], list[SkippedFile]]:
    """The inputs under `paths`, in order of their targets, and what was left out.

    UsageError where a path does not exist or two inputs would be written to one target.
    """
    skipped: list[SkippedFile] = []
    inputs: dict[str, Path] = {}
    for path in paths:
        for item in _under(path, output, include, skipped.append):
            other = inputs.setdefault(item.target, item.path)
            if other is not item.path and not _same(other, item.path):
                raise UsageError(
                    f"{other} and {item.path} would both be written to {item.target}; clean them separately"
                )
    return sorted(Input(target, path) for target, path in inputs.items()), skipped


def _same(left: Path, right: Path) -> bool:
    try:
        return left.samefile(right)
    except OSError:
        return left.absolute() == right.absolute()


def _under(
    path: Path, output: Path | None, include: tuple[str, ...], skip: Callable[[SkippedFile], None]
) -> Iterator[Input]:
    if path.is_dir():
        yield from _walk(path, path, output, include, skip, frozenset())
    elif path.exists() or path.is_symlink():
        yield Input(path.name, path)
    else:
        raise UsageError(f"{path}: no such file or folder")


def _walk(
    root: Path,
    folder: Path,
    output: Path | None,
    include: tuple[str, ...],
    skip: Callable[[SkippedFile], None],
    above: frozenset[Path],
) -> Iterator[Input]:
    real = folder.resolve()
    if real in above:
        return skip(SkippedFile(str(folder), "a link back to a folder above it"))
    if output and real == output.resolve():
        return skip(SkippedFile(str(folder), "the output folder"))
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        return skip(SkippedFile(str(folder), f"cannot be listed: {error.strerror}"))
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(root, entry, output, include, skip, above | {real})
        elif any(fnmatch(entry.name, pattern) for pattern in include):
            yield Input(entry.relative_to(root).as_posix(), entry)
    return None


@contextmanager
def atomic_writer(path: Path) -> Iterator[BinaryIO]:
    """Write a file under a temporary name; it gets its own when all of it is on the disk, or never."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb", BUFFER) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all."""
    with atomic_writer(path) as file:
        file.write(data)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def path_inside(folder: Path, target: str) -> Path:
    """The path of a target in a folder; UsageError for one that would leave it."""
    parts = PurePosixPath(target)
    if parts.is_absolute() or ".." in parts.parts:
        raise UsageError(f"{target}: not a path inside {folder}")
    return folder / parts
