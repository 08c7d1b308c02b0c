"""Bring a learned pack up to date: what a person changed stays, evidence adds lines and takes away others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from cleaner.learning.notes import Note
from cleaner.learning.pack_text import entries_of, write_head, write_rule
from cleaner.learning.site_packs import SitePack
from cleaner.packs.arrays import GROUP_HEAD
from cleaner.packs.formatting import format_pack
from cleaner.packs.testing import find_matches, stands_inside
from cleaner.rules.schema import Rule

_RULE = re.compile(r"^(?:#.*\n)*\[\[rule\]\]", re.MULTILINE)
_VERSION = re.compile(r'^version = "(\d+)"$', re.MULTILINE)
_COMMENT = re.compile(rf"^[ \t]*((?!{GROUP_HEAD.pattern}$)#.*)$", re.MULTILINE)
"""A remark on a line of its own that is a person's."""
_NOTE = re.compile(r'(?:^|[ \t\[])("(?:\\.|[^"\\])*")(?:,|\])[ \t]*#[ \t]*([^\d\s].*)$', re.MULTILINE)
"""A text of a list with a remark of a person behind it; those of ours begin with a number."""


class PackState(Struct, frozen=True):
    """A learned pack as it was last written: its rules, and the lines that a person took out of it."""

    host: str
    pages: int
    rules: dict[str, Rule]
    refusals: tuple[str, ...] = ()

    @classmethod
    def of(cls, pack: SitePack, refusals: tuple[str, ...] = ()) -> PackState:
        """Return the state of a pack that is written."""
        return cls(pack.host, pack.pages, {rule.id: rule for rule in pack.rules}, refusals)


class Revision(NamedTuple):
    """A pack brought up to date: its text, its state, the lines that came and that went."""

    text: str
    state: PackState
    additions: tuple[str, ...]
    removals: tuple[str, ...]


def revise(text: str, last: PackState, new: SitePack) -> Revision:
    """Bring the text of a pack up to date.

    A line that a person took out never comes back; one that a person put in stays, and so does every field that a
    person changed, and every rule that was not learned.

    Args:
        text: the pack as it stands.
        last: as it was last written.
        new: what is learned now.
    """
    head, *blocks = _split(text)
    current = {rule.id: (rule, block) for rule, block in zip(_parse(text), blocks, strict=True)}
    before = {entry for rule in last.rules.values() for entry in entries_of(rule)}
    now = {entry for rule, _ in current.values() for entry in entries_of(rule)}
    refusals = (before - now) | (set(last.refusals) - now)
    proposals = {rule.id: _without(rule, refusals | (now - before)) for rule in new.rules}
    rules = dict(_merge_rules(current, last.rules, proposals))
    parts = [_write(rule, current.get(rule.id), new.notes.get(rule.id, {})) for rule in rules.values()]
    after = {entry for rule in rules.values() for entry in entries_of(rule)}
    additions, removals = sorted(after - now), sorted(now - after)
    result = format_pack(
        "\n".join([(head or write_head(new, ())).rstrip() + "\n", *(part.rstrip() + "\n" for part in parts)])
    )
    if result != text and (match := _VERSION.search(result)):
        result = f"{result[: match.start(1)]}{int(match[1]) + 1}{result[match.end(1) :]}"
    learned = {name: rule for name, rule in rules.items() if name in proposals or name in last.rules}
    state = PackState(new.host, new.pages, learned, tuple(sorted(refusals)))
    return Revision(result, state, tuple(additions), tuple(removals))


def _split(text: str) -> list[str]:
    """Split a pack into what stands before its rules, and the rules."""
    starts = [match.start() for match in _RULE.finditer(text)]
    edges = [0, *starts, len(text)]
    return [text[start:stop] for start, stop in pairwise(edges)]


def _parse(text: str) -> list[Rule]:
    """Read the rules of a pack, what each lists in order: its groups in the text say nothing of that."""
    rules = msgspec.convert(tomllib.loads(text).get("rule", []), list[Rule])
    return [_with_entries(rule, sorted(entries_of(rule))) for rule in rules]


def _without(rule: Rule, entries: set[str]) -> Rule:
    return _with_entries(rule, (entry for entry in entries_of(rule) if entry not in entries))


def _with_entries(rule: Rule, entries: Iterable[str]) -> Rule:
    """Give a rule other lines, or other elements if it has those."""
    return msgspec.structs.replace(rule, **{"elements" if rule.elements else "literals": tuple(entries)})


def _merge_rules(
    current: Mapping[str, tuple[Rule, str]], last: Mapping[str, Rule], new: Mapping[str, Rule]
) -> Iterator[tuple[str, Rule]]:
    """Yield the rules as they are to be, those there in their order first."""
    for name, (rule, _) in current.items():
        if name not in last:
            yield name, rule
        elif result_rule := _merge(rule, last[name], new.get(name)):
            yield name, result_rule
    for name, rule in new.items():
        if name not in current and entries_of(rule) and (fit := _fit_cases(rule)):
            yield name, fit


def _merge(rule: Rule, last: Rule, new: Rule | None) -> Rule | None:
    """Merge what a person made of a rule with what is learned now; None where nothing of it remains."""
    own = set(entries_of(rule)) - set(entries_of(last))
    learned = new or _with_entries(last, ())
    entries = sorted({*entries_of(learned), *own})
    fields: dict[str, Any] = {}
    for name in ("why", "match", "where", "action", "longest", "weight", "drops", "keeps", "unless", "hosts", "frame"):
        value = getattr(rule, name)
        fields[name] = value if value != getattr(last, name) else getattr(learned, name)
    return _fit_cases(_with_entries(msgspec.structs.replace(rule, **fields), entries)) if entries else None


def _fit_cases(rule: Rule) -> Rule | None:
    """Leave out cases that the rule does not fit any more; where none is left, a literal becomes one."""
    drops = [case for case in rule.drops if isinstance(case, str)]
    matching = _matching(rule, drops)
    fit_drops = [case for case in drops if case in matching]
    fit_drops = fit_drops or sorted(_matching(rule, [_case_of(rule, entry) for entry in entries_of(rule)]))[:1]
    bad_keeps = _matching(rule, list(rule.keeps))
    fit_keeps = tuple(text for text in rule.keeps if text not in bad_keeps)
    if not fit_drops:
        return None
    return msgspec.structs.replace(rule, drops=tuple(fit_drops), keeps=fit_keeps)


def _case_of(rule: Rule, entry: str) -> str:
    """Make a case of what a rule lists: a line itself, or any that stands in an element."""
    return f"{entry}: …" if rule.elements else entry


def _matching(rule: Rule, texts: list[str]) -> set[str]:
    if rule.elements:
        return {text for text in texts if stands_inside(rule, text)}
    return {text for text, matches in zip(texts, find_matches([rule], texts), strict=True) if matches}


def _write(rule: Rule, existing: tuple[Rule, str] | None, notes: Mapping[str, Note]) -> str:
    """Write a rule; one that says what it said stays letter by letter, and comments on lines of their own stay."""
    if existing and existing[0] == rule:
        return existing[1]
    block = existing[1] if existing else ""
    remarks = {str(tomllib.loads(f"text = {source}")["text"]): note for source, note in _NOTE.findall(block)}
    return "".join(f"{comment}\n" for comment in _COMMENT.findall(block)) + write_rule(rule, notes, remarks)
