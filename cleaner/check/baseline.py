"""Baselines: files of findings that are known and accepted for a time, so that only new ones fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from cleaner.check.findings import Finding
from cleaner.errors import UsageError
from cleaner.formats.storage import files

VERSION = 1


class BaselineEntry(Struct, frozen=True, omit_defaults=True):
    """One known finding: `rule` at lines of this `hash`, `count` times.

    `path` and `excerpt` are for the reader. `expires`: an ISO date after which it is known no more; "" never.
    """

    rule: str
    hash: str
    count: int = 1
    path: str = ""
    excerpt: str = ""
    reason: str = ""
    expires: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Rule and hash, by which findings are recognized."""
        return self.rule, self.hash


class Baseline(Struct, frozen=True):
    """The content of a file."""

    version: int = VERSION
    findings: tuple[BaselineEntry, ...] = ()


class AuditProblem(Struct, frozen=True):
    """An entry to decide on: `expired`, `gone` (no finding matches it), or `unexplained` (without reason)."""

    problem: str
    entry: BaselineEntry


def mark_known(baseline: Baseline, findings: Iterable[Finding], today: str) -> list[Finding]:
    """Mark the findings in a baseline; the same line more often than its `count` is new from there on."""
    remaining = Counter({entry.key: entry.count for entry in baseline.findings if not is_expired(entry, today)})
    reasons = {entry.key: entry.reason for entry in baseline.findings}
    marked_findings = []
    for finding in findings:
        key = finding.key
        if not finding.accepted_by and remaining[key] > 0:
            remaining[key] -= 1
            finding = finding.accept("baseline", reasons[key])
        marked_findings.append(finding)
    return marked_findings


def is_expired(entry: BaselineEntry, today: str) -> bool:
    """Whether an entry's date lies before `today` (ISO)."""
    return bool(entry.expires) and entry.expires < today


def create(findings: Iterable[Finding], reason: str = "", expires: str = "") -> Baseline:
    """Create a baseline of all findings that no comment suppresses."""
    entries: dict[tuple[str, str], BaselineEntry] = {}
    for finding in findings:
        if finding.accepted_by == "comment":
            continue
        key = finding.key
        first = entries.get(key) or BaselineEntry(
            *key, 0, path=finding.path, excerpt=finding.excerpt, reason=reason, expires=expires
        )
        entries[key] = msgspec.structs.replace(first, count=first.count + 1)
    return Baseline(findings=_sort(entries.values()))


def prune(baseline: Baseline, findings: Sequence[Finding]) -> Baseline:
    """Remove entries that no finding matches any more; counts only fall."""
    counts = {entry.key: entry.count for entry in create(findings).findings}
    entries = [entry for entry in baseline.findings if entry.key in counts]
    return Baseline(findings=_sort(msgspec.structs.replace(e, count=min(e.count, counts[e.key])) for e in entries))


def update(baseline: Baseline, findings: Sequence[Finding], reason: str, expires: str) -> Baseline:
    """Replace all entries by those of findings; known ones keep reason and date."""
    before = {entry.key: entry for entry in baseline.findings}
    entries = create(findings, reason, expires).findings
    return Baseline(
        findings=_sort(
            msgspec.structs.replace(e, reason=old.reason, expires=old.expires) if (old := before.get(e.key)) else e
            for e in entries
        )
    )


def audit(baseline: Baseline, findings: Sequence[Finding], today: str) -> Iterator[AuditProblem]:
    """Yield the entries to decide on."""
    keys = {entry.key for entry in create(findings).findings}
    for entry in baseline.findings:
        if entry.key not in keys:
            yield AuditProblem("gone", entry)
        elif is_expired(entry, today):
            yield AuditProblem("expired", entry)
        elif not entry.reason:
            yield AuditProblem("unexplained", entry)


def _sort(entries: Iterable[BaselineEntry]) -> tuple[BaselineEntry, ...]:
    return tuple(sorted(entries, key=lambda e: (e.path, e.rule, e.hash)))


def read_baseline(path: Path) -> Baseline:
    """Read a baseline. UsageError where there is none, where it is damaged or of a newer version."""
    try:
        data = path.read_bytes()
        version = msgspec.json.decode(data, type=_Head).version
        if version > VERSION:
            raise UsageError(
                f"{path}: a baseline of version {version}, this cleaner knows {VERSION}: update cleaner, or "
                "make the baseline anew with 'cleaner baseline create --force'"
            )
        return msgspec.json.decode(data, type=Baseline)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({error.strerror}); 'cleaner baseline create' makes a baseline"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a baseline ({error})") from error


class _Head(msgspec.Struct):
    version: int


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write a baseline, whole or not at all. UsageError where that cannot be."""
    try:
        files.write_bytes(path, msgspec.json.format(msgspec.json.encode(baseline), indent=1) + b"\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
