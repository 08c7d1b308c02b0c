"""`cleaner rules diff`: two versions of a pack over documents."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli.reading.options import HostFromOption
from cleaner.cli.rules.documents import read_pages
from cleaner.corpus.reading import hints_of
from cleaner.explain import pack_diff
from cleaner.packs import registry
from cleaner.pipeline import Pack

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A pack: name, .toml file, or folder of them.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its other version.")],
    inputs: Annotated[list[Path], typer.Argument(metavar="INPUT...", help="Files, or folders of them.")],
    host_from: HostFromOption = "",
    summary: Annotated[bool, typer.Option("--summary", help="Only the number of changed lines for each rule.")] = False,
) -> None:
    """Show the lines whose verdict differs between two versions of a pack, by rule."""
    packs = Pack(registry.load_rules(old)), Pack(registry.load_rules(new))
    pages = ((read.document, hints_of(read)) for read in read_pages(inputs, host_from))
    differences = sorted(pack_diff.compare_on_pages(*packs, pages))
    for rule, changes in groupby(differences, key=lambda change: change.rule):
        lines = list(changes)
        typer.echo(f"{rule}: {len(lines)}")
        for change in [] if summary else lines:
            typer.echo(f"  {change.document}:{change.line}: {change.before} -> {change.after}\n    {change.text}")
    typer.echo(f"{len(differences)} verdicts changed")
