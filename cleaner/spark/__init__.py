"""Apache Spark: DataFrames on the caller's session, by the same code that cleans and compares on one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from cleaner.errors import UsageError
from cleaner.integrations.arrow import CleanBatches
from cleaner.options import DedupOptions
from cleaner.packs import registry as adapter
from cleaner.pipeline import Pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

    from cleaner.integrations import AdapterKeywords
    from cleaner.options import DedupKeywords
    from cleaner.spark.frames import FrameSearch

__all__ = ["clean", "deduplicate", "package", "pairs", "ship", "spans"]


def clean(
    frame: DataFrame,
    text: str = "text",
    id: str | None = "id",  # noqa: A002 - as the column is called
    *,
    packs: Sequence[str] = ("zh-web",),
    edits: str | None = None,
    flags: str | None = None,
    **options: Unpack[AdapterKeywords],
) -> DataFrame:
    """Clean the column `text` of a frame, lazily.

    Rows, other columns and nulls stay; nothing is shuffled.

    `packs`: names or paths; they are read here and travel with the job as data. `edits`: a column for what was changed,
    as JSON for `cleaner.integrations.restore`. `flags`: a column for the ids of the rules that flagged a text, an array
    of strings. `id`: the column that names a text that cannot be cleaned in the warning, where there is one. `options`
    as for `cleaner.integrations.Cleaning`. This package must be importable on the executors, see `ship`. UsageError,
    before any stage starts, for a column that is missing or no string.
    """
    pack = Pack(adapter.combine([adapter.load_rules(name) for name in packs]))
    id_column = id if id in frame.columns else None
    step = CleanBatches(text, pack=pack, edits=edits, flags=flags, id=id_column, **options)
    return frame.mapInArrow(lambda batches: step(batches), _schema(frame.schema, text, edits, flags))


def deduplicate(
    frame: DataFrame,
    text: str = "text",
    id: str = "id",  # noqa: A002
    *,
    stages: str | None = None,
    **options: Unpack[DedupKeywords],
) -> DataFrame:
    """Add columns on near-duplicates and repeated spans to a frame; rows, other columns and their values stay.

    `cluster`: the id of the cluster's keeper, null for a document without near-duplicates. `keeper`: false for
    copies of other documents, so that `where("keeper")` drops them. `flags`: an array of `dedup/document` for a copy,
    `dedup/passage` and `dedup/template` for a document with copied or template passages, `dedup/span` for one with
    repeated spans that dropping removes. `options` as for `pairs`. The search runs when this is called; the frame
    itself is lazy.
    """
    from cleaner.spark import frames

    search = _search(frame, text, id, DedupOptions.of(**options), stages)
    return frames.with_flags(frame, id, search.pairs, search.spans)


def pairs(
    frame: DataFrame,
    text: str = "text",
    id: str = "id",  # noqa: A002
    *,
    stages: str | None = None,
    **options: Unpack[DedupKeywords],
) -> DataFrame:
    """Find all pairs of near-duplicates, with the fields of `cleaner.dedup.Pair` as columns.

    The options, the columns `host`, `url` and `source`, and the one that `keep` names mean what those of
    `cleaner.dedup.deduplicate` do. Texts that are null take no part. The search runs when this is called, as clusters
    need rounds; its intermediate frames stay on the executors' disks. `stages`: a folder to keep them in instead, on
    any path Spark writes, so that a lost executor does no harm.
    UsageError, before any stage starts, for an impossible option or a column that is missing or no string, and for an
    id that two documents have.
    """
    return _search(frame, text, id, DedupOptions.of(**options), stages).pairs


def spans(
    frame: DataFrame,
    text: str = "text",
    id: str = "id",  # noqa: A002
    *,
    stages: str | None = None,
    **options: Unpack[DedupKeywords],
) -> DataFrame:
    """Find all repeated spans, a row each, sorted by the place that stays.

    Columns are the fields of `cleaner.dedup.spans.records.RepeatedSpan`. Options, columns and errors are those of
    `pairs`; `unit` is "span" where it is not given, and has to be one that finds spans.
    """
    from cleaner.spark import frames

    arguments: DedupKeywords = {"unit": "span"}
    arguments.update(options)
    dedup_options = DedupOptions.of(**arguments)
    if not dedup_options.has_spans:
        raise UsageError(f"unit {dedup_options.unit!r}: finds no repeated spans; give span, both or all, or call pairs")
    table = _search(frame, text, id, dedup_options, stages).spans
    assert table is not None
    return frames.to_records(table)


def _search(frame: DataFrame, text: str, id_: str, options: DedupOptions, stages: str | None) -> FrameSearch:
    from cleaner.spark import frames

    _schema(frame.schema, text)
    _schema(frame.schema, id_)
    return frames.FrameSearch(frame, text, id_, options, stages)


def ship(session: Any) -> None:
    """Send this package, its rule packs included, to the executors of a session (`addPyFile`).

    Libraries that it needs have to be there already: installed, or in an archive given with `spark.archives`.
    """
    from cleaner.spark import shipping

    shipping.ship(session)


def package(folder: str = ".") -> str:
    """Write this package as a zip for `--py-files`, and return its path.

    Its rule packs are included.
    """
    from pathlib import Path

    from cleaner.spark import shipping

    return str(shipping.package(Path(folder)))


def _schema(columns: StructType, text: str, edits: str | None = None, flags: str | None = None) -> StructType:
    from pyspark.sql.types import ArrayType, StringType, StructField, StructType

    kinds = {field.name: field.dataType for field in columns.fields}
    if text not in kinds:
        raise UsageError(f"no column {text!r}; there are {', '.join(kinds)}")
    if not isinstance(kinds[text], StringType):
        raise UsageError(f"column {text!r} holds {kinds[text].simpleString()}, not text; cast it to string first")
    for name, purpose in ((edits, "edits"), (flags, "flags")):
        if name in kinds:
            raise UsageError(f"there is a column {name!r} already; name another for the {purpose}")
    new_columns = [(edits, StringType()), (flags, ArrayType(StringType()))]
    return StructType([*columns.fields, *(StructField(name, kind) for name, kind in new_columns if name)])
