"""What one block of cleaned records comes to: clean texts, lines of the ledger, what was refused, counts, sketches.

This is the step that every engine takes, whoever keeps its rows and wherever; it knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec
from msgspec import Struct

from cleaner import ledger
from cleaner.dedup import sketch
from cleaner.dedup.collection import Options
from cleaner.dedup.sketch import Sketches
from cleaner.engines.stage import Done
from cleaner.formats.records import Add, Record, Rejected
from cleaner.normalize import script
from cleaner.report.summary import Summary

COMPARED = Options(unit="passage")
"""How passages of a run are compared."""


class Writing(NamedTuple):
    """How records are written: `output` names the file that holds one, `add` writes it with its clean text.

    `lines`: the file whose ledger also has what was refused or blank, so that it comes back; None keeps none of it.
    """

    output: Callable[[Record], str]
    add: Add
    lines: str | None = None


class Row(Struct, frozen=True):
    """One record after its step. `entry`, `rejected`: lines of the ledger and of what was refused, empty for none.

    `size`: bytes as they were read.
    """

    item: Done | Rejected
    size: int
    entry: bytes = b""
    rejected: bytes = b""


def rows(block: Iterable[Done | Rejected], writing: Writing, found: Summary) -> Iterator[Row]:
    """Write the records of a block, in order, and count them in `found`."""
    for item in block:
        yield _done(item, writing, found) if isinstance(item, Done) else _refused(item, writing, found)


def _done(item: Done, writing: Writing, found: Summary) -> Row:
    record, cleaned = item.read.record, item.cleaned
    data = record.data or record.text.encode("utf-8", "surrogatepass")
    written = writing.add(record, cleaned.text)
    made = ledger.entry(cleaned, data, item.read.decoded, writing.output(record), written, record.line)
    found.add(cleaned, record.host, script.survey(cleaned.document.text).verdict)
    return Row(item, len(data), ledger.encode(made))


def _refused(item: Rejected, writing: Writing, found: Summary) -> Row:
    entry = b""
    if writing.lines is not None:
        entry = ledger.encode(ledger.left_out(item.data, item.file, writing.lines, item.line))
    if not item.reason:
        return Row(item, len(item.data), entry)
    found.reject(place(item), item.reason)
    return Row(item, len(item.data), entry, encoded(item))


def sketches(texts: Iterable[str], options: Options = COMPARED) -> list[tuple[int, Sketches]]:
    """The sketches of texts in blocks, each with its number of texts, for `sketch.joined`."""
    return [(len(held), sketch.sketch(held, options.scheme, options.unit)) for held in sketch.in_blocks(texts)]


def place(item: Rejected) -> str:
    """Where something was refused, for people."""
    return f"{item.file}:{item.line}" if item.line else item.file


def encoded(item: Rejected) -> bytes:
    """A line of `rejected.jsonl`."""
    fields = {"file": item.file, "line": item.line, "offset": item.offset, "reason": item.reason}
    return msgspec.json.encode(fields) + b"\n"
