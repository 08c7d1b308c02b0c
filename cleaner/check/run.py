"""Check files: read samples, clean them, locate the findings, select them, mark the known ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.check import cleaning, git, locate
from cleaner.check import files as inputs
from cleaner.check.baseline import Baseline, mark_known
from cleaner.check.cleaning import CheckSettings, CleanedSample
from cleaner.check.files import display_path
from cleaner.check.findings import Finding
from cleaner.check.locate import LocatedFinding
from cleaner.dedup.pairs import PASSAGE_RULE, TEXT_RULE
from cleaner.formats.base import Rejection
from cleaner.formats.registry import format_of
from cleaner.formats.storage.streams import COMPRESSIONS

ChangedLines = Mapping[str, Sequence[range] | None]
"""Changed lines by path as it is reported; None for a file that counts as a whole."""


class CheckTarget(NamedTuple):
    """Names the files to check, and the texts to compare them with.

    `paths`: files and folders; `include`, `exclude`: globs; `force`: leave out what is excluded though it is named.
    `since`: a revision, only lines changed since count. `duplicates`: look for near-duplicates; `repository`: in all
    files of the repository too; `index_name`: in that stored index too.
    """

    paths: Sequence[Path]
    include: Sequence[str]
    exclude: Sequence[str] = ()
    force: bool = False
    since: str = ""
    duplicates: bool = True
    repository: bool = False
    index_name: str = ""


class CheckResult(NamedTuple):
    """The files that were checked, the samples kept of them, and the findings in order of file and line."""

    files: list[Path]
    samples: list[CleanedSample]
    findings: list[LocatedFinding]


def check_files(target: CheckTarget, settings: CheckSettings, baseline: Baseline, today: str) -> CheckResult:
    """Check files.

    Args:
        target: the files, and what to compare them with.
        settings: how they are read and cleaned, and the rules to report.
        baseline: known findings.
        today: an ISO date, for what expires.

    Raises:
        UsageError: a path, a rule, a revision or an index does not exist.
    """
    rules = settings.rules
    settings.selection.refuse_unknown(rules)
    files, changed_lines = _find_files(target)
    compares = _compares(target, settings)
    samples, rejections = _clean(files, settings, keep_all=compares)
    if compares and samples:
        _add_duplicates(samples, target, settings)
    findings = [locate.locate_rejection(rejection) for rejection in rejections]
    findings += [finding for sample in samples for finding in locate.locate_findings(sample, rules)]
    findings = _select(findings, settings, changed_lines)
    marked_findings = mark_known(baseline, [item.finding for item in findings], today)
    findings = [item._replace(finding=finding) for item, finding in zip(findings, marked_findings, strict=True)]
    return CheckResult(files, samples, findings)


def _find_files(target: CheckTarget) -> tuple[list[Path], ChangedLines | None]:
    files = inputs.find(target.paths, target.include, target.exclude, force=target.force)
    if not target.since:
        return files, None
    changes = git.changed_lines(target.since, Path.cwd())
    files = [path for path in files if path.resolve() in changes]
    return files, {display_path(path): changes[path.resolve()] if _has_lines(path) else None for path in files}


def _has_lines(path: Path) -> bool:
    """Whether places in a file are lines that git counts."""
    return format_of(path).has_lines and path.suffix not in COMPRESSIONS


def _clean(
    files: Iterable[Path], settings: CheckSettings, *, keep_all: bool
) -> tuple[list[CleanedSample], list[Rejection]]:
    """Clean files; samples without finding and suppression are dropped at once, unless all are kept."""
    samples: list[CleanedSample] = []
    rejections: list[Rejection] = []
    for outcome in cleaning.clean_files(files, settings):
        if isinstance(outcome, Rejection):
            rejections.append(outcome)
        elif keep_all or outcome.findings or outcome.sample.suppressions:
            samples.append(outcome)
    return samples, rejections


def _compares(target: CheckTarget, settings: CheckSettings) -> bool:
    """Whether to look for near-duplicates, which takes all texts."""
    is_selected = any(settings.selection.selects(rule) for rule in (TEXT_RULE, PASSAGE_RULE))
    return is_selected and bool(target.duplicates or target.repository or target.index_name)


def _add_duplicates(samples: list[CleanedSample], target: CheckTarget, settings: CheckSettings) -> None:
    from cleaner.check import duplicates

    others: list[CleanedSample] = []
    if target.repository:
        paths = {item.sample.path.resolve() for item in samples}
        files = inputs.matching(git.tracked_files(Path.cwd()), target.include, target.exclude)
        outcomes = cleaning.clean_files((path for path in files if path.resolve() not in paths), settings)
        others = [outcome for outcome in outcomes if isinstance(outcome, CleanedSample)]
    duplicates.add_pairs(samples, others)
    if target.index_name:
        duplicates.add_index_matches(samples, target.index_name)


def _select(
    findings: Iterable[LocatedFinding], settings: CheckSettings, changed_lines: ChangedLines | None
) -> list[LocatedFinding]:
    """Return the findings to report, in order: of selected rules, on changed lines."""
    selection = settings.selection
    return sorted(
        (
            item
            for item in findings
            if selection.selects(item.finding.rule, item.finding.path) and _is_changed(item.finding, changed_lines)
        ),
        key=lambda item: item.finding.sort_key,
    )


def _is_changed(finding: Finding, changed_lines: ChangedLines | None) -> bool:
    if changed_lines is None:
        return True
    if finding.path not in changed_lines:
        return False
    ranges = changed_lines[finding.path]
    if ranges is None or finding.rule.startswith(("encoding/", "input/")):
        return True
    place = finding.place
    return any(place.line < lines.stop and lines.start <= place.end_line for lines in ranges)
