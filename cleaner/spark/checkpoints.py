"""Intermediate frames, each made once: on the executors, or as Parquet that a later run takes up."""

from __future__ import annotations

from pyspark import StorageLevel
from pyspark.sql import DataFrame

from cleaner.spark.storage import Folder


def held(name: str, frame: DataFrame) -> DataFrame:
    """Held on the executors' disks. The job fails when an executor with a part of it is lost."""
    return frame.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)


class Written:
    """Stages as Parquet in a folder, each whole or not at all by Spark's committer; what is whole is not made again."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def __call__(self, name: str, frame: DataFrame) -> DataFrame:
        """The stage of this name."""
        if not self.is_done(name):
            frame.write.mode("overwrite").parquet(self.folder.path(name))
        return self.read(name, frame)

    def is_done(self, name: str) -> bool:
        """Whether a stage is whole."""
        return self.folder.exists(f"{name}/_SUCCESS")

    def read(self, name: str, like: DataFrame) -> DataFrame:
        """A stage that is whole, with the columns of `like`."""
        return like.sparkSession.read.schema(like.schema).parquet(self.folder.path(name))
