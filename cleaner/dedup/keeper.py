"""Policies that choose which near-duplicate stays. Ties go to the smallest id, so the order of inputs never counts."""

from __future__ import annotations

from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import regex

from cleaner.dedup.id_column import IdColumn
from cleaner.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches

DATE_FIELD = "date"
"""The field that `earliest` reads."""
POLICIES = ("longest", "first", "earliest", "cleanest")
DESCRIPTIONS = {
    "longest": "the longest",
    "first": "the first by id",
    "earliest": f"the smallest `{DATE_FIELD}`",
    "cleanest": "the largest share of characters in lines that end a sentence",
}


def describe_policy(policy: str) -> str:
    """Say in words why a keeper is the keeper."""
    return DESCRIPTIONS.get(policy, f"the largest `{policy}`")


def penalty(policy: str, text: str, record: Mapping[str, Any]) -> Any:
    """Rate a document as a keeper under a policy: less is better, None sorts last.

    Args:
        policy: one of `POLICIES`, or a field of the record, of which the largest number stays.
        text: the document.
        record: its other fields.

    Returns:
        A number, a text or None; see `ordinals` for their order.
    """
    if policy == "cleanest":
        return -cleanness(text)
    if policy in POLICIES and policy != "earliest":
        return 0
    value = record.get(DATE_FIELD if policy == "earliest" else policy)
    if isinstance(value, int | float) and not isnan(value):
        return value if policy == "earliest" else -value
    return value if policy == "earliest" and isinstance(value, str) else None


def check_policy(policy: str, penalties: Sequence[Any]) -> None:
    """Raise UsageError for a policy that is neither known nor a field, and where no document has a date to compare.

    A field is one of which a document has a number, as its penalty shows.
    """
    if policy == "earliest" and penalties and all(value is None for value in penalties):
        raise UsageError(
            f"keep: {policy} compares the field {DATE_FIELD!r}, in which no document has a number or a text; "
            "choose another policy"
        )
    if policy not in POLICIES and penalties and all(value is None for value in penalties):
        raise UsageError(f"{_unknown(policy)}, and no document has a number in such a field{_hint(policy)}")


def check_policy_column(policy: str, columns: Sequence[str]) -> None:
    """Raise UsageError for a policy that is unknown and no column of a table."""
    if policy not in POLICIES and policy not in columns:
        raise UsageError(f"{_unknown(policy)}, nor a column{_hint(policy)}")


def _unknown(policy: str) -> str:
    return f"keep: {policy!r} is none of {', '.join(POLICIES)}"


def _hint(policy: str) -> str:
    return did_you_mean(policy, POLICIES)


def cleanness(text: str) -> float:
    """Measure the share of characters in lines that end a sentence.

    0 for an empty text.
    """
    total = sum(map(len, _LINE.findall(text)))
    return sum(map(len, _SENTENCES.findall(text))) / total if total else 0.0


_LINE = regex.compile(r"[^\n]+")
_SENTENCES = regex.compile(r"(?m)^[^\n]*[。！？…!?.;；][”’」』）》\"')]*[ \t　]*$")


def ordinals(values: Sequence[Any]) -> NDArray[np.int64]:
    """Rank values by their sorted order, equal ones alike, (values,).

    Numbers come before text, text before None; any other value counts as its text.
    """
    keys = [(2, 0) if v is None else (0, v) if isinstance(v, int | float) else (1, str(v)) for v in values]
    if len(set(keys)) <= 1:
        return np.zeros(len(keys), dtype=np.int64)
    ordinal = {key: i for i, key in enumerate(sorted(set(keys)))}
    return np.fromiter((ordinal[key] for key in keys), dtype=np.int64, count=len(keys))


def id_order(ids: Sequence[str]) -> NDArray[np.int64]:
    """Rank ids by their sorted order, (ids,).

    Raises:
        UsageError: two ids are the same.
    """
    order, twice = _sort_ids(ids)
    if twice:
        raise UsageError(
            f"two documents have the id {twice[0]!r}; ids tell documents apart: name another field for them"
        )
    position = np.empty(len(ids), dtype=np.int64)
    position[order] = np.arange(len(ids))
    return position


def _sort_ids(ids: Sequence[str]) -> tuple[NDArray[np.int64] | list[int], list[str]]:
    """Return the rows of ids in their order, and some that are there twice."""
    if isinstance(ids, IdColumn):
        rows, is_tied = ids.sort()
        return rows, [ids[row] for row in rows[is_tied][:1].tolist()]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return order, [ids[a] for a, b in pairwise(order) if ids[a] == ids[b]][:1]


def rank_items(
    items: Sketches, rows: NDArray[np.int64], policy: str, penalties: NDArray[np.int64], positions: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Sort items, best keeper first: by policy, then document id, then passage.

    A passage counts by its own length, or by its document's penalty; a window by the length of its passage, so that no
    passage is removed for a longer one and a window of that for one of the passage.

    Args:
        items: documents and passages.
        rows: the items to sort.
        policy: as for `penalty`.
        penalties: (documents,) ordinals of penalties.
        positions: (documents,) from `id_order`.

    Returns:
        `rows`, sorted.
    """
    documents = items.documents[rows]
    passages = items.parents[rows]
    lengths = items.stops[passages] - items.starts[passages]
    primary = -lengths if policy == "longest" else penalties[documents]
    return rows[np.lexsort((items.numbers[rows], positions[documents], primary))]
