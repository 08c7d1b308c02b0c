"""`cleaner rules list` and `cleaner rules show`: packs, their rules, and one rule in full."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli.rules.inputs import load_packs, read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.model import BuiltinRule
    from cleaner.rules.schema import Rule, RulePack


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
        _list_unused(load_packs(pack), names)
        return
    for rule_pack in load_packs([*(names or ()), *(pack or ())]):
        rules = [rule for rule in rule_pack.rules if rule.id.startswith(f"{rule_pack.id}/")]
        extends = f", extends {', '.join(rule_pack.extends)}" if rule_pack.extends else ""
        typer.echo(f"{rule_pack.id} {rule_pack.version}: {rule_pack.title} ({len(rules)} rules{extends})")
        _list(rules)
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
    texts = [document.text for document in read_documents([Path(name) for name in inputs])]
    rules = registry.combine(packs).rules
    unused = testing.find_unused(rules, NORMALIZER.normalize_batch(texts, NormalizeOptions()))
    _list(unused)
    typer.echo(f"{len(unused)} of {len(rules)} rules match nothing in {len(texts)} texts")


def _list_builtin() -> None:
    from cleaner.packs import builtin

    typer.echo(f"built-in: what the code itself applies ({len(builtin.RULES)} rules)")
    for rule in builtin.RULES.values():
        typer.echo(f"  {rule.level:<12} {rule.id}: {rule.why}")


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
    for rule_pack in load_packs([pack] if pack else None):
        for candidate in rule_pack.rules:
            if candidate.id == rule:
                typer.echo("\n".join(_page(candidate)))
                return
    raise UsageError(f"no rule {rule!r}; `cleaner rules list` shows the ids")


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
