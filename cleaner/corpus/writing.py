"""What one block of cleaned records comes to: clean texts, lines of the ledger, what was refused, counts, sketches.

This is the step that every engine takes, whoever keeps its rows and wherever; it knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec
from msgspec import Struct

from cleaner import ledger
from cleaner.corpus import quarantine
from cleaner.corpus.quarantine import Keep
from cleaner.corpus.records import Done
from cleaner.corpus.report.summary import Summary
from cleaner.dedup import sketches as sketch
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches
from cleaner.formats.base import Add, Record, Rejection
from cleaner.normalization.script import detect
from cleaner.options import DedupOptions

COMPARED = DedupOptions(unit="passage")
"""How passages of a run are compared."""


class Writing(NamedTuple):
    """How records are written: `output` names the file that holds one, `add` writes it with its clean text.

    `lines`: the file whose ledger also has what was refused or blank, so that it comes back; None keeps none of it.
    `aside` takes documents that would lose too much, instead of `add`; None leaves them with the others.
    """

    output: Callable[[Record], str]
    add: Add
    lines: str | None = None
    aside: Keep | None = None


class Row(Struct, frozen=True):
    """One record after its step, with lines for the ledger and the lists of what was refused and what was put aside.

    `size`: bytes as they were read.
    """

    item: Done | Rejection
    size: int
    entry: bytes = b""
    rejected: bytes = b""
    aside: bytes = b""

    @property
    def done(self) -> Done | None:
        """The record, where it is in the output."""
        return self.item if isinstance(self.item, Done) and not self.aside else None


def rows(block: Iterable[Done | Rejection], writing: Writing, found: Summary) -> Iterator[Row]:
    """Write the records of a block, in order, and count them in `found`."""
    items = list(block)
    came = [item.read.document.text for item in items if isinstance(item, Done)]
    scripts = iter(detect.judge_scripts(came))
    for item in items:
        if isinstance(item, Done):
            yield _done(item, next(scripts), writing, found)
        else:
            yield _refused(item, writing, found)


def _done(item: Done, script: str, writing: Writing, found: Summary) -> Row:
    record, cleaned = item.read.record, item.cleaned
    data = record.data or record.text.encode("utf-8", "surrogatepass")
    if writing.aside and (reason := quarantine.reason(cleaned)):
        return _put_aside(item, data, reason, writing, found)
    written = writing.add(record, cleaned.text)
    made = ledger.entry(cleaned, data, item.read.decoded, writing.output(record), written, record.line)
    found.add(cleaned, record.host, script)
    return Row(item, len(data), ledger.encode(made))


def _put_aside(item: Done, data: bytes, reason: str, writing: Writing, found: Summary) -> Row:
    assert writing.aside
    record = item.read.record
    writing.aside(item.read)
    made = ledger.put_aside(item.cleaned, data, item.read.decoded, writing.output(record), record.line)
    found.put_aside(item.cleaned)
    return Row(item, len(data), ledger.encode(made), aside=quarantine.listed(item.read, reason))


def _refused(item: Rejection, writing: Writing, found: Summary) -> Row:
    entry = b""
    if writing.lines is not None:
        entry = ledger.encode(ledger.left_out(item.data, item.file, writing.lines, item.line))
    if not item.reason:
        return Row(item, len(item.data), entry)
    found.reject(place(item), item.reason)
    return Row(item, len(item.data), entry, encoded(item))


def sketches(texts: Iterable[str], options: DedupOptions = COMPARED) -> list[tuple[int, Sketches]]:
    """The sketches of texts in blocks, each with its number of texts, for `sketch.joined`."""
    return [(len(held), sketch.sketch(held, derive_scheme(options), options.unit)) for held in sketch.in_batches(texts)]


def place(item: Rejection) -> str:
    """Where something was refused, for people."""
    return f"{item.file}:{item.line}" if item.line else item.file


def encoded(item: Rejection) -> bytes:
    """A line of `rejected.jsonl`."""
    fields = {"file": item.file, "line": item.line, "offset": item.offset, "reason": item.reason}
    return msgspec.json.encode(fields) + b"\n"
