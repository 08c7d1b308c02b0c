"""Hugging Face `datasets`: a function for `map` in batches, on datasets in memory, on disk and streamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from cleaner.dedup.columns import COLUMNS, find_rows
from cleaner.errors import UsageError
from cleaner.integrations import AdapterKeywords, Cleaning
from cleaner.options import DedupKeywords
from cleaner.pipeline import Pack

__all__ = ["CleanMap", "add_near_duplicates"]


class CleanMap:
    """Clean a column: `dataset.map(CleanMap(), batched=True)`; any `batch_size` and `num_proc` give the same.

    It pickles to the same bytes for the same pack and options, so that `datasets` finds its cache again.

    Args:
        text: the column to clean.
        pack: a name, a path or a loaded pack.
        edits: a column to write with the edits, as JSON for `cleaner.integrations.restore`; None writes none.
        options: fields of `CleanOptions`; `html=True` where the texts are pages of HTML.
    """

    def __init__(
        self,
        text: str = "text",
        *,
        pack: str | Pack = "zh-web",
        edits: str | None = None,
        **options: Unpack[AdapterKeywords],
    ) -> None:
        self.text, self.edits = text, edits
        self.cleaning = Cleaning(pack, **options)

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[str | None]]:
        """Return the changed columns of one batch. UsageError where it has no such column."""
        if self.text not in batch:
            raise UsageError(f"no column {self.text!r}; there are {', '.join(batch)}")
        if isinstance(batch[self.text], str):
            raise UsageError("a single row was given; call map with batched=True")
        column = self.cleaning.column(batch[self.text])
        return {self.text: column.texts, **({self.edits: column.edits} if self.edits else {})}


def add_near_duplicates(dataset: Any, text: str = "text", **options: Unpack[DedupKeywords]) -> Any:
    """Compare all texts of a dataset, and add the columns `keeper`, `jaccard`, `containment`, `repeated`.

    `keeper` is the number of the row whose text stays, from 0; see `cleaner.dedup.columns.CopyRow`.

    Args:
        dataset: a `datasets.Dataset`; a streamed one cannot be compared.
        text: the column to compare.
        options: fields of `DedupOptions`, `unit="document"` where it is not given.

    Raises:
        UsageError: there is no such column, or one of the new ones is there.
    """
    names = dataset.column_names or []
    if text not in names:
        raise UsageError(f"no column {text!r}; there are {', '.join(names)}")
    if there := [name for name in COLUMNS if name in names]:
        raise UsageError(f"column {there[0]!r} is there; rename it first")
    rows = find_rows(dataset[text], **options)
    for name in COLUMNS:
        dataset = dataset.add_column(name, [getattr(row, name) for row in rows])
    return dataset
