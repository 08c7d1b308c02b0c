"""The report of a check, for every way of printing it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cleaner.check.findings import Finding
from cleaner.model import BuiltinRule
from cleaner.rules.schema import Rule


class Frame(Struct, frozen=True):
    """The line of a text that a finding begins on, and the columns from 0 that it takes there."""

    line: str
    start: int
    stop: int


class Display(Struct, frozen=True):
    """How findings are shown to a reader.

    `has_colour`: with colours and frames. `is_verbose`: with every sentence, and exempt files. `is_quiet`: without
    a summary.
    """

    has_colour: bool = False
    is_verbose: bool = False
    is_quiet: bool = False


class Report(Struct, frozen=True):
    """Findings in order of file and line, known ones too.

    `files`: how many were checked. `fix_counts`: findings that were fixed, by file. `rules`: by id, all that
    could have been found. `root`: the URI that relative paths are relative to. `version`: that of cleaner.
    `exempt`: the kinds of files that were left alone, by name. `frames`: one for each finding, where they are shown.
    """

    findings: tuple[Finding, ...]
    files: int
    fix_counts: Mapping[str, int]
    rules: Mapping[str, Rule | BuiltinRule]
    root: str
    version: str
    exempt: Mapping[str, str] = {}
    frames: tuple[Frame, ...] = ()
    display: Display = Display()

    @property
    def new(self) -> tuple[Finding, ...]:
        """The findings that fail the check."""
        return tuple(finding for finding in self.findings if not finding.accepted_by)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found and nothing had to be fixed."""
        return not self.new and not self.fix_counts
