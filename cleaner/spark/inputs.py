"""What a path names, as frames that Spark reads and what makes records of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple

import pyarrow as arrow
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from cleaner.errors import UsageError
from cleaner.formats import jsonl, parquet
from cleaner.formats.base import Reading
from cleaner.formats.registry import FORMATS
from cleaner.spark.arrow import records
from cleaner.spark.arrow.records import FILE, PLACE, SIZE
from cleaner.spark.storage import Folder

_LINES = [suffix.removeprefix(".") for suffix in jsonl.FORMAT.suffixes]
KINDS = {
    "lines": tuple(_LINES),
    "packed": tuple(f"{end}{packed}" for end in _LINES for packed in jsonl.FORMAT.compressions),
    "rows": tuple(suffix.removeprefix(".") for suffix in parquet.FORMAT.suffixes),
    "texts": tuple(suffix.removeprefix(".") for f in FORMATS if f.is_per_file for suffix in f.suffixes),
}
"""How files are read, by the ends of their names."""

CODECS = {"gz": "gzip", "bz2": "bzip2", "xz": "gzip", "zst": "gzip"}
"""What lines are compressed with that came compressed so; Spark writes neither xz nor, everywhere, zstd."""

HELD = 32 << 20
"""Bytes up to which a task reads a compressed file whole, and lists what is damaged; Spark streams larger ones."""
BATCH = 64 << 20
"""About how many bytes of whole files are handed over at one time."""
ROWS = 500
"""How many records are, at most."""

Reader = Callable[[Any], Any]


class Inputs(NamedTuple):
    """Files of one family. `frames`: each with what reads it. `batch`: how many records to hand over at one time.

    `identity`: what changes when the files do. `roots`: folders that names are told from. `columns`: names in their
    order and `kept`: the type of all but the text, where records are rows. `packed`: the compression of lines.
    """

    frames: list[tuple[DataFrame, Reader]]
    batch: int
    identity: str
    roots: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    kept: arrow.DataType | None = None
    packed: str = ""

    @property
    def is_lines(self) -> bool:
        """Whether records are lines of JSON."""
        return isinstance(self.frames[0][1], records.Lines | records.Packed)


def find(session: SparkSession, source: str, reading: Reading) -> Inputs:
    """The inputs under a path. UsageError where there is nothing to read, or files of several families."""
    found = {row.kind: row for row in _listing(session, source)}
    if set(found) == {"other"} and len(Folder(session, source).matches()) == 1 and found["other"].files == 1:
        found = {"texts": found["other"]}
    known = sorted(kind for kind in found if kind != "other")
    if not known:
        endings = " ".join(f".{end}" for ends in KINDS.values() for end in ends)
        raise UsageError(f"no documents in {source}; with --engine spark folders are searched for {endings}")
    if len(known) > 1 and known != ["lines", "packed"]:
        raise UsageError(f"{source} holds {' and '.join(map(_named, known))}; give a glob that names one kind of file")
    identity = "; ".join(f"{row.files} files, {row.bytes} bytes, {row.print}" for _, row in sorted(found.items()))
    longest = max(found[kind].longest for kind in known)
    make = _rows if known == ["rows"] else _texts if known == ["texts"] else _lines
    roots = _roots(session, source)
    made = make(session, source, reading, found, roots)
    many = ROWS if known in (["lines"], ["rows"]) else max(1, min(ROWS, BATCH // (longest or 1)))
    return made._replace(identity=identity, roots=roots, batch=many)


def _named(kind: str) -> str:
    return "/".join(f".{end}" for end in KINDS[kind][:2])


def _listing(session: SparkSession, source: str) -> list[Row]:
    """Files by kind: how many, their bytes, the longest, and a print of names, sizes and times."""
    try:
        frame = session.read.format("binaryFile").option("recursiveFileLookup", "true").load(source)
    except AnalysisException as error:
        raise UsageError(f"{source}: no such file or folder, or it cannot be read ({error.getCondition()})") from None
    kind = f.lit("other")
    for name, ends in KINDS.items():
        kind = f.when(f.lower("path").rlike(_ending(ends)), name).otherwise(kind)
    stamp = f.xxhash64("path", "length", "modificationTime").cast("decimal(38,0)")
    return list(
        frame.groupBy(kind.alias("kind"))
        .agg(
            f.count("*").alias("files"),
            f.sum("length").alias("bytes"),
            f.max("length").alias("longest"),
            f.sum(stamp).alias("print"),
            f.max(f.regexp_extract("path", r"\.(gz|bz2|xz|zst)$", 1)).alias("packed"),
        )
        .collect()
    )


def _ending(ends: tuple[str, ...]) -> str:
    return rf"\.({'|'.join(re.escape(end) for end in ends)})$"


def _reader(session: SparkSession, ends: tuple[str, ...]) -> Any:
    glob = "{" + ",".join(f"*.{end}" for end in ends) + "}"
    return session.read.option("recursiveFileLookup", "true").option("pathGlobFilter", glob)


def _at(frame: DataFrame, *columns: Any) -> DataFrame:
    return frame.select(*columns, f.col("_metadata.file_path").alias(FILE))


def _lines(
    session: SparkSession, source: str, reading: Reading, found: dict[str, Row], roots: tuple[str, ...]
) -> Inputs:
    frames: list[tuple[DataFrame, Reader]] = []
    streamed = [KINDS["lines"]] if "lines" in found else []
    whole = KINDS["packed"] if "packed" in found else ()
    if whole and found["packed"].longest > HELD:
        streamed.append(tuple(end for end in whole if end.endswith(("gz", "bz2"))))
        whole = tuple(end for end in whole if not end.endswith(("gz", "bz2")))
    for ends in streamed:
        size = f.col("_metadata.file_size") if ends is KINDS["lines"] else f.lit(-1).cast("long")
        text = _reader(session, ends).option("lineSep", "\n").text(source)
        place = f.col("_metadata.file_block_start").alias(PLACE)
        frame = _at(text, f.col("value").cast("binary").alias("value"), place, size.alias(SIZE))
        frames.append((frame, records.Lines(reading, _before(frame))))
    if whole:
        frames.append(
            (_at(_reader(session, whole).format("binaryFile").load(source), "content"), records.Packed(reading))
        )
    return Inputs(frames, 0, "", packed="" if "lines" in found else found["packed"].packed)


def _before(frame: DataFrame) -> dict[tuple[str, int], tuple[int, int]]:
    """For each block the lines and bytes of its file before it."""
    size = f.sum(f.octet_length("value") + 1)
    blocks = frame.groupBy(FILE, PLACE).agg(f.count("*").alias("lines"), size.alias("bytes")).collect()
    before: dict[tuple[str, int], tuple[int, int]] = {}
    file, lines, passed = "", 0, 0
    for row in sorted(blocks, key=lambda row: (row[FILE], row[PLACE])):
        if row[FILE] != file:
            file, lines, passed = row[FILE], 0, 0
        before[row[FILE], row[PLACE]] = (lines, passed)
        lines, passed = lines + row["lines"], passed + row["bytes"]
    return before


def _rows(
    session: SparkSession, source: str, reading: Reading, found: dict[str, Row], roots: tuple[str, ...]
) -> Inputs:
    frame = _reader(session, KINDS["rows"]).parquet(source)
    if reading.text not in frame.columns:
        listed = ", ".join(frame.columns)
        raise UsageError(f"{source}: no column {reading.text!r}; there are {listed}: name one with --field")
    others = StructType([field for field in frame.schema.fields if field.name != reading.text])
    kept = to_arrow_schema(others, timezone=session.conf.get("spark.sql.session.timeZone"))
    at = frame.select("*", f.col("_metadata.file_path").alias(FILE), f.col("_metadata.row_index").alias(PLACE))
    struct = arrow.struct(list(kept)) if len(kept) else None
    return Inputs([(at, records.Rows(reading))], 0, "", columns=tuple(frame.columns), kept=struct)


def _texts(
    session: SparkSession, source: str, reading: Reading, found: dict[str, Row], roots: tuple[str, ...]
) -> Inputs:
    files = session.read.option("recursiveFileLookup", "true").format("binaryFile").load(source)
    wanted = f.lower("path").rlike(_ending(KINDS["texts"])) if found["texts"].kind == "texts" else f.lit(True)
    size = f.col("length").alias(SIZE)
    short = _at(files.where(wanted & (f.col("length") <= reading.limit)), "content", size)
    long = _at(
        files.where(wanted & (f.col("length") > reading.limit)), f.lit(None).cast("binary").alias("content"), size
    )
    return Inputs([(short.union(long), records.Texts(reading, roots))], 0, "")


def _roots(session: SparkSession, source: str) -> tuple[str, ...]:
    """The folders that are named, and those of files that are, each ending in a slash."""
    found = [(records.name(uri), folder) for uri, folder in Folder(session, source).matches()]
    return tuple(sorted({f"{name.rstrip('/') if folder else name.rpartition('/')[0]}/" for name, folder in found}))


def union(frames: list[DataFrame]) -> DataFrame:
    """The rows of all."""
    return reduce(DataFrame.union, frames)
