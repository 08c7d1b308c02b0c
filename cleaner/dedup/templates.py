"""Which host a document is from, and which repeated passages are a host's templates."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleaner.dedup.pairs import Pair

MANY = 5
"""In so many documents of one host a passage is a template."""


def with_templates(pairs: list[Pair], host_of: Callable[[str], str]) -> list[Pair]:
    """Passage pairs, those called templates whose passage stands in at least `MANY` documents of the copy's host."""
    standing: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for pair in pairs:
        for document in (pair.copy, pair.keeper):
            if at := host_of(document):
                standing[pair.cluster, at].add(document)
    return [
        msgspec.structs.replace(pair, kind="template")
        if (at := host_of(pair.copy)) and len(standing[pair.cluster, at]) >= MANY
        else pair
        for pair in pairs
    ]
