"""Scrapy: an item pipeline that cleans one field of every item.

Settings: `CLEANER_FIELD` ("text"), `CLEANER_PACK` ("zh-web"), `CLEANER_EDITS_FIELD` (none: a field for the
edits, as JSON for `cleaner.integrations.restore`) and `CLEANER_OPTIONS` ({}: fields of `CleanOptions`, and `html`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from cleaner.errors import UsageError
from cleaner.integrations import Cleaning, encode_edits, missing_library

try:
    from itemadapter import ItemAdapter
except ImportError as error:
    raise missing_library("scrapy", "scrapy") from error

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from cleaner.integrations import AdapterKeywords
    from cleaner.pipeline import Pack

__all__ = ["CleanPipeline"]


class CleanPipeline:
    """Clean a field of every item: `ITEM_PIPELINES = {"cleaner.integrations.scrapy.CleanPipeline": 300}`."""

    def __init__(
        self,
        field: str = "text",
        *,
        pack: str | Pack = "zh-web",
        edits: str | None = None,
        **options: Unpack[AdapterKeywords],
    ) -> None:
        self.field, self.edits = field, edits
        self.cleaning = Cleaning(pack, **options)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CleanPipeline:
        """Build the pipeline that the settings of a crawl describe."""
        settings = crawler.settings
        return cls(
            settings.get("CLEANER_FIELD", "text"),
            pack=settings.get("CLEANER_PACK", "zh-web"),
            edits=settings.get("CLEANER_EDITS_FIELD"),
            **settings.getdict("CLEANER_OPTIONS"),
        )

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """Clean the item's field. An item without the field, or with None in it, passes as it is.

        Raises:
            UsageError: the field holds something else than text.
        """
        fields = ItemAdapter(item)
        text = fields.get(self.field)
        if not isinstance(text, str | None):
            raise UsageError(f"field {self.field!r} holds {type(text).__name__}, not text; extract a string first")
        for cleaned in self.cleaning([text]):
            if cleaned:
                fields[self.field] = cleaned.text
                if self.edits:
                    fields[self.edits] = encode_edits(cleaned)
        return item
