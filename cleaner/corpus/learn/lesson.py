"""What is learned from the counts of all lines and an engine that runs stages over all pages again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cleaner.corpus.learn.job import RECURRING
from cleaner.corpus.learn.stages import CountFramesStage, LearnStage, ObserveStage, SketchStage
from cleaner.errors import UsageError
from cleaner.formats.storage.folders import SkippedFile
from cleaner.learning import line_counts
from cleaner.learning.decisions import decide
from cleaner.learning.elements.rules import find_elements
from cleaner.learning.engines import share_frames
from cleaner.learning.line_counts import LineCounts
from cleaner.learning.list_rules import find_lists
from cleaner.learning.observations import Observations
from cleaner.learning.page_frames import NO_HOST, FrameSketches, PageFrame, find_frames
from cleaner.learning.site_packs import HostFindings, SitePack, build_packs, is_bindable
from cleaner.learning.spans.rules import find_spans
from cleaner.pipeline import Pack

if TYPE_CHECKING:
    from collections import Counter

Engine = Callable[[LearnStage], Iterable[bytes]]
"""Runs a stage over all pages; gives what its parts return, in any order."""

_SHOWN = 60
"""Characters of a host's name that are shown."""


class Lesson(NamedTuple):
    """What was learned from a corpus: the packs, the pages of each host ("" for none), and what was skipped.

    `framed_pages`: of those without a host, the pages of each frame.
    """

    packs: tuple[SitePack, ...]
    hosts: Counter[str]
    skips: list[SkippedFile]
    framed_pages: dict[str, int]


class Study(NamedTuple):
    """What was seen of a corpus: all hosts with their pages, frames of pages without one, and the recurring lines."""

    hosts: Counter[str]
    frames: list[PageFrame]
    observations: Observations


def study(engine: Engine, counts: LineCounts, pack: Pack, min_pages: int) -> Study:
    """Observe what hosts, and pages that share a frame, print on their pages.

    Args:
        engine: reads all pages again.
        counts: those of all lines.
        pack: the rules at hand, whose evidence is asked for.
        min_pages: pages of a host from which on a pack is made.
    """
    frames = _find_frames(engine, counts.at_least(RECURRING), min_pages)
    framed = [LineCounts.from_bytes(data) for data in engine(CountFramesStage(frames))] if frames else []
    frequent = line_counts.merge((counts, *framed)).at_least(RECURRING)
    observations = Observations.start(frequent)
    for data in engine(ObserveStage(frequent, frames, pack, min_pages)):
        observations.merge_bytes(data)
    return Study(counts.hosts, frames, observations)


def conclude(result: Study, skips: Sequence[SkippedFile], min_pages: int) -> Lesson:
    """Make packs of what was seen; `skips` were not read."""
    hosts = result.observations.counts.hosts
    framed_pages = {frame.name: hosts[frame.name] for frame in result.frames}
    all_skips = [*skips, *_skip_hosts(result.hosts, min_pages)]
    return Lesson(tuple(_build(result.observations, result.frames)), result.hosts, all_skips, framed_pages)


def _find_frames(engine: Engine, counts: LineCounts, min_pages: int) -> list[PageFrame]:
    """Find the frames of pages without a host."""
    if counts.hosts[NO_HOST] < min_pages:
        return []
    sketches = FrameSketches(counts)
    for data in engine(SketchStage(counts)):
        sketches.merge_bytes(data)
    return find_frames(sketches, min_pages)


def _build(observations: Observations, frames: Sequence[PageFrame]) -> Iterator[SitePack]:
    """Yield the packs of engines, hosts and frames."""
    lines = (line for line in decide(observations) if is_bindable(line.host))
    packs = list(build_packs(lines, _findings(observations, frames)))
    yield from share_frames([pack for pack in packs if not pack.frame])
    yield from (pack for pack in packs if pack.frame)


def _findings(observations: Observations, frames: Sequence[PageFrame]) -> dict[str, HostFindings]:
    """Gather what was learned of each host beside its lines."""
    hosts, lists = observations.counts.hosts, find_lists(observations)
    elements, frame_lines = find_elements(observations.elements, hosts), {frame.name: frame.lines for frame in frames}
    spans = find_spans(observations.spans, hosts)
    return {
        host: HostFindings(
            [text for _, text in observations.bodies.get(host, ())],
            lists.get(host, ()),
            elements.get(host, ()),
            [line for _, line in observations.elements.bodies.get(host, ())],
            frame_lines.get(host, ()),
            spans.get(host, ()),
        )
        for host in hosts
    }


def _skip_hosts(hosts: Counter[str], min_pages: int) -> Iterator[SkippedFile]:
    """Yield the hosts to which no pack can be bound, though they have enough pages."""
    for host in sorted(hosts):
        if host and hosts[host] >= min_pages and not is_bindable(host):
            yield SkippedFile(f"host {host[:_SHOWN]}", "no name of a host, so no rule can be bound to it")


def refuse_no_hosts(lesson: Lesson) -> None:
    """Raise UsageError where no page has a host, and none shows a frame."""
    if lesson.hosts and not (any(lesson.hosts) or lesson.framed_pages):
        raise UsageError(
            "no page says which site it is from: no host, url or source, and no folder named like a host; "
            "and too few share the lines of a frame. --host-from FIELD or --host-from folder says where hosts stand"
        )
