"""A run to look at: samples of an output with their texts, as a page, a dataset card, or JSON; texts side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.model import Cleaned
    from cleaner.report.notebook import Comparison

__all__ = ["compare"]


def compare(before: str | Cleaned, after: str | Cleaned) -> Comparison:
    """Compare two texts side by side; notebooks show the result, and `to_html()` writes it as a part of a page.

    Args:
        before: a text, or a result of cleaning, which stands for its clean text.
        after: the same.
    """
    from cleaner.report import notebook

    return notebook.compare(before, after)
