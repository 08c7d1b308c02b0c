"""The run of `cleaner dedup --against`: the questions of an evaluation looked for in every shard."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest, nsmallest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple, TypedDict, Unpack

import msgspec
import numpy as np
from msgspec import Struct

from cleaner.corpus.dedup.evaluation import read_catalogue
from cleaner.corpus.dedup.job import CONTAMINATION, DedupJob
from cleaner.corpus.dedup.reading import read_batches
from cleaner.corpus.dedup.report import write_lines
from cleaner.corpus.dedup.run import open_run, start_pool
from cleaner.corpus.dedup.sketching import name_record
from cleaner.corpus.run import Run
from cleaner.corpus.shards import ShardWork, missing_shards
from cleaner.dedup.references.catalogue import Catalogue
from cleaner.dedup.references.evaluation import Evaluation
from cleaner.dedup.references.search import ReferenceMatch, find_references
from cleaner.errors import UsageError
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import MANIFEST, SkippedFile
from cleaner.local.events import Assignment, Emit, WorkerEnd
from cleaner.local.pool import ignore

if TYPE_CHECKING:
    from cleaner.local.pool import Watch

MATCHES = "references"
"""The kind of a shard's file: a line for each question in a document."""
BINS = 20
LOWEST = 0.2
"""The least containment that is shown for choosing a threshold."""


class ContaminationSummary(Struct):
    """The counts of a run. `short`: ids of questions that are too short to be looked for."""

    documents: int
    references: int
    contaminated_documents: int
    references_found: int
    matches: int
    short: list[str]
    skipped: list[SkippedFile]


class _ShardCounts(Struct):
    documents: int
    skips: list[SkippedFile]


class ContainmentPage(NamedTuple):
    """What thresholds would find: counts by containment, and the matches nearest to the threshold on both sides."""

    threshold: float
    histogram: list[int]
    matches: list[ReferenceMatch]
    near_misses: list[ReferenceMatch]


class Opening(TypedDict, total=False):
    """Type how a run is opened: over results that exist, or anew."""

    force: bool
    restart: bool


def find_contamination(
    job: DedupJob,
    output: Path,
    *,
    workers: int | None = None,
    watch: Watch = ignore,
    **opening: Unpack[Opening],
) -> ContaminationSummary:
    """Look for the questions of a job's evaluation in its sources, or resume; arguments as for `deduplicate_corpus`."""
    with open_run(job, output, **opening) as run, start_pool(run, workers, watch) as pool:
        if not run.is_complete:
            pool.work(scan_shards, run)
            run.require_unchanged_inputs()
            summary = _write_matches(run)
            files.write_bytes(run.folder / MANIFEST, msgspec.json.encode(summary))
        return msgspec.json.decode((run.folder / MANIFEST).read_bytes(), type=ContaminationSummary)


def scan_shards(run: Run[DedupJob], assignment: Assignment, emit: Emit) -> None:
    """Look through all shards of an assignment that are not committed yet."""
    evaluation = _evaluation(run.job)
    catalogue = read_catalogue(evaluation)
    for work in missing_shards(run, assignment, emit):
        _scan_shard(run, work, emit, catalogue)
    emit(WorkerEnd())


def _evaluation(job: DedupJob) -> Evaluation:
    if not job.evaluation:
        raise UsageError("give the file of an evaluation with --against")
    return job.evaluation


def _scan_shard(run: Run[DedupJob], work: ShardWork, emit: Emit, catalogue: Catalogue) -> None:
    source, threshold = run.job.sources[work.shard.source], _evaluation(run.job).threshold
    counts = _ShardCounts(0, [])
    with run.checkpoints.draft(work.shard, (MATCHES,)) as draft:
        for batch in read_batches(work, run.job.reading.decoding):
            counts.documents += len(batch.documents)
            counts.skips += batch.skips
            texts = [(name_record(item.record, source).id, item.document.text) for item in batch.documents]
            draft.write(MATCHES, msgspec.json.Encoder().encode_lines(find_references(texts, catalogue, threshold)))
            emit(batch.progress)
        draft.counts = counts


def _read_matches(run: Run[DedupJob]) -> Iterator[ReferenceMatch]:
    decoder = msgspec.json.Decoder(ReferenceMatch)
    for shard in run.shards():
        yield from map(decoder.decode, run.checkpoints.path(shard, MATCHES).read_bytes().splitlines())


def _write_matches(run: Run[DedupJob]) -> ContaminationSummary:
    matches = sorted(_read_matches(run))
    write_lines(run.output / CONTAMINATION, matches)
    counts = [msgspec.convert(run.checkpoints.counts(shard), _ShardCounts) for shard in run.shards()]
    catalogue = read_catalogue(_evaluation(run.job))
    return ContaminationSummary(
        documents=sum(count.documents for count in counts),
        references=len(catalogue.references),
        contaminated_documents=len({match.document for match in matches}),
        references_found=len({match.reference for match in matches}),
        matches=len(matches),
        short=catalogue.short,
        skipped=[*run.job.skipped, *(skip for count in counts for skip in count.skips)],
    )


def tune_threshold(job: DedupJob, samples: int, workers: int | None = None) -> ContainmentPage:
    """Count what is found by containment, and take the matches nearest to the threshold on either side."""
    evaluation = _evaluation(job)
    job = job._replace(evaluation=evaluation._replace(threshold=min(LOWEST, evaluation.threshold)))
    with TemporaryDirectory(prefix="cleaner-") as folder, open_run(job, Path(folder)) as run:
        with start_pool(run, workers, ignore) as pool:
            pool.work(scan_shards, run)
        matches = sorted(_read_matches(run))
    histogram = np.histogram([match.containment for match in matches], bins=BINS, range=(0, 1))[0].tolist()
    passing = [match for match in matches if match.containment >= evaluation.threshold]
    misses = [match for match in matches if match.containment < evaluation.threshold]
    return ContainmentPage(
        evaluation.threshold,
        histogram,
        nsmallest(samples, passing, key=lambda match: match.containment),
        nlargest(samples, misses, key=lambda match: match.containment),
    )
