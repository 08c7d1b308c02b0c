"""Standard input cleaned to standard output, in any format; JSON Lines that are named line by line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

import typer

from cleaner.cli.options import load_packs
from cleaner.config import Config
from cleaner.corpus import records
from cleaner.corpus.job import page_decoding
from cleaner.corpus.reading import name_host, read_record
from cleaner.corpus.records import CleanedRecord
from cleaner.errors import DecodeError
from cleaner.formats import jsonl, registry, text
from cleaner.formats.base import Format, Item, Reading, Rejection, Source, file_source
from cleaner.formats.shared import json_records
from cleaner.formats.storage import files, streams
from cleaner.formats.storage.files import Input
from cleaner.formats.storage.streams import OpenStream

NAME = "<stdin>"


def clean_stream(config: Config, reading: Reading) -> bool:
    """Clean standard input to standard output and write nothing else; whether all records could be cleaned.

    Raises:
        DecodeError: a document cannot be decoded.
        UsageError: there is no such format.
    """
    if reading.format == jsonl.FORMAT.name:
        return _clean_lines(config, reading)
    with TemporaryDirectory(prefix="cleaner-") as folder:
        path = Path(folder, "stdin")
        with path.open("wb") as file:
            copyfileobj(sys.stdin.buffer, file)
        format_ = registry.format_of(path, reading.format)
        if format_.is_per_file:
            _clean_document(Input(NAME, path, format_.name), config, reading)
            return True
        return _clean_file(file_source(path, format_.name), format_, config, reading)


def _clean_lines(config: Config, reading: Reading) -> bool:
    """Clean lines of JSON, each as soon as it is read."""
    lines = streams.lines(OpenStream(sys.stdin.buffer, lambda: 0), reading.limit)
    is_whole = True
    for outcome in _clean((json_records.parse_line(NAME, line, reading) for line in lines), config, reading, size=0):
        if isinstance(outcome, CleanedRecord):
            line = json_records.replace_in_line(outcome.read.record, outcome.cleaned.text)
            sys.stdout.buffer.write(json_records.add_metadata(line, outcome.read.record, reading))
            sys.stdout.buffer.flush()
        else:
            is_whole &= _report(outcome)
    return is_whole


def _clean_document(document: Input, config: Config, reading: Reading) -> None:
    (outcome,) = _clean([text.read_file(document, reading)], config, reading)
    if isinstance(outcome, Rejection):
        raise DecodeError(f"standard input: {outcome.reason}")
    head = text.write_head(outcome.read.record, reading)
    sys.stdout.buffer.write(f"{head}{outcome.cleaned.text}".encode("utf-8", "surrogatepass"))


def _clean_file(source: Source, format_: Format, config: Config, reading: Reading) -> bool:
    """Clean a file of records; one of which no row has a text comes out as it came."""
    folder, is_whole = source.path.parent, True
    if refusal := format_.refuse_file(source, reading):
        output = source.path
        is_whole = _report(Rejection(NAME, 0, 0, refusal))
    else:
        part, output = folder / "part", folder / "out" / source.target
        with ExitStack() as stack:
            add = stack.enter_context(format_.writer(stack.enter_context(part.open("wb")), source, reading))
            items = (item for _, items in format_.shards(source, reading) for item in items)
            for outcome in _clean(items, config, reading):
                if isinstance(outcome, CleanedRecord):
                    add(outcome.read.record, outcome.cleaned.text)
                else:
                    is_whole &= _report(outcome)
        for rejection in format_.join([part], output.parent, source, reading):
            is_whole &= _report(rejection)
    with output.open("rb") as file:
        copyfileobj(file, sys.stdout.buffer, files.BUFFER)
    return is_whole


def _clean(
    items: Iterable[Item], config: Config, reading: Reading, size: int = records.BATCH_CHARACTERS
) -> Iterator[CleanedRecord | Rejection]:
    decoding = page_decoding(config, reading)
    reads = (read_record(name_host(item, reading), decoding) for item in items)
    for batch in records.clean_records(reads, load_packs(config), config.page_options, size):
        yield from batch


def _report(rejection: Rejection) -> bool:
    """Name what was refused; whether it is nothing but a blank line."""
    if rejection.reason:
        place = f"record {rejection.line}: " if rejection.line else ""
        typer.echo(f"standard input: {place}{rejection.reason}", err=True)
    return not rejection.reason
