"""What git knows of files: which lines changed, which files a repository holds."""

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


def changed(ref: str, folder: Path) -> Changes:
    """Lines that differ from `ref` in the work tree of the repository around `folder`, and untracked files.

    UsageError where there is no git, no repository or no such revision.
    """
    root = _root(folder)
    if ref.startswith("-"):
        raise UsageError(f"--changed-since {ref}: not a revision")
    found: Changes = {}
    diff = ("diff", "-U0", "-a", "--no-color", "--no-ext-diff", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/")
    lines: list[range] = []
    inside = 0
    for line in _git(root, *diff, ref, "--").split(b"\n"):
        if inside and line[:1] in (b"+", b"-"):
            inside -= 1
        elif line.startswith(b"+++ "):
            found[root / _named(line[4:])] = lines = []
        elif hunk := _HUNK.match(line):
            old, first, count = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
            lines.append(range(first, first + count))
            inside = old + count
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return found | dict.fromkeys(_paths(root, new))


def files(folder: Path) -> list[Path]:
    """The files that the repository around `folder` tracks and has in its work tree."""
    root = _root(folder)
    return [path for path in _paths(root, _git(root, "ls-files", "-z")) if path.is_file()]


def _root(folder: Path) -> Path:
    return Path(_git(folder, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n"))


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise UsageError("git is not installed, and this option needs it") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise UsageError(f"{folder}: git {arguments[0]}: {said}")
    return done.stdout


def _named(said: bytes) -> str:
    """A path as a diff names it: quoted where it holds unusual characters, a tab behind it where it holds blanks."""
    said = said.rstrip(b"\t\r")
    plain = codecs.escape_decode(said[1:-1])[0] if said.startswith(b'"') else said
    return bytes(plain).decode("utf-8", "surrogateescape").removeprefix("b/")


def _paths(root: Path, listed: bytes) -> Iterator[Path]:
    for name in listed.split(b"\0"):
        if name:
            yield root / name.decode("utf-8", "surrogateescape")
