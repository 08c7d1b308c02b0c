"""The report of a check, for every way of printing it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cleaner.check.findings import Finding
from cleaner.model import BuiltinRule
from cleaner.rules.schema import Rule


class Report(Struct, frozen=True):
    """Findings in order of file and line, known ones too.

    `files`: how many were checked. `fix_counts`: findings that were fixed, by file. `rules`: by id, all that
    could have been found. `root`: the URI that relative paths are relative to. `version`: that of cleaner.
    """

    findings: tuple[Finding, ...]
    files: int
    fix_counts: Mapping[str, int]
    rules: Mapping[str, Rule | BuiltinRule]
    root: str
    version: str

    @property
    def new(self) -> tuple[Finding, ...]:
        """The findings that fail the check."""
        return tuple(finding for finding in self.findings if not finding.accepted_by)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found and nothing had to be fixed."""
        return not self.new and not self.fix_counts
