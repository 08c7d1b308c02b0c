"""The output of a run on Spark: begun or resumed, written, ended."""

from __future__ import annotations

from typing import Any

import msgspec
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from cleaner.corpus.report import summary
from cleaner.corpus.report.summary import RunSummary
from cleaner.formats.storage.folders import MANIFEST, RUN_FOLDER
from cleaner.local.resume import OutputState, as_plain, resumes
from cleaner.spark.checkpoints import ParquetCheckpoints
from cleaner.spark.storage import Folder

JOB, STAGES = "job.json", "stages"


class Output:
    """The output folder of a run.

    `run_folder`: the folder in it with job, manifest and checkpoints.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder, self.run_folder = folder, folder.subfolder(RUN_FOLDER)
        self.checkpoint = ParquetCheckpoints(self.run_folder.subfolder(STAGES))

    def begin(self, identity: dict[str, Any], targets: tuple[str, ...], *, force: bool, restart: bool) -> None:
        """Begin a run, or resume the same one where it was interrupted.

        Args:
            identity: of the job; a run is resumed where it is the same.
            targets: files and folders that the run writes.
            force: overwrite what an earlier run wrote.
            restart: begin anew where there is an unfinished run.

        Raises:
            UsageError: the output holds an unfinished run of another job, or, without `force`, an earlier output.
        """
        plain = as_plain(identity)
        previous_job = self.run_folder.read(JOB) if self.run_folder.exists(JOB) else None
        state = OutputState(self.folder.root, previous_job, lambda: self._refusal(targets))
        if resumes(state, plain, force=force, restart=restart):
            return
        self.run_folder.delete(MANIFEST)
        self.run_folder.delete(STAGES)
        self.run_folder.write(JOB, msgspec.json.encode(plain))

    def _refusal(self, targets: tuple[str, ...]) -> str:
        name = next((name for name in (f"{RUN_FOLDER}/{MANIFEST}", *targets) if self.folder.exists(name)), None)
        path = name and self.folder.path(name)
        return f"{path} exists; choose another --output or give --force to overwrite" if path else ""

    def write(self, name: str, lines: DataFrame, compression: str = "none") -> None:
        """Write a frame of lines, `value`, as a folder of text files."""
        text = lines.select(f.col("value").cast("string").alias("value"))
        text.write.mode("overwrite").option("compression", compression).text(self.folder.path(name))

    def end(self, manifest: bytes) -> None:
        """Write the manifest, which marks the run as complete, and delete the checkpoints."""
        self.run_folder.write(MANIFEST, manifest)
        self.run_folder.delete(STAGES)
        self.run_folder.delete(JOB)


def read_counts(rows: DataFrame, kind: str) -> RunSummary:
    """Read the counts of all partitions together."""
    counts = RunSummary()
    for row in rows.where(f.col("kind") == kind).select("entry").collect():
        counts.merge(summary.decode_summary(msgspec.json.decode(bytes(row.entry))))
    return counts
