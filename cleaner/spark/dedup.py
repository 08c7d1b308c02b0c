"""`cleaner dedup` on Spark: the same pairs, clusters and counts as those of the embedded engine."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import msgspec
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import BinaryType, StructField, StructType

from cleaner.corpus.dedup.run import CLUSTERS, PAIRS, Action, Summary
from cleaner.corpus.report.summary import MOST_SKIPS
from cleaner.formats.base import Reading
from cleaner.formats.files import SkippedFile
from cleaner.formats.jsonl_rows import Fields
from cleaner.options import DedupOptions
from cleaner.spark import components, inputs, search
from cleaner.spark.arrow import write
from cleaner.spark.arrow.sign import SignRecords
from cleaner.spark.arrow.write import Clusters, Left
from cleaner.spark.inputs import CODECS, Inputs
from cleaner.spark.job import Output
from cleaner.spark.search import Plan, staged
from cleaner.spark.storage import Folder

DATA = "data"
ANY = (1 << 31) - 1
"""No limit on the bytes of a document but Spark's own."""


class Job(NamedTuple):
    """What is compared, how, and where to."""

    source: str
    output: str
    options: DedupOptions
    fields: Fields
    action: Action
    version: str


def run(session: SparkSession, job: Job, *, force: bool = False) -> Summary:
    """Find the near-duplicates under a path, or take up an unfinished run of the same job.

    UsageError as for `cleaner.spark.clean_corpus.clean`. `skipped` lists the first 100.
    """
    output = Output(Folder(session, job.output))
    found = inputs.find(session, job.source, Reading(text=job.fields.text, id=job.fields.id, limit=ANY))
    identity = {
        "cleaner": job.version,
        "engine": "spark",
        "options": {**msgspec.structs.asdict(job.options), "action": job.action},
        "fields": job.fields._asdict(),
        "inputs": {job.source: found.identity},
    }
    output.begin(identity, (PAIRS, CLUSTERS, DATA), force=force, restart=force)
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(found.batch))
    records = _signed(job, output, found)
    documents = records.where("doc is not null")
    search.tell_apart(documents)
    plan = Plan(job.options, output.keep, partial(components.joined, output.keep))
    pairs = search.pairs(documents.select("doc", "text", "host", "against", "items"), plan)
    output.write(PAIRS, staged(pairs.orderBy(*search.PAIR), write.told, write.LINE))
    output.write(CLUSTERS, staged(_clusters(pairs), Clusters(job.options.keep), write.LINE))
    if job.action == "drop":
        _drop(job, output, found, documents, pairs)
    done = _summary(records, pairs, job.options.shingle)
    output.end(msgspec.json.format(msgspec.json.encode({**identity, "found": done}), indent=2) + b"\n")
    return done


def _signed(job: Job, output: Output, found: Inputs) -> DataFrame:
    stages = [
        (frame, SignRecords(read, job.options, job.fields, found.roots, found.kept)) for frame, read in found.frames
    ]
    return output.keep("signed", inputs.union([staged(frame, stage, stage.schema) for frame, stage in stages]))


def _clusters(pairs: DataFrame) -> DataFrame:
    """Clusters with the names of their copies, sorted."""
    passage = f.col("copy_passage") > 0
    name = f.when(passage, f.concat_ws("#", "copy", "copy_passage")).otherwise(f.col("copy"))
    unit = f.when(passage, "passage").otherwise("document")
    named = pairs.select("cluster", unit.alias("unit"), name.alias("name"))
    return (
        named.groupBy("cluster", "unit")
        .agg(f.sort_array(f.collect_list("name")).alias("copies"))
        .orderBy("cluster", "unit")
    )


def _drop(job: Job, output: Output, found: Inputs, documents: DataFrame, pairs: DataFrame) -> None:
    """Write the corpus without its copies: whole documents left out, copied passages cut, templates left."""
    held = documents.join(search.copies(pairs), "doc", "left")
    own = ["doc"] if not found.is_lines and not found.columns else []
    kept = [*own, *(["row"] if found.kept is not None else [])]
    frame = held.select(*kept, "text", "data", "copies")
    schema = StructType([*(frame.schema[name] for name in kept), StructField("value", BinaryType())])
    stage = Left(job.fields.text)
    left = frame.mapInArrow(lambda batches: stage(batches), schema)
    if found.is_lines:
        output.write(DATA, left, CODECS.get(found.packed, "none"))
        return
    text = f.col("value").cast("string").alias(job.fields.text)
    columns = [text if name == job.fields.text else f.col(f"row.`{name}`") for name in found.columns]
    chosen = left.select(*columns) if columns else left.select(f.col("doc").alias("id"), text)
    chosen.write.mode("overwrite").parquet(output.folder.path(DATA))


def _summary(records: DataFrame, pairs: DataFrame, shingle: int) -> Summary:
    """Counts of a run."""
    items = records.select(f.explode("items").alias("item")).select("item.*")
    short = f.count_if((f.col("number") == 0) & (f.col("stop") < shingle))
    of_items: Any = items.agg(f.count_if(f.col("number") > 0).alias("passages"), short.alias("short")).first()
    kinds = {(row.whole, row.kind): row for row in _kinds(pairs).collect()}
    skipped = records.where("skipped is not null").orderBy("file", "place").select("skipped").take(MOST_SKIPS)
    return Summary(
        documents=records.where("doc is not null").count(),
        passages=of_items.passages,
        copies=sum(row.number for (whole, _), row in kinds.items() if whole),
        copied_passages=sum(row.number for (whole, kind), row in kinds.items() if not whole and kind == "copy"),
        templates=sum(row.number for (_, kind), row in kinds.items() if kind == "template"),
        chained=sum(row.chained for row in kinds.values()),
        clusters=pairs.select("cluster", f.col("copy_passage") > 0).distinct().count(),
        short=of_items.short,
        skipped=[msgspec.json.decode(bytes(row.skipped), type=SkippedFile) for row in skipped],
    )


def _kinds(pairs: DataFrame) -> DataFrame:
    whole = (f.col("copy_passage") == 0).alias("whole")
    chained = f.count_if(f.col("linked") == "chain").alias("chained")
    return pairs.groupBy(whole, "kind").agg(f.count("*").alias("number"), chained)
