"""Near-duplicate passages over all committed parts, found by their sketches, and the parts without the copies."""

from __future__ import annotations

import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec
import numpy as np

from cleaner import edits, ledger
from cleaner.dedup import collection, results, sketch
from cleaner.dedup.collection import Collection
from cleaner.dedup.results import Pair
from cleaner.dedup.sketch import Sketches
from cleaner.engines import work
from cleaner.engines.job import Job
from cleaner.engines.parts import DROPPED, Parts, Shard
from cleaner.engines.sketching import Spool
from cleaner.formats.records import Add, Record, Rejected
from cleaner.ledger import Entry
from cleaner.model import Edit
from cleaner.report.summary import Summary


class Rows(NamedTuple):
    """All records of a run, in order, as columns. `ids` are as given; `names` tell records apart.

    `shards`: index of the shard; `starts`, `stops`: bytes of the clean text in that shard's `texts`.
    """

    ids: list[str]
    names: list[str]
    files: list[str]
    lines: array[int]
    hosts: list[str]
    shards: array[int]
    starts: array[int]
    stops: array[int]


def rows(parts: Parts, shards: Sequence[Shard]) -> Rows:
    """Read the rows of all parts."""
    found = Rows([], [], [], array("q"), [], array("q"), array("q"), array("q"))
    seen: set[str] = set()
    for index, shard in enumerate(shards):
        at = 0
        with parts.path(*shard, "rows").open("rb") as file:
            for row in map(_ROW.decode, file):
                key, path, line, host, size = row
                found.ids.append(key)
                found.names.append(f"{key} ({path}:{line})" if key in seen else key)
                seen.add(found.names[-1])
                found.files.append(sys.intern(path))
                found.lines.append(line)
                found.hosts.append(sys.intern(host))
                found.shards.append(index)
                found.starts.append(at)
                at += size
                found.stops.append(at)
    return found


_ROW = msgspec.json.Decoder(tuple[str, str, int, str, int])


def repeated(found: Rows) -> list[Rejected]:
    """Records with the id of an earlier one. Both are kept; who looks them up by id should know."""
    if not any(a is not b for a, b in zip(found.ids, found.names, strict=True)):
        return []
    first: dict[str, int] = {}
    twice = []
    for row, key in enumerate(found.ids):
        before = first.setdefault(key, row)
        if before != row:
            where = f"{found.files[before]}:{found.lines[before]}"
            reason = f"its id {key!r} is that of {where} too; both are kept"
            twice.append(Rejected(found.files[row], found.lines[row], 0, reason))
    return twice


def find(parts: Parts, shards: Sequence[Shard], found: Rows, folder: Path) -> list[Pair]:
    """All pairs of near-duplicate passages, sorted; band keys that are too many for memory lie in `folder`."""
    hosts = {name: host for name, host in zip(found.names, found.hosts, strict=True) if host}
    every = Collection(
        found.names,
        np.zeros(len(found.names), dtype=np.int64),
        lambda name: hosts.get(name, ""),
        _Texts(parts, shards, found),
    )
    return collection.find(_sketches(parts, shards, found, folder), every, work.COMPARED)


def _sketches(parts: Parts, shards: Sequence[Shard], found: Rows, folder: Path) -> Sketches:
    scheme = work.COMPARED.scheme
    counts = np.bincount(np.array(found.shards, dtype=np.int64), minlength=len(shards))
    keys = Spool(scheme.bands, folder)
    made = []
    for count, shard in zip(counts.tolist(), shards, strict=True):
        part = work.load(parts.path(*shard, "sketch"))
        keys.add(part.keys)
        made.append((count, part._replace(keys=())))
    return sketch.joined(made, scheme)._replace(keys=keys.arrays())


class _Texts:
    """Clean texts by row."""

    def __init__(self, parts: Parts, shards: Sequence[Shard], found: Rows) -> None:
        self._parts, self._shards, self._rows = parts, shards, found

    def __call__(self, wanted: Sequence[int]) -> list[str]:
        """The texts of some rows, in their order."""
        by_shard: defaultdict[int, list[int]] = defaultdict(list)
        for row in wanted:
            by_shard[self._rows.shards[row]].append(row)
        held: dict[int, str] = {}
        for shard, group in by_shard.items():
            with self._parts.path(*self._shards[shard], "texts").open("rb") as file:
                for row in group:
                    file.seek(self._rows.starts[row])
                    data = file.read(self._rows.stops[row] - self._rows.starts[row])
                    held[row] = data.decode("utf-8", "surrogatepass")
        return [held[row] for row in wanted]


def drop(job: Job, parts: Parts, shards: Sequence[Shard], found: Rows, pairs: Iterable[Pair], counted: Summary) -> None:
    """Write data and ledger of the parts that hold copies again, without them."""
    copies: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.kind == "copy":
            copies[pair.copy].append(pair)
    holding = {row: copies[name] for row, name in enumerate(found.names) if name in copies}
    for number, source in enumerate(job.sources):
        indices = {shard.number: i for i, shard in enumerate(shards) if shard.source == number}
        concerned = {found.shards[row] for row in holding}

        def wanted(shard: int, indices: dict[int, int] = indices, concerned: set[int] = concerned) -> bool:
            return indices.get(shard, -1) in concerned

        for shard, items in job.format(source).shards(source, job.reading, wanted):
            records = (item for item in items if isinstance(item, Record))
            with parts.draft(number, shard, (f"{DROPPED}-data", f"{DROPPED}-edits")) as draft:
                with job.format(source).writer(draft.files[f"{DROPPED}-data"], source, job.reading) as add:
                    again = _Again(_Texts(parts, shards, found), holding, counted, found)
                    changed = dict(again.write(_paired(records, found, indices[shard]), add))
                first = found.shards.index(indices[shard]) if changed else 0
                _extend(parts.path(number, shard, "edits"), draft.files[f"{DROPPED}-edits"], changed, first)


class _Changed(NamedTuple):
    """What dropping did to a record."""

    before: str
    made: tuple[Edit, ...]
    written: bytes


class _Again:
    """Records of a shard written again."""

    def __init__(self, texts: _Texts, holding: Mapping[int, list[Pair]], counted: Summary, found: Rows) -> None:
        self._texts, self._holding, self._counted, self._rows = texts, holding, counted, found

    def write(self, records: Iterable[tuple[int, Record]], add: Add) -> Iterator[tuple[int, _Changed]]:
        """Write all; yield those that changed, by row."""
        for row, record in records:
            (before,) = self._texts([row])
            made = results.edits(self._holding.get(row, []), before)
            written = add(record, edits.apply(before, made))
            if made:
                removed = sum(edit.span.stop - edit.span.start for edit in made)
                self._counted.remove(results.PASSAGE_RULE, len(made), removed, self._rows.hosts[row])
                yield row, _Changed(before, made, written)


def _paired(records: Iterable[Record], found: Rows, shard: int) -> Iterator[tuple[int, Record]]:
    """The records of a shard that were cleaned, with their rows."""
    row = found.shards.index(shard) if shard in found.shards else len(found.ids)
    for record in records:
        if row < len(found.ids) and (record.id, record.line) == (found.ids[row], found.lines[row]):
            yield row, record
            row += 1


def _extend(path: Path, output: BinaryIO, changed: Mapping[int, _Changed], row: int) -> None:
    """The ledger of a shard with one more pass for the records that changed; the first record has the number `row`."""
    decoder = msgspec.json.Decoder(Entry)
    with path.open("rb") as file:
        for line in file:
            entry = decoder.decode(line)
            now = changed.get(row) if entry.document else None
            row += bool(entry.document)
            again = ledger.extended(entry, now.before, now.made, now.written) if now else None
            output.write(ledger.encode(again) if again else line)
