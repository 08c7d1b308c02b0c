"""The packs that commands of `cleaner rules` read."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from cleaner.errors import PackError
from cleaner.packs import registry
from cleaner.rules.schema import RulePack


def load_packs(names: Sequence[str] | None) -> list[RulePack]:
    """Load the packs of these names, or all that are known: of those one that cannot be used is reported."""
    if names:
        return [registry.load_rules(name) for name in names]
    packs = []
    for name in registry.pack_names():
        try:
            packs.append(registry.load_rules(name))
        except PackError as error:
            typer.echo(f"left out: {error}", err=True)
    return packs
