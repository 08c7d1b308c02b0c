"""Plan the sources of a run: the files that inputs name, and where the output of each goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from glob import glob
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from cleaner.formats import convert, html, markdown, registry, text
from cleaner.formats.base import Format, Reading, Source
from cleaner.formats.storage import files, streams
from cleaner.formats.storage.files import Input
from cleaner.formats.storage.folders import RUN_FOLDER, SkippedFile, is_hidden
from cleaner.formats.storage.naming import NameChoice, choose_names
from cleaner.formats.storage.regular import special_reason
from cleaner.formats.storage.streams import split_compression

MOST_KINDS = 5
"""Kinds of files passed over that are named: as many as fit on a line."""
HIDDEN = "hidden"
"""Stands for the suffixes of hidden files."""


class SourcePlan(NamedTuple):
    """What is read: the sources, all text files as one; what was left out; by suffix, files of folders passed over."""

    sources: tuple[Source, ...]
    skips: list[SkippedFile]
    other_suffixes: Counter[str]


def plan(
    inputs: Iterable[str],
    output: Path | None,
    include: tuple[str, ...],
    kind: convert.OutputFormat,
    input_format: str = "",
) -> SourcePlan:
    """Find the sources that inputs name: files, folders or globs.

    Args:
        inputs: paths and patterns.
        output: a folder that is not searched.
        include: names that folders are searched for; those of all formats where there are none.
        kind: the format of the output.
        input_format: the format of all inputs; told by content and name where there is none.

    Raises:
        UsageError: an input does not exist.
    """
    found, skips, others = _find(inputs, output, include, input_format)
    sources = _group(found, lambda group: _source(group, kind))
    return SourcePlan(tuple(_name_apart(sources, kind)), skips, others)


def name_as_markdown(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Return sources whose pages are written as Markdown, under names that say so."""
    renamed = [
        source if source.target else msgspec.structs.replace(source, files=tuple(map(_as_markdown, source.files)))
        for source in sources
    ]
    return tuple(_name_apart(renamed, "same", markdown.FORMAT.suffixes[0]))


def _as_markdown(file: Input) -> Input:
    suffix = registry.BY_NAME[file.kind].output_suffix
    if file.kind != html.FORMAT.name or not file.target.endswith(suffix):
        return file
    return msgspec.structs.replace(file, target=f"{file.target.removesuffix(suffix)}{markdown.FORMAT.suffixes[0]}")


def plan_reading(
    inputs: Iterable[str], output: Path | None, include: tuple[str, ...], input_format: str = ""
) -> SourcePlan:
    """Find the sources that inputs name where no output is made of each: pages keep their names."""
    found, skips, others = _find(inputs, output, include, input_format)
    return SourcePlan(tuple(_name_apart(_group(found, _unrenamed_source), "same")), skips, others)


def describe_others(suffixes: Counter[str]) -> str:
    """Say how many files of folders were passed over, and of which kinds."""
    rows = sorted(suffixes.items(), key=lambda row: (-row[1], row[0]))
    kinds = ", ".join(f"{count:,} {suffix or 'without suffix'}" for suffix, count in rows[:MOST_KINDS])
    more = ", …" if len(suffixes) > MOST_KINDS else ""
    return f"{suffixes.total():,} file{'s' * (suffixes.total() > 1)} passed over: {kinds}{more}"


def _find(
    inputs: Iterable[str], output: Path | None, include: tuple[str, ...], input_format: str
) -> tuple[list[Input], list[SkippedFile], Counter[str]]:
    others: Counter[str] = Counter()
    paths, skips = files.find_inputs(
        list(_paths(inputs)),
        output,
        include or registry.GLOBS,
        lambda path: others.update([HIDDEN if is_hidden(path) else path.suffix.lower()]),
        None if include else registry.is_told_by_content,
    )
    return _with_formats(paths, input_format, skips.append), skips, others


def _with_formats(paths: Iterable[Input], name: str, skip: Callable[[SkippedFile], None]) -> list[Input]:
    """Tell the format of each file."""
    return [
        Input(file.target, file.path, registry.format_of(file.path, name).name)
        for file in paths
        if _is_name(file.target, skip) and _is_regular(file.path, skip)
    ]


def _group(inputs: Sequence[Input], make: Callable[[tuple[Input, ...]], Source]) -> list[Source]:
    """Make a source of each file of records, and one of all other files, which comes first."""
    sources = [make((file,)) for file in inputs if not registry.BY_NAME[file.kind].is_per_file]
    documents = tuple(file for file in inputs if registry.BY_NAME[file.kind].is_per_file)
    return [make(documents), *sources] if documents else sources


def _unrenamed_source(inputs: tuple[Input, ...]) -> Source:
    if not registry.BY_NAME[inputs[0].kind].is_per_file:
        return _source(inputs, "same")
    return Source("", inputs, tuple(_size(file.path) for file in inputs))


def require_libraries(sources: Iterable[Source], kind: convert.OutputFormat = "same") -> None:
    """Raise UsageError for the first file that cannot be read or written, as a library is not installed."""
    for source in sources:
        read = own_format(source)
        libraries = (*read.libraries, *convert.convert_to(kind, read).libraries, *streams.libraries_of(source.path))
        for library in libraries:
            streams.require_library(library, source.path)


def own_format(source: Source) -> Format:
    """Return the format that a source is stored in."""
    return registry.BY_NAME[source.files[0].kind] if len(source.files) == 1 else text.FORMAT


def is_left_whole(source: Source, write: Format, reading: Reading) -> bool:
    """Whether the output of a source is its file as it came: no row has a text, and nothing else is to be written."""
    return source.target == source.files[0].target and write is own_format(source) and is_refused(source, reading)


def is_refused(source: Source, reading: Reading) -> bool:
    """Whether a source is a file of which no row has a text."""
    return bool(own_format(source).refuse_file(source, reading))


def as_own_format(source: Source) -> Source:
    """Return the same source as it would be written in its own format."""
    if own_format(source).is_per_file:
        return source
    own, name = _source(source.files, "same"), source.files[0].target
    if own.target in (source.target, name):
        return own
    return msgspec.structs.replace(own, target=f"{name}{own_format(source).output_suffix}")


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
        yield from [path for path in map(Path, matches) if RUN_FOLDER not in path.parts] if matches else [Path(name)]


def _is_name(target: str, skip: Callable[[SkippedFile], None]) -> bool:
    try:
        target.encode()
    except UnicodeEncodeError:
        skip(SkippedFile(ascii(target), "its name is not UTF-8; rename it"))
        return False
    return True


def _is_regular(path: Path, skip: Callable[[SkippedFile], None]) -> bool:
    if reason := special_reason(path):
        skip(SkippedFile(str(path), reason))
    return not reason


def _source(inputs: tuple[Input, ...], kind: convert.OutputFormat) -> Source:
    read = registry.BY_NAME[inputs[0].kind]
    write = convert.convert_to(kind, read)
    sizes = tuple(_size(file.path) for file in inputs)
    if read.is_per_file:
        documents = tuple(
            Input(registry.BY_NAME[file.kind].output_name(file.target), file.path, file.kind) for file in inputs
        )
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


def _name_apart(sources: Sequence[Source], kind: convert.OutputFormat, page_suffix: str = "") -> Iterator[Source]:
    """Name outputs that would share a name after the whole names of their inputs; `page_suffix`: of pages."""
    choices = [choice for source in sources for choice in _choices(source, kind, page_suffix)]
    names = iter(choose_names(choices))
    for source in sources:
        if source.target:
            yield msgspec.structs.replace(source, target=next(names))
        else:
            documents = tuple(msgspec.structs.replace(file, target=next(names)) for file in source.files)
            yield msgspec.structs.replace(source, files=documents)


def _choices(source: Source, kind: convert.OutputFormat, page_suffix: str) -> Iterator[NameChoice]:
    """Yield how each output of a source may be named."""
    if source.target:
        yield NameChoice(source.target, _longer_target(source, kind), source.target == source.files[0].target)
    else:
        for file in source.files:
            name = str(PurePosixPath(file.target).with_name(file.path.name))
            own_suffix = registry.BY_NAME[file.kind].output_suffix or text.FORMAT.suffixes[0]
            suffix = page_suffix if page_suffix and file.kind == html.FORMAT.name else own_suffix
            yield NameChoice(file.target, f"{name}{suffix}", file.target == name)


def _longer_target(source: Source, kind: convert.OutputFormat) -> str:
    name, read = source.files[0].target, own_format(source)
    if read.is_per_file:
        return source.target
    suffix = convert.convert_to(kind, read).output_suffix or PurePosixPath(name).suffix
    return name if kind == "text" else f"{name}{suffix}"
