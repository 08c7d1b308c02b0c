"""`cleaner restore`: the original bytes from clean output and ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.corpus import restore as restoring
from cleaner.errors import UsageError
from cleaner.text.printable import make_printable

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that 'cleaner clean --output' wrote.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR2", help="Where the originals are written.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Bring back the original files from a cleaned folder.

    Text files, pages and JSON Lines come back byte for byte, verified by SHA-256; compressed JSON Lines with the same
    content, compressed again. Files that were altered are refused, and so are formats that cannot be rebuilt from text.
    """
    targets = restoring.targets(folder)
    existing = [target for target in targets if (to / target).exists()]
    if existing and not force:
        others = len(existing) - 1
        raise UsageError(f"{to / existing[0]} exists (and {others} more); choose another folder or give --force")
    refusals = 0
    for outcome in restoring.restore(folder, to):
        if outcome.reason:
            refusals += 1
            typer.echo(make_printable(f"refused: {outcome.reason}"), err=True)
    if not quiet:
        counts = f"{len(targets) - refusals} of {len(targets)} files"
        typer.echo(f"{counts} restored to {to}, checksums equal", err=True)
    if refusals:
        raise typer.Exit(1)
