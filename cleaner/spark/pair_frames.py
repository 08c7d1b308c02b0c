"""Pairs of near-duplicates as frames: from ranks of items to documents and passages, and to copies by document."""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from cleaner.dedup.templates import TEMPLATE_DOCUMENTS

_TYPES = {
    "copy": "string",
    "copy_passage": "int",
    "keeper": "string",
    "keeper_passage": "int",
    "copy_start": "int",
    "copy_stop": "int",
    "keeper_start": "int",
    "keeper_stop": "int",
    "jaccard": "double",
    "containment": "double",
    "cluster": "string",
    "linked": "string",
    "kind": "string",
}
PAIR_COLUMNS = tuple(_TYPES)
"""The columns of pairs, which mean what those of `cleaner.dedup.Pair` do."""


def no_pairs(session: SparkSession) -> DataFrame:
    """Return a frame of pairs without any."""
    return session.range(0).select(*(f.lit(None).cast(kind).alias(name) for name, kind in _TYPES.items()))


def to_pairs(results: DataFrame, items: DataFrame, threshold: float) -> DataFrame:
    """Turn copies and keepers by rank into pairs of documents or passages."""
    rows = results.withColumnsRenamed({"copy": "copy_rank", "keeper": "keeper_rank"})
    for side in ("copy", "keeper"):
        columns = prefix(side, "doc", "number", "parent", "start", "stop")
        rows = rows.join(items.select(f.col("rank").alias(f"{side}_rank"), *columns), f"{side}_rank")
    cluster = f.when(f.col("keeper_number") > 0, f.concat_ws("#", "keeper_doc", "keeper_number"))
    is_direct = f.col("jaccard") >= threshold
    return rows.select(
        f.col("copy_doc").alias("copy"),
        f.col("copy_number").alias("copy_passage"),
        f.col("copy_parent").alias("parent"),
        f.col("keeper_doc").alias("keeper"),
        f.col("keeper_number").alias("keeper_passage"),
        *("copy_start", "copy_stop", "keeper_start", "keeper_stop", "jaccard", "containment"),
        cluster.otherwise(f.col("keeper_doc")).alias("cluster"),
        f.when(is_direct, "direct").otherwise("chain").alias("linked"),
        f.lit(None).cast("string").alias("kind"),
    )


def drop_redundant_windows(pairs: DataFrame) -> DataFrame:
    """Drop redundant windows.

    A window is redundant when its passage is a copy itself, or when its keeper is its own passage.
    """
    copies = pairs.select("copy", f.col("copy_passage").alias("parent"), f.lit(True).alias("is_copy")).distinct()
    is_window = f.col("parent") != f.col("copy_passage")
    overlaps = (f.col("copy") == f.col("keeper")) & (f.col("copy_start") < f.col("keeper_stop"))
    overlaps &= f.col("keeper_start") < f.col("copy_stop")
    with_parents = pairs.join(copies, ["copy", "parent"], "left")
    is_implied = is_window & f.coalesce("is_copy", f.lit(False))
    return with_parents.where(~is_implied & ~overlaps).drop("is_copy")


def drop_windows(pairs: DataFrame) -> DataFrame:
    """Drop all windows, where repeated spans say better which part of a passage is repeated."""
    return pairs.where("parent = copy_passage")


def mark_templates(pairs: DataFrame, documents: DataFrame) -> DataFrame:
    """Set the kind of pairs of templates.

    Their passage stands in at least `TEMPLATE_DOCUMENTS` of the copy's host.
    """
    hosts = documents.where("host <> ''").select("doc", "host")
    both = f.explode(f.array("copy", "keeper")).alias("doc")
    counts = pairs.select("cluster", both).distinct().join(hosts, "doc").groupBy("cluster", "host").count()
    is_template = f.col("count") >= TEMPLATE_DOCUMENTS
    templates = counts.where(is_template).select("cluster", "host", f.lit("template").alias("kind"))
    copy_hosts = hosts.select(f.col("doc").alias("copy"), "host")
    with_hosts = pairs.drop("kind").join(copy_hosts, "copy", "left")
    return with_hosts.join(templates, ["cluster", "host"], "left").drop("host")


def copies_by_document(pairs: DataFrame) -> DataFrame:
    """Collect the copies of each document (`doc`), templates aside.

    `copies` is a list of passage, start and stop.
    """
    columns = ((f"copy_{name}", name) for name in ("passage", "start", "stop"))
    span = f.struct(*(f.col(column).alias(name) for column, name in columns))
    copies = pairs.where("kind = 'copy'").select(f.col("copy").alias("doc"), span.alias("span"))
    return copies.groupBy("doc").agg(f.collect_list("span").alias("copies"))


def prefix(side: str, *names: str) -> list[Any]:
    """Name columns after a side of a pair."""
    return [f.col(name).alias(f"{side}_{name}") for name in names]
