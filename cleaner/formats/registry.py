"""Which format a file has, by its name."""

from __future__ import annotations

from pathlib import Path

from cleaner.formats.base import Format, split_compression


def by_suffix(path: Path) -> Format | None:
    """The format of records that a file's name tells, its compression aside; None for what is one document."""
    from cleaner.formats import delimited, jsonl, parquet, warc

    name, _ = split_compression(path.name.lower())
    formats: tuple[Format, ...] = (jsonl.FORMAT, delimited.FORMAT, parquet.FORMAT, warc.FORMAT)
    return next((f for f in formats if name.endswith(f.suffixes)), None)
