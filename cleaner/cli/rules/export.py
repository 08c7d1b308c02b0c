"""`cleaner rules export`: a pack for other programs."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from cleaner.packs import export as exporting
from cleaner.packs import registry

ExportFormat = Literal["json", "jsonl", "markdown"]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def export(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="Name or .toml file.")],
    form: Annotated[
        ExportFormat, typer.Option("--format", help="json and jsonl for other programs, markdown as a page to read.")
    ] = "json",
) -> None:
    """Print a pack for pipelines that aren't Python, or as a page to read.

    It includes the rules of the packs that it extends.
    """
    sys.stdout.buffer.write(exporting.WRITERS[form](registry.load_rules(pack)).encode())
