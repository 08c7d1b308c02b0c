"""`cleaner rules test`: run the cases of rules."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cleaner.cli.rules.packs import load_packs
from cleaner.packs import loader, testing
from cleaner.packs.registry import combine

PacksArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[PACK...]", help="Names or .toml files. [default: all that are known]")
]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def run_cases(packs: PacksArgument = None) -> None:
    """Run the cases of all rules.

    Every rule is also tried on the texts that any other rule must leave. Exit code 0: all pass. 1: one fails.
    """
    selection = load_packs(packs)
    combination = combine([loader.check_pack(pack) for pack in selection])
    failures = testing.run_cases(combination)
    for failure in failures:
        typer.echo(f"{failure.rule}: {failure.key}: {failure.text!r}: {failure.message}")
    typer.echo(f"{len(combination.rules)} rules, {testing.count_cases(combination)} cases, {len(failures)} failed")
    if failures:
        sys.exit(1)
