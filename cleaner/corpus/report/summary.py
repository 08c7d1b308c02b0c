"""The counts of a run: gathered document by document, merged in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.formats.storage.folders import SkippedFile
from cleaner.model import Cleaned, Pass

MOST_SKIPS = 100
"""SkippedFile records that are listed one by one; all are counted."""

MOST_LOSSES = 3
"""Documents of the greatest loss that are named."""

CONVERSION_RULE = "normalize/script"
"""The rule that converts script; a pass of normalizing holds edits of one rule."""


@dataclass
class HostCounts:
    """Counts of one host."""

    documents: int = 0
    characters_in: int = 0
    characters_out: int = 0

    @property
    def removed_share(self) -> float:
        """The share of characters that was removed."""
        return 1 - self.characters_out / self.characters_in if self.characters_in else 0.0

    def add(self, other: HostCounts) -> None:
        """Add the counts of another shard."""
        self.documents += other.documents
        self.characters_in += other.characters_in
        self.characters_out += other.characters_out


@dataclass
class RunSummary:
    """Counts over a run; `edits`, `characters_removed` and `flags` are by rule id.

    `lengths` counts documents by the bits of their number of characters, `scripts` by the script they came in,
    `doubts` by the tenth that their doubt lies in, `kinds` by the kind of page that is likely.
    `duplicates`: near-duplicate passages. `quarantines`: documents put into quarantine. `repeated_ids`: records whose
    id another has too. `rejections`: all that could not be read or cleaned, of which `skips` lists the first.
    `losses`: the documents that lost most, each with its share and where it stands.
    """

    documents: int = 0
    changed_documents: int = 0
    characters_in: int = 0
    characters_out: int = 0
    script_conversions: int = 0
    duplicates: int = 0
    quarantines: int = 0
    repeated_ids: int = 0
    rejections: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    characters_removed: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    lengths: Counter[str] = field(default_factory=Counter)
    scripts: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    hosts: dict[str, HostCounts] = field(default_factory=dict)
    skips: list[SkippedFile] = field(default_factory=list)
    losses: list[tuple[float, str]] = field(default_factory=list)

    @property
    def removed_share(self) -> float:
        """The share of characters that was removed."""
        return HostCounts(0, self.characters_in, self.characters_out).removed_share

    def add(self, cleaned: Cleaned, host: str = "", script: str = "", place: str = "") -> None:
        """Count one document. `place`: where it stands in the input."""
        before, after = len(cleaned.document.text), len(cleaned.text)
        self.documents += 1
        self.changed_documents += bool(cleaned.passes)
        self.characters_in += before
        self.characters_out += after
        self.script_conversions += self._add_edits(cleaned.passes)
        self.flags.update([flag.rule for flag in cleaned.flags])
        self.lengths[str(before.bit_length())] += 1
        self.doubts[f"{int(cleaned.doubt * 10) / 10:.1f}"] += 1
        if cleaned.kind:
            self.kinds[cleaned.kind.label] += 1
        if place and after < before:
            self._add_losses([(round(1 - after / before, 4), place)])
        if script:
            self.scripts[script] += 1
        if host:
            self._add_host(host, HostCounts(1, before, after))

    def _add_edits(self, passes: Iterable[Pass]) -> bool:
        """Count edits; return whether one of them converts script."""
        counts, characters, converts = self.edits, self.characters_removed, False
        for edits in passes:
            for edit in edits:
                rule, span = edit.rule, edit.span
                counts[rule] += 1
                less = span.stop - span.start - len(edit.new)
                characters[rule] += less if less > 0 else 0
            converts |= bool(edits) and edits[0].rule == CONVERSION_RULE
        return converts

    def quarantine(self, cleaned: Cleaned) -> None:
        """Count a document that is not in the output, but whole in the quarantine."""
        self.quarantines += 1
        self.flags.update(flag.rule for flag in cleaned.flags)

    def reject(self, place: str, reason: str) -> None:
        """Count what could not be read or cleaned."""
        self.rejections += 1
        if len(self.skips) < MOST_SKIPS:
            self.skips.append(SkippedFile(place, reason))

    def remove(self, rule: str, edits: int, characters: int, host: str = "") -> None:
        """Count edits that were made after a document was added."""
        self.edits[rule] += edits
        self.characters_removed[rule] += characters
        self.characters_out -= characters
        if host:
            self._add_host(host, HostCounts(0, 0, -characters))

    def merge(self, other: RunSummary) -> None:
        """Add the counts of a shard that comes after this one."""
        self.documents += other.documents
        self.changed_documents += other.changed_documents
        self.characters_in += other.characters_in
        self.characters_out += other.characters_out
        self.script_conversions += other.script_conversions
        self.duplicates += other.duplicates
        self.quarantines += other.quarantines
        self.repeated_ids += other.repeated_ids
        self.rejections += other.rejections
        self.edits.update(other.edits)
        self.characters_removed.update(other.characters_removed)
        self.flags.update(other.flags)
        self.lengths.update(other.lengths)
        self.scripts.update(other.scripts)
        self.doubts.update(other.doubts)
        self.kinds.update(other.kinds)
        for host, counts in other.hosts.items():
            self._add_host(host, counts)
        self.skips += other.skips[: MOST_SKIPS - len(self.skips)]
        self._add_losses(other.losses)

    def _add_losses(self, losses: Iterable[tuple[float, str]]) -> None:
        self.losses = sorted([*self.losses, *losses], key=lambda loss: (-loss[0], loss[1]))[:MOST_LOSSES]

    def _add_host(self, name: str, counts: HostCounts) -> None:
        self.hosts.setdefault(name, HostCounts()).add(counts)

    def by_category(self) -> list[tuple[str, int, int]]:
        """Return (category, edits, characters removed), most characters first."""
        edits: Counter[str] = Counter()
        characters: Counter[str] = Counter()
        for rule, count in self.edits.items():
            edits[category_of(rule)] += count
            characters[category_of(rule)] += self.characters_removed[rule]
        return sorted(((name, edits[name], characters[name]) for name in edits), key=lambda row: (-row[2], row[0]))

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        return {
            "documents": self.documents,
            "changed": self.changed_documents,
            "characters_in": self.characters_in,
            "characters_out": self.characters_out,
            "script_converted": self.script_conversions,
            "duplicates": self.duplicates,
            "quarantined": self.quarantines,
            "repeated_ids": self.repeated_ids,
            "rejected": self.rejections,
            "edits_by_rule": dict(sorted(self.edits.items())),
            "characters_removed_by_rule": dict(sorted(self.characters_removed.items())),
            "flags_by_rule": dict(sorted(self.flags.items())),
            "lengths": dict(sorted(self.lengths.items(), key=lambda item: int(item[0]))),
            "scripts": dict(sorted(self.scripts.items())),
            "doubts": dict(sorted(self.doubts.items())),
            "kinds": dict(sorted(self.kinds.items())),
            "hosts": {
                name: [host.documents, host.characters_in, host.characters_out]
                for name, host in sorted(self.hosts.items())
            },
            "losses": [list(loss) for loss in self.losses],
            "skipped": [{"path": skip.path, "reason": skip.reason} for skip in self.skips],
        }


def decode_summary(data: Mapping[str, Any]) -> RunSummary:
    """Return the summary that `as_dict` gave; KeyError where something is missing."""
    return RunSummary(
        documents=data["documents"],
        changed_documents=data["changed"],
        characters_in=data["characters_in"],
        characters_out=data["characters_out"],
        script_conversions=data["script_converted"],
        duplicates=data["duplicates"],
        quarantines=data["quarantined"],
        repeated_ids=data["repeated_ids"],
        rejections=data["rejected"],
        edits=Counter(data["edits_by_rule"]),
        characters_removed=Counter(data["characters_removed_by_rule"]),
        flags=Counter(data["flags_by_rule"]),
        lengths=Counter(data["lengths"]),
        scripts=Counter(data["scripts"]),
        doubts=Counter(data["doubts"]),
        kinds=Counter(data.get("kinds", {})),
        hosts={name: HostCounts(*row) for name, row in data["hosts"].items()},
        losses=[(share, place) for share, place in data.get("losses", ())],
        skips=[SkippedFile(row["path"], row["reason"]) for row in data["skipped"]],
    )


def category_of(rule: str) -> str:
    """Return the category in a rule's id: `footer` of `zh-web/footer/icp-number`, `normalize` of a normalizing step."""
    levels = rule.split("/")
    return (levels[1:-1] or levels)[0]
