"""What every run on Spark does with its output: begin it or take it up, read what was counted, write, end it."""

from __future__ import annotations

from typing import Any

import msgspec
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from cleaner.corpus.report import summary
from cleaner.corpus.report.summary import RunSummary
from cleaner.corpus.resume import OutputState, as_plain, resumes
from cleaner.formats.files import RUN_FOLDER
from cleaner.spark.checkpoints import Written
from cleaner.spark.storage import Folder

JOB, MANIFEST, STAGES = "job.json", "manifest.json", "stages"


class Output:
    """The output folder of a run. `own`: what is ours in it."""

    def __init__(self, folder: Folder) -> None:
        self.folder, self.own = folder, folder.below(RUN_FOLDER)
        self.keep = Written(self.own.below(STAGES))

    def begin(self, identity: dict[str, Any], targets: tuple[str, ...], *, force: bool, restart: bool) -> None:
        """Begin a run, or take up the same one where it was broken off.

        UsageError where the output holds an unfinished run of another job, or, without `force`, what would be lost.
        """
        plain = as_plain(identity)
        unfinished = self.own.read(JOB) if self.own.exists(JOB) else None
        state = OutputState(self.folder.root, unfinished, lambda: self._refusal(targets))
        if resumes(state, plain, force=force, restart=restart):
            return
        self.own.delete(MANIFEST)
        self.own.delete(STAGES)
        self.own.write(JOB, msgspec.json.encode(plain))

    def _refusal(self, targets: tuple[str, ...]) -> str:
        name = next((name for name in (f"{RUN_FOLDER}/{MANIFEST}", *targets) if self.folder.exists(name)), None)
        path = name and self.folder.path(name)
        return f"{path} exists; choose another --output or give --force to overwrite" if path else ""

    def write(self, name: str, lines: DataFrame, compression: str = "none") -> None:
        """Write a frame of lines, `value`, as a folder of text files."""
        text = lines.select(f.col("value").cast("string").alias("value"))
        text.write.mode("overwrite").option("compression", compression).text(self.folder.path(name))

    def end(self, manifest: bytes) -> None:
        """Write the manifest, which says that all is done, and forget the stages."""
        self.own.write(MANIFEST, manifest)
        self.own.delete(STAGES)
        self.own.delete(JOB)


def counted(rows: DataFrame, kind: str) -> RunSummary:
    """What all partitions counted together."""
    found = RunSummary()
    for row in rows.where(f.col("kind") == kind).select("entry").collect():
        found.merge(summary.decode_summary(msgspec.json.decode(bytes(row.entry))))
    return found
