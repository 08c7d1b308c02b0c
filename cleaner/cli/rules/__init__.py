"""`cleaner rules`: list, test, write and compare rules."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli.rules import listing
from cleaner.cli.rules import tune as tuning
from cleaner.cli.rules.inputs import load_packs, read_documents

app = typer.Typer(
    help="List, show, test, write and compare rules.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command("list")(listing.list_rules)
app.command()(listing.show)
app.command()(tuning.tune)


class ExportFormat(StrEnum):
    """Formats of an exported pack."""

    json = "json"
    jsonl = "jsonl"
    markdown = "markdown"


PacksArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[PACK...]", help="Names or .toml files. [default: all that are known]")
]


@app.command("test")
def run_cases(packs: PacksArgument = None) -> None:
    """Run the cases of all rules, and every rule against the texts that any rule must leave. Exit 1 when one fails."""
    from cleaner.packs import loader, testing
    from cleaner.packs.registry import combine

    selection = load_packs(packs)
    combination = combine([loader.check_pack(pack) for pack in selection])
    failures = testing.run_cases(combination)
    for failure in failures:
        typer.echo(f"{failure.rule}: {failure.key}: {failure.text!r}: {failure.message}")
    typer.echo(f"{len(combination.rules)} rules, {testing.count_cases(combination)} cases, {len(failures)} failed")
    if failures:
        sys.exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a pack file, for editors that check TOML."""
    import msgspec

    from cleaner.rules.schema import json_schema

    typer.echo(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2).decode())


@app.command()
def export(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="Name or .toml file.")],
    form: Annotated[
        ExportFormat, typer.Option("--format", help="json and jsonl for other programs, markdown as a page to read.")
    ] = ExportFormat.json,
) -> None:
    """Print a pack, with the rules of the packs it extends, for pipelines that aren't Python or as documentation."""
    from cleaner.packs import export as packdoc
    from cleaner.packs import registry

    sys.stdout.buffer.write(packdoc.WRITERS[form.value](registry.load_rules(pack)).encode())


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The pack; made when it does not exist.")],
    rule: Annotated[str, typer.Argument(metavar="CATEGORY/NAME", help="Id of the rule inside the pack.")],
) -> None:
    """Begin a rule: write a skeleton with cases into a pack, ready to be edited and tested."""
    from cleaner.errors import UsageError
    from cleaner.packs import loader

    text = file.read_text(encoding="utf-8") if file.exists() else _HEAD.format(id=file.stem)
    text = f"{text.rstrip()}\n\n{_SKELETON.format(id=rule)}"
    loader.check_pack(loader.parse_pack(text, str(file)))
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
    typer.echo(f"{file}: {rule} added; edit it, then run: cleaner rules test {file}")


@app.command("format")
def format_packs(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Packs, as .toml files.")],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if a file is not laid out so.")] = False,
) -> None:
    """Lay out packs for readable diffs: one literal a line, sorted, each once; no line over 120 characters."""
    from cleaner.errors import UsageError
    from cleaner.formats import files as storage
    from cleaner.packs import formatting

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


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A pack: name or .toml file.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its other version.")],
    inputs: Annotated[list[Path], typer.Argument(metavar="INPUT...", help="Files, or folders of them.")],
    summary: Annotated[bool, typer.Option("--summary", help="Only the number of changed lines for each rule.")] = False,
) -> None:
    """Run two versions of a pack over documents and show the lines whose verdict changed, by rule."""
    from itertools import groupby

    from cleaner.explain import pack_diff
    from cleaner.packs import registry
    from cleaner.pipeline import Pack

    differences = sorted(
        pack_diff.compare_packs(Pack(registry.load_rules(old)), Pack(registry.load_rules(new)), read_documents(inputs))
    )
    for rule, changes in groupby(differences, key=lambda change: change.rule):
        lines = list(changes)
        typer.echo(f"{rule}: {len(lines)}")
        for change in [] if summary else lines:
            typer.echo(f"  {change.document}:{change.line}: {change.before} -> {change.after}\n    {change.text}")
    typer.echo(f"{len(differences)} verdicts changed")


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
