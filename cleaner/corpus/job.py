"""A job: what is cleaned, how, and how two calls are known to be the same one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from glob import glob
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaner.config import Config
from cleaner.errors import UsageError
from cleaner.formats import base, convert, files, registry, text
from cleaner.formats.base import Format, Reading, Source
from cleaner.formats.files import Input, SkippedFile
from cleaner.formats.jsonl_rows import SUFFIXES
from cleaner.formats.streams import COMPRESSIONS
from cleaner.pipeline import Pack

INCLUDED = (
    *files.TEXT,
    *(f"*{suffix}" for suffix in text.HTML),
    *(f"*{suffix}{packed}" for suffix in (*SUFFIXES, ".csv", ".tsv") for packed in ("", *COMPRESSIONS)),
    *("*.parquet", "*.arrow", "*.warc", "*.warc.gz", "*.wet", "*.wet.gz"),
)
"""What a folder is searched for by default; a file that is named is always read."""


class Job(NamedTuple):
    """All that a worker needs to know, and all that decides what comes out."""

    sources: tuple[Source, ...]
    pack: Pack
    chosen: Config
    reading: Reading
    kind: convert.OutputFormat
    version: str
    skipped: tuple[SkippedFile, ...] = ()
    """What was left out before the run began."""
    quarantine: Path | None = None
    """Where documents go that would lose more than the settings allow; None leaves them in the output, flagged."""

    def format(self, source: Source) -> Format:
        """How a source is read and its output written."""
        return convert.convert_to(self.kind, read_as(source))

    @property
    def size(self) -> int:
        """Bytes of all inputs as stored."""
        return sum(source.size for source in self.sources)

    @property
    def targets(self) -> Iterator[str]:
        """Outputs relative to the output folder."""
        for source in self.sources:
            if source.target:
                yield source.target
            else:
                yield from (item.target for item in source.files)

    def shape(self) -> dict[str, Any]:
        """The options besides the settings, as plain data."""
        return {"output format": self.kind, **msgspec.to_builtins(self.reading)}

    def identity(self) -> dict[str, Any]:
        """What must be equal for a run to be taken up again, as plain data."""
        return {
            "cleaner": self.version,
            "pack": self.pack.data.hash,
            "options": {key: value for key, value in msgspec.to_builtins(self.chosen).items() if key != "check"},
            "reading": msgspec.to_builtins(self.reading),
            "output format": self.kind,
            "quarantine": str(self.quarantine),
            "inputs": {str(item.path): stamp(item.path) for source in self.sources for item in source.files},
        }


def read_as(source: Source) -> Format:
    """How a source is read."""
    named = registry.by_suffix(source.path) if len(source.files) == 1 else None
    return named or text.FORMAT


def plain(source: Source) -> Source:
    """The same source as it would be written in its own format."""
    return source if read_as(source) is text.FORMAT else _source(source.files, "same")


def stamp(path: Path) -> str:
    """What tells that a file was changed: size and time."""
    try:
        found = path.stat()
    except OSError:
        return "gone"
    return f"{found.st_size} bytes, {found.st_mtime_ns}"


def changes(before: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """What differs between two identities, in words."""
    for name, value in now.items():
        was = before.get(name)
        if value == was:
            continue
        if not isinstance(value, dict) or not isinstance(was, dict):
            yield f"{name} was {was}, is {value}"
            continue
        for key in sorted({*value, *was}):
            if value.get(key) != was.get(key):
                yield f"{name}: {key} was {was.get(key, 'not there')}, is {value.get(key, 'not there')}"


def plan(
    inputs: Iterable[str], output: Path | None, include: tuple[str, ...], kind: convert.OutputFormat
) -> tuple[tuple[Source, ...], list[SkippedFile]]:
    """The sources that inputs name, files, folders or globs, and what was left out.

    UsageError where one does not exist, or two would be written to one output.
    """
    found, skipped = files.find_inputs(list(_paths(inputs)), output, include or INCLUDED)
    named = [item for item in found if _is_name(item.target, skipped.append)]
    documents = [item for item in named if registry.by_suffix(item.path) is None]
    sources = [_source((item,), kind) for item in named if registry.by_suffix(item.path)]
    if documents:
        sources.insert(0, _source(tuple(documents), kind))
    _check(sources)
    return tuple(sources), skipped


def _paths(inputs: Iterable[str]) -> Iterator[Path]:
    for name in inputs:
        matched = [] if Path(name).exists() else sorted(glob(name, recursive=True))  # noqa: PTH207 - takes absolute patterns
        yield from map(Path, matched or [name])


def _is_name(target: str, skip: Callable[[SkippedFile], None]) -> bool:
    try:
        target.encode()
    except UnicodeEncodeError:
        skip(SkippedFile(ascii(target), "its name is not UTF-8; rename it"))
        return False
    return True


def _source(items: tuple[Input, ...], kind: convert.OutputFormat) -> Source:
    read = registry.by_suffix(items[0].path)
    made = convert.convert_to(kind, read or text.FORMAT)
    sizes = tuple(_size(item.path) for item in items)
    if read is None:
        pages = tuple(Input(text.renamed(item.target), item.path) for item in items)
        return Source("" if made is text.FORMAT else f"documents{made.suffix}", pages, sizes)
    name, packed = base.split_compression(items[0].target)
    if kind == "text":
        return Source(_without_suffix(name, read), items, sizes)
    packed = "" if made.suffix == ".parquet" else packed
    return Source(
        f"{_without_suffix(name, read)}{made.suffix}{packed}" if made.suffix else items[0].target, items, sizes
    )


def _without_suffix(name: str, read: Format) -> str:
    return next((name[: -len(suffix)] for suffix in read.suffixes if name.lower().endswith(suffix)), name)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _check(sources: Sequence[Source]) -> None:
    taken: dict[str, Path] = {}
    for source in sources:
        for target, path in (
            [(source.target, source.path)] if source.target else [(i.target, i.path) for i in source.files]
        ):
            other = taken.setdefault(target, path)
            if other is not path:
                raise UsageError(f"{other} and {path} would both be written to {target}; clean them separately")
