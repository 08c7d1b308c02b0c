"""`cleaner restore`: the original bytes from clean output and ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that 'cleaner clean --output' wrote.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR2", help="Where the originals are written.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are in the way.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Bring back the original bytes of text files, pages and JSON Lines, verified by SHA-256.

    Whatever was altered is refused, and so are formats that cannot be rebuilt from text. Compressed JSON Lines
    come back with the same content, compressed anew.
    """
    from cleaner.corpus import restore as restoring
    from cleaner.errors import UsageError

    targets = restoring.targets(folder)
    taken = [target for target in targets if (to / target).exists()]
    if taken and not force:
        raise UsageError(f"{to / taken[0]} exists (and {len(taken) - 1} more); choose another folder or give --force")
    refused = 0
    for done in restoring.restore(folder, to):
        if done.reason:
            refused += 1
            typer.echo(f"refused: {done.reason}", err=True)
    if not quiet:
        counts = f"{len(targets) - refused} of {len(targets)} files"
        typer.echo(f"{counts} restored to {to}, checksums equal", err=True)
    if refused:
        raise typer.Exit(1)
