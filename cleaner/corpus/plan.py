"""Plan the sources of a run: the files that inputs name, and where the output of each goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from glob import glob
from pathlib import Path

from cleaner.errors import UsageError
from cleaner.formats import convert, files, registry, text
from cleaner.formats.base import Format, Source, split_compression
from cleaner.formats.files import Input, SkippedFile


def plan(
    inputs: Iterable[str], output: Path | None, include: tuple[str, ...], kind: convert.OutputFormat
) -> tuple[tuple[Source, ...], list[SkippedFile]]:
    """Find the sources that inputs name: files, folders or globs.

    Args:
        inputs: paths and patterns.
        output: a folder that is not searched.
        include: names that folders are searched for; those of all formats where there are none.
        kind: the format of the output.

    Returns:
        The sources, all text files as one, and what was left out.

    Raises:
        UsageError: an input does not exist, or two would be written to one output.
    """
    paths, skipped = files.find_inputs(list(_paths(inputs)), output, include or registry.GLOBS)
    inputs_ = [file for file in paths if _is_name(file.target, skipped.append)]
    documents = [file for file in inputs_ if registry.format_of(file.path).is_per_file]
    sources = [_source((file,), kind) for file in inputs_ if not registry.format_of(file.path).is_per_file]
    if documents:
        sources.insert(0, _source(tuple(documents), kind))
    _refuse_shared_targets(sources)
    return tuple(sources), skipped


def own_format(source: Source) -> Format:
    """Return the format that a source is stored in."""
    return registry.format_of(source.path) if len(source.files) == 1 else text.FORMAT


def unconverted(source: Source) -> Source:
    """Return the same source as it would be written in its own format."""
    return source if own_format(source).is_per_file else _source(source.files, "same")


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
    read = registry.format_of(inputs[0].path)
    write = convert.convert_to(kind, read)
    sizes = tuple(_size(file.path) for file in inputs)
    if read.is_per_file:
        documents = tuple(registry.document_input(file.target, file.path) for file in inputs)
        return Source("" if write.is_per_file else f"documents{write.output_suffix}", documents, sizes)
    return Source(_target(inputs[0].target, read, write, kind), inputs, sizes)


def _target(name: str, read: Format, write: Format, kind: convert.OutputFormat) -> str:
    """Name the output of a file of records."""
    stem, compression = split_compression(name)
    if kind == "text":
        return read.without_suffix(stem)
    if not write.output_suffix:
        return name
    return f"{read.without_suffix(stem)}{write.output_suffix}{compression if write.is_stream else ''}"


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
