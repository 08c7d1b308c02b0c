"""polars: a column or an expression of texts cleaned."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, Unpack

from cleaner.errors import UsageError
from cleaner.integrations import Cleaning, edits_of, needs, text_of

try:
    import polars
except ImportError as error:
    raise needs("polars", "polars") from error

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleaner.options import CleanKeywords
    from cleaner.pipeline import Pack

__all__ = ["clean", "with_edits"]

Column = TypeVar("Column", "polars.Series", "polars.Expr")


def clean(column: Column, *, pack: str | Pack = "zh-web", **options: Unpack[CleanKeywords]) -> Column:
    """The column, or the expression, with clean texts; name and nulls stay. Arguments as for `Cleaning`.

    In a lazy query it runs batch by batch: `frame.with_columns(clean(polars.col("text")))`. UsageError for a column
    that does not hold text.
    """
    cleaning = Cleaning(pack, **options)

    def run(texts: polars.Series) -> polars.Series:
        made = [text_of(done) for done in cleaning(_checked(texts))]
        return polars.Series(texts.name, made, dtype=polars.String)

    return _applied(column, run, polars.String())


def with_edits(column: Column, *, pack: str | Pack = "zh-web", **options: Unpack[CleanKeywords]) -> Column:
    """A struct of `text` and `edits`: what was changed, as JSON for `cleaner.integrations.restore`; null for null."""
    cleaning = Cleaning(pack, **options)
    kind = polars.Struct({"text": polars.String, "edits": polars.String})

    def run(texts: polars.Series) -> polars.Series:
        made = [done and {"text": text_of(done), "edits": edits_of(done)} for done in cleaning(_checked(texts))]
        return polars.Series(texts.name, made, dtype=kind)

    return _applied(column, run, kind)


def _applied(column: Column, run: Callable[[polars.Series], polars.Series], kind: polars.DataType) -> Column:
    if isinstance(column, polars.Series):
        return run(column)
    return column.map_batches(run, return_dtype=kind, is_elementwise=True)


def _checked(texts: polars.Series) -> polars.Series:
    if texts.dtype not in (polars.String, polars.Null):
        raise UsageError(f"column {texts.name!r} holds {texts.dtype}, not text; use .cast(polars.String) first")
    return texts
