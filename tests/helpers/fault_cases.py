"""What is wrong with files that people have, in every format: how to make such a file, and what comes of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from helpers.format_cases import CASES, Case, body, page, rows

COUNT = 6
"""Records of a file, or files of a folder."""
BAD = b"\xe9\xff"
"""Bytes that are no UTF-8, in place of two of ASCII."""
DEEP = 30_000


class Fault(NamedTuple):
    """A fault: `make` writes a file of a case with it, whose path it returns; `options` of the call."""

    name: str
    make: Callable[[Case, Path], Path]
    options: tuple[str, ...] = ()


def write(case: Case, folder: Path, name: str = "") -> Path:
    """Write a file of a format; of formats with a file a document, one of these."""
    path = folder / (name or case.file)
    if case.suffix:
        case.write(path, rows(COUNT))
        return path
    case.write(folder / "files", rows(COUNT))
    (source, *_) = sorted((folder / "files").iterdir())
    return source.rename(path)


def cut(case: Case, folder: Path) -> Path:
    """Cut a file off in the middle of its last record, and of a character."""
    path = write(case, folder)
    data = path.read_bytes()
    end = data.rindex("石".encode()) + 1 if "石".encode() in data else len(data) * 5 // 6
    path.write_bytes(data[:end])
    return path


def damage(case: Case, folder: Path) -> Path:
    """Put two bytes that are no UTF-8 into a text of many more."""
    path = folder / case.file
    sign = "ZZ"
    texts = [{**row, "text": row["text"].replace("河水", f"河水{sign}", 1) + body(9) * 2} for row in rows(COUNT)]
    if case.suffix == ".parquet":
        import pyarrow as arrow
        from pyarrow import parquet

        parquet.write_table(
            arrow.Table.from_pylist(texts), path, compression="none", use_dictionary=False, write_statistics=False
        )
    elif case.suffix:
        case.write(path, texts)
    else:
        case.write(folder / "files", texts[:1])
        next((folder / "files").iterdir()).rename(path)
    data = path.read_bytes()
    path.write_bytes(data.replace(sign.encode(), BAD, 1))
    return path


def rename(case: Case, folder: Path) -> Path:
    """Give a file a suffix that tells nothing."""
    path = write(case, folder)
    return path.rename(path.with_name("a.dat"))


def empty(case: Case, folder: Path) -> Path:
    """Write a file without a byte."""
    path = folder / case.file
    path.write_bytes(b"")
    return path


def nest(case: Case, folder: Path) -> Path:
    """Write values or elements within each other, many times, before a record that is right."""
    path = folder / case.file
    if case.name == "HTML":
        path.write_text("<html><body>" + "<div>" * DEEP + page(1), encoding="utf-8")
        return path
    deep = '{"text": "a", "x": ' + "[" * DEEP + "]" * DEEP + "}"
    records = [deep, json.dumps({"id": "b", "text": page(2)})]
    path.write_text("\n".join(records) if case.suffix == ".jsonl" else f"[{', '.join(records)}]", encoding="utf-8")
    return path


def name_oddly(case: Case, folder: Path) -> Path:
    """Put a line break into the name of a file."""
    return write(case, folder, f"a\nb{Path(case.file).suffix}")


def pipe(case: Case, folder: Path) -> Path:
    """Make a pipe into which nobody writes."""
    path = folder / case.file
    os.mkfifo(path)
    return path


FAULTS = (
    Fault("cut off", cut),
    Fault("damaged bytes", damage),
    Fault("suffix `.dat`", rename),
    Fault("empty", empty),
    Fault("over `--max-document`", write, ("--max-document", "150")),
    Fault("nested too deep", nest),
    Fault("line break in the name", name_oddly),
    Fault("cannot be read", pipe),
)


class Outcome(NamedTuple):
    """What comes of a file with a fault: in words, as exit code, as documents in the output, and why if it is listed."""

    words: str
    code: int
    documents: int
    reason: str = ""
    flag: str = ""


_GROUPS = {
    "texts": ("text files", "Markdown"),
    "pages": ("HTML",),
    "lines": ("JSON Lines", "JSON"),
    "tables": ("CSV", "TSV"),
    "columns": ("Parquet", "Arrow (datasets)"),
    "archives": ("WARC", "WET"),
}
_LISTED, _BEFORE = "the file is listed", "records before it are read, the rest is listed"
_ALL, _RECORD = "read all the same", "the record is listed"
_FLAGGED = "U+FFFD is put there and flagged"
_DAMAGED = "decode/damaged"

_OUTCOMES: dict[str, dict[str, Outcome]] = {
    "cut off": {
        "texts": Outcome("read, but for half a character at its end", 0, 1),
        "pages": Outcome("read as browsers do", 0, 1),
        "lines": Outcome(_BEFORE, 1, COUNT - 1),
        "tables": Outcome(_BEFORE, 1, COUNT - 1, "unexpected end"),
        "columns": Outcome(_LISTED, 1, 0, "not a whole"),
        "archives": Outcome(_BEFORE, 1, COUNT - 1, "ends inside it"),
    },
    "damaged bytes": {
        group: Outcome(_FLAGGED, 0, 1 if group in ("texts", "pages") else COUNT, "", _DAMAGED) for group in _GROUPS
    },
    "suffix `.dat`": {
        "texts": Outcome("read as text", 0, 1),
        "pages": Outcome(_ALL, 0, 1),
        "lines": Outcome(_ALL, 0, COUNT),
        "tables": Outcome("read as one text: give `--input-format csv`", 0, 1),
        "columns": Outcome(_ALL, 0, COUNT),
        "archives": Outcome(_ALL, 0, COUNT),
    },
    "empty": {
        "texts": Outcome("an empty document", 0, 1),
        "pages": Outcome("an empty document", 0, 1),
        "lines": Outcome("no record", 0, 0),
        "tables": Outcome("no record", 0, 0),
        "columns": Outcome(_LISTED, 1, 0, "not a whole"),
        "archives": Outcome("no record", 0, 0),
    },
    "over `--max-document`": {
        group: Outcome(_LISTED if group in ("texts", "pages") else _RECORD, 1, 0, "see --max-document")
        for group in _GROUPS
    },
    "nested too deep": {
        "pages": Outcome(_LISTED, 1, 0, "elements open at once"),
        "lines": Outcome(_RECORD, 1, 1, "nested too deep"),
    },
    "line break in the name": {
        group: Outcome("read; shown as a picture", 0, 1 if group in ("texts", "pages") else COUNT) for group in _GROUPS
    },
    "cannot be read": {group: Outcome("listed; a pipe is not waited for", 1, 0, "a named pipe") for group in _GROUPS},
}

FAULTY = [
    (case, fault, _OUTCOMES[fault.name][group])
    for case in CASES
    for fault in FAULTS
    for group, names in _GROUPS.items()
    if case.name in names and group in _OUTCOMES[fault.name]
]
"""Every format with every fault that it can have, and what comes of it."""


def docs_table() -> str:
    """The table of docs/formats.md."""
    head = f"| | {' | '.join(fault.name for fault in FAULTS)} |\n|---|{'---|' * len(FAULTS)}\n"
    rows_of_groups = (
        f"| {', '.join(names)} | "
        + " | ".join(getattr(_OUTCOMES[fault.name].get(group), "words", "–") for fault in FAULTS)
        + " |\n"
        for group, names in _GROUPS.items()
    )
    return head + "".join(rows_of_groups)
