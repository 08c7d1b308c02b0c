"""Files through the whole way: read and decode, clean in blocks, write, flag duplicates across the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec import Struct

from cleaner import cleaning, decode, dedup, edits, ledger
from cleaner.cleaning import Pack
from cleaner.config import Config
from cleaner.decode import Decoded
from cleaner.dedup import Duplicates
from cleaner.errors import CleanerError
from cleaner.formats.files import OWN, Input, Skipped
from cleaner.model import Cleaned, Document
from cleaner.normalize.steps import Options
from cleaner.report.manifest import File, encode, manifest
from cleaner.report.summary import Summary

BLOCK = 1 << 18
"""Characters judged together: enough to amortize array calls, little enough to stay in cache."""


class Read(Struct, frozen=True):
    """One decoded document with the bytes it came from, before cleaning."""

    data: bytes
    decoded: Decoded
    document: Document


class Done(Struct, frozen=True):
    """One cleaned document with its ledger record."""

    cleaned: Cleaned
    entry: ledger.Entry


def read(item: Input, encoding: str | None = None) -> Read | Skipped:
    """Read and decode one file; what cannot be read or decoded is a Skipped with the reason."""
    try:
        data = item.path.read_bytes()
    except OSError as error:
        return Skipped(str(item.path), f"cannot be read: {error.strerror}")
    return of_bytes(item.target, str(item.path), data, encoding)


def of_bytes(target: str, source: str, data: bytes, encoding: str | None = None) -> Read | Skipped:
    """Decode one document; its id is its target path."""
    try:
        decoded = decode.decode(data, encoding=encoding)
    except CleanerError as error:
        return Skipped(source, str(error))
    return Read(data, decoded, Document(target, decoded.text, source, decoded.encoding))


def clean(items: Iterable[Read | Skipped], pack: Pack, options: Options) -> Iterator[Done | Skipped]:
    """Clean documents block by block, in order; a document that fails is a Skipped, the others are done."""
    for block in _blocks(items):
        yield from _clean_block(block, pack, options)


def _blocks(items: Iterable[Read | Skipped]) -> Iterator[list[Read | Skipped]]:
    held: list[Read | Skipped] = []
    size = 0
    for item in items:
        held.append(item)
        size += len(item.decoded.text) if isinstance(item, Read) else 0
        if size >= BLOCK:
            yield held
            held, size = [], 0
    if held:
        yield held


def _clean_block(block: list[Read | Skipped], pack: Pack, options: Options) -> Iterator[Done | Skipped]:
    reads = [item for item in block if isinstance(item, Read)]
    try:
        results = iter(cleaning.clean([r.document for r in reads], pack, options))
    except CleanerError as error:
        if len(block) == 1:
            yield Skipped(reads[0].document.source, str(error))
            return
        for item in block:
            yield from _clean_block([item], pack, options)
        return
    for item in block:
        yield _done(item, next(results)) if isinstance(item, Read) else item


def _done(item: Read, cleaned: Cleaned) -> Done:
    return Done(cleaned, ledger.entry(cleaned, item.data, item.decoded, item.document.id))


def without(done: Done, copies: Duplicates) -> Done:
    """The document without its passages that are copies, as one more pass."""
    before = done.cleaned
    made = copies.edits(before.document.id, before.text)
    if not made:
        return done
    text = edits.apply(before.text, made)
    cleaned = msgspec.structs.replace(before, text=text, passes=(*before.passes, made))
    return Done(cleaned, ledger.extended(done.entry, before.text, made, text))


def run(
    items: Iterable[Read | Skipped],
    pack: Pack,
    chosen: Config,
    write: Callable[[str, bytes], None],
    version: str,
    tick: Callable[[], None],
) -> Summary:
    """Clean documents, flag or drop near-duplicate passages across them, write everything; `tick` after each document.

    `write` takes a name relative to the output and the file's bytes: clean texts as they are done, and at the end the
    files under `_cleaner/`.
    """
    found = Summary()
    entries: list[ledger.Entry] = []
    texts: dict[str, str] = {}
    held: list[Done] = []

    def finish(done: Done) -> None:
        try:
            write(done.entry.output, done.cleaned.text.encode("utf-8", "surrogatepass"))
        except OSError as error:
            found.skipped.append(Skipped(done.cleaned.document.source, f"cannot be written: {error.strerror}"))
        else:
            entries.append(done.entry)
            found.add(done.cleaned)

    for item in clean(items, pack, chosen.normalizing()):
        if isinstance(item, Skipped):
            found.skipped.append(item)
        else:
            if chosen.dedup != "off":
                texts[item.cleaned.document.id] = item.cleaned.text
            held.append(item) if chosen.dedup == "drop" else finish(item)
        tick()
    copies = dedup.deduplicate(texts, unit="passage")
    for done in held:
        finish(without(done, copies))
    found.duplicates = len(copies.pairs)
    files = [File(e.source, e.output, e.encoding, e.input_sha256, e.output_sha256) for e in entries]
    write(f"{OWN}/edits.jsonl", b"".join(map(ledger.encode, entries)))
    write(f"{OWN}/duplicates.jsonl", b"".join(msgspec.json.encode(pair) + b"\n" for pair in copies.pairs))
    write(f"{OWN}/manifest.json", encode(manifest(version, pack, chosen, found, files)))
    return found
