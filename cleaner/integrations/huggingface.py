"""Hugging Face `datasets`: a function for `map` in batches, on datasets in memory, on disk and streamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from cleaner.errors import UsageError
from cleaner.integrations import Cleaning, edits_of, text_of
from cleaner.options import CleanKeywords
from cleaner.pipeline import Pack

__all__ = ["Clean"]


class Clean:
    """Cleans the column `text`: `dataset.map(Clean(), batched=True)`; any `batch_size` and `num_proc` give the same.

    `edits`: a column to write what was changed to, as JSON for `cleaner.integrations.restore`; None writes none.
    Further arguments as for `Cleaning`. It pickles to the same bytes for the same pack and options, so that `datasets`
    finds its cache again.
    """

    def __init__(
        self,
        text: str = "text",
        *,
        pack: str | Pack = "zh-web",
        edits: str | None = None,
        **options: Unpack[CleanKeywords],
    ) -> None:
        self.text, self.edits = text, edits
        self.cleaning = Cleaning(pack, **options)

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[str | None]]:
        """The changed columns of one batch. UsageError where it has no such column."""
        if self.text not in batch:
            raise UsageError(f"no column {self.text!r}; there are {', '.join(batch)}")
        if isinstance(batch[self.text], str):
            raise UsageError("a single row was given; call map with batched=True")
        results = list(self.cleaning(batch[self.text]))
        made: dict[str, list[str | None]] = {self.text: [text_of(done) for done in results]}
        if self.edits:
            made[self.edits] = [edits_of(done) for done in results]
        return made
