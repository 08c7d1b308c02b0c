"""Which of several near-duplicates stays. Ties go to the smallest id, so the order of the input never counts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import regex

from cleaner.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches

DATE = "date"
"""The field that `earliest` reads."""
POLICIES = ("longest", "first", "earliest", "cleanest")
MEANING = {
    "longest": "the longest",
    "first": "the first by id",
    "earliest": f"the smallest `{DATE}`",
    "cleanest": "the largest share of characters in lines that end a sentence",
}


def meaning(policy: str) -> str:
    """Why a keeper is the keeper, for people."""
    return MEANING.get(policy, f"the largest `{policy}`")


def demerit(policy: str, text: str, record: Mapping[str, Any]) -> Any:
    """What a document has against it under a policy, less is better; None sorts last. Numbers or text.

    A policy that is none of `POLICIES` names a field of the record, of which the largest number stays.
    """
    if policy == "cleanest":
        return -cleanness(text)
    if policy in POLICIES:
        return record.get(DATE) if policy == "earliest" else 0
    value = record.get(policy)
    return -value if isinstance(value, int | float) else None


def cleanness(text: str) -> float:
    """The share of a text's characters that stand in lines ending with a sentence's end; 0 for an empty text."""
    total = sum(map(len, _LINE.findall(text)))
    return sum(map(len, _SENTENCES.findall(text))) / total if total else 0.0


_LINE = regex.compile(r"[^\n]+")
_SENTENCES = regex.compile(r"(?m)^[^\n]*[。！？…!?.;；][”’」』）》\"')]*[ \t　]*$")


def ordinals(values: Sequence[Any]) -> NDArray[np.int64]:
    """Values as their places in sorted order, equal ones alike; numbers before text before None. Shape (values,)."""
    if len(set(values)) < 2:
        return np.zeros(len(values), dtype=np.int64)
    keys = [(2, 0) if v is None else (0, v) if isinstance(v, int | float) else (1, str(v)) for v in values]
    place = {key: i for i, key in enumerate(sorted(set(keys)))}
    return np.fromiter((place[key] for key in keys), dtype=np.int64, count=len(keys))


def by_id(ids: Sequence[str]) -> NDArray[np.int64]:
    """The place of every id among all sorted ids, (ids,). UsageError where two are the same."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    if twice := next((ids[a] for a, b in pairwise(order) if ids[a] == ids[b]), None):
        raise UsageError(f"two documents have the id {twice!r}; ids tell documents apart: name another field for them")
    place = np.empty(len(ids), dtype=np.int64)
    place[order] = np.arange(len(ids))
    return place


def rank(
    items: Sketches, chosen: NDArray[np.int64], policy: str, demerits: NDArray[np.int64], places: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The chosen items, best keeper first: by policy, then document id, then passage.

    `demerits`, `places` (documents,): from `ordinals` and `by_id`. A passage counts by its own length and its
    document's merit.
    """
    documents = items.documents[chosen]
    lengths = items.stops[chosen] - items.starts[chosen]
    against = -lengths if policy == "longest" else demerits[documents]
    return chosen[np.lexsort((items.numbers[chosen], places[documents], against))]
