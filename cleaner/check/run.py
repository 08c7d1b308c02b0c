"""Check files: read samples, clean them, locate the findings, select them, mark the known ones."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from cleaner.check import cleaning, locate, parallel
from cleaner.check.baseline import Baseline, mark_known
from cleaner.check.causes import merge_causes
from cleaner.check.cleaning import CheckSettings, CleanedSample
from cleaner.check.findings import Finding
from cleaner.check.fixes.loss import Refusal, limit_loss
from cleaner.check.inputs import files as inputs
from cleaner.check.inputs import git
from cleaner.check.inputs.files import FileFilter, display_path
from cleaner.check.locate import LocatedFinding
from cleaner.corpus.records import DEFECT
from cleaner.dedup.pairs import EVALUATION_RULE, PASSAGE_RULE, TEXT_RULE
from cleaner.dedup.references.evaluation import Evaluation
from cleaner.formats import json_files
from cleaner.formats.base import Rejection
from cleaner.formats.registry import format_of
from cleaner.formats.storage.streams import COMPRESSIONS

ChangedLines = Mapping[str, Sequence[range] | None]
"""Changed lines by path as it is reported; None for a file that counts as a whole."""

Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Is given the bytes of all files, and within its context told how many more were checked."""


class CheckTarget(NamedTuple):
    """Names the files to check, and the texts to compare them with.

    `paths`: files and folders. `chosen`: which files of folders. `since`: a revision, only lines changed since count.
    `duplicates`: look for near-duplicates; `repository`: in all files of the repository too; `index_name`: in that
    stored index too. `evaluation`: the questions to look for.
    """

    paths: Sequence[Path]
    chosen: FileFilter
    since: str = ""
    duplicates: bool = True
    repository: bool = False
    index_name: str = ""
    evaluation: Evaluation | None = None

    @property
    def compares(self) -> bool:
        """Whether texts are compared with others."""
        return self.duplicates or self.repository or bool(self.index_name) or self.evaluation is not None


class CheckResult(NamedTuple):
    """The files that were checked, the samples kept of them, and the findings in order of file and line.

    `refusals`: texts that would lose too much if they were fixed. `exempt`: the kinds of files left alone, by name.
    `defects`: what broke off because of this program, not of a file. `textless`: files and records without a text,
    where that is no finding.
    """

    files: list[Path]
    samples: list[CleanedSample]
    findings: list[LocatedFinding]
    refusals: list[Refusal]
    exempt: dict[str, str]
    defects: list[str]
    textless: list[Rejection]


class FileOutcomes(NamedTuple):
    """What came of reading and cleaning files."""

    samples: list[CleanedSample]
    rejections: list[Rejection]
    exempt: dict[str, str]
    textless: list[Rejection]


def check_files(
    target: CheckTarget, settings: CheckSettings, baseline: Baseline, today: str, progress: Progress | None = None
) -> CheckResult:
    """Check files.

    Args:
        target: the files, and what to compare them with.
        settings: how they are read and cleaned, and the rules to report.
        baseline: known findings.
        today: an ISO date, for what expires.
        progress: shows how far the check is.

    Raises:
        UsageError: a path, a rule, a revision or an index does not exist.
    """
    rules = settings.rules
    settings.selection.refuse_unknown(rules)
    settings.exemption.refuse_unknown()
    paths, changed_lines = _find_files(target, settings)
    exempt = {
        display_path(path): kind for path in paths if (kind := settings.exemption.kind_by_name(display_path(path)))
    }
    compares = _compares(target, settings)
    evaluation = target.evaluation if settings.selection.selects(EVALUATION_RULE) else None
    candidates = [path for path in paths if display_path(path) not in exempt]
    outcomes = _clean(candidates, settings, progress, keep_all=compares or evaluation is not None)
    exempt |= outcomes.exempt
    if compares and outcomes.samples:
        _add_duplicates(outcomes.samples, target, settings)
    if evaluation:
        from cleaner.check import evaluations

        evaluations.add_questions(outcomes.samples, evaluation)
    findings = [locate.locate_rejection(rejection) for rejection in outcomes.rejections]
    findings += [finding for sample in outcomes.samples for finding in locate.locate_findings(sample, rules)]
    findings = merge_causes(_select(findings, settings, changed_lines))
    marked_findings = mark_known(baseline, [item.finding for item in findings], today)
    findings = [item._replace(finding=finding) for item, finding in zip(findings, marked_findings, strict=True)]
    findings, refusals = limit_loss(findings, settings.max_loss)
    files = [path for path in candidates if display_path(path) not in exempt]
    defects = _list_defects(outcomes.rejections)
    return CheckResult(files, outcomes.samples, findings, refusals, exempt, defects, outcomes.textless)


def examine(
    samples: Iterable[CleanedSample],
    settings: CheckSettings,
    known: Container[tuple[str, str]],
    spent: Mapping[int, int],
) -> list[LocatedFinding]:
    """Find what is left in texts that were mended.

    Args:
        samples: the texts.
        settings: those of the check.
        known: keys of findings that a baseline accepts.
        spent: characters that fixes took from a text, by the identity of its sample.
    """
    rules = settings.rules
    findings = [finding for sample in samples for finding in locate.locate_findings(sample, rules)]
    findings = merge_causes(_select(findings, settings, None))
    return limit_loss([item for item in findings if item.finding.key not in known], settings.max_loss, spent)[0]


def _find_files(target: CheckTarget, settings: CheckSettings) -> tuple[list[Path], ChangedLines | None]:
    """Find the files to check, and their changed lines where only those count."""
    files = [path for path in target.paths if path in settings.contents]
    files += inputs.find([path for path in target.paths if path not in settings.contents], target.chosen)
    if not target.since:
        return files, None
    changes = git.changed_lines(target.since, Path.cwd())
    files = [path for path in files if path.resolve() in changes]
    return files, {display_path(path): changes[path.resolve()] if _has_lines(path) else None for path in files}


def _has_lines(path: Path) -> bool:
    """Whether places in a file are lines that git counts."""
    return format_of(path).has_lines and path.suffix not in COMPRESSIONS


def _clean(
    paths: Sequence[Path], settings: CheckSettings, progress: Progress | None, *, keep_all: bool
) -> FileOutcomes:
    """Clean files; samples without finding and suppression are dropped at once, unless all are kept."""
    outcomes = FileOutcomes([], [], {}, [])
    for outcome in parallel.clean_files(paths, settings, progress, keep_all=keep_all):
        if isinstance(outcome, Rejection) and (kind := _settings_kind(outcome, settings)):
            outcomes.exempt[display_path(Path(outcome.file))] = kind
        elif isinstance(outcome, Rejection):
            is_notice = outcome.lacks_text and not settings.requires_text
            (outcomes.textless if is_notice else outcomes.rejections).append(outcome)
        elif kind := cleaning.exempt_kind(outcome.sample, settings.exemption):
            outcomes.exempt[display_path(outcome.sample.path)] = kind
        elif keep_all or outcome.is_noteworthy:
            outcomes.samples.append(outcome)
    return outcomes


def _settings_kind(rejection: Rejection, settings: CheckSettings) -> str:
    """Return the kind of files that are exempt to which a file of JSON without a text belongs; "" for none."""
    path = Path(rejection.file)
    if rejection.line or format_of(path, settings.reading.format) is not json_files.FORMAT:
        return ""
    return settings.exemption.settings_kind(display_path(path))


def _list_defects(rejections: Iterable[Rejection]) -> list[str]:
    """List the texts at which cleaning broke off."""
    return [f"{item.file}: {item.reason}" for item in rejections if item.reason.startswith(DEFECT)]


def _compares(target: CheckTarget, settings: CheckSettings) -> bool:
    """Whether to look for near-duplicates, which takes all texts."""
    is_selected = any(settings.selection.selects(rule) for rule in (TEXT_RULE, PASSAGE_RULE))
    return is_selected and bool(target.duplicates or target.repository or target.index_name)


def _add_duplicates(samples: list[CleanedSample], target: CheckTarget, settings: CheckSettings) -> None:
    from cleaner.check import duplicates

    duplicates.add_pairs(samples)
    if target.repository:
        from cleaner.check import repository

        repository.add_repository_matches(samples, target.chosen, settings)
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
