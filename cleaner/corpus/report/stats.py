"""What a finished run removed, from its manifest: by rule, category and host, with histograms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaner.corpus.report import summary
from cleaner.corpus.report.summary import Host, Summary
from cleaner.errors import UsageError
from cleaner.formats.files import RUN_FOLDER

WIDTH = 40
FEWEST = 5
"""Documents that a host must have to be called unusual."""
FAR = 3.5
"""Modified z-score from which on a host is unusual (Iglewicz and Hoaglin 1993: 0.6745 (x - median) / MAD)."""
FLOOR = 0.02
"""The least median deviation that is believed: among hosts that are all alike the smallest difference is no news."""


class Stats(NamedTuple):
    """A run's summary, the rules that decided nothing, and hosts with an unusual share of removed characters."""

    found: Summary
    silent: list[str]
    unusual: list[tuple[str, Host]]


def read(folder: Path) -> Stats:
    """The statistics of an output. UsageError where the folder holds no finished run."""
    path = folder / RUN_FOLDER / "manifest.json"
    try:
        manifest = msgspec.json.decode(path.read_bytes())
        found = summary.from_dict(manifest["counts"])
        return Stats(found, list(manifest["silent"]), unusual(found.hosts))
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({error.strerror}); name a folder that 'cleaner clean' wrote"
        ) from error
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: not the manifest of this version of cleaner ({error})") from error


def unusual(hosts: Mapping[str, Host]) -> list[tuple[str, Host]]:
    """Hosts whose removed share lies far from the median of all hosts, the largest share first."""
    known = {name: host for name, host in hosts.items() if host.documents >= FEWEST}
    middle = _median([host.share for host in known.values()])
    spread = max(_median([abs(host.share - middle) for host in known.values()]), FLOOR)
    far = [(name, host) for name, host in known.items() if 0.6745 * abs(host.share - middle) / spread >= FAR]
    return sorted(far, key=lambda item: (-item[1].share, item[0]))


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if not ordered:
        return 0.0
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def as_dict(stats: Stats) -> dict[str, Any]:
    """The same for programs."""
    counts = stats.found.as_dict()
    categories = [{"category": c, "edits": e, "characters": n} for c, e, n in stats.found.categories()]
    far = [{"host": name, "documents": host.documents, "removed": round(host.share, 4)} for name, host in stats.unusual]
    return {**counts, "categories": categories, "silent_rules": stats.silent, "unusual_hosts": far}


def page(stats: Stats, most: int = 20) -> str:
    """Text for a terminal; tables end after `most` rows."""
    found = stats.found
    share = 1 - found.characters_out / found.characters_in if found.characters_in else 0.0
    head = f"{found.documents:,} documents, {found.characters_in:,} characters in, {share:.1%} removed"
    head += f"; {found.quarantined:,} more put aside whole" if found.quarantined else ""
    categories = [(name, count, removed) for name, count, removed in found.categories()]
    rules = sorted(((rule, found.edits[rule], found.characters[rule]) for rule in found.edits), key=lambda row: -row[2])
    blocks = [
        [head],
        list(_table("category", categories, found.characters_in, most)),
        list(_table("rule", rules, found.characters_in, most)),
        list(_hosts("host", found.hosts, most)),
        list(_hosts("host with an unusual share", dict(stats.unusual), most)) if stats.unusual else [],
        list(_lengths(found)),
        list(_bars("script", list(found.scripts.items()))),
        _silent(stats.silent),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _table(title: str, rows: Sequence[tuple[str, int, int]], whole: int, most: int) -> Iterator[str]:
    if rows:
        width = max(len(title), *(len(name) for name, *_ in rows[:most]))
        yield f"{title:{width}} {'edits':>12} {'characters':>14} {'of all':>8}"
        for name, count, removed in rows[:most]:
            yield f"{name:{width}} {count:12,} {removed:14,} {removed / max(whole, 1):8.2%}"
    if len(rows) > most:
        yield f"and {len(rows) - most:,} more (--json lists all)"


def _hosts(title: str, hosts: Mapping[str, Host], most: int) -> Iterator[str]:
    rows = sorted(hosts.items(), key=lambda item: (-item[1].characters_in, item[0]))
    if rows:
        width = max(len(title), *(len(name) for name, _ in rows[:most]))
        yield f"{title:{width}} {'documents':>12} {'characters':>14} {'removed':>8}"
        for name, host in rows[:most]:
            yield f"{name:{width}} {host.documents:12,} {host.characters_in:14,} {host.share:8.1%}"
    if len(rows) > most:
        yield f"and {len(rows) - most:,} more (--json lists all)"


def _lengths(found: Summary) -> Iterator[str]:
    bits = sorted((int(bits), count) for bits, count in found.lengths.items())
    rows = [(f"{1 << max(b - 1, 0) if b else 0:,} to {(1 << b) - 1:,}", count) for b, count in bits]
    return _bars("characters in a document", rows)


def _bars(title: str, rows: Sequence[tuple[str, int]]) -> Iterator[str]:
    """A histogram; the longest bar has `WIDTH` signs."""
    if rows:
        width = max(len(title), *(len(name) for name, _ in rows))
        most = max(count for _, count in rows)
        yield f"{title:{width}} {'documents':>12}"
        for name, count in rows:
            yield f"{name:>{width}} {count:12,} {'#' * math.ceil(WIDTH * count / most)}"


def _silent(rules: Sequence[str]) -> list[str]:
    return [f"{len(rules):,} rules decided nothing:", *(f"  {rule}" for rule in rules)] if rules else []
