"""Learn from a corpus: all passes through a pool of workers, then a pack for each host, and for each frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from cleaner.corpus.learn import passes
from cleaner.corpus.learn.job import RECURRING, LearnJob
from cleaner.corpus.plan import require_libraries
from cleaner.corpus.run import Run, locked_folder
from cleaner.errors import UsageError
from cleaner.formats.storage.folders import SkippedFile
from cleaner.learning.decisions import decide
from cleaner.learning.engines import share_frames
from cleaner.learning.list_rules import find_lists
from cleaner.learning.page_frames import NO_HOST
from cleaner.learning.site_packs import SitePack, build_packs, is_bindable
from cleaner.local.pool import Pool, ignore
from cleaner.local.worker_count import default_workers

if TYPE_CHECKING:
    from collections import Counter

    from cleaner.learning.line_counts import LineCounts
    from cleaner.learning.observations import Observations
    from cleaner.learning.page_frames import PageFrame
    from cleaner.local.pool import Watch

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


def learn_corpus(job: LearnJob, workers: int | None = None, watch: Watch = ignore) -> Lesson:
    """Learn what the hosts of a job's sources print on their pages.

    Args:
        job: what is read and how.
        workers: processes (None: one a core, none for a small job); they never change the result.
        watch: gets the events of each worker by its number.
    """
    require_libraries(job.sources)
    with _open_run(job) as run, Pool(workers or default_workers(job.size), watch, run.folder) as pool:
        pool.work(passes.count_shards, run)
        counts, skips = passes.merge_shards(run)
        pool.announce("learning")
        frames = _find_frames(run, pool, counts) if counts.hosts[NO_HOST] >= job.min_pages else []
        frequent = passes.merge_framed(run, counts).at_least(RECURRING)
        passes.write_frequent(run, frequent)
        pool.work(passes.observe_shards, run)
        run.require_unchanged_inputs()
        observations = passes.merge_observations(run, frequent)
    framed_pages = {frame.name: frequent.hosts[frame.name] for frame in frames}
    skips = [*job.skips, *skips, *_skip_hosts(counts.hosts, job.min_pages)]
    return Lesson(tuple(_build(observations, frames)), counts.hosts, skips, framed_pages)


def _find_frames(run: Run[LearnJob], pool: Pool, counts: LineCounts) -> list[PageFrame]:
    """Find the frames of pages without a host, and count their lines."""
    passes.write_frequent(run, counts.at_least(RECURRING))
    pool.work(passes.sketch_shards, run)
    frames = passes.merge_sketches(run)
    if frames:
        pool.work(passes.count_framed_shards, run)
    return frames


def _build(observations: Observations, frames: Sequence[PageFrame]) -> Iterator[SitePack]:
    """Yield the packs of engines, hosts and frames."""
    bodies = {host: [text for _, text in body_lines] for host, body_lines in observations.bodies.items()}
    lines = (line for line in decide(observations) if is_bindable(line.host))
    packs = list(build_packs(lines, bodies, find_lists(observations), {frame.name: frame.lines for frame in frames}))
    yield from share_frames([pack for pack in packs if not pack.frame])
    yield from (pack for pack in packs if pack.frame)


def _skip_hosts(hosts: Counter[str], min_pages: int) -> Iterator[SkippedFile]:
    """Yield the hosts to which no pack can be bound, though they have enough pages."""
    for host in sorted(hosts):
        if host and hosts[host] >= min_pages and not is_bindable(host):
            yield SkippedFile(f"host {host[:_SHOWN]}", "no name of a host, so no rule can be bound to it")


@contextmanager
def _open_run(job: LearnJob) -> Iterator[Run[LearnJob]]:
    with TemporaryDirectory(prefix="cleaner-") as name, locked_folder(Path(name), job.folder_name):
        yield Run.open(job, Path(name))


def refuse_no_hosts(lesson: Lesson) -> None:
    """Raise UsageError where no page has a host, and none shows a frame."""
    if lesson.hosts and not (any(lesson.hosts) or lesson.framed_pages):
        raise UsageError(
            "no page says which site it is from: no host, url or source, and no folder named like a host; "
            "and too few share the lines of a frame. --host-from FIELD or --host-from folder says where hosts stand"
        )
