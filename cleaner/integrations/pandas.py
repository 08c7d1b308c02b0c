"""pandas: a column of texts cleaned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from cleaner.errors import UsageError
from cleaner.integrations import Cleaning, edits_of, needs, text_of

try:
    import pandas
except ImportError as error:
    raise needs("pandas", "pandas") from error

if TYPE_CHECKING:
    from cleaner.model import Cleaned
    from cleaner.options import CleanKeywords
    from cleaner.pipeline import Pack

__all__ = ["clean", "with_edits"]


def clean(
    column: pandas.Series[Any],
    *,
    pack: str | Pack = "zh-web",
    **options: Unpack[CleanKeywords],
) -> pandas.Series[Any]:
    """The column with clean texts; index, name, type and missing values stay. Arguments as for `Cleaning`.

    UsageError for a column that does not hold text.
    """
    return _filled(column, [text_of(done) for done in _results(column, pack, options)])


def with_edits(
    column: pandas.Series[Any],
    *,
    pack: str | Pack = "zh-web",
    **options: Unpack[CleanKeywords],
) -> pandas.DataFrame:
    """Two columns, `text` and `edits`: what was changed, as JSON for `cleaner.integrations.restore`."""
    results = _results(column, pack, options)
    texts = _filled(column, [text_of(done) for done in results])
    edits = _filled(column, [edits_of(done) for done in results])
    return pandas.DataFrame({"text": texts, "edits": edits})


def _results(column: pandas.Series[Any], pack: str | Pack, options: CleanKeywords) -> list[Cleaned | None]:
    kind = column.dtype
    if not (pandas.api.types.is_object_dtype(kind) or pandas.api.types.is_string_dtype(kind)):
        raise UsageError(f"column {column.name!r} holds {kind}, not text; use .astype('string') first")
    texts = (None if gone else text for text, gone in zip(column, column.isna(), strict=True))
    return list(Cleaning(pack, **options)(texts))


def _filled(column: pandas.Series[Any], made: list[str | None]) -> pandas.Series[Any]:
    values = [old if new is None else new for old, new in zip(column, made, strict=True)]
    return pandas.Series(values, index=column.index, name=column.name, dtype=column.dtype)
