"""All repeated spans of a frame of documents: the search of `cleaner.dedup.spans`, its steps as Spark stages."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from cleaner.dedup.spans.find import ATTEMPTS
from cleaner.spark.arrow import span_links, span_places
from cleaner.spark.arrow.span_links import AnchorStage, CompareLinksStage
from cleaner.spark.arrow.span_places import SPAN_KEY, PlaceCopiesStage
from cleaner.spark.search import Plan, run_stage, text_penalty

SPANS_TYPE = "array<struct<start:bigint,stop:bigint>>"
PASSAGES_TYPE = "array<struct<start:int,stop:int,jaccard:double>>"


def find_spans(documents: DataFrame, pairs: DataFrame, plan: Plan) -> DataFrame:
    """Find the repeated spans of all documents that are no copies.

    Args:
        documents: columns `doc`, `text` (bytes), `host` and `penalty` (bytes or null).
        pairs: of near-duplicates, which are known already.
        plan: how to carry it out.

    Returns:
        A span a row: `value`, its line of JSON, `places`, how many repeat it, and `number`, which sorts spans by
        the place that stays.
    """
    texts = plan.checkpoint("span-texts", _rank(documents, pairs, plan.options.keep))
    anchors = run_stage(texts.select("rank", "text"), AnchorStage(plan.options.min_span), span_links.ANCHOR_SCHEMA)
    by_bucket = anchors.repartition("key").sortWithinPartitions("key", "rank", "position")
    links = plan.checkpoint("span-links", run_stage(by_bucket, span_links.link_anchors, span_links.LINK_SCHEMA))
    linked_texts = plan.checkpoint("span-linked-texts", _select_linked(texts, links))
    copies = plan.checkpoint("span-copies", _place_copies(_find_matches(links, linked_texts, plan), linked_texts, plan))
    places = run_stage(_with_keepers(copies, linked_texts), span_places.place_keepers, span_places.PLACE_SCHEMA)
    order = (*SPAN_KEY, "copy", "copy_start")
    by_span = places.repartitionByRange(*SPAN_KEY).sortWithinPartitions(*order)
    spans = run_stage(by_span, span_places.encode_spans, span_places.SPAN_SCHEMA)
    # a checkpoint is read in any order
    return plan.checkpoint("spans", spans.withColumn("number", f.monotonically_increasing_id()))


def list_cuts(spans: DataFrame) -> DataFrame:
    """Collect what dropping removes of each document (`doc`): `spans`, a list of start and stop."""
    cuts = run_stage(spans.select("value"), span_places.list_cuts, span_places.CUT_SCHEMA)
    return cuts.groupBy("doc").agg(f.collect_list(f.struct("start", "stop")).alias("spans"))


def _rank(documents: DataFrame, pairs: DataFrame, policy: str) -> DataFrame:
    """Select the documents that are no copies, with `rank`, lowest for the best keeper, and their copied `passages`."""
    copies = pairs.where("copy_passage = 0").select(f.col("copy").alias("doc"))
    passage = f.struct(f.col("copy_start").alias("start"), f.col("copy_stop").alias("stop"), "jaccard")
    passages = pairs.where("copy_passage > 0").select(f.col("copy").alias("doc"), passage.alias("passage"))
    by_document = passages.groupBy("doc").agg(f.collect_list("passage").cast(PASSAGES_TYPE).alias("passages"))
    penalty = text_penalty() if policy == "longest" else f.col("penalty")
    rows = documents.join(copies, "doc", "left_anti").join(by_document, "doc", "left")
    columns = ("doc", "host", "text", "passages", penalty.alias("penalty"))
    partitions = rows.select(*columns).repartitionByRange("penalty", "doc").sortWithinPartitions("penalty", "doc")
    return partitions.withColumn("rank", f.monotonically_increasing_id()).drop("penalty")


def _select_linked(texts: DataFrame, links: DataFrame) -> DataFrame:
    """Select the texts that others share an anchor with; it is the one time that all texts move."""
    ranks = links.select(f.explode(f.concat(f.array("copy"), "partners.keeper")).alias("rank")).distinct()
    return texts.join(ranks, "rank", "left_semi")


def _find_matches(links: DataFrame, texts: DataFrame, plan: Plan) -> DataFrame:
    """Compare each anchor with its partners, one a round, until one match is deep; a match may come several times."""
    rounds = []
    for number in range(ATTEMPTS):
        results = plan.checkpoint(f"span-matches-{number}", _compare(links, texts, plan.options.min_span))
        rounds.append(results.where("length > 0"))
        links = results.where("length = 0").select("copy", f.col("copy_start").alias("copy_position"), "partners")
        if links.isEmpty():
            break
    return reduce(DataFrame.union, rounds)


def _compare(links: DataFrame, texts: DataFrame, min_span: int) -> DataFrame:
    """Compare anchors with their first partners, all of two texts together."""
    first, rest = f.col("partners")[0], f.expr("slice(partners, 2, size(partners))").alias("partners")
    link = f.struct("copy_position", first.keeper_position.alias("keeper_position"), rest)
    pairs = links.select("copy", first.keeper.alias("keeper"), link.alias("link"))
    rows = pairs.groupBy("copy", "keeper").agg(f.collect_list("link").alias("links"))
    for side in ("copy", "keeper"):
        rows = rows.join(texts.select(f.col("rank").alias(side), f.col("text").alias(f"{side}_text")), side)
    return run_stage(rows, CompareLinksStage(min_span), span_links.MATCH_SCHEMA)


def _place_copies(matches: DataFrame, texts: DataFrame, plan: Plan) -> DataFrame:
    match = f.struct("copy_start", "keeper", "keeper_start", "length")
    by_copy = matches.groupBy(f.col("copy").alias("rank")).agg(f.collect_list(match).alias("matches"))
    rows = by_copy.join(texts, "rank").withColumnRenamed("rank", "copy_rank")
    return run_stage(rows, PlaceCopiesStage(plan.options), span_places.COPY_PLACE_SCHEMA)


def _with_keepers(copies: DataFrame, texts: DataFrame) -> DataFrame:
    """Put the text of each keeper before the places that repeat it."""
    keepers = texts.join(copies.select(f.col("keeper_rank").alias("rank")).distinct(), "rank", "left_semi")
    rows = keepers.withColumnRenamed("rank", "keeper_rank").unionByName(copies, allowMissingColumns=True)
    return rows.repartition("keeper_rank").sortWithinPartitions("keeper_rank", f.col("text").isNull())
