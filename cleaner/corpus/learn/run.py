"""Learn from a corpus: both passes through a pool of workers, then a pack for each host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from cleaner.corpus.learn.job import RECURRING, LearnJob
from cleaner.corpus.learn.passes import FREQUENT, OBSERVATIONS, count_shards, merge_shards, observe_shards
from cleaner.corpus.plan import require_libraries
from cleaner.corpus.run import Run, locked_folder
from cleaner.errors import UsageError
from cleaner.formats.storage.folders import SkippedFile
from cleaner.learning.decisions import decide
from cleaner.learning.engines import share_frames
from cleaner.learning.list_rules import find_lists
from cleaner.learning.observations import Observations
from cleaner.learning.site_packs import SitePack, build_packs, is_bindable
from cleaner.local.pool import Pool, default_workers, ignore

if TYPE_CHECKING:
    from collections import Counter

    from cleaner.local.pool import Watch

_SHOWN = 60
"""Characters of a host's name that are shown."""


class Lesson(NamedTuple):
    """What was learned from a corpus: the packs, the pages of each host ("" for none), and what was skipped."""

    packs: tuple[SitePack, ...]
    hosts: Counter[str]
    skips: list[SkippedFile]


def learn_corpus(job: LearnJob, workers: int | None = None, watch: Watch = ignore) -> Lesson:
    """Learn what the hosts of a job's sources print on their pages.

    Args:
        job: what is read and how.
        workers: processes (None: one a core, none for a small job); they never change the result.
        watch: gets the events of each worker by its number.
    """
    require_libraries(job.sources)
    with _open_run(job) as run, Pool(workers or default_workers(job.size), watch, run.folder) as pool:
        pool.work(count_shards, run)
        counts, skips = merge_shards(run)
        (run.folder / FREQUENT).write_bytes(counts.at_least(RECURRING).to_bytes())
        pool.announce("learning")
        pool.work(observe_shards, run)
        run.require_unchanged_inputs()
        observations = Observations.start(counts.at_least(RECURRING))
        for path in sorted(run.folder.glob(OBSERVATIONS.format("*"))):
            observations.merge_bytes(path.read_bytes())
    bodies = {host: [text for _, text in body_lines] for host, body_lines in observations.bodies.items()}
    lines = (line for line in decide(observations) if is_bindable(line.host))
    packs = share_frames(list(build_packs(lines, bodies, find_lists(observations))))
    return Lesson(tuple(packs), counts.hosts, [*job.skips, *skips, *_skip_hosts(counts.hosts, job.min_pages)])


def _skip_hosts(hosts: Counter[str], min_pages: int) -> Iterator[SkippedFile]:
    """Yield the hosts to which no pack can be bound, though they have enough pages."""
    for host in sorted(hosts):
        if host and hosts[host] >= min_pages and not is_bindable(host):
            yield SkippedFile(f"host {host[:_SHOWN]}", "no name of a host, so no rule can be bound to it")


@contextmanager
def _open_run(job: LearnJob) -> Iterator[Run[LearnJob]]:
    with TemporaryDirectory(prefix="cleaner-") as name, locked_folder(Path(name), job.folder_name):
        yield Run.open(job, Path(name))


def refuse_no_hosts(hosts: Counter[str]) -> None:
    """Raise UsageError where no page has a host."""
    if hosts and not any(hosts):
        raise UsageError(
            "no page says which site it is from: no host, url or source, and no folder named like a host; "
            "--host-from FIELD or --host-from folder says where that stands"
        )
