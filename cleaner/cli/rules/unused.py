"""`cleaner rules list --unused`: rules that match nothing in texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from cleaner.cli.rules.documents import read_documents
from cleaner.cli.rules.list import print_rules
from cleaner.errors import UsageError
from cleaner.normalization.steps import NORMALIZER
from cleaner.options import NormalizeOptions
from cleaner.packs import registry, testing
from cleaner.rules.schema import RulePack


def list_unused(packs: Sequence[RulePack], inputs: Sequence[str] | None) -> None:
    """List the rules that match none of the inputs, normalized as cleaning does it."""
    if not inputs:
        raise UsageError("--unused needs texts to look in: cleaner rules list --unused FILE|FOLDER...")
    texts = [document.text for document in read_documents([Path(name) for name in inputs])]
    rules = registry.combine(packs).rules
    unused = testing.find_unused(rules, NORMALIZER.normalize_batch(texts, NormalizeOptions()))
    print_rules(unused)
    typer.echo(f"{len(unused)} of {len(rules)} rules match nothing in {len(texts)} texts")
