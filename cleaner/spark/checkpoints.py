"""Intermediate frames, each computed once: on the executors, or as Parquet that a later run resumes from."""

from __future__ import annotations

from pyspark import StorageLevel
from pyspark.sql import DataFrame

from cleaner.spark.storage import Folder


def checkpoint_on_executors(name: str, frame: DataFrame) -> DataFrame:
    """Keep a frame on the executors' disks.

    Warning:
        The job fails when an executor that has some of it is lost.
    """
    return frame.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)


class ParquetCheckpoints:
    """Frames as Parquet in a folder, by name; Spark commits each whole or not at all."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def __call__(self, name: str, frame: DataFrame) -> DataFrame:
        """Return the frame of this name, computed or read."""
        if not self.is_complete(name):
            frame.write.mode("overwrite").parquet(self.folder.path(name))
        return self.read(name, frame)

    def is_complete(self, name: str) -> bool:
        """Tell whether a frame was written to its end."""
        return self.folder.exists(f"{name}/_SUCCESS")

    def read(self, name: str, like: DataFrame) -> DataFrame:
        """Read a complete frame, which has the columns of `like`."""
        return like.sparkSession.read.schema(like.schema).parquet(self.folder.path(name))
