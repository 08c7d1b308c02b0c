"""Apache Spark: a DataFrame cleaned on the caller's session, by the very code that cleans on one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner import packs as adapter
from cleaner.cleaning import Pack
from cleaner.errors import UsageError
from cleaner.integrations.arrow import Clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

__all__ = ["clean"]


def clean(
    frame: DataFrame,
    text: str = "text",
    *,
    packs: Sequence[str] = ("zh-web",),
    edits: str | None = None,
    **options: Any,
) -> DataFrame:
    """The frame with the column `text` cleaned, lazily: rows, other columns and nulls stay, nothing is shuffled.

    `packs`: names or paths; they are read here and travel with the job as data. `edits`: a column for what was changed,
    as JSON for `cleaner.integrations.restore`. `options` as for `cleaner.integrations.Cleaning`. This package must be
    importable on the executors. UsageError, before any stage starts, for a column that is missing or no string.
    """
    pack = Pack(adapter.combined([adapter.load(name) for name in packs]))
    step = Clean(text, pack=pack, edits=edits, **options)
    return frame.mapInArrow(lambda batches: step(batches), _schema(frame.schema, text, edits))


def _schema(given: StructType, text: str, edits: str | None) -> StructType:
    from pyspark.sql.types import StringType, StructField, StructType

    kinds = {field.name: field.dataType for field in given.fields}
    if text not in kinds:
        raise UsageError(f"no column {text!r}; there are {', '.join(kinds)}")
    if not isinstance(kinds[text], StringType):
        raise UsageError(f"column {text!r} holds {kinds[text].simpleString()}, not text; cast it to string first")
    if edits is None:
        return given
    if edits in kinds:
        raise UsageError(f"there is a column {edits!r} already; name another for the edits")
    return StructType([*given.fields, StructField(edits, StringType())])
