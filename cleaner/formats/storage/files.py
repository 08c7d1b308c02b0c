"""Files and folders: inputs found, outputs written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
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


TEMPORARY = ".part"
"""End of the names of files that are being written."""
NAME_LENGTH = 76
"""Characters of a file's name in its temporary one: 228 bytes where they are Chinese, of at most 255."""
LOOP = "a link back to a folder above it"

Skip = Callable[[SkippedFile], None]


def find_inputs(
    paths: Iterable[Path], output: Path | None, include: Sequence[str], ignore: Callable[[Path], None] | None = None
) -> tuple[list[Input], list[SkippedFile]]:
    """Find the files under paths, in order of their targets, and what was left out.

    Args:
        paths: files, which are read whatever their names, and folders.
        output: a folder that is not searched.
        include: patterns of the names that folders are searched for.
        ignore: called for each file in a folder that has another name.

    Raises:
        UsageError: a path does not exist, or two files would be written to one target.
    """
    skipped_files: list[SkippedFile] = []
    path_of_target: dict[str, Path] = {}
    is_excluded = _exclude(output, include, skipped_files.append, ignore)
    for path in paths:
        for target, file in _files_under(path, is_excluded, include, skipped_files.append):
            other = path_of_target.setdefault(target, file)
            if other is not file and not _is_same_file(other, file):
                raise UsageError(f"{other} and {file} would both be written to {target}; clean them separately")
    return sorted(Input(target, path) for target, path in path_of_target.items()), skipped_files


def _is_same_file(left: Path, right: Path) -> bool:
    try:
        return left.samefile(right)
    except OSError:
        return left.absolute() == right.absolute()


def _exclude(
    output: Path | None, include: Sequence[str], skip: Skip, ignore: Callable[[Path], None] | None
) -> Callable[[Path], bool]:
    """Return a function that leaves out the output folder, and calls `ignore` for files of other names."""
    output_folder = output and output.resolve()

    def is_excluded(entry: Path) -> bool:
        if not entry.is_dir():
            if ignore and not _matches(entry.name, include):
                ignore(entry)
            return False
        if not output_folder or entry.resolve() != output_folder:
            return False
        skip(SkippedFile(str(entry), "the output folder"))
        return True

    return is_excluded


def _matches(name: str, include: Sequence[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in include)


def _files_under(
    path: Path, is_excluded: Callable[[Path], bool], include: Sequence[str], skip: Skip
) -> Iterator[tuple[str, Path]]:
    if path.is_dir():
        if not is_excluded(path):
            for file in walk(path, include, is_excluded, skip):
                yield file.relative_to(path).as_posix(), file
    elif path.exists() or path.is_symlink():
        yield path.name, path
    else:
        raise UsageError(f"{path}: no such file or folder")


def walk(folder: Path, include: Sequence[str], is_excluded: Callable[[Path], bool], skip: Skip) -> Iterator[Path]:
    """Yield the files in a folder and all folders in it, sorted; hidden ones and those of a run are passed over.

    Args:
        folder: where to begin.
        include: patterns of file names.
        is_excluded: whether to leave out a file or a folder with all in it.
        skip: called for each folder that is not searched.
    """
    return _walk(folder, frozenset(), lambda name: _matches(name, include), is_excluded, skip)


def _walk(
    folder: Path,
    parents: frozenset[Path],
    is_included: Callable[[str], bool],
    is_excluded: Callable[[Path], bool],
    skip: Skip,
) -> Iterator[Path]:
    real = folder.resolve()
    if real in parents:
        return skip(SkippedFile(str(folder), LOOP))
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        return skip(SkippedFile(str(folder), f"cannot be listed: {error.strerror}"))
    for entry in entries:
        if entry.name.startswith(".") or entry.name == RUN_FOLDER or is_excluded(entry):
            continue
        if entry.is_dir():
            yield from _walk(entry, parents | {real}, is_included, is_excluded, skip)
        elif is_included(entry.name):
            yield entry
    return None


@contextmanager
def atomic_writer(path: Path) -> Iterator[BinaryIO]:
    """Write a file under a temporary name of its own; it gets its name when all of it is on the disk, or never."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:NAME_LENGTH]}.", suffix=TEMPORARY, dir=path.parent)
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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def remove_temporaries(folder: Path) -> None:
    """Remove the unfinished files that a killed process left in a folder, which nobody else writes to."""
    for path in folder.rglob(f".*{TEMPORARY}"):
        path.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all."""
    with atomic_writer(path) as file:
        file.write(data)


def copy(path: Path, target: Path) -> None:
    """Write a file once more, whole or not at all."""
    with path.open("rb") as file, atomic_writer(target) as output:
        shutil.copyfileobj(file, output, BUFFER)


def path_inside(folder: Path, target: str) -> Path:
    """Return the path of a target in a folder. UsageError for one that would leave it."""
    path = PurePosixPath(target)
    if path.is_absolute() or ".." in path.parts:
        raise UsageError(f"{target}: not a path inside {folder}")
    return folder / path
