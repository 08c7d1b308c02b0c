"""The packs and documents that commands of `cleaner rules` read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.model import Document
    from cleaner.rules.schema import RulePack


def load_packs(names: Sequence[str] | None) -> list[RulePack]:
    """Load the packs of these names, or all that are known: of those one that cannot be used is reported."""
    from cleaner.errors import PackError
    from cleaner.packs import registry

    if names:
        return [registry.load_rules(name) for name in names]
    packs = []
    for name in registry.pack_names():
        try:
            packs.append(registry.load_rules(name))
        except PackError as error:
            typer.echo(f"left out: {error}", err=True)
    return packs


def read_documents(inputs: Sequence[Path]) -> Iterator[Document]:
    """Read the documents in files and folders; what cannot be read is reported."""
    from cleaner.corpus import clean
    from cleaner.formats import files, text

    items, skips = files.find_inputs(inputs, None, text.FORMAT.globs)
    for item in items:
        result = clean.read_file(item.path)
        if isinstance(result, files.SkippedFile):
            skips.append(result)
        else:
            yield result.document
    for file in skips:
        typer.echo(f"skipped {file.path}: {file.reason}", err=True)
