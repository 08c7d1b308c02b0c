"""Markdown: text files in which all but paragraphs and list items are islands that cleaning leaves as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.formats.text import TextFiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.model import Island, Span


class MarkdownFiles(TextFiles):
    """Files in Markdown, a document each."""

    name = "markdown"
    suffixes = (".md", ".markdown")

    def islands(self, text: str) -> tuple[Island, ...]:
        """Return what is neither a paragraph nor an item, and code, images and the targets of links within these."""
        from cleaner.formats.commonmark import islands as markdown_islands

        return markdown_islands.find(text)

    def code(self, text: str) -> Sequence[Span]:
        """Return the spans of code."""
        from cleaner.formats.commonmark import islands as markdown_islands

        return markdown_islands.find_code(text)


FORMAT = MarkdownFiles()
