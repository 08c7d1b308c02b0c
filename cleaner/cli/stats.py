"""`cleaner stats`: a run's removals by rule, category and host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cleaner.corpus.report import stats as report
from cleaner.text.printable import make_lines_printable

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def stats(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that 'cleaner clean --output' wrote.")],
    rows: Annotated[int, typer.Option("--most", metavar="N", min=1, help="Rows of each table.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Show what a run removed, by rule, category and host.

    Also lengths and scripts of the documents, rules that decided nothing, and unusual hosts.
    """
    summary = report.read(folder)
    if as_json:
        typer.echo(msgspec.json.encode(report.as_dict(summary)).decode())
    else:
        typer.echo(make_lines_printable(report.page(summary, rows)))
