"""`cleaner rules`: see, test, write and compare rules."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli import rules_tune

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.model import BuiltinRule, Document
    from cleaner.rules.schema import Rule, RulePack

app = typer.Typer(
    help="List, show, test, write and compare rules.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command()(rules_tune.tune)


class ExportFormat(StrEnum):
    """What a pack can be written as."""

    json = "json"
    jsonl = "jsonl"
    markdown = "markdown"


PacksArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[PACK...]", help="Names or .toml files. [default: all that are known]")
]


@app.command("list")
def list_rules(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PACK...]", help="Names or .toml files; with --unused: texts. [default: all packs that are known]"
        ),
    ] = None,
    unused: Annotated[
        bool, typer.Option("--unused", help="Only rules that match nothing in the texts given: files, or folders.")
    ] = False,
    pack: Annotated[
        list[str] | None, typer.Option("--pack", metavar="NAME|PATH", help="With --unused: the packs; repeat.")
    ] = None,
) -> None:
    """List packs and their rules: weight, action, id, and why. Without PACK built-in rules too, with their level."""
    if unused:
        _list_unused(_loaded(pack), names)
        return
    for loaded in _loaded([*(names or ()), *(pack or ())]):
        own = [rule for rule in loaded.rules if rule.id.startswith(f"{loaded.id}/")]
        extends = f", extends {', '.join(loaded.extends)}" if loaded.extends else ""
        typer.echo(f"{loaded.id} {loaded.version}: {loaded.title} ({len(own)} rules{extends})")
        _list(own)
    if not (names or pack):
        _list_builtin()


def _list(rules: Sequence[Rule]) -> None:
    for rule in rules:
        typer.echo(f"  {rule.weight:<4g} {rule.action:<7} {rule.id}: {rule.why}")


def _list_unused(packs: Sequence[RulePack], inputs: Sequence[str] | None) -> None:
    """List the rules that match none of the inputs, normalized as cleaning does it."""
    from cleaner.errors import UsageError
    from cleaner.normalization.steps import NORMALIZER
    from cleaner.options import NormalizeOptions
    from cleaner.packs import registry, testing

    if not inputs:
        raise UsageError("--unused needs texts to look in: cleaner rules list --unused FILE|FOLDER...")
    texts = [document.text for document in _documents([Path(name) for name in inputs])]
    rules = registry.combine(packs).rules
    unused = testing.find_unused(rules, NORMALIZER.normalize_batch(texts, NormalizeOptions()))
    _list(unused)
    typer.echo(f"{len(unused)} of {len(rules)} rules match nothing in {len(texts)} texts")


def _list_builtin() -> None:
    from cleaner.packs import builtin

    typer.echo(f"built-in: what the code itself applies ({len(builtin.RULES)} rules)")
    for rule in builtin.RULES.values():
        typer.echo(f"  {rule.level:<12} {rule.id}: {rule.why}")


@app.command()
def show(
    rule: Annotated[str, typer.Argument(metavar="ID", help="Full id of a rule, as findings and the ledger name it.")],
    pack: Annotated[str | None, typer.Option("--pack", metavar="NAME|PATH", help="Where to look for it.")] = None,
) -> None:
    """Show one rule: why it is there, what it matches, its cases."""
    from cleaner.errors import UsageError
    from cleaner.packs import builtin

    if rule in builtin.RULES:
        typer.echo("\n".join(_builtin_page(builtin.RULES[rule])))
        return
    for loaded in _loaded([pack] if pack else None):
        for candidate in loaded.rules:
            if candidate.id == rule:
                typer.echo("\n".join(_page(candidate)))
                return
    raise UsageError(f"no rule {rule!r}; `cleaner rules list` shows the ids")


@app.command("test")
def run_cases(packs: PacksArgument = None) -> None:
    """Run the cases of all rules, and every rule against the texts that any rule must leave. Exit 1 when one fails."""
    from cleaner.packs import loader, testing
    from cleaner.packs.registry import combine

    loaded = _loaded(packs)
    whole = combine([loader.check_pack(pack) for pack in loaded])
    failures = testing.run_cases(whole)
    for failure in failures:
        typer.echo(f"{failure.rule}: {failure.key}: {failure.text!r}: {failure.said}")
    typer.echo(f"{len(whole.rules)} rules, {testing.count_cases(whole)} cases, {len(failures)} failed")
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

    changed = 0
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read ({error})") from None
        laid_out = formatting.format_pack(text, str(path))
        if laid_out != text:
            changed += 1
            typer.echo(f"{path}: {'would be formatted' if check else 'formatted'}")
            if not check:
                storage.write_bytes(path, laid_out.encode())
    if check and changed:
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

    found = sorted(
        pack_diff.compare_packs(Pack(registry.load_rules(old)), Pack(registry.load_rules(new)), _documents(inputs))
    )
    for rule, changes in groupby(found, key=lambda change: change.rule):
        lines = list(changes)
        typer.echo(f"{rule}: {len(lines)}")
        for change in [] if summary else lines:
            typer.echo(f"  {change.document}:{change.line}: {change.before} -> {change.after}\n    {change.text}")
    typer.echo(f"{len(found)} verdicts changed")


def _loaded(names: Sequence[str] | None) -> list[RulePack]:
    """The packs named, or all that are known: then one that cannot be used is told and left out."""
    from cleaner.errors import PackError
    from cleaner.packs import registry

    if names:
        return [registry.load_rules(name) for name in names]
    found = []
    for name in registry.pack_names():
        try:
            found.append(registry.load_rules(name))
        except PackError as error:
            typer.echo(f"left out: {error}", err=True)
    return found


def _documents(inputs: Sequence[Path]) -> Iterator[Document]:
    from cleaner.corpus import clean
    from cleaner.formats import files, text

    items, skipped = files.find_inputs(inputs, None, text.FORMAT.globs)
    for item in items:
        read = clean.read_file(item.path)
        if isinstance(read, files.SkippedFile):
            skipped.append(read)
        else:
            yield read.document
    for one in skipped:
        typer.echo(f"skipped {one.path}: {one.reason}", err=True)


def _builtin_page(rule: BuiltinRule) -> Iterator[str]:
    yield f"{rule.id}\n\n{rule.why}\n"
    yield f"category  {rule.category}\nlevel     {rule.level}"
    yield f"default   {rule.default}, in `cleaner check`"
    switch = f'"{rule.id}" = "off" in [rules]'
    yield f"off       {rule.refusal or switch}"


def _page(rule: Rule) -> Iterator[str]:
    from cleaner.rules.schema import Change

    yield f"{rule.id}\n\n{rule.why}\n"
    facts = {
        "category": rule.category,
        "scope": rule.scope,
        "where": rule.where,
        "action": rule.action,
        "weight": f"{rule.weight:g}",
        "longest": rule.longest if rule.scope == "line" and not rule.detector else "",
        "detector": rule.detector,
        "params": dict(rule.params) or "",
        "literals": ", ".join(rule.literals),
        "match": rule.match,
        "unless": " | ".join(rule.unless),
        "new": rule.new,
    }
    yield from (f"{key:<9} {value}" for key, value in facts.items() if value != "")
    for case in rule.drops:
        yield f"hits      {case.before!r} -> {case.after!r}" if isinstance(case, Change) else f"hits      {case!r}"
    yield from (f"leaves    {text!r}" for text in rule.keeps)


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
