"""The stages of learning: pages in, what was seen of them out as bytes, which are added up in any order.

After the first, which counts lines, each reads all pages again: pages without a host are told by their frames and
counted frame by frame, then recurring lines are observed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import msgspec
import numpy as np

from cleaner.corpus.learn.job import RECURRING, RECURRING_SHARE
from cleaner.corpus.reading import ReadRecord, hints_of, location, name_host, read_record
from cleaner.features import markup
from cleaner.formats.base import Item, Reading, Rejection
from cleaner.formats.storage.folders import SkippedFile
from cleaner.learning.line_counts import LineCounter, LineCounts
from cleaner.learning.observations import Observations, observe
from cleaner.learning.page_frames import NO_HOST, FrameNames, FrameSketches, PageFrame
from cleaner.learning.pages import Pages, RuleSigns, is_sampled, least_pages
from cleaner.pipeline import Pack
from cleaner.text import lines
from cleaner.text.batching import batches

BATCH_CHARACTERS = 1 << 19
EVIDENCE, HEAD = 0.25, 0.5
"""The sum of the weights of rules from which they speak against a line, and the weight of one for heads of lists."""

PageBatch = Sequence[ReadRecord]


class LearnStage(Protocol):
    """What is done to all pages once more; pickled as data."""

    name: ClassVar[str]

    def __call__(self, pages: Iterable[PageBatch]) -> bytes:
        """Return what was seen of some pages."""


@dataclass(frozen=True)
class SketchStage:
    """Gathers the recurring lines of pages without a host."""

    name: ClassVar[str] = "sketches"
    counts: LineCounts

    def __call__(self, pages: Iterable[PageBatch]) -> bytes:
        """Return what `FrameSketches` encodes."""
        sketches = FrameSketches(self.counts)
        for reads in pages:
            sketches.add([text_of(read) for read in reads if read.record.host == NO_HOST])
        return sketches.to_bytes()


@dataclass(frozen=True)
class CountFramesStage:
    """Counts the lines of pages that show a frame, as those of one host."""

    name: ClassVar[str] = "framed"
    frames: Sequence[PageFrame]

    def __call__(self, pages: Iterable[PageBatch]) -> bytes:
        """Return what `LineCounts` encodes."""
        counter, names = LineCounter(), FrameNames(self.frames)
        for reads in pages:
            nameless = [read for read in reads if read.record.host == NO_HOST]
            count_lines(counter, [read for read in _name_hosts(nameless, names) if read.record.host])
        return counter.total().to_bytes()


@dataclass(frozen=True)
class ObserveStage:
    """Observes the recurring lines of hosts with enough pages."""

    name: ClassVar[str] = "observed"
    counts: LineCounts
    frames: Sequence[PageFrame]
    pack: Pack
    min_pages: int

    def __call__(self, pages: Iterable[PageBatch]) -> bytes:
        """Return what `Observations` encodes."""
        observations, names = Observations.start(self.counts), FrameNames(self.frames)
        hosts = self.counts.hosts
        least = thresholds(hosts, self.min_pages)
        for batch in pages:
            reads = [read for read in _name_hosts(batch, names) if read.record.host in least]
            if reads:
                observe(observations, _pages(reads, hosts, self.pack), least)
        return observations.to_bytes()


def thresholds(hosts: Counter[str], min_pages: int) -> dict[str, int]:
    """Return the pages on which a line recurs, for the hosts that have enough."""
    return {
        host: least_pages(pages, RECURRING, RECURRING_SHARE)
        for host, pages in hosts.items()
        if host and pages >= min_pages
    }


def count_lines(counter: LineCounter, reads: PageBatch) -> None:
    """Count the lines of a batch of pages."""
    counter.add([text_of(read) for read in reads], [read.record.host for read in reads])


def read_batches(items: Iterable[Item], reading: Reading) -> Iterator[tuple[list[ReadRecord], list[SkippedFile]]]:
    """Read items as pages, in batches; beside each what was refused among them."""
    items_with_hosts = (name_host(item, reading) for item in items)
    reads = (read_record(item, reading.decoding, with_islands=False) for item in items_with_hosts)
    readings = (read for read in reads if isinstance(read, ReadRecord) or read.reason)
    for batch in batches(readings, BATCH_CHARACTERS, _size):
        skips = [SkippedFile(location(item), item.reason) for item in batch if isinstance(item, Rejection)]
        yield [item for item in batch if isinstance(item, ReadRecord)], skips


def text_of(read: ReadRecord) -> str:
    """Return the text of a record; several texts stand below each other."""
    document = read.document
    return document.text.replace(document.seam, "\n") if document.seam else document.text


def _name_hosts(reads: PageBatch, names: FrameNames) -> list[ReadRecord]:
    """Give pages without a host the name of their frame as one."""
    hosts = names.name([text_of(read) for read in reads], [read.record.host for read in reads])
    replace = msgspec.structs.replace
    return [
        read if read.record.host == host else replace(read, record=replace(read.record, host=host))
        for read, host in zip(reads, hosts, strict=True)
    ]


def _pages(reads: PageBatch, hosts: Counter[str], pack: Pack) -> Pages:
    records, texts = [read.record for read in reads], [text_of(read) for read in reads]
    is_sample = np.array([is_sampled(record.id, record.host, hosts[record.host]) for record in records], dtype=np.bool_)
    signs = _judge_sample(reads, texts, is_sample, pack) if is_sample.any() else None
    ids, names = [record.id for record in records], [record.host for record in records]
    return Pages(ids, names, texts, signs, [hints_of(read) for read in reads])


def _judge_sample(reads: PageBatch, texts: Sequence[str], is_sample: Any, pack: Pack) -> RuleSigns:
    """Ask the packs at hand what they do to the lines of those pages of a batch that are sampled."""
    batch = lines.join(texts)
    is_judged = is_sample[batch.documents] if len(batch.starts) else np.zeros(0, dtype=np.bool_)
    masks = np.zeros((3, len(batch.starts)), dtype=np.bool_)
    rows = is_sample.nonzero()[0].tolist()
    inner = lines.join([texts[row] for row in rows])
    if len(inner.starts):
        hints = [hints_of(reads[row]) for row in rows]
        columns = markup.combine(hints, np.diff(inner.first_lines).tolist())
        analysis = pack.judging.analyze(inner, hosts=[reads[row].record.host for row in rows])
        scores = pack.judging.score(analysis, columns)
        heads = scores.evidence.categories["related"] >= HEAD
        masks[:, is_judged] = (scores.evidence.total >= EVIDENCE, scores.is_decided, heads)
    return RuleSigns(is_sample, *masks)


def _size(item: ReadRecord | Rejection) -> int:
    return len(item.document.text) if isinstance(item, ReadRecord) else 0
