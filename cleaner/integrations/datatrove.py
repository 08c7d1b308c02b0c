"""datatrove: a formatter for its pipelines."""

from __future__ import annotations

from itertools import tee
from typing import TYPE_CHECKING, Unpack

from cleaner.integrations import Cleaning, encode_edits, missing_library

try:
    from datatrove.pipeline.formatters.base import BaseFormatter
except ImportError as error:
    raise missing_library("datatrove", "datatrove") from error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatrove.data import Document, DocumentsPipeline

    from cleaner.integrations import AdapterKeywords
    from cleaner.pipeline import Pack

__all__ = ["CleanFormatter"]


class CleanFormatter(BaseFormatter):
    """Clean `document.text`, many documents at a time; none is dropped, though one may become empty.

    It counts `total`, `changed` and `emptied` documents.

    Args:
        pack: a name, a path or a loaded pack.
        edits: a key of `document.metadata` to write with the edits, as JSON for `cleaner.integrations.restore`; None
            writes none.
        options: fields of `CleanOptions`; `html=True` where the texts are pages of HTML.
    """

    name = "cleaner"

    def __init__(
        self,
        *,
        pack: str | Pack = "zh-web",
        edits: str | None = None,
        **options: Unpack[AdapterKeywords],
    ) -> None:
        super().__init__()
        self.edits = edits
        self.cleaning = Cleaning(pack, **options)

    def format(self, text: str) -> str:
        """Clean one text."""
        return next(cleaned.text for cleaned in self.cleaning([text]) if cleaned)

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Clean all documents, in order; the shard's rank changes nothing."""
        documents, ahead = tee(data or ())
        results = self.cleaning(document.text for document in ahead)
        for document in documents:
            with self.track_time():
                cleaned = next(results)
            if cleaned:
                self._count(document, cleaned.text)
                document.text = cleaned.text
                if self.edits:
                    document.metadata[self.edits] = encode_edits(cleaned)
            yield document

    def _count(self, document: Document, text: str) -> None:
        self.stat_update("total")
        if text != document.text:
            self.stat_update("changed" if text.strip() else "emptied")
