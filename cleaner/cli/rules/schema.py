"""`cleaner rules schema`: the JSON Schema of pack files."""

from __future__ import annotations

import msgspec
import typer

from cleaner.rules.schema import json_schema

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of pack files, for editors that check TOML."""
    typer.echo(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2).decode())
