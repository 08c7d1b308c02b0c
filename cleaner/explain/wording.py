"""Changes in words: sentences on the reasons of a change, and a summary of all changes of a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner.explain.trace import Hunk, Reason
from cleaner.model import Cleaned, Evidence
from cleaner.packs.builtin import RULES
from cleaner.pipeline import Pack
from cleaner.rules.schema import DROP_SCORE


class ChangeCounts(NamedTuple):
    """Lines and characters, white space aside."""

    lines: int
    characters: int


def list_rationales(pack: Pack) -> dict[str, str]:
    """List what each rule is for, by id."""
    return {rule.id: rule.why for rule in RULES.values()} | {rule.id: rule.why for rule in pack.rules}


def describe_reason(reason: Reason, rationales: Mapping[str, str]) -> Iterator[str]:
    """Yield sentences on one reason of a change."""
    why = rationales.get(reason.rule, "")
    yield f"{reason.rule}: {why}" if why else reason.rule
    if reason.words:
        words = ", ".join(f"{entry.word} → {entry.value}" for entry in reason.words)
        yield f"Decided by words: {words}. All else went character by character."
    if reason.score is None or not reason.evidence:
        return
    supporting = [_describe_evidence(evidence) for evidence in reason.evidence if evidence.weight > 0]
    opposing = [_describe_evidence(evidence) for evidence in reason.evidence if evidence.weight < 0]
    yield f"Its score is {reason.score:.2f}; {DROP_SCORE:.2f} is likely to be junk."
    yield f"For removing it: {'; '.join(supporting)}." if supporting else "Nothing speaks for removing it."
    if opposing:
        yield f"Against: {'; '.join(opposing)}."


def _describe_evidence(evidence: Evidence) -> str:
    """Write the words of a reason of the judge, or the id of a rule, with the weight."""
    if evidence.rule.startswith("core/judge/"):
        return f"{evidence.note} ({evidence.weight:+.2f})"
    note = f", {evidence.note}" if evidence.note else ""
    return f"{evidence.rule} ({evidence.weight:+.2f}{note})"


def summarize(cleaned: Cleaned, hunks: Sequence[Hunk]) -> Iterator[str]:
    """Yield a summary: lines and characters that went and stay, the doubt, and what went by rule."""
    before, after = _measure(cleaned.document.text), _measure(cleaned.text)
    removed_lines = sum(_measure(hunk.old).lines for hunk in hunks if hunk.new is None)
    changed_lines = sum(_measure(hunk.old).lines for hunk in hunks if hunk.new is not None)
    share = (before.characters - after.characters) / max(before.characters, 1)
    yield (
        f"{before.lines:,} lines: {removed_lines:,} removed, {changed_lines:,} changed, "
        f"{before.lines - removed_lines - changed_lines:,} stay as they are"
    )
    yield f"{before.characters:,} characters: {after.characters:,} remain ({share:.1%} removed)"
    yield f"doubt: {cleaned.doubt:.2f}"
    if hunks:
        yield f"{'lines':>7} {'characters':>11}"
    lines, characters = Counter[str](), Counter[str]()
    for hunk in hunks:
        old, new = _measure(hunk.old), _measure(hunk.new or "")
        rule = hunk.reasons[-1].rule if hunk.reasons else ""
        lines[rule] += old.lines
        characters[rule] += max(old.characters - new.characters, 0)
    for rule in sorted(lines, key=lambda rule: (-characters[rule], rule)):
        yield f"{lines[rule]:7,} {characters[rule]:11,}  {rule}"


def _measure(text: str) -> ChangeCounts:
    lines = [line for line in text.split("\n") if line.strip()]
    return ChangeCounts(len(lines), sum(len("".join(line.split())) for line in lines))
