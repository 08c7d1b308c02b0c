"""`cleaner stats`: what a run removed, by rule, category and host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def stats(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that 'cleaner clean --output' wrote.")],
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="Rows of each table.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Show removal by rule, category and host, lengths and scripts, rules that decided nothing, unusual hosts."""
    from cleaner.corpus.report import stats as report

    found = report.read(folder)
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(report.as_dict(found)).decode())
    else:
        typer.echo(report.page(found, most))
