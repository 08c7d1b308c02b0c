"""The passes over a corpus: on how many pages lines stand, then what pages show of those that recur.

Between them, pages without a host are told by their frames, and their lines counted again, frame by frame.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from cleaner import _kernels
from cleaner.corpus.learn.job import RECURRING, RECURRING_SHARE, LearnJob
from cleaner.corpus.reading import ReadRecord, location, name_host, read_record
from cleaner.corpus.run import Run
from cleaner.corpus.shards import BYTES_A_CHARACTER, committed_shards, missing_shards
from cleaner.features import markup
from cleaner.formats.base import Item, Rejection
from cleaner.formats.storage.folders import SkippedFile
from cleaner.learning import line_counts
from cleaner.learning.line_counts import LineCounter, LineCounts
from cleaner.learning.observations import Observations, observe
from cleaner.learning.page_frames import NO_HOST, FrameNames, FrameSketches, PageFrame, find_frames
from cleaner.learning.pages import Pages, RuleSigns, is_sampled, least_pages
from cleaner.local.events import Advance, Assignment, Emit, WorkerEnd
from cleaner.pipeline import Pack
from cleaner.text import lines
from cleaner.text.batching import batches

COUNTS = "counts"
"""The kind of file of a shard with the counts of its lines."""
FREQUENT, OBSERVATIONS = "frequent.bin", "observed-{}.bin"
"""Files of a run: the lines that recur, and what each worker saw of them."""
FRAMES, SKETCHES, FRAMED = "frames.bin", "sketched-{}.bin", "framed-{}.bin"
"""Files of a run: the frames of pages without a host; what each worker saw of such pages, and counted of them."""
BATCH_CHARACTERS = 1 << 19
EVIDENCE, HEAD = 0.25, 0.5
"""The sum of the weights of rules from which they speak against a line, and the weight of one for heads of lists."""


def count_shards(run: Run[LearnJob], assignment: Assignment, emit: Emit) -> None:
    """Count the lines of all shards of an assignment."""
    _kernels.load(run.job.size // BYTES_A_CHARACTER)
    for work in missing_shards(run, assignment, emit):
        counter, skips = LineCounter(), []
        with run.checkpoints.draft(work.shard, (COUNTS,)) as draft:
            for batch in _read(work.items, run.job):
                reads = [item for item in batch if isinstance(item, ReadRecord)]
                skips += [SkippedFile(location(item), item.reason) for item in batch if isinstance(item, Rejection)]
                counter.add([_text(read) for read in reads], [read.record.host for read in reads])
                if reads:
                    position = work.position + reads[-1].record.stored_offset
                    emit(Advance(position, len(reads), sum(len(_text(read)) for read in reads) * BYTES_A_CHARACTER))
            counts = counter.total()
            draft.write(COUNTS, counts.to_bytes())
            draft.counts = skips
    emit(WorkerEnd())


def merge_shards(run: Run[LearnJob]) -> tuple[LineCounts, list[SkippedFile]]:
    """Add up the counts of all shards."""
    skips: list[SkippedFile] = []
    for shard in run.shards():
        skips += msgspec.convert(run.checkpoints.counts(shard), list[SkippedFile])
    files = (run.checkpoints.path(shard, COUNTS) for shard in run.shards())
    return line_counts.merge(LineCounts.from_bytes(file.read_bytes()) for file in files), skips


def thresholds(hosts: Counter[str], min_pages: int) -> dict[str, int]:
    """Return the pages on which a line recurs, for the hosts that have enough."""
    return {
        host: least_pages(pages, RECURRING, RECURRING_SHARE)
        for host, pages in hosts.items()
        if host and pages >= min_pages
    }


def write_frequent(run: Run[LearnJob], counts: LineCounts) -> None:
    """Write down the lines that recur, for those who observe."""
    (run.folder / FREQUENT).write_bytes(counts.to_bytes())


def sketch_shards(run: Run[LearnJob], assignment: Assignment, emit: Emit) -> None:
    """Gather the recurring lines of pages without a host of all shards of an assignment."""
    sketches = FrameSketches(_frequent(run))
    for reads in _committed(run, assignment):
        sketches.add([_text(read) for read in reads if read.record.host == NO_HOST])
    (run.folder / SKETCHES.format(assignment.worker)).write_bytes(sketches.to_bytes())
    emit(WorkerEnd())


def merge_sketches(run: Run[LearnJob]) -> list[PageFrame]:
    """Find the frames of all pages without a host, and write them down for those who count."""
    sketches = FrameSketches(_frequent(run))
    for path in sorted(run.folder.glob(SKETCHES.format("*"))):
        sketches.merge_bytes(path.read_bytes())
    frames = find_frames(sketches, run.job.min_pages)
    (run.folder / FRAMES).write_bytes(msgspec.msgpack.encode(frames))
    return frames


def count_framed_shards(run: Run[LearnJob], assignment: Assignment, emit: Emit) -> None:
    """Count the lines of pages that show a frame, as those of one host."""
    counter, names = LineCounter(), _frame_names(run)
    for reads in _committed(run, assignment):
        nameless = [read for read in reads if read.record.host == NO_HOST]
        framed = [read for read in _name_hosts(nameless, names) if read.record.host]
        counter.add([_text(read) for read in framed], [read.record.host for read in framed])
    (run.folder / FRAMED.format(assignment.worker)).write_bytes(counter.total().to_bytes())
    emit(WorkerEnd())


def merge_framed(run: Run[LearnJob], counts: LineCounts) -> LineCounts:
    """Add to the counts of hosts those of frames."""
    paths = sorted(run.folder.glob(FRAMED.format("*")))
    return line_counts.merge((counts, *(LineCounts.from_bytes(path.read_bytes()) for path in paths)))


def _frequent(run: Run[LearnJob]) -> LineCounts:
    return LineCounts.from_bytes((run.folder / FREQUENT).read_bytes())


def _frame_names(run: Run[LearnJob]) -> FrameNames:
    path = run.folder / FRAMES
    return FrameNames(msgspec.msgpack.decode(path.read_bytes(), type=list[PageFrame]) if path.exists() else [])


def _committed(run: Run[LearnJob], assignment: Assignment) -> Iterator[list[ReadRecord]]:
    """Read the pages of all shards of an assignment again, in batches."""
    for _, items in committed_shards(run, run.shards(), assignment, lambda index: True):
        for batch in _read(items, run.job):
            yield [item for item in batch if isinstance(item, ReadRecord)]


def _name_hosts(reads: Sequence[ReadRecord], names: FrameNames) -> list[ReadRecord]:
    """Give pages without a host the name of their frame as one."""
    hosts = names.name([_text(read) for read in reads], [read.record.host for read in reads])
    replace = msgspec.structs.replace
    return [
        read if read.record.host == host else replace(read, record=replace(read.record, host=host))
        for read, host in zip(reads, hosts, strict=True)
    ]


def observe_shards(run: Run[LearnJob], assignment: Assignment, emit: Emit) -> None:
    """Observe the recurring lines on the pages of all shards of an assignment."""
    counts, names = _frequent(run), _frame_names(run)
    least = thresholds(counts.hosts, run.job.min_pages)
    observations = Observations.start(counts)
    for batch in _committed(run, assignment):
        reads = [read for read in _name_hosts(batch, names) if read.record.host in least]
        if reads:
            observe(observations, _pages(reads, counts.hosts, run.job.pack), least)
    path = run.folder / OBSERVATIONS.format(assignment.worker)
    path.write_bytes(observations.to_bytes())
    emit(WorkerEnd())


def merge_observations(run: Run[LearnJob], counts: LineCounts) -> Observations:
    """Add up what all workers observed."""
    observations = Observations.start(counts)
    for path in sorted(run.folder.glob(OBSERVATIONS.format("*"))):
        observations.merge_bytes(path.read_bytes())
    return observations


def _pages(reads: Sequence[ReadRecord], hosts: Counter[str], pack: Pack) -> Pages:
    records, texts = [read.record for read in reads], [_text(read) for read in reads]
    is_sample = np.array([is_sampled(record.id, record.host, hosts[record.host]) for record in records], dtype=np.bool_)
    signs = judge_sample(reads, texts, is_sample, pack) if is_sample.any() else None
    return Pages([record.id for record in records], [record.host for record in records], texts, signs)


def judge_sample(reads: Sequence[ReadRecord], texts: Sequence[str], is_sample: Any, pack: Pack) -> RuleSigns:
    """Ask the packs at hand what they do to the lines of those pages of a batch that are sampled."""
    batch = lines.join(texts)
    is_judged = is_sample[batch.documents] if len(batch.starts) else np.zeros(0, dtype=np.bool_)
    masks = np.zeros((3, len(batch.starts)), dtype=np.bool_)
    rows = is_sample.nonzero()[0].tolist()
    inner = lines.join([texts[row] for row in rows])
    if len(inner.starts):
        hints = [reads[row].hints if isinstance(reads[row].hints, markup.Hints) else None for row in rows]
        columns = markup.combine(hints, np.diff(inner.first_lines).tolist())
        analysis = pack.judging.analyze(inner, hosts=[reads[row].record.host for row in rows])
        scores = pack.judging.score(analysis, columns)
        heads = scores.evidence.categories["related"] >= HEAD
        masks[:, is_judged] = (scores.evidence.total >= EVIDENCE, scores.is_decided, heads)
    return RuleSigns(is_sample, *masks)


def _read(items: Iterable[Item], job: LearnJob) -> Iterator[list[ReadRecord | Rejection]]:
    items_with_hosts = (name_host(item, job.reading) for item in items)
    reads = (read_record(item, job.reading.decoding, with_islands=False) for item in items_with_hosts)
    readings = (read for read in reads if isinstance(read, ReadRecord) or read.reason)
    return batches(readings, BATCH_CHARACTERS, _size)


def _size(item: ReadRecord | Rejection) -> int:
    return len(item.document.text) if isinstance(item, ReadRecord) else 0


def _text(read: ReadRecord) -> str:
    """Return the text of a record; several texts stand below each other."""
    document = read.document
    return document.text.replace(document.seam, "\n") if document.seam else document.text
