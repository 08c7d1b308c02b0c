"""Folders and small files on any path that Spark can write, through Hadoop's file systems."""

from __future__ import annotations

from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from cleaner.errors import UsageError


class Folder:
    """A folder by its path or URI."""

    def __init__(self, session: SparkSession, root: str) -> None:
        self._session, self.root = session, root.rstrip("/")
        jvm: Any = session.sparkContext._jvm
        self._new = jvm.org.apache.hadoop.fs.Path
        try:
            self._system = self._new(self.root).getFileSystem(session.sparkContext._jsc.hadoopConfiguration())
        except Py4JJavaError as error:
            raise UsageError(f"{root}: {error.java_exception.getMessage()}") from None

    def path(self, name: str) -> str:
        """Return the path of a file or folder in it."""
        return f"{self.root}/{name}" if name else self.root

    def subfolder(self, name: str) -> Folder:
        """Return a folder in it."""
        return Folder(self._session, self.path(name))

    def exists(self, name: str = "") -> bool:
        """Tell whether there is such a file or folder."""
        return bool(self._system.exists(self._new(self.path(name))))

    def read(self, name: str) -> bytes:
        """Read a small file."""
        stream = self._system.open(self._new(self.path(name)))
        try:
            return bytes(stream.readAllBytes())
        finally:
            stream.close()

    def write(self, name: str, data: bytes) -> None:
        """Write a small file; it gets its name when all of it is there."""
        target, draft = self._new(self.path(name)), self._new(self.path(f"{name}.part"))
        stream = self._system.create(draft, True)
        try:
            stream.write(data)
        finally:
            stream.close()
        self._system.delete(target, False)
        if not self._system.rename(draft, target):
            raise UsageError(f"{self.path(name)}: cannot be written; is it a folder?")

    def delete(self, name: str) -> None:
        """Delete a file or a folder, if there is one."""
        self._system.delete(self._new(self.path(name)), True)

    def matches(self) -> list[tuple[str, bool]]:
        """List the URIs that the path, as a glob, matches, and whether each is a folder."""
        statuses = self._system.globStatus(self._new(self.root)) or []
        return [(str(status.getPath().toUri().toString()), bool(status.isDirectory())) for status in statuses]
