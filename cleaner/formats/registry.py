"""All formats, and the one that a file has by its content and name."""

from __future__ import annotations

import pkgutil
import stat
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from itertools import product
from pathlib import Path, PurePath

import cleaner.formats
from cleaner.errors import UsageError, did_you_mean
from cleaner.formats import text
from cleaner.formats.base import Format, Record, Source, file_source
from cleaner.formats.storage import sniffing
from cleaner.formats.storage.streams import split_compression


def _collect() -> Iterator[Format]:
    for module in pkgutil.iter_modules(cleaner.formats.__path__, "cleaner.formats."):
        if module.name != __name__:
            yield from (value for value in vars(import_module(module.name)).values() if isinstance(value, Format))


FORMATS = tuple(_collect())
"""Every `Format` that a module of this folder binds."""
BY_NAME = {format_.name: format_ for format_ in FORMATS}
"""Formats by their names; those that are a file a document decode records of this `kind`."""

GLOBS = tuple(glob for format_ in FORMATS for glob in format_.globs)
"""Patterns that folders are searched for by default; a file that is named is always read."""


PROGRAMS = (".php", ".php3", ".phtml", ".asp", ".aspx", ".jsp", ".do", ".cgi", ".shtm")
"""Suffixes of programs on a site, under which the pages that they send are saved; their source is not read."""


def format_of(path: Path, name: str = "", content: Path | None = None) -> Format:
    """Return the format of a file: the one that is named, else what its content tells, else its name.

    Args:
        path: the file.
        name: of the format, where it is known.
        content: where its content is, if not there.

    Raises:
        UsageError: there is no such format.
    """
    if name:
        return format_named(name)
    by_name = name_format(path)
    content = content or path
    try:
        state = content.stat()
    except (OSError, ValueError):
        return by_name
    if not stat.S_ISREG(state.st_mode):
        return by_name
    return _agree(by_name, _sniff(content, state.st_mtime_ns, state.st_size))


def is_told_by_content(path: Path) -> bool:
    """Whether a file of no format by its name is one by its content: a page that a program sent, or without a suffix.

    A suffix of digits, or behind a question mark, is that of a copy or of a page that was asked for.
    """
    name = path.name.partition("?")[0]
    suffix = PurePath(name).suffix.lower()
    is_nameless = not suffix or suffix[1:].isdecimal() or name != path.name
    if not is_nameless and suffix not in PROGRAMS:
        return False
    try:
        is_page = bool(sniffing.sniff(path))
    except UsageError:
        return True
    return is_page or (is_nameless and suffix not in PROGRAMS and sniffing.is_text(path))


def format_named(name: str) -> Format:
    """Return the format of a name. UsageError where there is none."""
    if name not in BY_NAME:
        known = did_you_mean(name, BY_NAME) or f"; there are {', '.join(sorted(BY_NAME))}"
        raise UsageError(f"--input-format {name}: no such format{known}")
    return BY_NAME[name]


def record_format(record: Record) -> Format:
    """Return the format of the file that a record stands in."""
    return BY_NAME[record.format] if record.format else name_format(PurePath(record.file))


def name_format(path: PurePath) -> Format:
    """Return the format that a file's name tells, that of text files for all others."""
    full_name = path.name.lower()
    name, _ = split_compression(full_name)
    return next((f for f in FORMATS if (full_name if f.is_per_file else name).endswith(f.suffixes)), text.FORMAT)


@lru_cache(maxsize=1 << 12)
def _sniff(path: Path, mtime: int, size: int) -> str:
    """Return what the content of a file in some state tells."""
    return sniffing.sniff(path) if size else ""


def _agree(by_name: Format, content: str) -> Format:
    """Choose between what a name and a content tell: lines of JSON may well be one object, and a page Markdown."""
    if not content or (by_name.name, content) in _SAME_CONTENT:
        return by_name
    return BY_NAME[content]


_SAME_CONTENT = {("json", "jsonl"), *product(("markdown", "csv", "html"), ("json", "jsonl"))}
"""Names of formats that hold though the content looks like another."""


def source_of(path: Path, name: str = "") -> Source:
    """Return a file as a source by itself."""
    return file_source(path, format_of(path, name).name)


def document_record(target: str, file: str, data: bytes) -> Record:
    """Return the content of a file as one document. `target`: its name below the input folder."""
    by_name = name_format(PurePath(file))
    format_ = by_name if by_name.is_per_file else text.FORMAT
    return text.file_record(format_.output_name(target), file, data, format_.name)
