"""The documents that commands of `cleaner rules` read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import typer

from cleaner.corpus.reading import ReadRecord, location, read_source
from cleaner.formats import registry
from cleaner.formats.base import Reading
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import SkippedFile
from cleaner.model import Document


def read_documents(inputs: Sequence[Path], host_from: str = "") -> Iterator[Document]:
    """Read the documents in files and folders, as `read_pages` does."""
    return (read.document for read in read_pages(inputs, host_from))


def read_pages(inputs: Sequence[Path], host_from: str = "") -> Iterator[ReadRecord]:
    """Read the documents in files and folders with what their markup says; what cannot be read is reported.

    `host_from`: the field or folder that tells their hosts, see `cleaner.corpus.reading.name_host`.
    """
    items, skips = files.find_inputs(inputs, None, registry.GLOBS)
    for item in items:
        source = registry.source_of(item.path)
        named_source = msgspec.structs.replace(
            source, files=(msgspec.structs.replace(source.files[0], target=item.target),)
        )
        for read in read_source(named_source, Reading(host_from=host_from)):
            if isinstance(read, ReadRecord):
                yield read
            else:
                skips.append(SkippedFile(location(read), read.reason))
    for file in skips:
        typer.echo(f"skipped {file.path}: {file.reason}", err=True)
