"""Clean a folder of Parquet on Apache Spark and leave out near-duplicate documents.

    spark-submit --master yarn --py-files webtext-cleaner.zip spark_job.py hdfs:///pages hdfs:///clean

`python -c 'from cleaner.spark import package; package(".")'` writes the zip; docs/scale.md says the rest.
"""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

from cleaner.spark import clean, deduplicate


def main(session: SparkSession, source: str, target: str) -> None:
    pages = clean(session.read.parquet(source), "text", "id", packs=["zh-web"], edits="edits")
    marked = deduplicate(pages, "text", "id", unit="document", keep="longest")
    marked.where("keeper").drop("cluster", "keeper", "flags").write.mode("overwrite").parquet(target)


if __name__ == "__main__":
    main(SparkSession.builder.appName("clean pages").getOrCreate(), sys.argv[1], sys.argv[2])
