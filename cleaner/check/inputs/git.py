"""Facts from git: changed lines of files, and the files of a repository."""

from __future__ import annotations

import codecs
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from cleaner.errors import UsageError

Changes = dict[Path, list[range] | None]
"""Changed lines by file, absolute; None for a file that is new as a whole."""

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def changed_lines(ref: str, folder: Path) -> Changes:
    """List the lines that differ from `ref` in the work tree of the repository around `folder`, and untracked files.

    UsageError where there is no git, no repository or no such revision.
    """
    root = _root(folder)
    if ref.startswith("-"):
        raise UsageError(f"--changed-since {ref}: not a revision")
    changes: Changes = {}
    diff = ("diff", "-U0", "-a", "--no-color", "--no-ext-diff", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/")
    lines: list[range] = []
    hunk_lines = 0
    for line in _git(root, *diff, ref, "--").split(b"\n"):
        if hunk_lines and line[:1] in (b"+", b"-"):
            hunk_lines -= 1
        elif line.startswith(b"+++ "):
            changes[root / _parse_path(line[4:])] = lines = []
        elif hunk := _HUNK.match(line):
            removals, first, count = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
            lines.append(range(first, first + count))
            hunk_lines = removals + count
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return changes | dict.fromkeys(_paths(root, new))


def tracked_files(folder: Path) -> list[Path]:
    """List the files that the repository around `folder` tracks and has in its work tree."""
    root = _root(folder)
    return [path for path in _paths(root, _git(root, "ls-files", "-z")) if path.is_file()]


def blob_ids(folder: Path) -> dict[Path, str]:
    """Return the ids of the contents of the files that the repository around `folder` tracks, but for changed ones."""
    root = _root(folder)
    entries = _git(root, "ls-files", "-s", "-z").split(b"\0")
    ids = {}
    for entry in filter(None, entries):
        facts, _, name = entry.partition(b"\t")
        ids[root / name.decode("utf-8", "surrogateescape")] = facts.split(b" ")[1].decode()
    for path in _paths(root, _git(root, "ls-files", "-m", "-z")):
        ids.pop(path, None)
    return ids


def own_folder(folder: Path) -> Path:
    """Return the folder in which git keeps the repository around `folder`; one for all of its work trees."""
    name = _git(folder, "rev-parse", "--git-common-dir").decode("utf-8", "surrogateescape").rstrip("\n")
    return (folder / name).resolve()


def _root(folder: Path) -> Path:
    return Path(_git(folder, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n"))


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        process = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise UsageError("git is not installed, and this option needs it") from None
    if process.returncode:
        message = process.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise UsageError(f"{folder}: git {arguments[0]}: {message}")
    return process.stdout


def _parse_path(path: bytes) -> str:
    """Parse a path in a diff: quoted where it holds unusual characters, a tab behind it where it holds blanks."""
    path = path.rstrip(b"\t\r")
    plain = codecs.escape_decode(path[1:-1])[0] if path.startswith(b'"') else path
    return bytes(plain).decode("utf-8", "surrogateescape").removeprefix("b/")


def _paths(root: Path, names: bytes) -> Iterator[Path]:
    for name in names.split(b"\0"):
        if name:
            yield root / name.decode("utf-8", "surrogateescape")
