"""Plan the sources of a run: the files that inputs name, and where the output of each goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from glob import glob
from pathlib import Path

from cleaner.errors import UsageError
from cleaner.formats import base, convert, files, registry, text
from cleaner.formats.base import Format, Source
from cleaner.formats.files import Input, SkippedFile
from cleaner.formats.jsonl_rows import SUFFIXES
from cleaner.formats.streams import COMPRESSIONS

INCLUDED = (
    *files.TEXT,
    *(f"*{suffix}" for suffix in text.HTML),
    *(f"*{suffix}{packed}" for suffix in (*SUFFIXES, ".csv", ".tsv") for packed in ("", *COMPRESSIONS)),
    *("*.parquet", "*.arrow", "*.warc", "*.warc.gz", "*.wet", "*.wet.gz"),
)
"""Names that a folder is searched for by default; a file that is named is always read."""


def plan(
    inputs: Iterable[str], output: Path | None, include: tuple[str, ...], kind: convert.OutputFormat
) -> tuple[tuple[Source, ...], list[SkippedFile]]:
    """Find the sources that inputs name: files, folders or globs.

    Args:
        inputs: paths and patterns.
        output: a folder that is not searched.
        include: names that folders are searched for; INCLUDED where there are none.
        kind: the format of the output.

    Returns:
        The sources, all text files as one, and what was left out.

    Raises:
        UsageError: an input does not exist, or two would be written to one output.
    """
    paths, skipped = files.find_inputs(list(_paths(inputs)), output, include or INCLUDED)
    inputs_ = [file for file in paths if _is_name(file.target, skipped.append)]
    documents = [file for file in inputs_ if registry.by_suffix(file.path) is None]
    sources = [_source((file,), kind) for file in inputs_ if registry.by_suffix(file.path)]
    if documents:
        sources.insert(0, _source(tuple(documents), kind))
    _refuse_shared_targets(sources)
    return tuple(sources), skipped


def own_format(source: Source) -> Format:
    """Return the format that a source is stored in."""
    by_name = registry.by_suffix(source.path) if len(source.files) == 1 else None
    return by_name or text.FORMAT


def unconverted(source: Source) -> Source:
    """Return the same source as it would be written in its own format."""
    return source if own_format(source) is text.FORMAT else _source(source.files, "same")


def targets(sources: Iterable[Source]) -> Iterator[str]:
    """Yield the outputs of sources, relative to the output folder."""
    for source in sources:
        if source.target:
            yield source.target
        else:
            yield from (file.target for file in source.files)


def _paths(inputs: Iterable[str]) -> Iterator[Path]:
    for name in inputs:
        matches = [] if Path(name).exists() else sorted(glob(name, recursive=True))  # noqa: PTH207 - takes absolute patterns
        yield from map(Path, matches or [name])


def _is_name(target: str, skip: Callable[[SkippedFile], None]) -> bool:
    try:
        target.encode()
    except UnicodeEncodeError:
        skip(SkippedFile(ascii(target), "its name is not UTF-8; rename it"))
        return False
    return True


def _source(inputs: tuple[Input, ...], kind: convert.OutputFormat) -> Source:
    read = registry.by_suffix(inputs[0].path)
    written = convert.convert_to(kind, read or text.FORMAT)
    sizes = tuple(_size(file.path) for file in inputs)
    if read is None:
        pages = tuple(Input(text.renamed(file.target), file.path) for file in inputs)
        return Source("" if written is text.FORMAT else f"documents{written.suffix}", pages, sizes)
    name, compression = base.split_compression(inputs[0].target)
    if kind == "text":
        return Source(_without_suffix(name, read), inputs, sizes)
    if not written.suffix:
        return Source(inputs[0].target, inputs, sizes)
    compression = "" if written.suffix == ".parquet" else compression
    return Source(f"{_without_suffix(name, read)}{written.suffix}{compression}", inputs, sizes)


def _without_suffix(name: str, read: Format) -> str:
    return next((name[: -len(suffix)] for suffix in read.suffixes if name.lower().endswith(suffix)), name)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _refuse_shared_targets(sources: Sequence[Source]) -> None:
    paths: dict[str, Path] = {}
    for source in sources:
        files_ = [(source.target, source.path)] if source.target else [(f.target, f.path) for f in source.files]
        for target, path in files_:
            other = paths.setdefault(target, path)
            if other is not path:
                raise UsageError(f"{other} and {path} would both be written to {target}; clean them separately")
