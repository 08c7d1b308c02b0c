"""pandas: clean a column of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from cleaner.errors import UsageError
from cleaner.integrations import CleanedColumn, Cleaning, missing_library

try:
    import pandas
except ImportError as error:
    raise missing_library("pandas", "pandas") from error

if TYPE_CHECKING:
    from cleaner.integrations import AdapterKeywords
    from cleaner.pipeline import Pack

__all__ = ["clean", "with_edits"]


def clean(
    column: pandas.Series[Any], *, pack: str | Pack = "zh-web", **options: Unpack[AdapterKeywords]
) -> pandas.Series[Any]:
    """Clean a column; index, name, type and missing values stay.

    Args:
        pack: a name, a path or a loaded pack.
        options: fields of `CleanOptions`; `html=True` where the texts are pages of HTML.

    Raises:
        UsageError: the column does not hold text.
    """
    return _replace(column, _clean(column, pack, options).texts)


def with_edits(
    column: pandas.Series[Any], *, pack: str | Pack = "zh-web", **options: Unpack[AdapterKeywords]
) -> pandas.DataFrame:
    """Clean a column into two, `text` and `edits`, these as JSON for `cleaner.integrations.restore`."""
    cleaned = _clean(column, pack, options)
    return pandas.DataFrame({"text": _replace(column, cleaned.texts), "edits": _replace(column, cleaned.edits)})


def _clean(column: pandas.Series[Any], pack: str | Pack, options: AdapterKeywords) -> CleanedColumn:
    kind = column.dtype
    if not (pandas.api.types.is_object_dtype(kind) or pandas.api.types.is_string_dtype(kind)):
        raise UsageError(f"column {column.name!r} holds {kind}, not text; use .astype('string') first")
    texts = (None if is_missing else text for text, is_missing in zip(column, column.isna(), strict=True))
    return Cleaning(pack, **options).column(texts)


def _replace(column: pandas.Series[Any], texts: list[str | None]) -> pandas.Series[Any]:
    """Put new texts into a column's place; missing values stay of their kind."""
    values = [before if text is None else text for before, text in zip(column, texts, strict=True)]
    return pandas.Series(values, index=column.index, name=column.name, dtype=column.dtype)
