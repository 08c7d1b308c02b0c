"""Near-duplicates of the caller's frames."""

from __future__ import annotations

from functools import cached_property, partial
from uuid import uuid4

from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from cleaner.dedup import keeper as policies
from cleaner.dedup.pairs import PASSAGE_RULE, SPAN_RULE, TEMPLATE_RULE, TEXT_RULE
from cleaner.options import DedupOptions
from cleaner.spark import components, search, span_search
from cleaner.spark.arrow import sign
from cleaner.spark.arrow.sign import SignStage
from cleaner.spark.checkpoints import ParquetCheckpoints, checkpoint_on_executors
from cleaner.spark.search import Plan, run_stage
from cleaner.spark.storage import Folder
from cleaner.text.host import HOST_FIELDS


class FrameSearch:
    """A search of the documents of a caller's frame, each step of which is taken once, when it is asked for."""

    def __init__(self, frame: DataFrame, text: str, id_: str, options: DedupOptions, stages: str | None) -> None:
        """Take a frame.

        Args:
            frame: a document a row.
            text: column of texts.
            id_: column of ids.
            options: of the search.
            stages: folder for checkpoints; None keeps them on the executors.
        """
        policies.check_policy_column(options.keep, frame.columns)
        checkpoint = (
            checkpoint_on_executors
            if stages is None
            else ParquetCheckpoints(Folder(frame.sparkSession, stages).subfolder(uuid4().hex))
        )
        rows = _rows(frame, text, id_, options)
        self._documents = checkpoint("signed", run_stage(rows, SignStage(options), sign.DOCUMENT_SCHEMA))
        search.require_distinct_ids(self._documents)
        self._plan = Plan(options, checkpoint, partial(components.cluster_pairs, checkpoint))

    @cached_property
    def pairs(self) -> DataFrame:
        """The pairs of near-duplicates."""
        return search.find_pairs(self._documents, self._plan)

    @cached_property
    def spans(self) -> DataFrame | None:
        """The repeated spans, as `span_search.find_spans` gives them; None where none are asked for."""
        return span_search.find_spans(self._documents, self.pairs, self._plan) if self._plan.options.has_spans else None


def _rows(frame: DataFrame, text: str, id_: str, options: DedupOptions) -> DataFrame:
    """Select id, text, and the fields from which host and keeper follow."""
    names = (*HOST_FIELDS, *([policies.DATE_FIELD] if options.keep == "earliest" else []), options.keep)
    fields = [name for name in dict.fromkeys(names) if name in frame.columns and name not in (text, id_)]
    record = f.struct(*fields) if fields else f.lit(None)
    rows = frame.select(f.col(id_).alias("doc"), f.col(text).alias("text"), record.alias("record"))
    return rows.where("doc is not null")


def to_records(spans: DataFrame) -> DataFrame:
    """Turn spans into rows with the fields of `RepeatedSpan`."""
    return (
        spans.orderBy("number")
        .select(f.from_json(f.col("value").cast("string"), _SPAN_TYPE).alias("span"))
        .select("span.*")
    )


_PLACE_TYPE = "struct<document:string,span:struct<start:bigint,stop:bigint>>"
_SPAN_TYPE = (
    f"keeper {_PLACE_TYPE}, copies array<{_PLACE_TYPE}>, kind string, characters bigint, hosts bigint, text_hash string"
)


def with_flags(frame: DataFrame, id_: str, pairs: DataFrame, spans: DataFrame | None) -> DataFrame:
    """Add `cluster`, `keeper` and `flags` to a frame."""
    document_pairs = pairs.where("copy_passage = 0")
    rule = f.when(f.col("copy_passage") == 0, TEXT_RULE).when(f.col("kind") == "template", TEMPLATE_RULE)
    flags = pairs.select("copy", rule.otherwise(PASSAGE_RULE).alias("flag"))
    if spans is not None:
        cuts = span_search.list_cuts(spans).select(f.col("doc").alias("copy"), f.lit(SPAN_RULE).alias("flag"))
        flags = flags.union(cuts)
    flags = flags.groupBy("copy").agg(f.sort_array(f.collect_set("flag")).alias("flags"))
    copies = document_pairs.select("copy", "cluster", f.lit(False).alias("keeper"))
    keepers = document_pairs.select(f.col("keeper").alias("copy"), "cluster", f.lit(True).alias("keeper")).distinct()
    by_id = copies.union(keepers).join(flags, "copy", "full").withColumnRenamed("copy", id_)
    none = f.array().cast("array<string>")
    return frame.join(by_id, id_, "left").select(
        *(frame[name] for name in frame.columns),
        "cluster",
        f.coalesce("keeper", f.lit(True)).alias("keeper"),
        f.coalesce("flags", none).alias("flags"),
    )
