"""data-juicer: the operator `cleaner_mapper`, which recipes find through the entry-point group `data_juicer.ops`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.integrations import Cleaning, missing_library

try:
    from data_juicer.ops.base_op import OPERATORS, Mapper
except ImportError as error:
    raise missing_library("py-data-juicer", "data-juicer") from error

__all__ = ["CleanerMapper"]


@OPERATORS.register_module("cleaner_mapper")
class CleanerMapper(Mapper):
    """Clean the field `text_key` of every sample; none is dropped, though one may become empty.

    Args:
        pack: a name or a path.
        edits: a field to write with the edits, as JSON for `cleaner.integrations.restore`; None writes none.
        options: fields of `CleanOptions`, and `html`: whether the texts are pages of HTML.
        args, kwargs: those of every operator of data-juicer.
    """

    _batched_op = True
    _supports_adaptive_batching = True

    def __init__(
        self,
        pack: str = "zh-web",
        edits: str | None = None,
        options: Mapping[str, Any] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.edits = edits
        self.cleaning = Cleaning(pack, **(options or {}))
        # data-juicer leaves callables out of its cache key, so the key needs what the results depend on
        self.identity = repr((self.cleaning.pack.data.hash, self.cleaning.options, self.cleaning.html))

    def process_batched(self, samples: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """Clean one batch, a list for each field."""
        column = self.cleaning.column(samples[self.text_key])
        samples[self.text_key] = column.texts
        if self.edits:
            samples[self.edits] = column.edits
        return samples
