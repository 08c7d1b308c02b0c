"""Write one batch of cleaned records: clean texts, lines of the ledger, what was refused, counts.

Every engine takes this step, whoever keeps the lines and wherever; nothing here knows of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec
from msgspec import Struct

from cleaner import ledger
from cleaner.corpus import quarantine
from cleaner.corpus.quarantine import Keep
from cleaner.corpus.reading import location
from cleaner.corpus.records import CleanedRecord
from cleaner.corpus.report.summary import RunSummary
from cleaner.dedup import sketches as sketch
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches
from cleaner.formats.base import Add, Record, Rejection
from cleaner.ledger import OutputPlace
from cleaner.normalization.script import detect
from cleaner.options import DedupOptions

PASSAGE_OPTIONS = DedupOptions(unit="passage")
"""How passages of a run are compared."""


class RecordWriter(NamedTuple):
    """How records are written: `output` names the file that holds one, `add` writes it with its clean text.

    `lines`: the file whose ledger also has what was refused or blank, so that it comes back; None keeps none of it.
    `quarantine` takes documents that would lose too much, instead of `add`; None leaves them with the others. So it
    does those of at least `quarantine_doubt`.
    """

    output: Callable[[Record], str]
    add: Add
    lines: str | None = None
    quarantine: Keep | None = None
    quarantine_doubt: float | None = None


class WrittenRecord(Struct, frozen=True):
    """One record after it was written, with its lines for the ledger, the list of refusals and the quarantine.

    `size`: bytes as they were read.
    """

    item: CleanedRecord | Rejection
    size: int
    entry: bytes = b""
    rejection: bytes = b""
    quarantine_line: bytes = b""

    @property
    def output_record(self) -> CleanedRecord | None:
        """The record, where it is in the output."""
        return self.item if isinstance(self.item, CleanedRecord) and not self.quarantine_line else None


def write_records(
    batch: Iterable[CleanedRecord | Rejection], writer: RecordWriter, summary: RunSummary
) -> Iterator[WrittenRecord]:
    """Write the records of a batch, in order, and count them in `summary`."""
    items = list(batch)
    texts = [item.read.document.text for item in items if isinstance(item, CleanedRecord)]
    scripts = iter(detect.judge_scripts(texts))
    for item in items:
        if isinstance(item, CleanedRecord):
            yield _write_cleaned(item, next(scripts), writer, summary)
        else:
            yield _write_rejected(item, writer, summary)


def _write_cleaned(item: CleanedRecord, script: str, writer: RecordWriter, summary: RunSummary) -> WrittenRecord:
    record, cleaned = item.read.record, item.cleaned
    data = record.stored_data or record.text.encode("utf-8", "surrogatepass")
    if writer.quarantine and (reason := quarantine.reason(cleaned, writer.quarantine_doubt)):
        writer.quarantine(item.read)
        return _write_quarantined(item, data, reason, OutputPlace(writer.output(record), record.line), summary)
    output = writer.add(record, cleaned.text)
    place = OutputPlace(writer.output(record), record.line)
    entry = ledger.record_document(cleaned, data, item.read.decoded, place, output)
    summary.add(cleaned, record.host, script, f"{record.file}:{record.line}" if record.line else record.file)
    return WrittenRecord(item, len(data), ledger.encode_entry(entry))


def _write_quarantined(
    item: CleanedRecord, data: bytes, reason: str, place: OutputPlace, summary: RunSummary
) -> WrittenRecord:
    entry = ledger.record_quarantined(item.cleaned, data, item.read.decoded, place)
    summary.quarantine(item.cleaned)
    line = quarantine.encode_line(item.read, reason)
    return WrittenRecord(item, len(data), ledger.encode_entry(entry), quarantine_line=line)


def _write_rejected(item: Rejection, writer: RecordWriter, summary: RunSummary) -> WrittenRecord:
    entry = b""
    if writer.lines is not None:
        entry = ledger.encode_entry(ledger.record_missing(item.data, item.file, OutputPlace(writer.lines, item.line)))
    if not item.reason:
        return WrittenRecord(item, len(item.data), entry)
    summary.reject(location(item), item.reason)
    return WrittenRecord(item, len(item.data), entry, encode_rejected(item))


def sketch_texts(texts: Iterable[str], options: DedupOptions = PASSAGE_OPTIONS) -> list[tuple[int, Sketches]]:
    """Sketch texts in batches; return each batch with its number of texts, for `dedup.sketches.joined`."""
    scheme, unit = derive_scheme(options), options.sketch_unit
    return [(len(batch), sketch.sketch(batch, scheme, unit)) for batch in sketch.in_batches(texts)]


def encode_rejected(item: Rejection) -> bytes:
    """Return a line of `rejected.jsonl`."""
    fields = {"file": item.file, "line": item.line, "offset": item.offset, "reason": item.reason}
    return msgspec.json.encode(fields) + b"\n"


def reject_repeated_id(key: str, place: tuple[str, int], first: tuple[str, int]) -> Rejection:
    """Describe a record with the id of an earlier one, by file and line of both."""
    return Rejection(*place, 0, f"its id {key!r} is that of {first[0]}:{first[1]} too; both are kept")
