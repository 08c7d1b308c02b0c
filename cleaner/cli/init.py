"""`cleaner init`: settings and hooks for the repository at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.check import setup
from cleaner.check.setup import HOOKS, SETTINGS
from cleaner.cli.options import ForceOption
from cleaner.errors import UsageError
from cleaner.formats.storage import files

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def init(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[FOLDER...]", help="Folders of data. [default: those found]")
    ] = None,
    show: Annotated[bool, typer.Option("--print", help="Print the files instead of writing them.")] = False,
    force: ForceOption = False,
) -> None:
    """Write cleaner.toml and .pre-commit-config.yaml for this repository.

    Looks which folders hold data and in which language, and restricts the hooks to them. Exit code 2: one of the files
    exists, and --force is not given, or there is no data.
    """
    root = Path.cwd()
    facts = setup.examine(root, folders or [])
    texts = {SETTINGS: setup.write_settings(facts), HOOKS: setup.write_hooks(facts)}
    if show:
        typer.echo("\n".join(f"# {name}\n{text}" for name, text in texts.items()), nl=False)
        return
    if (present := [name for name in texts if (root / name).exists()]) and not force:
        raise UsageError(f"{' and '.join(present)} exist; --force overwrites, --print shows what would be written")
    for name, text in texts.items():
        files.write_bytes(root / name, text.encode())
        typer.echo(f"{name}: written for {', '.join(facts.folders)}", err=True)
