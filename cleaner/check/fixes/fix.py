"""Findings fixed: texts are mended in memory until nothing is left to mend; each file is written whole or not."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import reduce
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from cleaner.check import cleaning, run, samples
from cleaner.check.causes import is_removal
from cleaner.check.cleaning import CheckSettings, CleanedSample
from cleaner.check.fixes.loss import Refusal
from cleaner.check.inputs.files import display_path
from cleaner.check.locate import LocatedFinding
from cleaner.check.run import CheckResult
from cleaner.check.samples import CheckSample
from cleaner.decode.flags import is_damaged
from cleaner.errors import CleanerError
from cleaner.formats.base import Rejection
from cleaner.formats.registry import format_of
from cleaner.formats.storage import files
from cleaner.model import Edit, Fix, Pass, Span
from cleaner.packs.builtin import BOM, NOT_UTF8
from cleaner.text import edits
from cleaner.text.positions import SpanMap
from cleaner.text.protection import edits_around

MAX_ROUNDS = 5
"""Rounds after which what a fix uncovers is left to the next call."""

_NO_EDITS: Pass = ()


class FixedText(NamedTuple):
    """A text on its way through the rounds, by its number among all.

    `before`: as it came. `item`: as it is mended, checked once more. `fix_count`: of the findings that are fixed, with
    their `rules` and the characters that they take. `error`: why it cannot be mended.
    """

    number: int
    before: CheckSample
    item: CleanedSample
    fix_count: int = 0
    loss: int = 0
    rules: frozenset[str] = frozenset()
    error: str = ""

    @property
    def text(self) -> str:
        """The text as it is mended."""
        return self.item.sample.text


class FixedFile(NamedTuple):
    """A file with its texts that are mended. `name`: as it is reported."""

    path: Path
    name: str
    texts: list[FixedText]

    @property
    def fix_count(self) -> int:
        """How many findings are fixed."""
        return sum(text.fix_count for text in self.texts)


class FixResult(NamedTuple):
    """The files whose texts are mended, and why others, or records of them, are not, by name."""

    files: list[FixedFile]
    refusals: dict[str, str]


def fix_files(
    result: CheckResult, settings: CheckSettings, fixes: Collection[Fix], rounds: int = MAX_ROUNDS
) -> FixResult:
    """Mend texts as far as their findings fail the check and have one of some kinds of fixes; nothing is written.

    A file of records in which one cannot be read stays as it is, and so does one of which nothing would be left.

    Args:
        result: of the check.
        settings: those of the check.
        fixes: the kinds of fixes to apply.
        rounds: how often a text is mended, and what is left of it checked again.
    """
    refusals = _describe_losses([refusal for refusal in result.refusals if refusal.fix in fixes], settings.max_loss)
    unreadable = {item.finding.path for item in result.findings if item.sample is None}
    # a table is written anew from its records, and would be without these
    textless = [Path(item.file) for item in result.textless]
    unreadable |= {display_path(path) for path in textless if not format_of(path).has_lines}
    damaged = {display_path(item.sample.path) for item in result.samples if is_damaged(item.cleaned.document)}
    files_to_fix = []
    for path, group in groupby(_fix_texts(result, settings, fixes, rounds), key=lambda text: text.before.path):
        file = FixedFile(path, display_path(path), list(group))
        if reason := _refuse(file, unreadable, damaged):
            refusals[file.name] = reason
        else:
            files_to_fix.append(file)
    return FixResult(files_to_fix, refusals)


def _describe_losses(refusals: Iterable[Refusal], max_loss: float) -> dict[str, str]:
    """Say by file which share of it, or of how many of its records, would go."""
    reasons = {}
    for path, group in groupby(refusals, key=lambda refusal: refusal.path):
        first, *others = group
        kind = "" if first.fix == "safe" else f"{first.fix} fixes: "
        record = f"the record at line {first.line}" if first.line else "it"
        more = f", and so would {len(others)} more" if others else ""
        reasons[path] = f"{kind}{record} would lose {first.share:.0%}{more}; --max-loss is {max_loss:g}"
    return reasons


def _refuse(file: FixedFile, unreadable: Collection[str], damaged: Collection[str]) -> str:
    """Say why a file is not to be written; "" where it is."""
    if file.name in damaged:
        return "it holds damaged bytes, which would be lost; mend them first"
    if file.name in unreadable:
        return "it holds records that cannot be read; mend or remove them first"
    for text in file.texts:
        if text.error:
            return text.error
        if not text.before.is_record and text.before.text.strip() and not text.text.strip():
            return "nothing would be left; remove the file if that is right"
    return ""


def _fix_texts(result: CheckResult, settings: CheckSettings, fixes: Collection[Fix], rounds: int) -> list[FixedText]:
    """Mend texts, check them and mend them again until nothing is left to mend; those that changed."""
    known = {item.finding.key for item in result.findings if item.finding.accepted_by == "baseline"}
    pending = [FixedText(number, item.sample, item) for number, item in enumerate(result.samples)]
    texts: list[FixedText] = []
    findings = result.findings
    for number in range(rounds):
        groups = _group_fixable(findings, fixes)
        pending = [_fix_text(text, groups[id(text.item)]) for text in pending if id(text.item) in groups]
        texts += pending
        pending = [text for text in pending if not text.error]
        if not pending or number + 1 == rounds:
            break
        pending = list(_clean_again(pending, settings))
        spent = {id(text.item): text.loss for text in pending}
        findings = run.examine([text.item for text in pending], settings, known, spent)
    latest = {text.number: text for text in texts if text.fix_count or text.error}
    return [latest[number] for number in sorted(latest)]


def _group_fixable(findings: Iterable[LocatedFinding], fixes: Collection[Fix]) -> dict[int, list[LocatedFinding]]:
    groups: dict[int, list[LocatedFinding]] = {}
    for item in findings:
        if item.finding.fix in fixes and not item.finding.accepted_by:
            groups.setdefault(id(item.sample), []).append(item)
    return groups


def _fix_text(draft: FixedText, findings: Sequence[LocatedFinding]) -> FixedText:
    """Mend findings of a text, as far as they do not lie in what must stay."""
    sample = draft.item.sample
    changes = _plan_edits(draft.item, findings)
    mended_findings = [
        item for item in findings if item.finding.rule in (BOM, NOT_UTF8) or _is_touched(item.span, changes)
    ]
    draft = draft._replace(
        fix_count=draft.fix_count + len(mended_findings),
        loss=draft.loss + sum(item.loss for item in mended_findings),
        rules=draft.rules | {item.finding.rule for item in mended_findings},
    )
    try:
        after = samples.replace_text(sample, edits.apply(sample.text, changes), draft.rules)
    except (CleanerError, UnicodeEncodeError) as error:
        return draft._replace(error=str(error))
    if isinstance(after, Rejection):
        return draft._replace(error=after.reason)
    return draft._replace(item=draft.item._replace(sample=after))


def _plan_edits(item: CleanedSample, findings: Sequence[LocatedFinding]) -> Pass:
    """Plan the edits that fix findings of a text and leave what all others are about."""
    sample = item.sample
    removals = SpanMap((sample.removals,))
    clean_edits = reduce(edits.compose, item.cleaned.passes, _NO_EDITS)
    changes = tuple(Edit(removals.to_original(edit.span), edit.new, edit.rule) for edit in clean_edits)
    to_fix = {(entry.finding.rule, entry.span) for entry in findings}
    cuts = [entry.span for entry in findings if is_removal(entry)]
    others = (f.span for f in item.findings if f.new is not None and (f.rule, f.span) not in to_fix)
    protected_spans = [span for span in others if not _is_inside(span, cuts)]
    plan = edits_around(sample.text, changes, [*protected_spans, *(edit.span for edit in sample.removals)])
    return _add_single(plan, findings)


def _add_single(plan: Pass, findings: Iterable[LocatedFinding]) -> Pass:
    """Add the edits of findings that gave way to a neighbour, where they can be made by themselves."""
    for entry in findings:
        finding = entry.finding
        if finding.new is not None and finding.is_exact and not _is_touched(entry.span, plan):
            plan = tuple(sorted((*plan, Edit(entry.span, finding.new, finding.rule))))
    return plan


def _is_inside(span: Span, cuts: Sequence[Span]) -> bool:
    """Whether a span lies in one of others, which are sorted."""
    index = bisect_right(cuts, span.start, key=lambda cut: cut.start)
    return index > 0 and span.stop <= cuts[index - 1].stop


def _is_touched(span: Span, changes: Pass) -> bool:
    """Whether one of the sorted edits changes something in a span."""
    index = bisect_right(changes, span.stop, key=lambda edit: edit.span.start)
    return index > 0 and changes[index - 1].span.stop >= span.start


def _clean_again(drafts: Sequence[FixedText], settings: CheckSettings) -> Iterator[FixedText]:
    """Clean mended texts; those that cannot be cleaned any more are at their end."""
    outcomes = cleaning.clean_samples((draft.item.sample for draft in drafts), settings)
    for draft, outcome in zip(drafts, outcomes, strict=True):
        if isinstance(outcome, CleanedSample):
            yield draft._replace(item=outcome)


def write(file: FixedFile, settings: CheckSettings) -> None:
    """Write a mended file, whole or not at all, with its mode. OSError and CleanerError where that cannot be."""
    target = settings.contents.get(file.path, file.path).resolve()
    mode = target.stat().st_mode
    if file.texts[0].before.is_record:
        records = {text.before.read.record.line: (text.before.read.record, text.text) for text in file.texts}
        file.texts[0].before.format.rewrite(target, records, settings.reading)
    else:
        (text,) = file.texts
        files.write_bytes(target, samples.encode_text(text.before, text.text, text.rules))
    target.chmod(mode)
