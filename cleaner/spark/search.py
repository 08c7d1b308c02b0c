"""All near-duplicates of a frame of documents: the search of `cleaner.dedup`, its steps as Spark stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pyarrow as arrow
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema

from cleaner.errors import UsageError
from cleaner.options import DedupOptions
from cleaner.spark.arrow import link
from cleaner.spark.arrow.link import CompareStage
from cleaner.spark.pair_frames import (
    PAIR_COLUMNS,
    drop_redundant_windows,
    drop_windows,
    mark_templates,
    no_pairs,
    prefix,
    to_pairs,
)

Stage = Callable[[Iterable[arrow.RecordBatch]], Iterator[arrow.RecordBatch]]


class Plan(NamedTuple):
    """How a search is carried out.

    `checkpoint(name, frame)`: the frame, computed once however often it is used.

    `cluster(name, pairs, chain)`: the clusters of pairs as `item` and `label`, the rank of its keeper, for all copies.
    """

    options: DedupOptions
    checkpoint: Callable[[str, DataFrame], DataFrame]
    cluster: Callable[[str, DataFrame, bool], DataFrame]


def run_stage(frame: DataFrame, stage: Stage, schema: arrow.Schema) -> DataFrame:
    """Run a stage over the partitions of a frame."""
    return frame.mapInArrow(lambda batches: stage(batches), from_arrow_schema(schema))


def find_pairs(documents: DataFrame, plan: Plan) -> DataFrame:
    """Find all pairs of documents and passages.

    Args:
        documents: columns `doc`, `text` (bytes), `host`, `penalty` (bytes or null) and `items`.
        plan: how to carry it out.

    Returns:
        Pairs, with the columns `PAIR_COLUMNS`.
    """
    unit = plan.options.sketch_unit
    if not unit:
        return no_pairs(documents.sparkSession)
    items = plan.checkpoint("items", _rank(documents, plan.options))
    texts = documents.select("doc", "text")
    whole_documents, passages = items.where("number = 0"), items.where("number > 0")
    pairs = []
    if unit != "passage":
        results = _find_copies("documents", whole_documents, texts, plan)
        pairs.append(plan.checkpoint("documents", to_pairs(results, whole_documents, plan.options.threshold)))
        passages = passages.join(pairs[0].select(f.col("copy").alias("doc")), "doc", "left_anti")
    if unit != "document":
        results = _find_copies("passages", passages, texts, plan)
        all_passages = drop_redundant_windows(to_pairs(results, passages, plan.options.threshold))
        if plan.options.has_spans and not plan.options.has_overlaps:
            all_passages = drop_windows(all_passages)
        passage_pairs = plan.checkpoint("windows", all_passages.drop("parent"))
        pairs.append(plan.checkpoint("passages", mark_templates(passage_pairs, documents)))
    all_pairs = pairs[0] if len(pairs) == 1 else pairs[0].unionByName(pairs[1], allowMissingColumns=True)
    return all_pairs.withColumn("kind", f.coalesce("kind", f.lit("copy"))).select(*PAIR_COLUMNS)


def require_distinct_ids(documents: DataFrame) -> None:
    """Raise UsageError where two documents have one id."""
    twice = documents.groupBy("doc").count().where("count > 1").first()
    if twice:
        raise UsageError(
            f"two documents have the id {twice.doc!r}; ids tell documents apart: name another field for them"
        )


def _rank(documents: DataFrame, options: DedupOptions) -> DataFrame:
    """Add `rank` to all items: a number, lowest for the best keeper."""
    is_longest = options.keep == "longest"
    if is_longest and options.has_spans:  # passages of the longest document stay, as spans do
        documents = documents.withColumn("penalty", text_penalty())
        is_longest = False
    items = documents.select("doc", "penalty", f.explode("items").alias("item")).select("doc", "penalty", "item.*")
    penalty = -f.col("rank_length") if is_longest else f.col("penalty")
    partitions = items.withColumn("penalty", penalty).repartitionByRange("penalty", "doc", "number")
    rank = f.monotonically_increasing_id()  # by partition, then row: in the order of both
    return partitions.sortWithinPartitions("penalty", "doc", "number").withColumn("rank", rank).drop("penalty")


def text_penalty() -> Column:
    """Return what documents (`text`, bytes) have against them where the longest stays."""
    return -f.length(f.col("text").cast("string"))


def _find_copies(name: str, items: DataFrame, texts: DataFrame, plan: Plan) -> DataFrame:
    """Find every copy with its keeper, by rank: `copy`, `keeper`, `jaccard`, `containment`."""
    sketches = items.where("size > 0").select("print", "rank", "keys").repartition("print")
    by_print = sketches.sortWithinPartitions("print", "rank")
    twins = plan.checkpoint(f"{name}-twins", run_stage(by_print, link.link_identical, link.TWIN_SCHEMA))
    buckets = twins.where("rank = best").select(f.posexplode("keys").alias("band", "key"), "rank")
    by_bucket = buckets.repartition("band", "key").sortWithinPartitions("band", "key", "rank")
    bucket_pairs = run_stage(by_bucket, link.pair_bucket_items, link.PAIR_SCHEMA)
    candidates = plan.checkpoint(f"{name}-candidates", bucket_pairs.distinct())
    item_texts = plan.checkpoint(f"{name}-texts", _texts_of_items(candidates, items, texts))
    shingle = plan.options.shingle

    def compare(label: str, pairs: DataFrame) -> DataFrame:
        return plan.checkpoint(f"{name}-{label}", _compare(pairs.where(~_overlap("left", "right")), shingle))

    def cluster(label: str, comparisons: DataFrame) -> DataFrame:
        near_duplicates = comparisons.where(f.col("jaccard") >= plan.options.threshold).select("left", "right")
        return plan.checkpoint(f"{name}-{label}", plan.cluster(f"{name}-{label}", near_duplicates, plan.options.chain))

    best_candidates = _best_candidates(candidates) if plan.options.chain else candidates
    comparisons = compare("first", _with_texts(best_candidates, item_texts))
    if plan.options.chain:
        open_candidates = _open_candidates(candidates, cluster("first-labels", comparisons))
        comparisons = comparisons.union(compare("rest", _with_texts(open_candidates, item_texts)))
    labels = cluster("labels", comparisons).select(f.col("label").alias("left"), f.col("item").alias("right"))
    chains = _with_texts(labels.join(comparisons, ["left", "right"], "left_anti"), item_texts)
    chain_comparisons = plan.checkpoint(f"{name}-chains", _compare(chains, shingle))
    return _extend_to_twins(comparisons.union(chain_comparisons).join(labels, ["left", "right"]), twins)


def _best_candidates(candidates: DataFrame) -> DataFrame:
    """Select each item's best candidate, which settles most items."""
    return candidates.groupBy("right").agg(f.min("left").alias("left")).select("left", "right")


def _open_candidates(candidates: DataFrame, labels: DataFrame) -> DataFrame:
    """Select the pairs that would still join two clusters."""
    rest = candidates.join(_best_candidates(candidates), ["left", "right"], "left_anti")
    for side in ("left", "right"):
        side_labels = labels.select(f.col("item").alias(side), f.col("label").alias(f"{side}_label"))
        rest = rest.join(side_labels, side, "left")
    differs = f.coalesce("left_label", "left") != f.coalesce("right_label", "right")
    return rest.where(differs).select("left", "right")


def _texts_of_items(candidates: DataFrame, items: DataFrame, texts: DataFrame) -> DataFrame:
    """Cut out the text of each item that has a candidate.

    It is the one time that the texts of all documents move.
    """
    ranks = candidates.select(f.explode(f.array("left", "right")).alias("rank")).distinct()
    spans = items.select("rank", "doc", "start", "stop").join(ranks, "rank", "left_semi")
    text = f.expr("cast(substring(cast(text as string), start + 1, stop - start) as binary)")
    return spans.join(texts, "doc").select("rank", "doc", "start", "stop", text.alias("text"))


def _with_texts(pairs: DataFrame, item_texts: DataFrame) -> DataFrame:
    """Add document, span and text of both sides to pairs."""
    for side in ("left", "right"):
        columns = item_texts.select(f.col("rank").alias(side), *prefix(side, "doc", "start", "stop", "text"))
        pairs = pairs.join(columns, side)
    return pairs


def _compare(pairs: DataFrame, shingle: int) -> DataFrame:
    columns = pairs.select("left", "right", "left_text", "right_text")
    return run_stage(columns, CompareStage(shingle), link.COMPARISON_SCHEMA)


def _overlap(one: str, other: str) -> Column:
    """Tell whether two items share text of one document."""
    overlaps = f.col(f"{one}_start") < f.col(f"{other}_stop")
    overlaps &= f.col(f"{other}_start") < f.col(f"{one}_stop")
    return (f.col(f"{one}_doc") == f.col(f"{other}_doc")) & overlaps


def _extend_to_twins(comparisons: DataFrame, twins: DataFrame) -> DataFrame:
    """Give each item, through its identical best one, the keeper and the comparison of that."""
    copies = comparisons.select(f.col("left").alias("keeper"), f.col("right").alias("best"), "jaccard", "containment")
    twin_copies = twins.where("rank <> best").select(f.col("rank").alias("copy"), "best").join(copies, "best", "left")
    one = f.lit(1.0)
    twin_results = twin_copies.select(
        "copy",
        f.coalesce("keeper", "best").alias("keeper"),
        f.coalesce("jaccard", one).alias("jaccard"),
        f.coalesce("containment", one).alias("containment"),
    )
    results = copies.withColumnRenamed("best", "copy").select("copy", "keeper", "jaccard", "containment")
    return results.union(twin_results)
