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
    """Bring back the original bytes of every document, verified by SHA-256; refuses whatever was altered."""
    from cleaner import ledger
    from cleaner.errors import RestoreError, UsageError
    from cleaner.formats import files

    entries = list(ledger.read(folder / files.OWN / "edits.jsonl"))
    targets = [files.inside(to, entry.document) for entry in entries]
    taken = [target for target in targets if target.exists()]
    if taken and not force:
        raise UsageError(f"{taken[0]} exists (and {len(taken) - 1} more); choose another folder or give --force")
    refused = 0
    for entry, target in zip(entries, targets, strict=True):
        try:
            files.write(target, ledger.original(entry, _output(folder, entry.output)))
        except RestoreError as error:
            refused += 1
            typer.echo(f"refused: {error}", err=True)
        except OSError as error:
            refused += 1
            typer.echo(f"refused: {target}: cannot be written ({error.strerror})", err=True)
    if not quiet:
        typer.echo(f"{len(entries) - refused} of {len(entries)} documents restored to {to}, checksums equal", err=True)
    if refused:
        raise typer.Exit(1)


def _output(folder: Path, name: str) -> bytes:
    from cleaner.errors import RestoreError
    from cleaner.formats import files

    try:
        return files.inside(folder, name).read_bytes()
    except OSError as error:
        raise RestoreError(f"{name}: cannot be read ({error.strerror}); was it moved or deleted?") from error
