"""The documents that commands of `cleaner rules` read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from cleaner.corpus.reading import ReadRecord, location, read_source
from cleaner.formats import registry
from cleaner.formats.base import Reading
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import SkippedFile
from cleaner.model import Document


def read_documents(inputs: Sequence[Path]) -> Iterator[Document]:
    """Read the documents in files and folders; what cannot be read is reported."""
    items, skips = files.find_inputs(inputs, None, registry.GLOBS)
    for item in items:
        for read in read_source(registry.source_of(item.path), Reading()):
            if isinstance(read, ReadRecord):
                yield read.document
            else:
                skips.append(SkippedFile(location(read), read.reason))
    for file in skips:
        typer.echo(f"skipped {file.path}: {file.reason}", err=True)
