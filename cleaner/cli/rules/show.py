"""`cleaner rules show`: one rule in full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from cleaner.cli.rules.packs import load_packs
from cleaner.errors import UsageError
from cleaner.model import BuiltinRule
from cleaner.packs import builtin
from cleaner.rules.schema import Change, Rule

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def show(
    rule: Annotated[str, typer.Argument(metavar="ID", help="Full id of a rule, as findings and the ledger name it.")],
    pack: Annotated[str | None, typer.Option("--pack", metavar="NAME|PATH", help="Where to look for it.")] = None,
) -> None:
    """Show one rule: why it is there, what it matches, its cases."""
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
    yield f"fix       {rule.fix}, in `cleaner check --fix`"
    yield f"default   {rule.default}, in `cleaner check`"
    switch = f'"{rule.id}" = "off" in [rules]'
    yield f"off       {rule.refusal or switch}"


def _page(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}\n\n{rule.why}\n"
    facts = {
        "category": rule.category,
        "scope": rule.scope,
        "where": rule.where,
        "hosts": ", ".join(rule.hosts),
        "frame": ", ".join(rule.frame),
        "action": rule.action,
        "weight": f"{rule.weight:g}",
        "fix": rule.fix,
        "longest": rule.longest if rule.scope == "line" and not rule.detector else "",
        "detector": rule.detector,
        "params": dict(rule.params) or "",
        "literals": ", ".join(rule.literals),
        "elements": ", ".join(rule.elements),
        "match": rule.match,
        "unless": " | ".join(rule.unless),
        "new": rule.new,
    }
    yield from (f"{key:<9} {value}" for key, value in facts.items() if value != "")
    for case in rule.drops:
        yield f"hits      {case.before!r} -> {case.after!r}" if isinstance(case, Change) else f"hits      {case!r}"
    yield from (f"leaves    {text!r}" for text in rule.keeps)
