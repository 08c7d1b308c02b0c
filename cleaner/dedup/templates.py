"""Templates: passages that many documents of one host repeat. They are boilerplate, for rules to remove."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleaner.dedup.pairs import Pair

TEMPLATE_DOCUMENTS = 5
"""Documents of one host whose passage is a template: more than would copy one article."""


def mark_templates(pairs: list[Pair], hosts: Mapping[str, str]) -> list[Pair]:
    """Set the kind of pairs of templates.

    Their passage stands in at least `TEMPLATE_DOCUMENTS` of the copy's host.

    Args:
        pairs: of passages.
        hosts: of documents that have one, by id.
    """
    documents: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for pair in pairs:
        for document in (pair.copy, pair.keeper):
            if host := hosts.get(document):
                documents[pair.cluster, host].add(document)
    return [
        msgspec.structs.replace(pair, kind="template")
        if (host := hosts.get(pair.copy)) and len(documents[pair.cluster, host]) >= TEMPLATE_DOCUMENTS
        else pair
        for pair in pairs
    ]
