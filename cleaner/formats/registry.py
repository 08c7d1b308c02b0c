"""All formats, and the one that a file has by its name."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path, PurePath

import cleaner.formats
from cleaner.formats import text
from cleaner.formats.base import Format, Item, Reading, Record, Source, file_source
from cleaner.formats.storage.files import Input
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


def format_of(path: PurePath) -> Format:
    """Return the format that a file's name tells, that of text files for all others."""
    full_name = path.name.lower()
    name, _ = split_compression(full_name)
    return next((f for f in FORMATS if (full_name if f.is_per_file else name).endswith(f.suffixes)), text.FORMAT)


def document_format(path: PurePath) -> Format:
    """Return the format of a file that is read as one document, whatever its name."""
    format_ = format_of(path)
    return format_ if format_.is_per_file else text.FORMAT


def document_input(target: str, path: Path) -> Input:
    """Return a file that is a document as an input, with the name of its output and its kind."""
    format_ = document_format(path)
    return Input(format_.output_name(target), path, format_.name)


def source_of(path: Path) -> Source:
    """Return a file as a source by itself."""
    return file_source(path, format_of(path).name)


def read_document(path: Path, reading: Reading) -> Item:
    """Read a file as one document, whatever its name."""
    return text.read_file(Input(path.name, path, document_format(path).name), reading)


def document_record(target: str, file: str, data: bytes) -> Record:
    """Return the content of a file as one document. `target`: its name below the input folder."""
    format_ = document_format(PurePath(file))
    return text.file_record(format_.output_name(target), file, data, format_.name)
