"""Names of outputs, each another: files that would share one get more of where they come from into theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path, PurePosixPath

from msgspec import Struct

from cleaner.errors import UsageError


class FoundFile(Struct, frozen=True):
    """A file, the folder that was searched or that it was named in, and its name below that."""

    root: Path
    target: str
    path: Path


class NameChoice(Struct, frozen=True):
    """The name that an output gets where no other wants it, and the one it gets else.

    `is_first`: whether its input has that name itself, and so keeps it.
    """

    name: str
    longer_name: str
    is_first: bool


def put_below_folders(files: Sequence[FoundFile]) -> list[FoundFile]:
    """Put files below the names of their folders, where files of several folders have one name.

    All files of such a folder are put there. As many names of folders are taken as tell them apart. A file that several
    inputs name is there once.

    Raises:
        UsageError: files cannot be told apart so.
    """
    shared: set[Path] = set()
    while True:
        named = list(_unrepeated(_below(files, shared)))
        roots = {file.root for file in _sharing(named)}
        if roots <= shared:
            break
        shared |= roots
    if rest := list(_sharing(named)):
        raise UsageError(f"{rest[0].path} and another file would both be written to {rest[0].target}; rename one")
    return named


def choose_names(choices: Sequence[NameChoice]) -> list[str]:
    """Choose a name for each output, none of which is another's or a folder of another."""
    wanted = Counter(choice.name for choice in choices)
    owned = {choice.name for choice in choices if choice.is_first}
    folders = {str(folder) for name in wanted for folder in PurePosixPath(name).parents}
    is_plain = [
        choice.name not in folders and (wanted[choice.name] == 1 or (choice.is_first and choice.name in owned))
        for choice in choices
    ]
    taken = {choice.name for choice, plain in zip(choices, is_plain, strict=True) if plain} | folders
    names = []
    for choice, plain in zip(choices, is_plain, strict=True):
        name = choice.name if plain else next(name for name in _numbered(choice.longer_name) if name not in taken)
        taken.add(name)
        names.append(name)
    return names


def _unrepeated(files: Iterable[FoundFile]) -> Iterator[FoundFile]:
    first: dict[str, list[FoundFile]] = {}
    for file in files:
        others = first.setdefault(file.target, [])
        if not any(_is_same_file(other.path, file.path) for other in others):
            others.append(file)
            yield file


def _is_same_file(left: Path, right: Path) -> bool:
    try:
        return left.samefile(right)
    except OSError:
        return left.absolute() == right.absolute()


def _sharing(files: Sequence[FoundFile]) -> Iterator[FoundFile]:
    counts = Counter(file.target for file in files)
    return (file for file in files if counts[file.target] > 1)


def _below(files: Iterable[FoundFile], roots: set[Path]) -> Iterator[FoundFile]:
    """Put the files of some folders below as much of the folders' paths as tells these apart."""
    parts = {root: root.absolute().resolve().parts[1:] for root in roots}
    depth = next(
        depth
        for depth in count(1)
        if len({names[-depth:] for names in parts.values()}) == len(parts)
        or depth > max(map(len, parts.values()), default=0)
    )
    for file in files:
        if file.root in roots:
            target = PurePosixPath(*parts[file.root][-depth:], file.target)
            yield FoundFile(file.root, str(target), file.path)
        else:
            yield file


def _numbered(name: str) -> Iterator[str]:
    """Yield a name, and then the name with numbers before its suffix."""
    yield name
    path = PurePosixPath(name)
    for number in count(2):
        yield str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
