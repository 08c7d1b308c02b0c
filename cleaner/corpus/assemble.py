"""Assemble an output from committed shards: joined files, the ledger, the list of refusals, the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np

from cleaner import ledger, python_json
from cleaner.corpus import drop_copies, plan, quarantine, writing
from cleaner.corpus.job import CleanJob
from cleaner.corpus.near_duplicates import DUPLICATES
from cleaner.corpus.reading import location
from cleaner.corpus.report import summary
from cleaner.corpus.report.manifest import ManifestFile, build_manifest, encode_manifest
from cleaner.corpus.report.summary import RunSummary
from cleaner.corpus.row_store import RowStore
from cleaner.corpus.run import JobType, Run
from cleaner.corpus.shards import DATA, EDITS, REJECTED
from cleaner.corpus.update.previous_run import sha256
from cleaner.formats.base import Rejection, Source
from cleaner.formats.storage import files, streams
from cleaner.formats.storage.folders import LEDGER, MANIFEST
from cleaner.local.checkpoints import Shard

REJECTIONS = "rejected.jsonl"


def assemble(run: Run[CleanJob]) -> None:
    """Write the output, after the last shard is committed; doing it again after an interruption gives the same.

    The manifest comes last and says that all is there.
    """
    shards = run.shards()
    counts = _merge_counts(run, shards)
    if not run.is_overwriting:
        _write_ledger(run, shards)
        if run.overwrites_inputs(run.job.targets):
            run.begin_overwriting(_checksums(run))
    if (previous := run.previous).is_there:
        previous.remove_outputs(_documents_written(run, shards), run.identify_inputs())
    rejections = list(_join_outputs(run, shards))
    aside: dict[str, str] = {}
    if run.job.quarantine:
        rejections += quarantine.join(run, run.job.quarantine)
        aside = quarantine.checksums(run, run.job.quarantine)
        if previous.is_there:
            previous.remove_quarantine(run.job.quarantine, aside)
    _write_rejections(run, shards, rejections, counts)
    job = run.job
    data = build_manifest(
        job.version, job.pack, job.config, job.describe_formats(), counts, _manifest_files(run, shards)
    )
    if aside:
        data["quarantine"] = aside
    with files.atomic_writer(run.folder / MANIFEST) as file:
        file.write(encode_manifest(data))


def _documents_written(run: Run[CleanJob], shards: Sequence[Shard]) -> set[str]:
    """Return the outputs that are a document each."""
    files_of_records = {source.target for source in run.job.sources}
    entries = _ledger_files(run.checkpoints.latest(shard, EDITS) for shard in shards)
    return {entry.output for entry in entries if entry.output_sha256} - files_of_records


def _write_ledger(run: Run[CleanJob], shards: Sequence[Shard]) -> None:
    """Write the ledger before the first output, which may overwrite an input."""
    with files.atomic_writer(run.folder / LEDGER) as file:
        streams.concatenate((run.checkpoints.latest(shard, EDITS) for shard in shards), file)
        for source in run.job.sources:
            if plan.is_left_whole(source, run.job.format(source), run.job.reading):
                entry = ledger.record_unchanged(str(source.path), source.target, sha256(source.path))
                file.write(ledger.encode_entry(entry))


def _checksums(run: Run[CleanJob]) -> dict[str, str]:
    """Return the checksum of each file of records, by its path."""
    sources = (source for source in run.job.sources if not run.job.format(source).is_per_file)
    return {str(source.path): sha256(source.path) for source in sources}


def read_summary(run: Run[CleanJob]) -> RunSummary:
    """Read the counts of a complete run."""
    return summary.decode_summary(msgspec.json.decode((run.folder / MANIFEST).read_bytes())["counts"])


def _merge_counts(run: Run[CleanJob], shards: Sequence[Shard]) -> RunSummary:
    counts = RunSummary()
    for shard in (*shards, *run.phase_shards(drop_copies.PHASE)):
        counts.merge(summary.decode_summary(run.checkpoints.counts(shard)))
    if run.job.config.dedup == "off":
        (run.folder / DUPLICATES).write_bytes(b"")
    with (run.folder / DUPLICATES).open("rb") as file:
        counts.duplicates = sum(1 for _ in file)
    return counts


def _join_outputs(run: Run[CleanJob], shards: Sequence[Shard]) -> Iterator[Rejection]:
    """Write the output of every source; yield what could not be written."""
    for number, source in enumerate(run.job.sources):
        paths = [run.checkpoints.latest(shard, DATA) for shard in shards if shard.source == number]
        yield from join_parts(run, source, paths)


def join_parts(run: Run[JobType], source: Source, parts: Sequence[Path]) -> Iterator[Rejection]:
    """Write the output of a source; a file of which no row has a text comes out as it came, or not at all."""
    job, folder = run.job, run.output
    write = job.format(source)
    try:
        if plan.is_left_whole(source, write, job.reading):
            files.copy(source.path, folder / source.target)
        elif not plan.is_refused(source, job.reading):
            yield from write.join(parts, folder, source, job.reading)
    except OSError as error:
        if not files.is_about_name(error):
            raise
        yield Rejection(source.target, 0, 0, f"cannot be written: {error.strerror}")


def _write_rejections(
    run: Run[CleanJob], shards: Sequence[Shard], rejections: Sequence[Rejection], counts: RunSummary
) -> None:
    skips = [Rejection(skip.path, 0, 0, skip.reason) for skip in run.job.skipped]
    with files.atomic_writer(run.folder / REJECTIONS) as file:
        streams.concatenate((run.checkpoints.path(shard, REJECTED) for shard in shards), file)
        for item in (*skips, *rejections):
            counts.reject(location(item), item.reason)
            file.write(writing.encode_rejected(item))
        for item in _list_repeated_ids(RowStore(run.checkpoints, shards)):
            counts.repeated_ids += 1
            counts.reject(location(item), item.reason)
            file.write(writing.encode_rejected(item))


def _list_repeated_ids(rows: RowStore) -> Iterator[Rejection]:
    """Yield records with the id of an earlier one. Both are in the output; who looks them up by id should know."""
    for number, first in rows.repeated_ids.items():
        (row,), (other,) = rows.read(np.array([number])), rows.read(np.array([first]))
        yield writing.reject_repeated_id(row.id, (row.file, row.line), (other.file, other.line))


def _manifest_files(run: Run[CleanJob], shards: Sequence[Shard]) -> Iterator[ManifestFile]:
    checksums_before = run.checksums_before()
    for number, source in enumerate(run.job.sources):
        if run.job.format(source).is_per_file:
            yield from _ledger_files(run.checkpoints.latest(shard, EDITS) for shard in shards if shard.source == number)
        else:
            name = str(source.path)
            with ThreadPoolExecutor(2) as threads:  # hashing needs no interpreter
                before, after = threads.map(sha256, (source.path, run.output / source.target))
            yield ManifestFile(name, source.target, "", checksums_before.get(name, before), after)


def _ledger_files(paths: Iterable[Path]) -> Iterator[ManifestFile]:
    decoder = msgspec.json.Decoder(ManifestFile)
    for path in paths:
        with path.open("rb") as file:
            yield from (python_json.decode(line, decoder) for line in file)
