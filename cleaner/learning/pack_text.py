"""Write a learned pack as TOML that a person can read and edit: its lines in groups, with the pages that have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cleaner.learning.notes import NoteGroup, group_notes
from cleaner.learning.site_packs import LONGEST
from cleaner.packs.formatting import WIDTH, format_pack, quote, quote_all, quote_pattern

if TYPE_CHECKING:
    from cleaner.learning.notes import Note
    from cleaner.learning.site_packs import SitePack
    from cleaner.rules.schema import Rule

MOST_SINGLES, LONGEST_SINGLE = 2, 40
"""Lines of a group that stand apart, each with all that is known of it behind it, and characters of such a line."""


def write_head(pack: SitePack, extends: Sequence[str], version: str = "1") -> str:
    """Write what stands before the rules."""
    remarks = {
        "that shipped rules drop on any site": pack.known_lines,
        "that widget/links drops as links": pack.linked_lines,
    }
    others = ", ".join(f"{count} {what}" for what, count in remarks.items() if count)
    remark = f"\n# Lines that are not listed: {others}." if others else ""
    printer = f"{len(pack.hosts)} sites of one engine print" if pack.hosts else f"{pack.host} prints on its pages"
    bond = f"hosts = {quote_all(pack.hosts or [pack.host])}"
    if pack.frame:
        printer = f"pages with the frame of {pack.frame[0]} print"
        bond = f"frame = {quote_all(pack.frame)}"
    return f"""\
# Learned by `cleaner learn` from {pack.pages} pages. Edit it: `cleaner learn --update` keeps what you change.
# Above lines, or behind one, stands how many pages have them.{remark}
schema = 1

[pack]
id = {quote(pack.id)}
version = {quote(version)}
title = {quote(f"What {printer}")}
extends = {quote_all(extends)}
{bond}
"""


def entries_of(rule: Rule) -> tuple[str, ...]:
    """Return what a learned rule lists: its lines, or its elements."""
    return rule.elements or rule.literals


def write_rule(rule: Rule, notes: Mapping[str, Note], remarks: Mapping[str, str] | None = None) -> str:
    """Write a rule; `notes` say what is known of each entry, `remarks` what a person wrote behind it."""
    return "".join(f"{line}\n" for line in _rule_lines(rule, notes, remarks or {}))


def write_pack(pack: SitePack, extends: Sequence[str]) -> str:
    """Write a whole pack."""
    rules = (write_rule(rule, pack.notes.get(rule.id, {})) for rule in pack.rules)
    return format_pack("\n".join((write_head(pack, extends), *rules)))


def _rule_lines(rule: Rule, notes: Mapping[str, Note], remarks: Mapping[str, str]) -> Iterator[str]:
    yield "[[rule]]"
    yield f"id = {quote(rule.id)}"
    yield f"why = {quote(rule.why)}"
    if rule.scope != "line":
        yield f"scope = {quote(rule.scope)}"
    yield from _entry_lines(rule, notes, remarks)
    if rule.match:
        yield f"match = {quote_pattern(rule.match)}"
    if rule.where != "anywhere":
        yield f"where = {quote(rule.where)}"
    if rule.action != "drop":
        yield f"action = {quote(rule.action)}"
    if rule.longest != LONGEST[0]:
        yield f"longest = {rule.longest}"
    for key, cases in (("drops", rule.drops), ("keeps", rule.keeps)):
        yield f"{key} = {quote_all(case for case in cases if isinstance(case, str))}"


def _entry_lines(rule: Rule, notes: Mapping[str, Note], remarks: Mapping[str, str]) -> Iterator[str]:
    """Yield what a rule lists: one entry on the line of the key, several in groups."""
    key, entries = "elements" if rule.elements else "literals", entries_of(rule)
    line = f"{key} = {quote_all(entries)}"
    if len(entries) > 1 or len(line) > WIDTH:
        groups = (
            [] if rule.elements else list(group_notes({entry: notes[entry] for entry in entries if entry in notes}))
        )
        yield from (f"{key} = [", *_group_lines(entries, groups, notes, remarks), "]")
        return
    remark = _remark(entries[0], notes, remarks)
    yield from (f"{line}{remark}",) if len(line) + len(remark) <= WIDTH else (remark.strip(), line)


def _group_lines(
    entries: Sequence[str], groups: Sequence[NoteGroup], notes: Mapping[str, Note], remarks: Mapping[str, str]
) -> Iterator[str]:
    """Yield entries that share no remark, one a line, and then those that do."""
    shared = [group for group in groups if len(group.entries) > MOST_SINGLES or _is_long(group.entries)]
    members = {entry for group in shared for entry in group.entries}
    yield from (f"    {quote(entry)},{_remark(entry, notes, remarks)}" for entry in entries if entry not in members)
    for group in shared:
        yield f"    # {group.head}"
        yield from (f"    {quote(entry)},{_remark(entry, {}, remarks)}" for entry in group.entries)


def _is_long(entries: Sequence[str]) -> bool:
    return max(map(len, entries)) > LONGEST_SINGLE


def _remark(entry: str, notes: Mapping[str, Note], remarks: Mapping[str, str]) -> str:
    """Write what a person said of an entry, else what is known of it."""
    said = remarks.get(entry) or str(notes.get(entry, ""))
    return f"  # {said}" if said else ""
