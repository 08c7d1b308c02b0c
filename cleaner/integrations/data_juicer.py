"""data-juicer: the operator `cleaner_mapper`, which recipes find through the entry-point group `data_juicer.ops`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.integrations import Cleaning, edits_of, needs, text_of

try:
    from data_juicer.ops.base_op import OPERATORS, Mapper
except ImportError as error:
    raise needs("py-data-juicer", "data-juicer") from error

__all__ = ["CleanerMapper"]


@OPERATORS.register_module("cleaner_mapper")
class CleanerMapper(Mapper):
    """Cleans the field `text_key` of every sample; none is dropped, though one may become empty.

    `edits`: a field to write what was changed to, as JSON for `cleaner.integrations.restore`; None writes none.
    `pack` and `options` as for `Cleaning`; further arguments as for every operator of data-juicer.
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
        # data-juicer leaves whatever can be called out of its cache key: this is what the results depend on
        self.identity = repr((self.cleaning.pack.data.hash, self.cleaning.options))

    def process_batched(self, samples: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """One batch, a list for each field."""
        results = list(self.cleaning(samples[self.text_key]))
        samples[self.text_key] = [text_of(done) for done in results]
        if self.edits:
            samples[self.edits] = [edits_of(done) for done in results]
        return samples
