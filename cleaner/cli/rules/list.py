"""`cleaner rules list`: packs and their rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from cleaner.cli.rules.packs import load_packs
from cleaner.packs import builtin
from cleaner.rules.schema import Rule

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
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
    """List packs and their rules: weight, action, fix, id, and why.

    Without PACK it lists built-in rules too, with their level. The fix says what `cleaner check --fix` does with a
    finding: safe, it is mended; unsafe, only with --unsafe-fixes; none, there is nothing to write.
    """
    if unused:
        from cleaner.cli.rules import unused as unused_rules  # it imports all that cleans a text

        unused_rules.list_unused(load_packs(pack), names)
        return
    for rule_pack in load_packs([*(names or ()), *(pack or ())]):
        rules = [rule for rule in rule_pack.rules if rule.id.startswith(f"{rule_pack.id}/")]
        extends = f", extends {', '.join(rule_pack.extends)}" if rule_pack.extends else ""
        typer.echo(f"{rule_pack.id} {rule_pack.version}: {rule_pack.title} ({len(rules)} rules{extends})")
        print_rules(rules)
    if not (names or pack):
        _list_builtin()


def print_rules(rules: Sequence[Rule]) -> None:
    """Print a line for each rule."""
    for rule in rules:
        typer.echo(f"  {rule.weight:<4g} {rule.action:<7} {rule.fix:<6} {rule.id}: {rule.why}")


def _list_builtin() -> None:
    typer.echo(f"built-in: what the code itself applies ({len(builtin.RULES)} rules)")
    for rule in builtin.RULES.values():
        typer.echo(f"  {rule.level:<12} {rule.fix:<6} {rule.id}: {rule.why}")
