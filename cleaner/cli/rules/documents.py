"""The documents that commands of `cleaner rules` read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from cleaner.corpus import clean
from cleaner.formats import text
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import SkippedFile
from cleaner.model import Document


def read_documents(inputs: Sequence[Path]) -> Iterator[Document]:
    """Read the documents in files and folders; what cannot be read is reported."""
    items, skips = files.find_inputs(inputs, None, text.FORMAT.globs)
    for item in items:
        result = clean.read_file(item.path)
        if isinstance(result, SkippedFile):
            skips.append(result)
        else:
            yield result.document
    for file in skips:
        typer.echo(f"skipped {file.path}: {file.reason}", err=True)
