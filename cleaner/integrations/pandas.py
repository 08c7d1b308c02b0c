"""pandas: clean a column of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from cleaner.dedup.columns import COLUMNS, find_rows
from cleaner.errors import UsageError
from cleaner.integrations import CleanedColumn, Cleaning, missing_library

try:
    import pandas
except ImportError as error:
    raise missing_library("pandas", "pandas") from error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.integrations import AdapterKeywords
    from cleaner.options import DedupKeywords
    from cleaner.pipeline import Pack

__all__ = ["clean", "near_duplicates", "with_edits"]


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


def near_duplicates(column: pandas.Series[Any], **options: Unpack[DedupKeywords]) -> pandas.DataFrame:
    """Compare all texts of a column: `keeper`, `jaccard`, `containment`, `repeated`, missing where there is nothing.

    `keeper` is the label of the row whose text stays; see `cleaner.dedup.columns.CopyRow`.

    Args:
        column: its missing values take no part.
        options: fields of `DedupOptions`, `unit="document"` where it is not given.

    Raises:
        UsageError: the column does not hold text, or an option is wrong.
    """
    rows = find_rows(_texts(column), **options)
    labels = [None if row.keeper is None else column.index[row.keeper] for row in rows]
    keepers = pandas.Series(labels, index=column.index, dtype=object)
    others = {name: pandas.array([getattr(row, name) for row in rows], dtype="Float64") for name in COLUMNS[1:]}
    return pandas.DataFrame({COLUMNS[0]: keepers, **others}, index=column.index)


def _clean(column: pandas.Series[Any], pack: str | Pack, options: AdapterKeywords) -> CleanedColumn:
    return Cleaning(pack, **options).column(_texts(column))


def _texts(column: pandas.Series[Any]) -> Iterator[str | None]:
    kind = column.dtype
    if not (pandas.api.types.is_object_dtype(kind) or pandas.api.types.is_string_dtype(kind)):
        raise UsageError(f"column {column.name!r} holds {kind}, not text; use .astype('string') first")
    return (None if is_missing else text for text, is_missing in zip(column, column.isna(), strict=True))


def _replace(column: pandas.Series[Any], texts: list[str | None]) -> pandas.Series[Any]:
    """Put new texts into a column's place; missing values stay of their kind."""
    values = [before if text is None else text for before, text in zip(column, texts, strict=True)]
    return pandas.Series(values, index=column.index, name=column.name, dtype=column.dtype)
