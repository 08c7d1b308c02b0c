"""`cleaner dedup` on Spark, with the same pairs, clusters and counts as the embedded engine."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import msgspec
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import BinaryType, StructField, StructType

from cleaner.corpus.dedup.job import CLUSTERS, PAIRS, SPANS, Action
from cleaner.corpus.dedup.report import DedupSummary
from cleaner.corpus.report.summary import MOST_SKIPS
from cleaner.formats.base import Reading
from cleaner.formats.storage.folders import SkippedFile
from cleaner.options import DedupOptions
from cleaner.spark import components, inputs, search, span_search
from cleaner.spark.arrow import write
from cleaner.spark.arrow.sign import SignRecordsStage
from cleaner.spark.arrow.write import EncodeClustersStage, RemoveCopiesStage
from cleaner.spark.inputs import CODECS, Inputs
from cleaner.spark.job import Output
from cleaner.spark.pair_frames import PAIR_COLUMNS, copies_by_document
from cleaner.spark.search import Plan, run_stage
from cleaner.spark.storage import Folder

DATA = "data"


class SparkDedupJob(NamedTuple):
    """A path whose documents are compared, an output folder, and options."""

    source: str
    output: str
    options: DedupOptions
    reading: Reading
    action: Action
    version: str


def deduplicate(
    session: SparkSession, job: SparkDedupJob, *, force: bool = False, restart: bool = False
) -> DedupSummary:
    """Find the near-duplicates under a path, or resume an unfinished run of the same job.

    Args:
        session: runs the stages.
        job: inputs, output and options.
        force: overwrite an earlier output.
        restart: forget an unfinished run.

    Returns:
        Counts; `skipped` lists the first 100.

    Raises:
        UsageError: as for `cleaner.spark.clean_corpus.clean_corpus`.
    """
    output = Output(Folder(session, job.output))
    run_inputs = inputs.find_inputs(session, job.source, job.reading)
    identity = {
        "cleaner": job.version,
        "engine": "spark",
        "options": {**msgspec.structs.asdict(job.options), "action": job.action},
        "reading": msgspec.to_builtins(job.reading),
        "inputs": {job.source: run_inputs.identity},
    }
    output.begin(identity, (PAIRS, CLUSTERS, SPANS, DATA), force=force, restart=restart)
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(run_inputs.batch))
    records = _sketch(job, output, run_inputs)
    documents = records.where("doc is not null")
    search.require_distinct_ids(documents)
    plan = Plan(job.options, output.checkpoint, partial(components.cluster_pairs, output.checkpoint))
    pairs = search.find_pairs(documents.select("doc", "text", "host", "penalty", "items"), plan)
    output.write(PAIRS, run_stage(pairs.orderBy(*PAIR_COLUMNS), write.encode_pairs, write.LINE_SCHEMA))
    output.write(CLUSTERS, run_stage(_clusters(pairs), EncodeClustersStage(job.options.keep), write.LINE_SCHEMA))
    spans = span_search.find_spans(documents, pairs, plan) if job.options.has_spans else None
    if spans is not None:
        output.write(SPANS, spans.orderBy("number"))
    if job.action == "drop":
        copies = _collect_copies(documents, pairs, spans)
        _write_without_copies(job, output, run_inputs, copies)
    summary = _summarize(records, pairs, job.options.shingle)
    if spans is not None:
        summary = _count_spans(summary, spans)
    output.end(msgspec.json.format(msgspec.json.encode({**identity, "found": summary}), indent=2) + b"\n")
    return summary


def _sketch(job: SparkDedupJob, output: Output, run_inputs: Inputs) -> DataFrame:
    frames = []
    for frame, read in run_inputs.frames:
        stage = SignRecordsStage(read, job.options, job.reading.decoding, run_inputs.roots, run_inputs.other_fields)
        frames.append(run_stage(frame, stage, stage.schema))
    return output.checkpoint("signed", inputs.union_all(frames))


def _clusters(pairs: DataFrame) -> DataFrame:
    """Collect clusters with the names of their copies, sorted."""
    passage = f.col("copy_passage") > 0
    name = f.when(passage, f.concat_ws("#", "copy", "copy_passage")).otherwise(f.col("copy"))
    unit = f.when(passage, "passage").otherwise("document")
    copies = pairs.select("cluster", unit.alias("unit"), name.alias("name"))
    return (
        copies.groupBy("cluster", "unit")
        .agg(f.sort_array(f.collect_list("name")).alias("copies"))
        .orderBy("cluster", "unit")
    )


def _collect_copies(documents: DataFrame, pairs: DataFrame, spans: DataFrame | None) -> DataFrame:
    """Add what is removed of documents: `copies` of documents and passages, and repeated `spans`."""
    with_copies = documents.join(copies_by_document(pairs), "doc", "left")
    if spans is None:
        return with_copies.withColumn("spans", f.lit(None).cast(span_search.SPANS_TYPE))
    return with_copies.join(span_search.list_cuts(spans), "doc", "left")


def _write_without_copies(job: SparkDedupJob, output: Output, run_inputs: Inputs, with_copies: DataFrame) -> None:
    """Write the corpus without its copies.

    Whole documents are left out, copied passages and repeated spans cut, templates kept.
    """
    id_column = [] if run_inputs.is_lines or run_inputs.columns else ["doc"]
    names = [*id_column, *(["row"] if run_inputs.other_fields is not None else [])]
    frame = with_copies.select(*names, "text", "data", "copies", "spans")
    schema = StructType([*(frame.schema[name] for name in names), StructField("value", BinaryType())])
    stage = RemoveCopiesStage(job.reading)
    rows = frame.mapInArrow(lambda batches: stage(batches), schema)
    if run_inputs.is_lines:
        output.write(DATA, rows, CODECS.get(run_inputs.compression, "none"))
        return
    text = f.col("value").cast("string").alias(job.reading.text)
    columns = [text if name == job.reading.text else f.col(f"row.`{name}`") for name in run_inputs.columns]
    table = rows.select(*columns) if columns else rows.select(f.col("doc").alias("id"), text)
    table.write.mode("overwrite").parquet(output.folder.path(DATA))


def _summarize(records: DataFrame, pairs: DataFrame, shingle: int) -> DedupSummary:
    """Count documents, passages and pairs of a run."""
    items = records.select(f.explode("items").alias("item")).select("item.*")
    short = f.count_if((f.col("number") == 0) & (f.col("stop") < shingle)).alias("short")
    item_counts: Any = items.agg(f.count_if(f.col("number") > 0).alias("passages"), short).first()
    kinds = {(row.unit, row.kind): row for row in _count_kinds(pairs).collect()}
    skipped_rows = records.where("skipped is not null").orderBy("file", "position").select("skipped").take(MOST_SKIPS)
    return DedupSummary(
        documents=records.where("doc is not null").count(),
        passages=item_counts.passages,
        copies=sum(row.number for (unit, _), row in kinds.items() if unit == "document"),
        copied_passages=kinds["passage", "copy"].number if ("passage", "copy") in kinds else 0,
        templates=sum(row.number for (_, kind), row in kinds.items() if kind == "template"),
        chained=sum(row.chains for row in kinds.values()),
        clusters=pairs.select("cluster", f.col("copy_passage") > 0).distinct().count(),
        short=item_counts.short,
        skipped=[msgspec.json.decode(bytes(row.skipped), type=SkippedFile) for row in skipped_rows],
    )


def _count_spans(summary: DedupSummary, spans: DataFrame) -> DedupSummary:
    number, places = f.count("*").alias("number"), f.coalesce(f.sum("places"), f.lit(0)).alias("places")
    counts: Any = spans.agg(number, places).first()
    return msgspec.structs.replace(summary, spans=counts.number, repeated_places=counts.places)


def _count_kinds(pairs: DataFrame) -> DataFrame:
    unit = f.when(f.col("copy_passage") == 0, "document").otherwise("passage").alias("unit")
    chains = f.count_if(f.col("linked") == "chain").alias("chains")
    return pairs.groupBy(unit, "kind").agg(f.count("*").alias("number"), chains)
