"""What a run did, in numbers: gathered document by document, merged in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.formats.files import SkippedFile
from cleaner.model import Cleaned, Pass

LISTED = 100
"""Skipped records that are listed one by one; all are counted."""

CONVERTED = "normalize/script"
"""The rule that converts script; a pass of normalizing holds edits of one rule."""

_COUNTS = (
    "documents",
    "changed",
    "characters_in",
    "characters_out",
    "converted",
    "duplicates",
    "quarantined",
    "repeated",
    "rejected",
)
_TABLES = ("edits", "characters", "flags", "lengths", "scripts")


@dataclass
class Host:
    """One host's part of a run."""

    documents: int = 0
    characters_in: int = 0
    characters_out: int = 0

    @property
    def share(self) -> float:
        """The share of characters that was removed."""
        return 1 - self.characters_out / self.characters_in if self.characters_in else 0.0


@dataclass
class Summary:
    """Counts over a run; `edits`, `characters` (removed) and `flags` are by rule id.

    `lengths` counts documents by the bits of their number of characters, `scripts` by the script they came in.
    `duplicates`: near-duplicate passages. `quarantined`: documents put aside whole. `repeated`: records whose id
    another has too. `rejected`: all that could not be read or cleaned, of which `skipped` lists the first.
    """

    documents: int = 0
    changed: int = 0
    characters_in: int = 0
    characters_out: int = 0
    converted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    repeated: int = 0
    rejected: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    lengths: Counter[str] = field(default_factory=Counter)
    scripts: Counter[str] = field(default_factory=Counter)
    hosts: dict[str, Host] = field(default_factory=dict)
    skipped: list[SkippedFile] = field(default_factory=list)

    def add(self, cleaned: Cleaned, host: str = "", script: str = "") -> None:
        """Count one document."""
        before, after = len(cleaned.document.text), len(cleaned.text)
        self.documents += 1
        self.changed += bool(cleaned.passes)
        self.characters_in += before
        self.characters_out += after
        self.converted += self._add_edits(cleaned.passes)
        self.flags.update([flag.rule for flag in cleaned.flags])
        self.lengths[str(before.bit_length())] += 1
        if script:
            self.scripts[script] += 1
        if host:
            self._add_host(host, Host(1, before, after))

    def _add_edits(self, passes: Iterable[Pass]) -> bool:
        """Count edits; whether one of them converts script."""
        edits, characters, converted = self.edits, self.characters, False
        for made in passes:
            for edit in made:
                rule, span = edit.rule, edit.span
                edits[rule] += 1
                less = span.stop - span.start - len(edit.new)
                characters[rule] += less if less > 0 else 0
            converted |= bool(made) and made[0].rule == CONVERTED
        return converted

    def put_aside(self, cleaned: Cleaned) -> None:
        """Count a document that is not in the output, but whole elsewhere."""
        self.quarantined += 1
        self.flags.update(flag.rule for flag in cleaned.flags)

    def reject(self, where: str, reason: str) -> None:
        """Count what could not be read or cleaned."""
        self.rejected += 1
        if len(self.skipped) < LISTED:
            self.skipped.append(SkippedFile(where, reason))

    def remove(self, rule: str, edits: int, characters: int, host: str = "") -> None:
        """Count edits that were made after a document was added."""
        self.edits[rule] += edits
        self.characters[rule] += characters
        self.characters_out -= characters
        if host:
            self._add_host(host, Host(0, 0, -characters))

    def merge(self, other: Summary) -> None:
        """Add another part of the run, which comes after this one."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _TABLES:
            getattr(self, name).update(getattr(other, name))
        for host, part in other.hosts.items():
            self._add_host(host, part)
        self.skipped += other.skipped[: LISTED - len(self.skipped)]

    def _add_host(self, name: str, part: Host) -> None:
        found = self.hosts.setdefault(name, Host())
        found.documents += part.documents
        found.characters_in += part.characters_in
        found.characters_out += part.characters_out

    def categories(self) -> list[tuple[str, int, int]]:
        """(category, edits, characters removed), most characters first."""
        edits: Counter[str] = Counter()
        characters: Counter[str] = Counter()
        for rule, count in self.edits.items():
            edits[category(rule)] += count
            characters[category(rule)] += self.characters[rule]
        return sorted(((c, edits[c], characters[c]) for c in edits), key=lambda row: (-row[2], row[0]))

    def as_dict(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "documents": self.documents,
            "changed": self.changed,
            "characters_in": self.characters_in,
            "characters_out": self.characters_out,
            "script_converted": self.converted,
            "duplicates": self.duplicates,
            "quarantined": self.quarantined,
            "repeated_ids": self.repeated,
            "rejected": self.rejected,
            "edits_by_rule": dict(sorted(self.edits.items())),
            "characters_removed_by_rule": dict(sorted(self.characters.items())),
            "flags_by_rule": dict(sorted(self.flags.items())),
            "lengths": dict(sorted(self.lengths.items(), key=lambda item: int(item[0]))),
            "scripts": dict(sorted(self.scripts.items())),
            "hosts": {
                name: [host.documents, host.characters_in, host.characters_out]
                for name, host in sorted(self.hosts.items())
            },
            "skipped": [{"path": s.path, "reason": s.reason} for s in self.skipped],
        }


_NAMES = {
    "script_converted": "converted",
    "repeated_ids": "repeated",
    "edits_by_rule": "edits",
    "characters_removed_by_rule": "characters",
    "flags_by_rule": "flags",
}


def from_dict(data: Mapping[str, Any]) -> Summary:
    """The inverse of `as_dict`. Raises KeyError where something is missing."""
    found = Summary()
    for name, value in data.items():
        own = _NAMES.get(name, name)
        setattr(found, own, Counter(value) if own in _TABLES else value)
    found.hosts = {name: Host(*row) for name, row in data["hosts"].items()}
    found.skipped = [SkippedFile(row["path"], row["reason"]) for row in data["skipped"]]
    return found


def category(rule: str) -> str:
    """The category in a rule's id: `zh-web/footer/icp-number` is of `footer`, a normalizing step of `normalize`."""
    parts = rule.split("/")
    return parts[1] if len(parts) > 2 else parts[0]
