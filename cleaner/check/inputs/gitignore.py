"""What git ignores in a work tree: the patterns of all .gitignore files above a path, the nearest last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_GIT = ".git"


class GitIgnore:
    """The files that git would not add, below a folder; none where it lies in no work tree or is ignored itself."""

    def __init__(self, folder: Path) -> None:
        self._specs: dict[Path, list[_Patterns]] = {}
        absolute = folder.resolve()
        self._root = next((parent for parent in (absolute, *absolute.parents) if (parent / _GIT).exists()), None)
        if self._root and self.ignores(absolute, is_folder=True):
            self._root = None

    def ignores(self, path: Path, *, is_folder: bool) -> bool:
        """Whether git ignores a path whose folders it does not ignore."""
        path = path.parent.resolve() / path.name
        if self._root is None or self._root not in path.parents:
            return False
        for patterns in reversed(self._read(path.parent)):
            verdict = patterns.decide(path, is_folder=is_folder)
            if verdict is not None:
                return verdict
        return False

    def _read(self, folder: Path) -> list[_Patterns]:
        """Read the patterns that hold in a folder, those of the root first."""
        if folder not in self._specs:
            is_root = folder == self._root
            above = [] if is_root else self._read(folder.parent)
            own = [folder / _GIT / "info" / "exclude"] if is_root else []
            files = [path for path in (*own, folder / ".gitignore") if path.is_file()]
            self._specs[folder] = above + [_Patterns(folder, path) for path in files]
        return self._specs[folder]


class _Patterns:
    """The patterns of one file, for paths below a folder."""

    def __init__(self, folder: Path, file: Path) -> None:
        from pathspec import GitIgnoreSpec  # most folders have none

        self._folder = folder
        self._spec = GitIgnoreSpec.from_lines(file.read_text(encoding="utf-8", errors="replace").splitlines())

    def decide(self, path: Path, *, is_folder: bool) -> bool | None:
        """Say whether a path is ignored; None where no pattern is about it."""
        relative = path.relative_to(self._folder)
        name = f"{relative.as_posix()}/" if is_folder else relative.as_posix()
        folder = f"{relative.parent.as_posix()}/" if len(relative.parts) > 1 else ""
        for pattern in reversed(list(self._spec.patterns)):
            if pattern.include is not None and pattern.match_file(name) and not _is_about(pattern, folder):
                return pattern.include
        return None


def _is_about(pattern: Any, folder: str) -> bool:
    """Whether a pattern matches a path only because it matches the folder it is in, which was decided on before."""
    return bool(folder and pattern.match_file(folder) and not pattern.pattern.rstrip("/").endswith("**"))
