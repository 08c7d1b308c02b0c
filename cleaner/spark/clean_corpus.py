"""Cleans a whole corpus on Spark, with the same rows, ledger, pairs and counts as the embedded engine."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import msgspec
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

from cleaner.config import Config
from cleaner.corpus import writing
from cleaner.corpus.job import page_decoding
from cleaner.corpus.report.manifest import ManifestFile, build_manifest, encode_manifest
from cleaner.corpus.report.summary import MOST_SKIPS, RunSummary
from cleaner.formats.base import Reading, Record
from cleaner.formats.shared import json_records
from cleaner.formats.storage.folders import RUN_FOLDER, SkippedFile
from cleaner.pipeline import Pack
from cleaner.spark import components, inputs, search
from cleaner.spark.arrow import write
from cleaner.spark.arrow.clean import CLEAN_ROW, COUNTS_ROW, REJECT_ROW, CleanStage, rows_schema
from cleaner.spark.arrow.write import CutCopiesStage
from cleaner.spark.inputs import CODECS, Inputs
from cleaner.spark.job import Output, read_counts
from cleaner.spark.pair_frames import PAIR_COLUMNS, copies_by_document
from cleaner.spark.search import Plan, run_stage
from cleaner.spark.storage import Folder

DATA = "data"
EDITS, REJECTS, DUPLICATES = (f"{RUN_FOLDER}/{name}.jsonl" for name in ("edits", "rejected", "duplicates"))


class SparkCleanJob(NamedTuple):
    """A path to clean into a folder, with options."""

    source: str
    output: str
    pack: Pack
    config: Config
    reading: Reading
    version: str


def clean_corpus(
    session: SparkSession, job: SparkCleanJob, *, force: bool = False, restart: bool = False
) -> RunSummary:
    """Clean a path into a folder, or resume an unfinished run.

    A run of the same job resumes after the last complete stage.

    Args:
        session: runs the stages.
        job: inputs, output and options.
        force: overwrite an earlier output.
        restart: begin anew where there is an unfinished run.

    Raises:
        UsageError: before any stage starts; the input has nothing to read or no such column, or the output exists.
    """
    output = Output(Folder(session, job.output))
    run_inputs = inputs.find_inputs(session, job.source, job.reading)
    identity = {
        "cleaner": job.version,
        "engine": "spark",
        "pack": job.pack.data.hash,
        "options": {key: value for key, value in msgspec.to_builtins(job.config).items() if key != "check"},
        "reading": msgspec.to_builtins(job.reading),
        "inputs": {job.source: run_inputs.identity},
    }
    output.begin(identity, (DATA,), force=force, restart=restart)
    return _Run(session, job, output, run_inputs).run()


class _Run:
    """One run, with its inputs and output."""

    def __init__(self, session: SparkSession, job: SparkCleanJob, output: Output, run_inputs: Inputs) -> None:
        self.session, self.job, self.output, self.inputs = session, job, output, run_inputs
        self.checkpoint = output.checkpoint

    def run(self) -> RunSummary:
        self.session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(self.inputs.batch))
        rows = self._clean()
        summary = read_counts(rows, COUNTS_ROW)
        repetitions = self._find_repeated_ids(rows)
        summary.repeated_ids = repetitions.count() if repetitions else 0
        records = _with_unique_names(rows.where(f.col("kind") == CLEAN_ROW), repetitions)
        if self.job.config.dedup != "off":
            plan = Plan(writing.PASSAGE_OPTIONS, self.checkpoint, partial(components.cluster_pairs, self.checkpoint))
            pairs = search.find_pairs(_documents(records), plan)
            summary.duplicates = pairs.count()
            if self.job.config.dedup == "drop" and summary.duplicates:
                rows, records = self._cut_copies(rows, records, pairs, summary)
            lines = run_stage(pairs.orderBy(*PAIR_COLUMNS), write.encode_pairs, write.LINE_SCHEMA)
            self.output.write(DUPLICATES, lines)
        self._write_ledger(rows)
        self._write_rejects(rows, repetitions, summary)
        self._write_records(records)
        data = build_manifest(self.job.version, self.job.pack, self.job.config, self._shape(), summary, [self._file()])
        self.output.end(encode_manifest(data))
        return summary

    def _clean(self) -> DataFrame:
        """Clean and sketch every record, the stage that all others start from."""
        job = self.job
        options: dict[str, Any] = {
            "pack": job.pack,
            "options": job.config.page_options,
            "decoding": page_decoding(job.config, job.reading),
            "output": DATA,
            "add": json_records.replace_in_line if self.inputs.is_lines else _encode,
            "ledger_is_complete": self.inputs.is_lines,
            "dedup": None if job.config.dedup == "off" else writing.PASSAGE_OPTIONS,
            "other_fields": self.inputs.other_fields,
        }
        stages = [(frame, CleanStage(read, **options)) for frame, read in self.inputs.frames]
        frames = [run_stage(frame, stage, stage.schema) for frame, stage in stages]
        return self.checkpoint("clean", inputs.union_all(frames))

    def _find_repeated_ids(self, rows: DataFrame) -> DataFrame | None:
        """Find clean records with the id of an earlier one.

        Returns them with the file and line of the first; None for none.
        """
        records = rows.where(f.col("kind") == CLEAN_ROW).select("id", "file", "line")
        first = f.min(f.struct("file", "line")).alias("first")
        repeated_ids = records.groupBy("id").agg(f.count("*").alias("count"), first).where("count > 1")
        if not self.checkpoint.is_complete("repeated") and repeated_ids.isEmpty():
            return None
        repetitions = records.join(repeated_ids, "id").where(f.struct("file", "line") != f.col("first"))
        columns = (f.col(f"first.{name}").alias(f"first_{name}") for name in ("file", "line"))
        return self.checkpoint("repeated", repetitions.select("id", "file", "line", *columns))

    def _cut_copies(
        self, rows: DataFrame, records: DataFrame, pairs: DataFrame, summary: RunSummary
    ) -> tuple[DataFrame, DataFrame]:
        """Return all rows, and the clean ones, without copied passages."""
        copies = copies_by_document(pairs)
        schema = rows_schema(self.inputs.other_fields)
        stage = run_stage(records.join(copies, "doc"), CutCopiesStage(schema), schema)
        edited_rows = self.checkpoint("dropped", stage)
        summary.merge(read_counts(edited_rows, COUNTS_ROW))
        names = edited_rows.schema.names
        edited_records = edited_rows.where(f.col("kind") == CLEAN_ROW)
        records = records.join(copies, "doc", "left_anti").select(*names).union(edited_records)
        return rows.where(f.col("kind") != CLEAN_ROW).select(*names).union(records), records

    def _write_ledger(self, rows: DataFrame) -> None:
        entries = rows.where((f.col("kind") != COUNTS_ROW) & (f.octet_length("entry") > 0))
        self.output.write(EDITS, entries.select(_without_line_break("entry")))

    def _write_rejects(self, rows: DataFrame, repetitions: DataFrame | None, summary: RunSummary) -> None:
        rejects = rows.where(f.col("kind") == REJECT_ROW).orderBy("file", "line")
        lines = rejects.select(_without_line_break("reject"))
        if repetitions:
            by_line = repetitions.orderBy("file", "line")
            more_lines = run_stage(by_line, write.encode_repeated_ids, write.LINE_SCHEMA)
            lines = self.checkpoint("rejected", lines.coalesce(1).union(more_lines.coalesce(1)))
            summary.rejections += summary.repeated_ids
        summary.skips = (
            [_skipped_file(bytes(row.value)) for row in lines.take(MOST_SKIPS)] if summary.rejections else []
        )
        self.output.write(REJECTS, lines)

    def _write_records(self, records: DataFrame) -> None:
        text = f.col("text").cast("string").alias(self.job.reading.text)
        if self.inputs.is_lines:
            lines = run_stage(records.select("head", "tail", "json", "text"), write.encode_records, write.LINE_SCHEMA)
            self.output.write(DATA, lines, CODECS.get(self.inputs.compression, "none"))
            return
        columns = [text if name == self.job.reading.text else f.col(f"row.`{name}`") for name in self.inputs.columns]
        frame = records.select(*columns) if columns else records.select("id", text)
        frame.write.mode("overwrite").parquet(self.output.folder.path(DATA))

    def _shape(self) -> dict[str, Any]:
        return {"engine": "spark", **msgspec.to_builtins(self.job.reading)}

    def _file(self) -> ManifestFile:
        return ManifestFile(self.job.source, DATA, "", "", "")


def _encode(record: Record, text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _without_line_break(name: str) -> Column:
    return f.expr(f"substr({name}, 1, octet_length({name}) - 1)").alias("value")


def _skipped_file(line: bytes) -> SkippedFile:
    reject = msgspec.json.decode(line)
    return SkippedFile(f"{reject['file']}:{reject['line']}" if reject["line"] else reject["file"], reject["reason"])


def _with_unique_names(records: DataFrame, repetitions: DataFrame | None) -> DataFrame:
    """Add `doc`, a unique name of each record.

    It is the id, with file and line where an earlier record has the same id.
    """
    if not repetitions:
        return records.withColumn("doc", f.col("id"))
    name = f.format_string("%s (%s:%d)", "id", "file", "line").alias("name")
    rows = records.join(repetitions.select("file", "line", name), ["file", "line"], "left")
    return rows.withColumn("doc", f.coalesce("name", "id")).drop("name")


def _documents(records: DataFrame) -> DataFrame:
    return records.select("doc", "text", "host", f.lit(None).cast("binary").alias("penalty"), "items")
