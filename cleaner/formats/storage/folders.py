"""Folders walked: each once, whatever links lead to it, and as deep as they are."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from cleaner.formats.storage.globs import compile_globs

RUN_FOLDER = "_cleaner"
"""The folder inside an output that holds ledger, manifest and reports."""
MANIFEST, LEDGER = "manifest.json", "edits.jsonl"
"""Files in it."""
LOOP = "a link back to a folder above it"
KNOWN_FOLDER = "leads to a folder that is read already: "


class SkippedFile(Struct, frozen=True):
    """A file that was left out, and why."""

    path: str
    reason: str

    @property
    def is_known_folder(self) -> bool:
        """Whether all that it leads to is read in another place."""
        return self.reason == LOOP or self.reason.startswith(KNOWN_FOLDER)


Skip = Callable[[SkippedFile], None]


def is_name_included(name: str, include: Sequence[str]) -> bool:
    """Whether a pattern fits a file's name, or its name in lower case."""
    matches = compile_globs(tuple(include))
    return bool(matches(name) or matches(name.lower()))


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; not where that cannot be told."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where a folder above may not be searched


def is_hidden(path: Path) -> bool:
    """Whether a file or folder is hidden by its name."""
    return path.name.startswith(".")


def walk(
    folder: Path,
    include: Sequence[str],
    is_excluded: Callable[[Path], bool],
    skip: Skip,
    ignore: Callable[[Path], None] | None = None,
) -> Iterator[Path]:
    """Yield the files in a folder and all folders in it, sorted, those that only links lead to last.

    Hidden ones and those of a run are passed over.

    Args:
        folder: where to begin.
        include: patterns of file names.
        is_excluded: whether to leave out a file or a folder with all in it.
        skip: called for each folder that is not searched.
        ignore: called for each hidden file.
    """

    def is_passed_over(entry: Path) -> bool:
        if ignore and is_hidden(entry) and not is_folder(entry):
            ignore(entry)
        return is_hidden(entry) or entry.name == RUN_FOLDER or is_excluded(entry)

    walker = _Walker(is_passed_over, skip)
    return (file for file in walker.files(folder) if is_name_included(file.name, include))


class _Walker:
    """The folders that were searched, by what identifies them, and the links to others that are left to follow."""

    def __init__(self, is_passed_over: Callable[[Path], bool], skip: Skip) -> None:
        self._is_passed_over, self._skip = is_passed_over, skip
        self._path_of_folder: dict[tuple[int, int], Path] = {}
        self._links: deque[Path] = deque()

    def files(self, folder: Path) -> Iterator[Path]:
        """Yield the files that can be reached from a folder."""
        self._links.append(folder)
        while self._links:
            stack = [self._links.popleft()]
            is_start = True
            while stack:
                path = stack.pop()
                if not is_folder(path):
                    yield path
                elif path.is_symlink() and not is_start:
                    self._links.append(path)
                else:
                    stack += self._entries(path)
                is_start = False

    def _entries(self, folder: Path) -> list[Path]:
        """List what is in a folder, the last first; nothing of one that was searched before."""
        try:
            status = folder.stat()
            entries = sorted(folder.iterdir(), reverse=True)
        except OSError as error:
            self._skip(SkippedFile(str(folder), f"cannot be listed: {error.strerror}"))
            return []
        first = self._path_of_folder.setdefault((status.st_dev, status.st_ino), folder)
        if first is not folder:
            is_loop = folder.resolve() in (parent.resolve() for parent in folder.parents)
            self._skip(SkippedFile(str(folder), LOOP if is_loop else f"{KNOWN_FOLDER}{first}"))
            return []
        return [entry for entry in entries if not self._is_passed_over(entry)]
