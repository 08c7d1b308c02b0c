"""Changes in words: sentences on the reasons of a change, and a summary of all changes of a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner.explain.language import Language, Wording, read_wording
from cleaner.explain.trace import Hunk, Reason
from cleaner.judging.explanation import DECIDES_ALONE, REASONS
from cleaner.model import Cleaned, Evidence
from cleaner.packs.builtin import RULES
from cleaner.pipeline import Pack
from cleaner.rules.schema import DROP_SCORE


class ChangeCounts(NamedTuple):
    """Lines and characters, white space aside."""

    lines: int
    characters: int


def list_rationales(pack: Pack, language: Language = "en") -> dict[str, str]:
    """List what each rule is for, by id."""
    rationales = {rule.id: rule.why for rule in RULES.values()} | {rule.id: rule.why for rule in pack.rules}
    return read_wording(language).translate(rationales)


def describe_reason(reason: Reason, rationales: Mapping[str, str], language: Language = "en") -> Iterator[str]:
    """Yield sentences on one reason of a change."""
    wording = read_wording(language)
    sentences, why = wording.sentences, rationales.get(reason.rule, "")
    yield sentences["rule"].format(rule=reason.rule, why=why) if why else reason.rule
    if reason.words:
        yield sentences["words"].format(words=", ".join(f"{entry.word} → {entry.value}" for entry in reason.words))
    if reason.score is None or not reason.evidence:
        return
    yield sentences["score"].format(score=reason.score, limit=DROP_SCORE)
    supporting, opposing = (
        sentences["between"].join(
            _describe_evidence(evidence, wording) for evidence in reason.evidence if sign * evidence.weight > 0
        )
        for sign in (1, -1)
    )
    yield sentences["supporting"].format(reasons=supporting) if supporting else sentences["nothing_supports"]
    if opposing:
        yield sentences["opposing"].format(reasons=opposing)


def _describe_evidence(evidence: Evidence, wording: Wording) -> str:
    """Write the words of a reason of the judge, or the id of a rule, with the weight."""
    sentences, name = wording.sentences, evidence.rule.removeprefix("core/judge/")
    if name == evidence.rule:
        note = sentences["decides_alone"] if evidence.note == DECIDES_ALONE else evidence.note
        return sentences["weight_note" if note else "weight"].format(reason=name, weight=evidence.weight, note=note)
    reason = wording.judge.get(name) or REASONS.get(name, evidence.note)
    detail = evidence.note.removeprefix(REASONS.get(name, evidence.note)).removeprefix(": ")
    if detail:
        reason = sentences["detail"].format(reason=reason, detail=detail)
    return sentences["weight"].format(reason=reason, weight=evidence.weight)


def summarize(cleaned: Cleaned, hunks: Sequence[Hunk], language: Language = "en") -> Iterator[str]:
    """Yield a summary: lines and characters that went and stay, doubt, kind of page, and what went by rule."""
    before, after = _measure(cleaned.document.text), _measure(cleaned.text)
    removed_lines = sum(_measure(hunk.old).lines for hunk in hunks if hunk.new is None)
    changed_lines = sum(_measure(hunk.old).lines for hunk in hunks if hunk.new is not None)
    share = (before.characters - after.characters) / max(before.characters, 1)
    sentences = read_wording(language).sentences
    same_lines = before.lines - removed_lines - changed_lines
    yield sentences["lines"].format(count=before.lines, removed=removed_lines, changed=changed_lines, same=same_lines)
    yield sentences["characters"].format(before=before.characters, after=after.characters, share=share)
    yield sentences["doubt"].format(doubt=cleaned.doubt)
    if cleaned.kind:
        yield sentences["kind"].format(name=sentences[f"kind_{cleaned.kind.name}"], chance=cleaned.kind.chance)
    if hunks:
        yield sentences["header"]
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
