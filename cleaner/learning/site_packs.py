"""Make rules of the lines that a host prints on many pages: one a place, each with counts and cases from the pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from cleaner.learning.cases import LONGEST_CASES, choose_keeps, leave_out, limit_cases
from cleaner.learning.elements.rules import LearnedElement, build_element_rules, covers_path
from cleaner.learning.line_keys import VARIABLE
from cleaner.learning.list_rules import LearnedList, build_list_rules, escape
from cleaner.learning.notes import Note
from cleaner.learning.spans.rules import LearnedSpan, build_span_rules
from cleaner.normalization.script.folding import fold
from cleaner.packs.testing import find_matches
from cleaner.rules.schema import Host, Rule

if TYPE_CHECKING:
    from cleaner.learning.decisions import LearnedLine, Place
    from cleaner.learning.elements.counts import PlacedLine

CATEGORIES: Mapping[Place, str] = {"head": "nav", "side": "widget", "tail": "footer"}
WHERE = {"head": "before the text", "side": "between the lines of the text", "tail": "after the text"}
MOST_FLAGGED = 12
"""Doubtful lines of a place that are told, those of most pages first."""
LONGEST_HOST = 200
"""Characters of the name of a host, at most: it is that of a file, too."""
LEAST_LITERAL = 2
"""Characters of a literal."""
LONGEST = 200, 400
"""The longest line of a rule by default, and where one is nearly as long."""
EXACT = r"^\L<literals>$"
"""The pattern of a rule for lines that are always the same."""

_IS_HOST = re.compile(Host.__metadata__[0].pattern)  # type: ignore[attr-defined]


class SitePack(Struct, frozen=True):
    """What was learned of one host, as a pack.

    `notes`: what is said of each literal, by rule and literal. `known_lines`: how many are left out, as shipped
    rules drop them by themselves. `linked_lines`: how many more, as they are links in elements whose links go. `hosts`:
    of a pack for several, which is called `host`. `frame`: of one for pages without a host, which has the name of the
    frame for one.
    """

    id: str
    host: str
    pages: int
    rules: tuple[Rule, ...]
    notes: Mapping[str, Mapping[str, Note]] = {}
    known_lines: int = 0
    linked_lines: int = 0
    hosts: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()


class HostFindings(Struct, frozen=True):
    """What was learned of a host beside its lines.

    `bodies`: lines of texts that every rule must leave. `lists`: of other texts. `elements`: that hold links.
    `placed_bodies`: lines of texts with the path to them. `frame`: of one that is no host but a frame. `spans`: that
    are glued to lines.
    """

    bodies: Sequence[str] = ()
    lists: Sequence[LearnedList] = ()
    elements: Sequence[LearnedElement] = ()
    placed_bodies: Sequence[PlacedLine] = ()
    frame: tuple[str, ...] = ()
    spans: Sequence[LearnedSpan] = ()


def build_packs(lines: Iterable[LearnedLine], findings: Mapping[str, HostFindings]) -> Iterator[SitePack]:
    """Build the packs of all hosts, in order of their names; hosts without a rule have none.

    Args:
        lines: what was learned, in any order.
        findings: by host what was learned beside.
    """
    by_host: defaultdict[str, list[LearnedLine]] = defaultdict(list)
    for line in sorted(lines):
        by_host[line.host].append(line)
    for host in sorted(by_host):
        of_host = findings.get(host, HostFindings())
        pack = _build_pack(host, by_host[host], of_host)
        if of_host.frame:
            pack = msgspec.structs.replace(pack, id=host, frame=of_host.frame)
        if pack.rules:
            yield pack


def pack_id(host: str) -> str:
    """Return the id of a host's pack: its name, and where that loses something a hash."""
    name = re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")
    is_whole = re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)*", host)
    digest = "" if is_whole else blake2b(host.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return "-".join(filter(None, ("site", name, digest)))


def is_bindable(host: str) -> bool:
    """Tell whether a pack can be bound to a host of this name, and to no other."""
    return "*" not in host and len(host) <= LONGEST_HOST and bool(_IS_HOST.match(host))


def _build_pack(host: str, lines: Sequence[LearnedLine], findings: HostFindings) -> SitePack:
    host_pages = lines[0].host_pages
    span_rules = list(build_span_rules(findings.spans, host, host_pages, findings.bodies))
    findings = _leave_whole(findings, [rule for rule, _ in span_rules if rule.action == "cut"])
    element_rules = list(build_element_rules(findings.elements, host, host_pages, findings.placed_bodies))
    covers = [rule for rule, _ in element_rules if rule.action == "drop"]
    unknown = [line for line in lines if not line.is_known]
    own = [line for line in unknown if not any(covers_path(rule, line.path) for rule in covers)]
    groups: defaultdict[str, list[LearnedLine]] = defaultdict(list)
    for line in own:
        if line.place in CATEGORIES:
            groups[_rule_id(line)].append(line)
    rules, notes = [], {}
    for name in sorted(groups):
        members = _limit(groups[name])
        rule = _build_rule(name, members, findings.bodies)
        if rule:
            rules.append(rule)
            notes[name] = {literal: note for line in members for literal, note in _notes(line)}
    for rule in build_list_rules(findings.lists, host_pages, findings.bodies):
        rules.append(rule)
        notes[rule.id] = {learned_list.head: Note(learned_list.pages) for learned_list in findings.lists}
    others = [*element_rules, *span_rules]
    rules += [rule for rule, _ in others]
    notes |= {rule.id: dict(said) for rule, said in others}
    known, linked = len(lines) - len(unknown), len(unknown) - len(own)
    return SitePack(pack_id(host), host, host_pages, tuple(rules), notes, known, linked)


def _leave_whole(findings: HostFindings, rules: Sequence[Rule]) -> HostFindings:
    """Leave out the lines of bodies that rules cut a span from: other rules leave them, but these do not."""
    placed = [line for line in findings.placed_bodies if leave_out(rules, [line.text])]
    return msgspec.structs.replace(findings, bodies=leave_out(rules, findings.bodies), placed_bodies=placed)


def _rule_id(line: LearnedLine) -> str:
    kind = "-doubtful" if line.reason else "-varying" if line.is_variable else ""
    return f"{CATEGORIES[line.place]}/{line.place}{kind}"


def _limit(lines: Sequence[LearnedLine]) -> list[LearnedLine]:
    if not lines[0].reason:
        return list(lines)
    return sorted(sorted(lines, key=lambda line: -line.pages)[:MOST_FLAGGED])


def _build_rule(name: str, lines: Sequence[LearnedLine], bodies: Sequence[str]) -> Rule | None:
    """Build a rule of its lines; those that it would not hit are left out, and None where no line remains."""
    first, is_doubtful = lines[0], bool(lines[0].reason)
    rule = Rule(
        id=name,
        why=_why(lines),
        literals=tuple(sorted({literal for line in lines for literal in literals_of(line)})),
        match=_match(lines),
        where="anywhere" if first.place == "side" else first.place,
        action="flag" if is_doubtful else "drop",
        longest=LONGEST[any(len(text) > LONGEST[0] * 0.75 for line in lines for text in line.texts)],
    )
    if not rule.literals:
        return None
    texts = list(dict.fromkeys(text for line in lines for text in line.texts))
    fit_texts = {text for text, matches in zip(texts, find_matches([rule], texts), strict=True) if matches}
    fit_lines = [line for line in lines if fit_texts.issuperset(line.texts)]
    if len(fit_lines) < len(lines):
        return _build_rule(name, fit_lines, bodies) if fit_lines else None
    ranked = sorted(lines, key=lambda line: (len(line.texts[-1]) > LONGEST_CASES / 2, -line.pages, line.texts))
    drops = limit_cases(line.texts[-1] for line in ranked)
    return msgspec.structs.replace(rule, drops=drops, keeps=choose_keeps(rule, bodies))


def _match(lines: Sequence[LearnedLine]) -> str:
    patterns = sorted({_pattern(line.texts[0]) for line in lines if line.is_variable})
    if not patterns:
        return EXACT
    if not all(line.is_variable for line in lines):
        patterns = [r"\L<literals>", *patterns]
    return f"^(?:{'|'.join(patterns)})$"


def _pattern(text: str) -> str:
    """Write a line as a pattern: any digits for digits, any title for a title."""

    def variable(match: re.Match[str]) -> str:
        return r"\d+" if match["digits"] else "《[^《》]+》"

    folded, pattern, position = fold(text), "", 0
    for match in VARIABLE.finditer(folded):
        pattern += escape(folded[position : match.start()]) + variable(match)
        position = match.end()
    return pattern + escape(folded[position:])


def literals_of(line: LearnedLine) -> tuple[str, ...]:
    """Return the literals that call the pattern for a line: itself, or its longest part that does not vary."""
    if not line.is_variable:
        return line.texts
    parts = VARIABLE.sub("\n", fold(line.texts[0])).split("\n")
    constant = max(map(str.strip, parts), key=len)
    return (constant,) if len(constant) >= LEAST_LITERAL else ()


def _notes(line: LearnedLine) -> Iterator[tuple[str, Note]]:
    """Yield each literal of a line with what is known of it."""
    for literal in literals_of(line):
        yield literal, Note(line.pages, line.path, line.reason, above=line.before)


def _why(lines: Sequence[LearnedLine]) -> str:
    pages = sorted(line.pages for line in lines)
    count = f"{pages[0]}" if pages[0] == pages[-1] else f"{pages[0]} to {pages[-1]}"
    first = lines[0]
    start = "May be the site's, not the author's: stands" if first.reason else "The site prints it"
    return f"{start} on {count} of {first.host_pages} pages of {first.host}, {WHERE[first.place]}."
