"""Inputs of a run: frames of the files under a path, and the readers that make records of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, NamedTuple

import pyarrow as arrow
from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from cleaner.errors import UsageError
from cleaner.formats import jsonl, parquet, text
from cleaner.formats.base import Reading
from cleaner.formats.registry import FORMATS
from cleaner.spark.arrow import records
from cleaner.spark.arrow.records import FILE, POSITION, SIZE
from cleaner.spark.storage import Folder


def _without_dots(suffixes: Iterable[str]) -> tuple[str, ...]:
    return tuple(suffix.removeprefix(".") for suffix in suffixes)


COMPRESSIONS = _without_dots(jsonl.FORMAT.compressions)
STREAMABLE = ("gz", "bz2")
"""Compressions that Spark reads as a stream, without the whole file in memory."""
_LINES = _without_dots(jsonl.FORMAT.suffixes)
_DOCUMENT_FORMATS = sorted((form for form in FORMATS if form.is_per_file), key=lambda form: form is not text.FORMAT)
"""Formats with a file a document; plain text comes first, as messages name the first suffixes."""
KINDS = {
    "lines": _LINES,
    "compressed": tuple(f"{suffix}.{compression}" for suffix in _LINES for compression in COMPRESSIONS),
    "rows": _without_dots(parquet.FORMAT.suffixes),
    "texts": _without_dots(suffix for form in _DOCUMENT_FORMATS for suffix in form.suffixes),
}
"""Suffixes of files by the way they are read."""

CODECS = {"gz": "gzip", "bz2": "bzip2", "xz": "gzip", "zst": "gzip"}
"""Spark's codec for an output whose input was compressed so; Spark writes neither xz nor, everywhere, zstd."""

MAX_WHOLE_FILE = 32 << 20
"""Bytes up to which a task reads a compressed file whole, and lists damage; Spark streams larger ones."""
BATCH = 64 << 20
"""About how many bytes of whole files are handed over at one time, so that a task needs a few of them in memory."""
MAX_ROWS = 500
"""Records that are handed over at one time, at most."""

Reader = Callable[[Any], Any]


class Inputs(NamedTuple):
    """Files of one kind.

    `frames`: each with its reader. `batch`: how many records to hand over at one time.

    `identity`: changes when the files do. `roots`: folders that names are relative to. `columns`: names in their order,
    and `other_fields`: the type of all but the text, where records are rows. `compression`: of lines.
    """

    frames: list[tuple[DataFrame, Reader]]
    batch: int
    identity: str
    roots: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    other_fields: arrow.DataType | None = None
    compression: str = ""

    @property
    def is_lines(self) -> bool:
        """Tell whether records are lines of JSON."""
        return isinstance(self.frames[0][1], records.LineReader | records.CompressedLineReader)


def find_inputs(session: SparkSession, source: str, reading: Reading) -> Inputs:
    """Find the inputs under a path.

    Raises:
        UsageError: there is nothing to read, or there are files of several kinds.
    """
    listing = {row.kind: row for row in _list_files(session, source)}
    if set(listing) == {"other"} and len(Folder(session, source).matches()) == 1 and listing["other"].files == 1:
        listing = {"texts": listing["other"]}
    kinds = sorted(kind for kind in listing if kind != "other")
    if not kinds:
        names = " ".join(f".{suffix}" for suffixes in KINDS.values() for suffix in suffixes)
        raise UsageError(f"no documents in {source}; with --engine spark folders are searched for {names}")
    if len(kinds) > 1 and kinds != ["compressed", "lines"]:
        names = " and ".join(map(_suffixes, kinds))
        raise UsageError(f"{source} holds {names}; give a glob that names one kind of file")
    stamps = (f"{row.files} files, {row.bytes} bytes, modified {row.print}" for _, row in sorted(listing.items()))
    identity = "; ".join(stamps)
    if kinds == ["rows"]:
        inputs = _rows(session, source, reading)
    elif kinds == ["texts"]:
        inputs = _texts(session, source, reading, any_suffix=listing["texts"].kind != "texts")
    else:
        inputs = _lines(session, source, reading, listing)
    longest = max(listing[kind].longest for kind in kinds)
    batch = MAX_ROWS if kinds in (["lines"], ["rows"]) else max(1, min(MAX_ROWS, BATCH // (longest or 1)))
    return inputs._replace(identity=identity, roots=_roots(session, source), batch=batch)


def _suffixes(kind: str) -> str:
    return "/".join(f".{suffix}" for suffix in KINDS[kind][:2])


def _list_files(session: SparkSession, source: str) -> list[Row]:
    """Count files by kind.

    Rows have their bytes, the longest, and a print of names, sizes and times, too.
    """
    try:
        frame = session.read.format("binaryFile").option("recursiveFileLookup", "true").load(source)
    except AnalysisException as error:
        raise UsageError(f"{source}: no such file or folder, or it cannot be read ({error.getCondition()})") from None
    kind = f.lit("other")
    for name, suffixes in KINDS.items():
        kind = f.when(f.lower("path").rlike(_suffix_pattern(suffixes)), name).otherwise(kind)
    stamp = f.xxhash64("path", "length", "modificationTime").cast("decimal(38,0)")
    return list(
        frame.groupBy(kind.alias("kind"))
        .agg(
            f.count("*").alias("files"),
            f.sum("length").alias("bytes"),
            f.max("length").alias("longest"),
            f.sum(stamp).alias("print"),
            f.max(f.regexp_extract("path", rf"\.({'|'.join(COMPRESSIONS)})$", 1)).alias("compression"),
        )
        .collect()
    )


def _suffix_pattern(suffixes: tuple[str, ...]) -> str:
    return rf"\.({'|'.join(map(re.escape, suffixes))})$"


def _frame_reader(session: SparkSession, suffixes: tuple[str, ...]) -> Any:
    glob = "{" + ",".join(f"*.{suffix}" for suffix in suffixes) + "}"
    return session.read.option("recursiveFileLookup", "true").option("pathGlobFilter", glob)


def _with_file(frame: DataFrame, *columns: Any) -> DataFrame:
    return frame.select(*columns, f.col("_metadata.file_path").alias(FILE))


def _lines(session: SparkSession, source: str, reading: Reading, listing: dict[str, Row]) -> Inputs:
    frames: list[tuple[DataFrame, Reader]] = []
    if "lines" in listing:
        frames.append(_streamed_lines(session, source, reading, KINDS["lines"]))
    if "compressed" in listing:
        whole_files = KINDS["compressed"]
        if listing["compressed"].longest > MAX_WHOLE_FILE:
            streamed_files = tuple(name for name in whole_files if name.endswith(STREAMABLE))
            frames.append(_streamed_lines(session, source, reading, streamed_files, f.lit(-1)))
            whole_files = tuple(name for name in whole_files if not name.endswith(STREAMABLE))
        files = _frame_reader(session, whole_files).format("binaryFile").load(source)
        frames.append((_with_file(files, "content"), records.CompressedLineReader(reading)))
    return Inputs(frames, 0, "", compression="" if "lines" in listing else listing["compressed"].compression)


def _streamed_lines(
    session: SparkSession, source: str, reading: Reading, suffixes: tuple[str, ...], size: Column | None = None
) -> tuple[DataFrame, Reader]:
    """Read lines as Spark splits files, with a reader that numbers them.

    `size`: of each file, where Spark has none.
    """
    lines = _frame_reader(session, suffixes).option("lineSep", "\n").text(source)
    position = f.col("_metadata.file_block_start").alias(POSITION)
    size = (f.col("_metadata.file_size") if size is None else size.cast("long")).alias(SIZE)
    frame = _with_file(lines, f.col("value").cast("binary").alias("value"), position, size)
    return frame, records.LineReader(reading, _counts_before(frame))


def _counts_before(frame: DataFrame) -> dict[tuple[str, int], tuple[int, int]]:
    """Count for each block the lines and bytes of its file before it."""
    size = f.sum(f.octet_length("value") + 1)
    blocks = frame.groupBy(FILE, POSITION).agg(f.count("*").alias("lines"), size.alias("bytes")).collect()
    before: dict[tuple[str, int], tuple[int, int]] = {}
    file, lines, offset = "", 0, 0
    for row in sorted(blocks, key=lambda row: (row[FILE], row[POSITION])):
        if row[FILE] != file:
            file, lines, offset = row[FILE], 0, 0
        before[row[FILE], row[POSITION]] = (lines, offset)
        lines, offset = lines + row["lines"], offset + row["bytes"]
    return before


def _rows(session: SparkSession, source: str, reading: Reading) -> Inputs:
    frame = _frame_reader(session, KINDS["rows"]).parquet(source)
    if reading.text not in frame.columns:
        names = ", ".join(frame.columns)
        raise UsageError(f"{source}: no column {reading.text!r}; there are {names}: name one with --field")
    other_fields = StructType([field for field in frame.schema.fields if field.name != reading.text])
    schema = to_arrow_schema(other_fields, timezone=session.conf.get("spark.sql.session.timeZone"))
    rows = frame.select("*", f.col("_metadata.file_path").alias(FILE), f.col("_metadata.row_index").alias(POSITION))
    struct = arrow.struct(list(schema)) if len(schema) else None
    return Inputs([(rows, records.RowReader(reading))], 0, "", columns=tuple(frame.columns), other_fields=struct)


def _texts(session: SparkSession, source: str, reading: Reading, *, any_suffix: bool) -> Inputs:
    files = session.read.option("recursiveFileLookup", "true").format("binaryFile").load(source)
    if not any_suffix:
        files = files.where(f.lower("path").rlike(_suffix_pattern(KINDS["texts"])))
    is_short, size = f.col("length") <= reading.limit, f.col("length").alias(SIZE)
    short = _with_file(files.where(is_short), "content", size)
    long = _with_file(files.where(~is_short), f.lit(None).cast("binary").alias("content"), size)
    return Inputs([(short.union(long), records.TextFileReader(reading, _roots(session, source)))], 0, "")


def _roots(session: SparkSession, source: str) -> tuple[str, ...]:
    """List the folders that hold the files of a path.

    Each ends in a slash: the folders it names, and those of the files it names.
    """
    matches = [(records.name(uri), is_folder) for uri, is_folder in Folder(session, source).matches()]
    return tuple(sorted({f"{name.rstrip('/') if folder else name.rpartition('/')[0]}/" for name, folder in matches}))


def union_all(frames: list[DataFrame]) -> DataFrame:
    """Return the rows of all frames."""
    return reduce(DataFrame.union, frames)
