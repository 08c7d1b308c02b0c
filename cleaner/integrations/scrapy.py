"""Scrapy: an item pipeline that cleans one field of every item.

Settings: `CLEANER_FIELD` ("text"), `CLEANER_PACK` ("zh-web"), `CLEANER_EDITS_FIELD` (none: a field for what was
changed, as JSON for `cleaner.integrations.restore`) and `CLEANER_OPTIONS` ({}: as for `Cleaning`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from cleaner.errors import UsageError
from cleaner.integrations import Cleaning, edits_of, needs

try:
    from itemadapter import ItemAdapter
except ImportError as error:
    raise needs("scrapy", "scrapy") from error

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from cleaner.options import CleanKeywords
    from cleaner.pipeline import Pack

__all__ = ["CleanPipeline"]


class CleanPipeline:
    """For `ITEM_PIPELINES = {"cleaner.integrations.scrapy.CleanPipeline": 300}`; items of every kind Scrapy knows."""

    def __init__(
        self,
        field: str = "text",
        *,
        pack: str | Pack = "zh-web",
        edits: str | None = None,
        **options: Unpack[CleanKeywords],
    ) -> None:
        self.field, self.edits = field, edits
        self.cleaning = Cleaning(pack, **options)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CleanPipeline:
        """The pipeline as the settings of a crawl describe it."""
        said = crawler.settings
        return cls(
            said.get("CLEANER_FIELD", "text"),
            pack=said.get("CLEANER_PACK", "zh-web"),
            edits=said.get("CLEANER_EDITS_FIELD"),
            **said.getdict("CLEANER_OPTIONS"),
        )

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """The item with its field cleaned. An item without the field, or with None in it, passes as it is.

        UsageError where the field holds something else than text: extract a string first.
        """
        fields = ItemAdapter(item)
        text = fields.get(self.field)
        if not isinstance(text, str | None):
            raise UsageError(f"field {self.field!r} holds {type(text).__name__}, not text; extract a string first")
        for done in self.cleaning([text]):
            if done:
                fields[self.field] = done.text
                if self.edits:
                    fields[self.edits] = edits_of(done)
        return item
