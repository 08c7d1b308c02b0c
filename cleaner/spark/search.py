"""All near-duplicates of a frame of documents: the embedded engine's search, its steps as stages of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import pyarrow as arrow
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema

from cleaner.dedup.templates import TEMPLATE_DOCUMENTS
from cleaner.errors import UsageError
from cleaner.options import DedupOptions
from cleaner.spark.arrow import link
from cleaner.spark.arrow.link import Check

Stage = Callable[[Iterable[arrow.RecordBatch]], Iterator[arrow.RecordBatch]]

PAIR = (
    "copy",
    "copy_passage",
    "keeper",
    "keeper_passage",
    "copy_start",
    "copy_stop",
    "keeper_start",
    "keeper_stop",
    "jaccard",
    "containment",
    "cluster",
    "linked",
    "kind",
)
"""The columns of pairs, which mean what those of `cleaner.dedup.Pair` do."""


class Plan(NamedTuple):
    """How a search is carried out. `keep(name, frame)`: the frame, to be made once however often it is used.

    `join(name, pairs, chain)`: the clusters of pairs as `item` and `label`, the rank of its keeper, for all copies.
    """

    options: DedupOptions
    keep: Callable[[str, DataFrame], DataFrame]
    join: Callable[[str, DataFrame, bool], DataFrame]


def staged(frame: DataFrame, stage: Stage, schema: arrow.Schema) -> DataFrame:
    """A stage over the partitions of a frame."""
    return frame.mapInArrow(lambda batches: stage(batches), from_arrow_schema(schema))


def pairs(documents: DataFrame, plan: Plan) -> DataFrame:
    """All pairs of `documents`: columns `doc`, `text` (bytes), `host`, `against` (bytes or null) and `items`."""
    items = plan.keep("items", _ranked(documents, plan.options.keep))
    texts = documents.select("doc", "text")
    unit = plan.options.unit
    whole, parts = items.where("number = 0"), items.where("number > 0")
    found = []
    if unit != "passage":
        found.append(plan.keep("documents", _pairs(_search("documents", whole, texts, plan), whole, plan)))
        parts = parts.join(found[0].select(f.col("copy").alias("doc")), "doc", "left_anti")
    if unit != "document":
        met = plan.keep("told", _told(_pairs(_search("passages", parts, texts, plan), parts, plan)))
        found.append(plan.keep("passages", _with_templates(met, documents)))
    every = found[0] if len(found) == 1 else found[0].unionByName(found[1], allowMissingColumns=True)
    return every.withColumn("kind", f.coalesce("kind", f.lit("copy"))).select(*PAIR)


def tell_apart(documents: DataFrame) -> None:
    """UsageError where two documents have one id."""
    twice = documents.groupBy("doc").count().where("count > 1").first()
    if twice:
        raise UsageError(
            f"two documents have the id {twice.doc!r}; ids tell documents apart: name another field for them"
        )


def _ranked(documents: DataFrame, policy: str) -> DataFrame:
    """All items with their `rank`: numbers in the order of who stays."""
    items = documents.select("doc", "against", f.explode("items").alias("item")).select("doc", "against", "item.*")
    against = f.col("start") - f.col("stop") if policy == "longest" else f.col("against")
    ordered = items.withColumn("against", against).repartitionByRange("against", "doc", "number")
    rank = f.monotonically_increasing_id()  # by partition, then row: as ordered as they are
    return ordered.sortWithinPartitions("against", "doc", "number").withColumn("rank", rank).drop("against")


def _search(name: str, items: DataFrame, texts: DataFrame, plan: Plan) -> DataFrame:
    """Every copy with its keeper, by rank: `copy`, `keeper`, `jaccard`, `containment`."""
    sized = items.where("size > 0").select("print", "rank", "keys").repartition("print")
    twins = plan.keep(f"{name}-twins", staged(sized.sortWithinPartitions("print", "rank"), link.twins, link.TWINS))
    buckets = twins.where("rank = best").select(f.posexplode("keys").alias("band", "key"), "rank")
    sorted_ = buckets.repartition("band", "key").sortWithinPartitions("band", "key", "rank")
    met = plan.keep(f"{name}-met", staged(sorted_, link.met, link.PAIRS).distinct())

    pieces = plan.keep(f"{name}-pieces", _pieces(met, items, texts))

    def check(part: str, wanted: DataFrame, *, apart: bool = True) -> DataFrame:
        return plan.keep(f"{name}-{part}", _checked(wanted, pieces, plan.options.shingle, apart=apart))

    def joined(part: str, compared: DataFrame) -> DataFrame:
        true = compared.where(f.col("jaccard") >= plan.options.threshold).select("left", "right")
        return plan.keep(f"{name}-{part}", plan.join(f"{name}-{part}", true, plan.options.chain))

    compared = check("first", _first(met) if plan.options.chain else met)
    if plan.options.chain:
        open_ = _open(met, joined("first-labels", compared))
        compared = compared.union(check("rest", open_))
    labels = joined("labels", compared)
    kept = labels.select(f.col("label").alias("left"), f.col("item").alias("right"))
    chained = check("chained", kept.join(compared, ["left", "right"], "left_anti"), apart=False)
    measured = compared.union(chained).join(kept, ["left", "right"])
    return _with_twins(measured, twins)


def _first(met: DataFrame) -> DataFrame:
    """Each item with the best that it met: most are settled by that."""
    return met.groupBy("right").agg(f.min("left").alias("left")).select("left", "right")


def _open(met: DataFrame, labels: DataFrame) -> DataFrame:
    """Pairs that would still join something new."""
    rest = met.join(_first(met), ["left", "right"], "left_anti")
    for side in ("left", "right"):
        of_side = labels.select(f.col("item").alias(side), f.col("label").alias(f"{side}_label"))
        rest = rest.join(of_side, side, "left")
    apart = f.coalesce("left_label", "left") != f.coalesce("right_label", "right")
    return rest.where(apart).select("left", "right")


def _pieces(met: DataFrame, items: DataFrame, texts: DataFrame) -> DataFrame:
    """The text of each item that met another: the one time that the texts of all documents move."""
    ranks = met.select(f.explode(f.array("left", "right")).alias("rank")).distinct()
    places = items.select("rank", "doc", "start", "stop").join(ranks, "rank", "left_semi")
    cut = f.expr("cast(substring(cast(text as string), start + 1, stop - start) as binary)")
    return places.join(texts, "doc").select("rank", "doc", "start", "stop", cut.alias("text"))


def _checked(wanted: DataFrame, pieces: DataFrame, shingle: int, *, apart: bool) -> DataFrame:
    """Pairs compared; `apart`: without pairs that overlap in a document."""
    rows = wanted
    for side in ("left", "right"):
        own = pieces.select(f.col("rank").alias(side), *_prefixed(side, "doc", "start", "stop", "text"))
        rows = rows.join(own, side)
    if apart:
        rows = rows.where(~_overlap("left", "right"))
    needed = rows.select("left", "right", "left_text", "right_text")
    return staged(needed, Check(shingle), link.COMPARED)


def _overlap(one: str, other: str) -> Column:
    """Whether two items share a part of one document."""
    meets = f.col(f"{one}_start") < f.col(f"{other}_stop")
    meets &= f.col(f"{other}_start") < f.col(f"{one}_stop")
    return (f.col(f"{one}_doc") == f.col(f"{other}_doc")) & meets


def _with_twins(measured: DataFrame, twins: DataFrame) -> DataFrame:
    """Give each item, through its identical best one, the keeper and the comparison of that."""
    own = measured.select(f.col("left").alias("keeper"), f.col("right").alias("best"), "jaccard", "containment")
    same = twins.where("rank <> best").select(f.col("rank").alias("copy"), "best").join(own, "best", "left")
    one = f.lit(1.0)
    filled = same.select(
        "copy",
        f.coalesce("keeper", "best").alias("keeper"),
        f.coalesce("jaccard", one).alias("jaccard"),
        f.coalesce("containment", one).alias("containment"),
    )
    return own.withColumnRenamed("best", "copy").select("copy", "keeper", "jaccard", "containment").union(filled)


def _pairs(found: DataFrame, items: DataFrame, plan: Plan) -> DataFrame:
    """Copies and keepers by rank as pairs of documents or passages, with what else is known of them."""
    rows = found.withColumnsRenamed({"copy": "copy_rank", "keeper": "keeper_rank"})
    for side in ("copy", "keeper"):
        known = items.select(
            f.col("rank").alias(f"{side}_rank"), *_prefixed(side, "doc", "number", "parent", "start", "stop")
        )
        rows = rows.join(known, f"{side}_rank")
    cluster = f.when(f.col("keeper_number") > 0, f.concat_ws("#", "keeper_doc", "keeper_number"))
    direct = f.col("jaccard") >= plan.options.threshold
    return rows.select(
        f.col("copy_doc").alias("copy"),
        f.col("copy_number").alias("copy_passage"),
        f.col("copy_parent").alias("parent"),
        f.col("keeper_doc").alias("keeper"),
        f.col("keeper_number").alias("keeper_passage"),
        *("copy_start", "copy_stop", "keeper_start", "keeper_stop", "jaccard", "containment"),
        cluster.otherwise(f.col("keeper_doc")).alias("cluster"),
        f.when(direct, "direct").otherwise("chain").alias("linked"),
        f.lit(None).cast("string").alias("kind"),
    )


def _told(found: DataFrame) -> DataFrame:
    """Without windows of passages that are copies themselves, and without those that met their own passage."""
    copied = found.select("copy", f.col("copy_passage").alias("parent"), f.lit(True).alias("copied")).distinct()
    window = f.col("parent") != f.col("copy_passage")
    own = (f.col("copy") == f.col("keeper")) & (f.col("copy_start") < f.col("keeper_stop"))
    own &= f.col("keeper_start") < f.col("copy_stop")
    left = found.join(copied, ["copy", "parent"], "left").where(~(window & f.coalesce("copied", f.lit(False))))
    return left.where(~own).drop("copied", "parent")


def _with_templates(found: DataFrame, documents: DataFrame) -> DataFrame:
    """Passage pairs, those called templates whose passage stands in at least `MANY` documents of the copy's host."""
    hosts = documents.where("host <> ''").select("doc", "host")
    both = f.explode(f.array("copy", "keeper")).alias("doc")
    standing = found.select("cluster", both).distinct().join(hosts, "doc").groupBy("cluster", "host").count()
    templates = standing.where(f.col("count") >= TEMPLATE_DOCUMENTS).select(
        "cluster", "host", f.lit("template").alias("kind")
    )
    of_copy = hosts.select(f.col("doc").alias("copy"), "host")
    return found.drop("kind").join(of_copy, "copy", "left").join(templates, ["cluster", "host"], "left").drop("host")


def copies(pairs: DataFrame) -> DataFrame:
    """For each document (`doc`) that is a copy or holds some, templates aside: `copies`, passages with their places."""
    columns = ((f"copy_{name}", name) for name in ("passage", "start", "stop"))
    place = f.struct(*(f.col(column).alias(name) for column, name in columns))
    copied = pairs.where("kind = 'copy'").select(f.col("copy").alias("doc"), place.alias("place"))
    return copied.groupBy("doc").agg(f.collect_list("place").alias("copies"))


def _prefixed(side: str, *names: str) -> list[Any]:
    return [f.col(name).alias(f"{side}_{name}") for name in names]
