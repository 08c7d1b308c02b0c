"""Near-duplicates of the caller's frames."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from cleaner.dedup import keeper as policies
from cleaner.dedup.pairs import PASSAGE_RULE, TEMPLATE_RULE, TEXT_RULE
from cleaner.options import DedupOptions
from cleaner.spark import components, search
from cleaner.spark.arrow import sign
from cleaner.spark.arrow.sign import Sign
from cleaner.spark.checkpoints import Written, held
from cleaner.spark.search import Plan, staged
from cleaner.spark.storage import Folder
from cleaner.text.host import HOST_FIELDS


def pairs(frame: DataFrame, text: str, id_: str, options: DedupOptions, stages: str | None) -> DataFrame:
    """The pairs of a frame's documents."""
    keep = held if stages is None else Written(Folder(frame.sparkSession, stages).below(uuid4().hex))
    documents = keep("signed", staged(_rows(frame, text, id_, options), Sign(options), sign.DOCUMENTS))
    search.tell_apart(documents)
    return search.pairs(documents, Plan(options, keep, partial(components.joined, keep)))


def _rows(frame: DataFrame, text: str, id_: str, options: DedupOptions) -> DataFrame:
    """Id, text, and the fields that host and keeper are told from."""
    wanted = (*HOST_FIELDS, *([policies.DATE_FIELD] if options.keep == "earliest" else []), options.keep)
    fields = [name for name in dict.fromkeys(wanted) if name in frame.columns and name not in (text, id_)]
    record = f.struct(*fields) if fields else f.lit(None)
    named = frame.select(f.col(id_).alias("doc"), f.col(text).alias("text"), record.alias("record"))
    return named.where("doc is not null")


def flagged(frame: DataFrame, id_: str, found: DataFrame) -> DataFrame:
    """The frame with `cluster`, `keeper` and `flags`."""
    of_documents = found.where("copy_passage = 0")
    rule = f.when(f.col("copy_passage") == 0, TEXT_RULE).when(f.col("kind") == "template", TEMPLATE_RULE)
    flags = found.select("copy", rule.otherwise(PASSAGE_RULE).alias("flag"))
    flags = flags.groupBy("copy").agg(f.sort_array(f.collect_set("flag")).alias("flags"))
    copies = of_documents.select("copy", "cluster", f.lit(False).alias("keeper"))
    keepers = of_documents.select(f.col("keeper").alias("copy"), "cluster", f.lit(True).alias("keeper")).distinct()
    known = copies.union(keepers).join(flags, "copy", "full").withColumnRenamed("copy", id_)
    none = f.array().cast("array<string>")
    return frame.join(known, id_, "left").select(
        *(frame[name] for name in frame.columns),
        "cluster",
        f.coalesce("keeper", f.lit(True)).alias("keeper"),
        f.coalesce("flags", none).alias("flags"),
    )
