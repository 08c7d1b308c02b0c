"""The baseline: findings that are known and accepted for a time, so that only new ones fail; and its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from cleaner.check.findings import Finding
from cleaner.errors import UsageError
from cleaner.formats import files

VERSION = 1


class Entry(Struct, frozen=True, omit_defaults=True):
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
        """What makes a finding this one."""
        return self.rule, self.hash


class Baseline(Struct, frozen=True):
    """A whole file."""

    version: int = VERSION
    findings: tuple[Entry, ...] = ()


class Audit(Struct, frozen=True):
    """An entry that asks for a decision: `expired`, `gone` (nothing matches it), or `unexplained` (without reason)."""

    problem: str
    entry: Entry


def known(baseline: Baseline, findings: Iterable[Finding], today: str) -> list[Finding]:
    """The findings, those in the baseline marked; the same line more often than `count` is new from there on."""
    left = Counter({entry.key: entry.count for entry in baseline.findings if not is_expired(entry, today)})
    reasons = {entry.key: entry.reason for entry in baseline.findings}
    made = []
    for finding in findings:
        key = finding.rule, finding.hash
        if not finding.known and left[key] > 0:
            left[key] -= 1
            finding = msgspec.structs.replace(finding, known="baseline", reason=reasons[key])
        made.append(finding)
    return made


def is_expired(entry: Entry, today: str) -> bool:
    """Whether an entry's date lies before `today` (ISO)."""
    return bool(entry.expires) and entry.expires < today


def of(findings: Iterable[Finding], reason: str = "", expires: str = "") -> Baseline:
    """All findings that no comment suppresses, as known."""
    entries: dict[tuple[str, str], Entry] = {}
    for finding in findings:
        if finding.known == "comment":
            continue
        key = finding.rule, finding.hash
        first = entries.get(key) or Entry(
            *key, 0, path=finding.path, excerpt=finding.excerpt, reason=reason, expires=expires
        )
        entries[key] = msgspec.structs.replace(first, count=first.count + 1)
    return Baseline(findings=_sorted(entries.values()))


def pruned(baseline: Baseline, findings: Sequence[Finding]) -> Baseline:
    """Without entries that nothing matches any more; counts only fall."""
    now = {entry.key: entry.count for entry in of(findings).findings}
    kept = [e for e in baseline.findings if e.key in now]
    return Baseline(findings=_sorted(msgspec.structs.replace(e, count=min(e.count, now[e.key])) for e in kept))


def updated(baseline: Baseline, findings: Sequence[Finding], reason: str, expires: str) -> Baseline:
    """What is found now; what was known keeps its reason and date."""
    before = {entry.key: entry for entry in baseline.findings}
    now = of(findings, reason, expires).findings
    return Baseline(
        findings=_sorted(
            msgspec.structs.replace(e, reason=old.reason, expires=old.expires) if (old := before.get(e.key)) else e
            for e in now
        )
    )


def audit(baseline: Baseline, findings: Sequence[Finding], today: str) -> Iterator[Audit]:
    """The entries that ask for a decision."""
    now = {entry.key for entry in of(findings).findings}
    for entry in baseline.findings:
        if entry.key not in now:
            yield Audit("gone", entry)
        elif is_expired(entry, today):
            yield Audit("expired", entry)
        elif not entry.reason:
            yield Audit("unexplained", entry)


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda e: (e.path, e.rule, e.hash)))


def read(path: Path) -> Baseline:
    """A baseline. UsageError where there is none, where it is damaged or of a newer version."""
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


def write(path: Path, baseline: Baseline) -> None:
    """Write a baseline, whole or not at all. UsageError where that cannot be."""
    try:
        files.write_bytes(path, msgspec.json.format(msgspec.json.encode(baseline), indent=1) + b"\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
