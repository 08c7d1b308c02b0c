"""Connected components of pairs: on the driver below a size, above it by large-star and small-star rounds of frames.

Kiveris, Lattanzi, Mirrokni, Rastogi & Vassilvitskii, Connected Components in MapReduce and Beyond (SoCC 2014).
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as arrow
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from cleaner.spark.arrow import link
from cleaner.spark.arrow.link import Join

MOST = 1 << 22
"""Pairs up to which the driver joins them; they take about 130 bytes each there."""
ROUNDS = 60
"""More than any graph needs; the paper proves a number logarithmic in its square."""


Keep = Callable[[str, DataFrame], DataFrame]


def joined(keep: Keep, name: str, pairs: DataFrame, chain: bool, most: int = MOST) -> DataFrame:
    """Clusters as `item` and `label`, for all but the keepers. Stars are always found on the driver."""
    if chain and pairs.count() > most:
        return rounds(pairs, lambda number, frame: keep(f"{name}-{number}", frame))
    return here(pairs, chain)


def here(pairs: DataFrame, chain: bool) -> DataFrame:
    """Clusters found on the driver, which holds all pairs."""
    made = arrow.Table.from_batches(Join(chain)(pairs.toArrow().to_batches()), link.LABELS)
    return pairs.sparkSession.createDataFrame(made)


def rounds(pairs: DataFrame, keep: Keep) -> DataFrame:
    """Clusters of any number of pairs; every round is counted to see whether it was the last."""
    edges = pairs.select(f.col("left").alias("low"), f.col("right").alias("high"))
    before = None
    for number in range(ROUNDS):
        edges = keep(f"round-{number}", _small_star(_large_star(edges)))
        now = edges.agg(f.count("*"), f.sum(f.xxhash64("low", "high").cast("decimal(38,0)"))).first()
        if now == before:
            break
        before = now
    return edges.select(f.col("high").alias("item"), f.col("low").alias("label"))


def _large_star(edges: DataFrame) -> DataFrame:
    """Each neighbour above an item to the least of the item and all its neighbours."""
    both = edges.union(edges.select("high", "low")).toDF("item", "near")
    least = both.groupBy("item").agg(f.least(f.min("near"), "item").alias("least"))
    return _edges(both.where("near > item").join(least, "item").select(f.col("least"), f.col("near")))


def _small_star(edges: DataFrame) -> DataFrame:
    """Each item and all its neighbours below to the least of them."""
    least = edges.groupBy("high").agg(f.min("low").alias("least"))
    near = edges.join(least, "high").select("least", "low")
    return _edges(near.union(least.select("least", "high")))


def _edges(found: DataFrame) -> DataFrame:
    return found.toDF("low", "high").where("low < high").distinct()
