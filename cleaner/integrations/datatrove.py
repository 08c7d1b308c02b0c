"""datatrove: a formatter for its pipelines."""

from __future__ import annotations

from itertools import tee
from typing import TYPE_CHECKING, Unpack

from cleaner.integrations import Cleaning, edits_of, needs

try:
    from datatrove.pipeline.formatters.base import BaseFormatter
except ImportError as error:
    raise needs("datatrove", "datatrove") from error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatrove.data import Document, DocumentsPipeline

    from cleaner.options import CleanKeywords
    from cleaner.pipeline import Pack

__all__ = ["Clean"]


class Clean(BaseFormatter):
    """A step that cleans `document.text`, many documents at a time; none is dropped, though one may become empty.

    `edits`: a key of `document.metadata` to write what was changed to, as JSON for `cleaner.integrations.restore`; None
    writes none. Further arguments as for `Cleaning`. Statistics: `total`, `changed`, `emptied`.
    """

    name = "cleaner"

    def __init__(
        self,
        *,
        pack: str | Pack = "zh-web",
        edits: str | None = None,
        **options: Unpack[CleanKeywords],
    ) -> None:
        super().__init__()
        self.edits = edits
        self.cleaning = Cleaning(pack, **options)

    def format(self, text: str) -> str:
        """One text cleaned."""
        return next(done.text for done in self.cleaning([text]) if done)

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """All documents, in order; the shard's rank changes nothing."""
        documents, read = tee(data or ())
        results = self.cleaning(document.text for document in read)
        for document in documents:
            with self.track_time():
                done = next(results)
            if done:
                self._note(document, done.text)
                document.text = done.text
                if self.edits:
                    document.metadata[self.edits] = edits_of(done)
            yield document

    def _note(self, document: Document, text: str) -> None:
        self.stat_update("total")
        if text != document.text:
            self.stat_update("changed" if text.strip() else "emptied")
