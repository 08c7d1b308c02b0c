"""polars: clean a column or an expression of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, Unpack

from cleaner.dedup.columns import COLUMNS, find_rows
from cleaner.errors import UsageError
from cleaner.integrations import Cleaning, missing_library

try:
    import polars
except ImportError as error:
    raise missing_library("polars", "polars") from error

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleaner.integrations import AdapterKeywords
    from cleaner.options import DedupKeywords
    from cleaner.pipeline import Pack

__all__ = ["clean", "near_duplicates", "with_edits"]

Column = TypeVar("Column", "polars.Series", "polars.Expr")


def clean(column: Column, *, pack: str | Pack = "zh-web", **options: Unpack[AdapterKeywords]) -> Column:
    """Clean a column or an expression; name and nulls stay.

    In a lazy query it runs batch by batch: `frame.with_columns(clean(polars.col("text")))`.

    Args:
        pack: a name, a path or a loaded pack.
        options: fields of `CleanOptions`; `html=True` where the texts are pages of HTML.

    Raises:
        UsageError: the column does not hold text.
    """
    cleaning = Cleaning(pack, **options)

    def run(texts: polars.Series) -> polars.Series:
        return polars.Series(texts.name, cleaning.column(_check(texts)).texts, dtype=polars.String)

    return _apply(column, run, polars.String())


def with_edits(column: Column, *, pack: str | Pack = "zh-web", **options: Unpack[AdapterKeywords]) -> Column:
    """Clean a column into structs of `text` and `edits`, these as JSON for `cleaner.integrations.restore`.

    Null stays null.
    """
    cleaning = Cleaning(pack, **options)
    kind = polars.Struct({"text": polars.String, "edits": polars.String})

    def run(texts: polars.Series) -> polars.Series:
        cleaned = cleaning.column(_check(texts))
        rows = zip(cleaned.texts, cleaned.edits, strict=True)
        structs = [None if text is None else {"text": text, "edits": edits} for text, edits in rows]
        return polars.Series(texts.name, structs, dtype=kind)

    return _apply(column, run, kind)


def near_duplicates(column: polars.Series, **options: Unpack[DedupKeywords]) -> polars.DataFrame:
    """Compare all texts of a column: `keeper`, `jaccard`, `containment`, `repeated`, null where there is nothing.

    `keeper` is the number of the row whose text stays, from 0; see `cleaner.dedup.columns.CopyRow`.

    Args:
        column: its nulls take no part.
        options: fields of `DedupOptions`, `unit="document"` where it is not given.

    Raises:
        UsageError: the column does not hold text, or an option is wrong.
    """
    rows = find_rows(_check(column), **options)
    kinds = (polars.UInt32(), polars.Float64(), polars.Float64(), polars.Float64())
    schema = dict(zip(COLUMNS, kinds, strict=True))
    return polars.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")


def _apply(column: Column, run: Callable[[polars.Series], polars.Series], kind: polars.DataType) -> Column:
    if isinstance(column, polars.Series):
        return run(column)
    return column.map_batches(run, return_dtype=kind, is_elementwise=True)


def _check(texts: polars.Series) -> polars.Series:
    if texts.dtype not in (polars.String, polars.Null):
        raise UsageError(f"column {texts.name!r} holds {texts.dtype}, not text; use .cast(polars.String) first")
    return texts
