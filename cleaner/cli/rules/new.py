"""`cleaner rules new`: begin a rule."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.errors import UsageError
from cleaner.packs import loader

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The pack; created if it does not exist.")],
    rule: Annotated[str, typer.Argument(metavar="CATEGORY/NAME", help="Id of the rule inside the pack.")],
) -> None:
    """Begin a rule in a pack file, with cases to edit and test."""
    text = file.read_text(encoding="utf-8") if file.exists() else _HEAD.format(id=file.stem)
    text = f"{text.rstrip()}\n\n{_SKELETON.format(id=rule)}"
    loader.check_pack(loader.parse_pack(text, str(file)))
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
    typer.echo(f"{file}: {rule} added; edit it, then run: cleaner rules test {file}")


_HEAD = """\
schema = 1

[pack]
id = "{id}"
version = "0.1.0"
title = "Rules of my own"
languages = ["zh"]
extends = ["zh-web"]
"""

_SKELETON = """\
[[rule]]
id = "{id}"
why = "Say why this is never written by an author."
literals = ["示例栏目"]
match = '^示例栏目[:：]'
weight = 1.0
drops = ["示例栏目：春天"]
keeps = ["这里的示例栏目每周更新。"]
"""
