"""Statistics of a finished run, from its manifest: what was removed by rule, category and host, with histograms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.corpus.report import summary
from cleaner.corpus.report.manifest import read_manifest
from cleaner.corpus.report.summary import HostCounts, RunSummary
from cleaner.errors import UsageError
from cleaner.formats.storage.folders import MANIFEST, RUN_FOLDER

WIDTH = 40
"""Characters of the longest bar of a histogram."""
FEWEST = 5
"""Documents that a host must have to be called unusual."""
UNUSUAL_SCORE = 3.5
"""Modified z-score from which on a host is unusual (Iglewicz and Hoaglin 1993)."""
NORMAL_DEVIATION = 0.6745
"""What makes a median deviation comparable with a standard deviation (the same source)."""
LEAST_DEVIATION = 0.02
"""The least median deviation that is believed: among hosts that are all alike the smallest difference is no news."""


class Stats(NamedTuple):
    """A run's summary, the rules that decided nothing, and hosts with an unusual share of removed characters."""

    summary: RunSummary
    silent: list[str]
    unusual: list[tuple[str, HostCounts]]


def read(folder: Path) -> Stats:
    """Read the statistics of an output; UsageError where the folder holds no finished run."""
    manifest = read_manifest(folder)
    try:
        counts = summary.decode_summary(manifest.counts)
    except (KeyError, TypeError) as error:
        path = folder / RUN_FOLDER / MANIFEST
        raise UsageError(f"{path}: not the manifest of this version of cleaner ({error})") from error
    return Stats(counts, list(manifest.silent), unusual(counts.hosts))


def unusual(hosts: Mapping[str, HostCounts]) -> list[tuple[str, HostCounts]]:
    """List hosts whose removed share lies far from the median of all hosts, the largest share first."""
    shares = {name: host.removed_share for name, host in hosts.items() if host.documents >= FEWEST}
    middle = _median(list(shares.values()))
    spread = max(_median([abs(share - middle) for share in shares.values()]), LEAST_DEVIATION)
    scores = {name: NORMAL_DEVIATION * abs(share - middle) / spread for name, share in shares.items()}
    names = [name for name, score in scores.items() if score >= UNUSUAL_SCORE]
    return [(name, hosts[name]) for name in sorted(names, key=lambda name: (-shares[name], name))]


def _median(values: Sequence[float]) -> float:
    sorted_values = sorted(values)
    middle = len(sorted_values) // 2
    if not sorted_values:
        return 0.0
    return sorted_values[middle] if len(sorted_values) % 2 else (sorted_values[middle - 1] + sorted_values[middle]) / 2


def as_dict(stats: Stats) -> dict[str, Any]:
    """Return the statistics as plain data."""
    counts = stats.summary.as_dict()
    categories = [{"category": c, "edits": e, "characters": n} for c, e, n in stats.summary.by_category()]
    hosts = [
        {"host": name, "documents": host.documents, "removed": round(host.removed_share, 4)}
        for name, host in stats.unusual
    ]
    return {**counts, "categories": categories, "silent_rules": stats.silent, "unusual_hosts": hosts}


def page(stats: Stats, max_rows: int = 20) -> str:
    """Return the statistics as text for a terminal; tables end after `max_rows` rows."""
    counts = stats.summary
    head = f"{counts.documents:,} documents, {counts.characters_in:,} characters in, {counts.removed_share:.1%} removed"
    head += f"; {counts.quarantines:,} more put aside whole" if counts.quarantines else ""
    rules = [(rule, edits, counts.characters_removed[rule]) for rule, edits in counts.edits.items()]
    rules.sort(key=lambda row: -row[2])
    paragraphs = [
        [head],
        list(_table("category", counts.by_category(), counts.characters_in, max_rows)),
        list(_table("rule", rules, counts.characters_in, max_rows)),
        list(_hosts("host", counts.hosts, max_rows)),
        list(_hosts("host with an unusual share", dict(stats.unusual), max_rows)) if stats.unusual else [],
        list(_lengths(counts)),
        list(_bars("script", list(counts.scripts.items()))),
        list(_bars("doubt, from", sorted(counts.doubts.items()))),
        list(_bars("kind of page", list(counts.kinds.items()))),
        _silent(stats.silent),
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines)


def _table(title: str, rows: Sequence[tuple[str, int, int]], whole: int, max_rows: int) -> Iterator[str]:
    if rows:
        width = max(len(title), *(len(name) for name, *_ in rows[:max_rows]))
        yield f"{title:{width}} {'edits':>12} {'characters':>14} {'of all':>8}"
        for name, count, removed in rows[:max_rows]:
            yield f"{name:{width}} {count:12,} {removed:14,} {removed / max(whole, 1):8.2%}"
    if len(rows) > max_rows:
        yield f"and {len(rows) - max_rows:,} more (--json lists all)"


def _hosts(title: str, hosts: Mapping[str, HostCounts], max_rows: int) -> Iterator[str]:
    rows = sorted(hosts.items(), key=lambda item: (-item[1].characters_in, item[0]))
    if rows:
        width = max(len(title), *(len(name) for name, _ in rows[:max_rows]))
        yield f"{title:{width}} {'documents':>12} {'characters':>14} {'removed':>8}"
        for name, host in rows[:max_rows]:
            yield f"{name:{width}} {host.documents:12,} {host.characters_in:14,} {host.removed_share:8.1%}"
    if len(rows) > max_rows:
        yield f"and {len(rows) - max_rows:,} more (--json lists all)"


def _lengths(counts: RunSummary) -> Iterator[str]:
    bits = sorted((int(bits), count) for bits, count in counts.lengths.items())
    rows = [(f"{1 << max(b - 1, 0) if b else 0:,} to {(1 << b) - 1:,}", count) for b, count in bits]
    return _bars("characters in a document", rows)


def _bars(title: str, rows: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Yield the lines of a histogram."""
    if rows:
        width = max(len(title), *(len(name) for name, _ in rows))
        highest = max(count for _, count in rows)
        yield f"{title:{width}} {'documents':>12}"
        for name, count in rows:
            yield f"{name:>{width}} {count:12,} {'#' * math.ceil(WIDTH * count / highest)}"


def _silent(rules: Sequence[str]) -> list[str]:
    return [f"{len(rules):,} rules decided nothing:", *(f"  {rule}" for rule in rules)] if rules else []
