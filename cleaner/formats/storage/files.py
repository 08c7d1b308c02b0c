"""Files and folders: inputs found, outputs written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from msgspec import Struct

from cleaner.errors import UsageError
from cleaner.formats.storage.folders import Skip, SkippedFile, is_folder, is_name_included, walk
from cleaner.formats.storage.naming import FoundFile, put_below_folders

BUFFER = 1 << 17
"""Bytes that are read or written at one time: as many as stay in cache, and lines of some kB are slow with less."""


class Input(Struct, frozen=True, order=True):
    """A file to read and where its result goes, relative to the output folder.

    `kind`: the format of a file that is a document, "" where it is not told.
    """

    target: str
    path: Path
    kind: str = ""


TEMPORARY = ".part"
"""End of the names of files that are being written."""
_NAME_ERRORS = frozenset(
    {
        errno.EACCES,
        errno.EEXIST,
        errno.EILSEQ,
        errno.EINVAL,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.ENOTDIR,
        errno.EPERM,
    }
)
NAME_LENGTH = 200
"""Bytes of a file's name in its temporary one, which may have 255."""


def find_inputs(
    paths: Iterable[Path],
    output: Path | None,
    include: Sequence[str],
    ignore: Callable[[Path], None] | None = None,
    is_input: Callable[[Path], bool] | None = None,
) -> tuple[list[Input], list[SkippedFile]]:
    """Find the files under paths, in order of their targets, and what was left out.

    Args:
        paths: files, which are read whatever their names, and folders.
        output: a folder that is not searched.
        include: patterns of the names that folders are searched for.
        ignore: called for each file in a folder that is passed over.
        is_input: tells of a file in a folder that no pattern fits whether it is read all the same.

    Returns:
        The files, those of several folders that have one name below the names of their folders, and what was left out.

    Raises:
        UsageError: a path does not exist.
    """
    skipped_files: list[SkippedFile] = []

    def is_wanted(file: Path) -> bool:
        if is_name_included(file.name, include) or (is_input and is_input(file)):
            return True
        if ignore:
            ignore(file)
        return False

    def hide(file: Path) -> None:
        if ignore and is_name_included(file.name, include):
            ignore(file)

    is_excluded = _exclude(output, is_wanted, skipped_files.append)
    files = [file for path in paths for file in _files_under(path, is_excluded, skipped_files.append, hide)]
    return sorted(Input(file.target, file.path) for file in put_below_folders(files)), skipped_files


def _exclude(output: Path | None, is_wanted: Callable[[Path], bool], skip: Skip) -> Callable[[Path], bool]:
    """Return a function that leaves out the output folder, and files that are not wanted."""
    output_folder = output and output.resolve()

    def is_excluded(entry: Path) -> bool:
        if not is_folder(entry):
            return not is_wanted(entry)
        if not output_folder or entry.resolve() != output_folder:
            return False
        skip(SkippedFile(str(entry), "the output folder"))
        return True

    return is_excluded


def _files_under(
    path: Path, is_excluded: Callable[[Path], bool], skip: Skip, hide: Callable[[Path], None]
) -> Iterator[FoundFile]:
    if is_folder(path):
        if not is_excluded(path):
            for file in walk(path, ("*",), is_excluded, skip, hide):
                yield FoundFile(path, file.relative_to(path).as_posix(), file)
    elif path.exists() or path.is_symlink():
        yield FoundFile(path.parent, path.name, path)
    else:
        raise UsageError(f"{path}: no such file or folder")


@contextmanager
def atomic_writer(path: Path) -> Iterator[BinaryIO]:
    """Write a file under a temporary name of its own; it gets its name when all of it is on the disk, or never."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=temporary_prefix(path), suffix=TEMPORARY, dir=path.parent)
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


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can open folders."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def temporary_prefix(path: Path) -> str:
    """Return the beginning of the name of a file that is being written: hidden, and as much of its name as fits."""
    name = path.name.encode("utf-8", "surrogateescape")[:NAME_LENGTH]
    return f".{name.decode('utf-8', 'ignore')}."


def is_about_name(error: OSError) -> bool:
    """Whether an error of writing is one of a single file's name or place, so that others can be written."""
    return error.errno in _NAME_ERRORS


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def remove_temporaries(folder: Path) -> None:
    """Remove the unfinished files that a killed process left in a folder, which nobody else writes to."""
    for path in folder.rglob(f".*{TEMPORARY}"):
        path.unlink(missing_ok=True)


def remove_drafts(paths: Iterable[Path]) -> None:
    """Remove the unfinished files that a killed process left of some files, which nobody writes now."""
    prefixes: defaultdict[Path, set[str]] = defaultdict(set)
    for path in paths:
        prefixes[path.parent].add(temporary_prefix(path))
    for folder, names in prefixes.items():
        with suppress(OSError):
            for path in folder.iterdir():
                start, _, _ = path.name.removesuffix(TEMPORARY).rpartition(".")
                if path.suffix == TEMPORARY and f"{start}." in names:
                    path.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all."""
    with atomic_writer(path) as file:
        file.write(data)


def identify(paths: Iterable[Path]) -> Iterator[tuple[int, int]]:
    """Yield what tells files apart, for those that are there."""
    for path in paths:
        with suppress(OSError):
            status = path.stat()
            yield status.st_dev, status.st_ino


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
