"""A whole corpus cleaned on Spark: the same rows, ledger, pairs and counts as those of the embedded engine."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import msgspec
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from cleaner.config import Config
from cleaner.corpus import writing
from cleaner.corpus.report.manifest import ManifestFile, build_manifest, encode_manifest
from cleaner.corpus.report.summary import MOST_SKIPS, RunSummary
from cleaner.formats import jsonl
from cleaner.formats.base import Reading, Record
from cleaner.formats.files import RUN_FOLDER, SkippedFile
from cleaner.pipeline import Pack
from cleaner.spark import components, inputs, search
from cleaner.spark.arrow import clean as batches
from cleaner.spark.arrow import write
from cleaner.spark.arrow.clean import COUNTS, DONE, REFUSED, Clean
from cleaner.spark.arrow.write import Drop
from cleaner.spark.inputs import CODECS, Inputs
from cleaner.spark.job import Output, counted
from cleaner.spark.search import Plan, staged
from cleaner.spark.storage import Folder

DATA = "data"
EDITS, REJECTED, DUPLICATES = (f"{RUN_FOLDER}/{name}.jsonl" for name in ("edits", "rejected", "duplicates"))


class Job(NamedTuple):
    """What is cleaned, how, and where to."""

    source: str
    output: str
    pack: Pack
    chosen: Config
    reading: Reading
    version: str


def clean(session: SparkSession, job: Job, *, force: bool = False, restart: bool = False) -> RunSummary:
    """Clean a path into a folder, or take up an unfinished run of the same job at the last stage that is whole.

    UsageError, before any stage starts, where the input holds nothing to read or no such column, or where the output
    is taken.
    """
    output = Output(Folder(session, job.output))
    found = inputs.find(session, job.source, job.reading)
    identity = {
        "cleaner": job.version,
        "engine": "spark",
        "pack": job.pack.data.hash,
        "options": {key: value for key, value in msgspec.to_builtins(job.chosen).items() if key != "check"},
        "reading": msgspec.to_builtins(job.reading),
        "inputs": {job.source: found.identity},
    }
    output.begin(identity, (DATA,), force=force, restart=restart)
    return _Run(session, job, output, found).run()


class _Run:
    """A run under way."""

    def __init__(self, session: SparkSession, job: Job, output: Output, found: Inputs) -> None:
        self.session, self.job, self.output, self.inputs = session, job, output, found
        self.keep = output.keep

    def run(self) -> RunSummary:
        self.session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(self.inputs.batch))
        rows = self._cleaned()
        found = counted(rows, COUNTS)
        twice = self._repeated(rows)
        found.repeated_ids = twice.count() if twice else 0
        done = _named(rows.where(f.col("kind") == DONE), twice)
        if self.job.chosen.dedup != "off":
            pairs = search.pairs(_documents(done), self._plan())
            found.duplicates = pairs.count()
            if self.job.chosen.dedup == "drop" and found.duplicates:
                rows, done = self._dropped(rows, done, pairs, found)
            self.output.write(DUPLICATES, staged(pairs.orderBy(*search.PAIR), write.told, write.LINE))
        self._write(rows, done, twice, found)
        data = build_manifest(self.job.version, self.job.pack, self.job.chosen, self._shape(), found, [self._file()])
        self.output.end(encode_manifest(data))
        return found

    def _cleaned(self) -> DataFrame:
        """The stage that all comes from: every record clean and signed."""
        job, kept = self.job, self.inputs.kept
        compared = None if job.chosen.dedup == "off" else writing.PASSAGE_OPTIONS
        common: dict[str, Any] = {
            "pack": job.pack,
            "options": job.chosen.clean_options,
            "encoding": job.reading.encoding,
            "data": DATA,
            "add": jsonl.replace_in_line if self.inputs.is_lines else _text,
            "lines": self.inputs.is_lines,
            "compared": compared,
            "kept": kept,
        }
        stages = [(frame, Clean(read, **common)) for frame, read in self.inputs.frames]
        return self.keep("clean", inputs.union([staged(frame, stage, stage.schema) for frame, stage in stages]))

    def _repeated(self, rows: DataFrame) -> DataFrame | None:
        """Clean records with the id of an earlier one, and the place of the first of those; None for none."""
        done = rows.where(f.col("kind") == DONE).select("id", "file", "line")
        first = f.min(f.struct("file", "line")).alias("first")
        several = done.groupBy("id").agg(f.count("*").alias("count"), first).where("count > 1")
        if not self.keep.is_done("repeated") and several.isEmpty():
            return None
        again = done.join(several, "id").where(f.struct("file", "line") != f.col("first"))
        columns = (f.col(f"first.{name}").alias(f"first_{name}") for name in ("file", "line"))
        return self.keep("repeated", again.select("id", "file", "line", *columns))

    def _plan(self) -> Plan:
        return Plan(writing.PASSAGE_OPTIONS, self.keep, partial(components.joined, self.keep))

    def _dropped(
        self, rows: DataFrame, done: DataFrame, pairs: DataFrame, found: RunSummary
    ) -> tuple[DataFrame, DataFrame]:
        """All rows, and the clean ones, without copied passages."""
        copies = search.copies(pairs)
        schema = batches.rows_schema(self.inputs.kept)
        made = self.keep("dropped", staged(done.join(copies, "doc"), Drop(schema), schema))
        found.merge(counted(made, COUNTS))
        changed, names = made.where(f.col("kind") == DONE), made.schema.names
        left = done.join(copies, "doc", "left_anti").select(*names).union(changed)
        return rows.where(f.col("kind") != DONE).select(*names).union(left), left

    def _write(self, rows: DataFrame, done: DataFrame, twice: DataFrame | None, found: RunSummary) -> None:
        entries = rows.where((f.col("kind") != COUNTS) & (f.octet_length("entry") > 0))
        self.output.write(EDITS, entries.select(f.expr("substr(entry, 1, octet_length(entry) - 1)").alias("value")))
        refused = rows.where(f.col("kind") == REFUSED).orderBy("file", "line")
        lines = refused.select(f.expr("substr(rejected, 1, octet_length(rejected) - 1)").alias("value"))
        if twice:
            again = staged(twice.orderBy("file", "line"), write.repeated, write.LINE)
            lines = self.keep("rejected", lines.coalesce(1).union(again.coalesce(1)))
            found.rejections += found.repeated_ids
        found.skips = [_skipped(bytes(row.value)) for row in lines.take(MOST_SKIPS)] if found.rejections else []
        self.output.write(REJECTED, lines)
        self._write_data(done)

    def _write_data(self, done: DataFrame) -> None:
        text = f.col("text").cast("string").alias(self.job.reading.text)
        if self.inputs.is_lines:
            lines = staged(done.select("head", "tail", "json", "text"), write.lines, write.LINE)
            self.output.write(DATA, lines, CODECS.get(self.inputs.packed, "none"))
            return
        columns = [text if name == self.job.reading.text else f.col(f"row.`{name}`") for name in self.inputs.columns]
        frame = done.select(*columns) if columns else done.select("id", text)
        frame.write.mode("overwrite").parquet(self.output.folder.path(DATA))

    def _shape(self) -> dict[str, Any]:
        return {"engine": "spark", **msgspec.to_builtins(self.job.reading)}

    def _file(self) -> ManifestFile:
        return ManifestFile(self.job.source, DATA, "", "", "")


def _text(record: Record, text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _skipped(line: bytes) -> SkippedFile:
    found = msgspec.json.decode(line)
    return SkippedFile(f"{found['file']}:{found['line']}" if found["line"] else found["file"], found["reason"])


def _named(done: DataFrame, twice: DataFrame | None) -> DataFrame:
    """Clean rows with `doc`, what tells records apart: the id, with the place where an earlier record has the same."""
    if not twice:
        return done.withColumn("doc", f.col("id"))
    name = f.format_string("%s (%s:%d)", "id", "file", "line").alias("name")
    named = done.join(twice.select("file", "line", name), ["file", "line"], "left")
    return named.withColumn("doc", f.coalesce("name", "id")).drop("name")


def _documents(done: DataFrame) -> DataFrame:
    return done.select("doc", "text", "host", f.lit(None).cast("binary").alias("against"), "items")
