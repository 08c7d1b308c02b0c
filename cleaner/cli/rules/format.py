"""`cleaner rules format`: lay out packs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.errors import UsageError
from cleaner.formats.storage import files as storage
from cleaner.packs import formatting

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def format_packs(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Packs, as .toml files.")],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 if a file would change.")] = False,
) -> None:
    """Lay out packs for readable diffs.

    One literal a line, sorted, each once; no line over 120 characters.
    """
    count = 0
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read ({error})") from None
        laid_out = formatting.format_pack(text, str(path))
        if laid_out != text:
            count += 1
            typer.echo(f"{path}: {'would be formatted' if check else 'formatted'}")
            if not check:
                storage.write_bytes(path, laid_out.encode())
    if check and count:
        raise typer.Exit(1)
