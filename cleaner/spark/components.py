"""Connected components of pairs: on the driver up to a size, above it by large-star and small-star rounds of frames.

Kiveris, Lattanzi, Mirrokni, Rastogi & Vassilvitskii, Connected Components in MapReduce and Beyond (SoCC 2014).
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as arrow
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from cleaner.spark.arrow import link
from cleaner.spark.arrow.link import ClusterStage

MAX_DRIVER_PAIRS = 1 << 22
"""Pairs up to which the driver clusters them; they take about 130 bytes each there."""
ROUNDS = 60
"""More than any graph needs; the paper proves a number logarithmic in its square."""


Checkpoint = Callable[[str, DataFrame], DataFrame]
"""Computes a frame once, under a name."""


def cluster_pairs(
    checkpoint: Checkpoint, name: str, pairs: DataFrame, chain: bool, max_driver_pairs: int = MAX_DRIVER_PAIRS
) -> DataFrame:
    """Cluster pairs: `item` and `label`, for all but the keepers.

    Stars are always found on the driver.

    Args:
        checkpoint: computes a frame once.
        name: of the checkpoints.
        pairs: `left`, the better item by rank, and `right`.
        chain: whether a chain of pairs makes one cluster.
        max_driver_pairs: pairs up to which the driver clusters them.
    """
    if chain and pairs.count() > max_driver_pairs:
        return cluster_in_rounds(pairs, lambda number, frame: checkpoint(f"{name}-{number}", frame))
    return cluster_on_driver(pairs, chain)


def cluster_on_driver(pairs: DataFrame, chain: bool) -> DataFrame:
    """Cluster pairs on the driver, in memory."""
    labels = arrow.Table.from_batches(ClusterStage(chain)(pairs.toArrow().to_batches()), link.LABEL_SCHEMA)
    return pairs.sparkSession.createDataFrame(labels)


def cluster_in_rounds(pairs: DataFrame, checkpoint: Checkpoint) -> DataFrame:
    """Cluster any number of pairs in rounds, until the edges stay the same."""
    edges = pairs.select(f.col("left").alias("low"), f.col("right").alias("high"))
    before = None
    for number in range(ROUNDS):
        edges = checkpoint(f"round-{number}", _small_star(_large_star(edges)))
        fingerprint = edges.agg(f.count("*"), f.sum(f.xxhash64("low", "high").cast("decimal(38,0)"))).first()
        if fingerprint == before:
            break
        before = fingerprint
    return edges.select(f.col("high").alias("item"), f.col("low").alias("label"))


def _large_star(edges: DataFrame) -> DataFrame:
    """Link each neighbour above an item to the least of the item and all its neighbours."""
    both = edges.union(edges.select("high", "low")).toDF("item", "neighbour")
    least = both.groupBy("item").agg(f.least(f.min("neighbour"), "item").alias("least"))
    return _edges(both.where("neighbour > item").join(least, "item").select(f.col("least"), f.col("neighbour")))


def _small_star(edges: DataFrame) -> DataFrame:
    """Link each item and all its neighbours below to the least of them."""
    least = edges.groupBy("high").agg(f.min("low").alias("least"))
    neighbours = edges.join(least, "high").select("least", "low")
    return _edges(neighbours.union(least.select("least", "high")))


def _edges(pairs: DataFrame) -> DataFrame:
    return pairs.toDF("low", "high").where("low < high").distinct()
