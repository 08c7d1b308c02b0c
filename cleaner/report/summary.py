"""What a run did, in numbers: gathered document by document, merged in any order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from cleaner.formats.files import Skipped
from cleaner.model import Cleaned


@dataclass
class Summary:
    """Counts over a run; `edits`, `characters` (removed) and `flags` are by rule id."""

    documents: int = 0
    changed: int = 0
    characters_in: int = 0
    characters_out: int = 0
    converted: int = 0
    duplicates: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)

    def add(self, cleaned: Cleaned) -> None:
        """Count one document."""
        self.documents += 1
        self.changed += bool(cleaned.passes)
        self.characters_in += len(cleaned.document.text)
        self.characters_out += len(cleaned.text)
        rules = set()
        for edit in cleaned.edits:
            rules.add(edit.rule)
            self.edits[edit.rule] += 1
            self.characters[edit.rule] += max(0, edit.span.stop - edit.span.start - len(edit.new))
        self.converted += "normalize/script" in rules
        self.flags.update(flag.rule for flag in cleaned.flags)

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
            "edits_by_rule": dict(sorted(self.edits.items())),
            "characters_removed_by_rule": dict(sorted(self.characters.items())),
            "flags_by_rule": dict(sorted(self.flags.items())),
            "skipped": [{"path": s.path, "reason": s.reason} for s in self.skipped],
        }


def category(rule: str) -> str:
    """The category in a rule's id: `zh-web/footer/icp-number` is of `footer`, a normalizing step of `normalize`."""
    parts = rule.split("/")
    return parts[1] if len(parts) > 2 else parts[0]
