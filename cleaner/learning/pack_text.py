"""Write a learned pack as TOML that a person can read and edit: a literal a line, with the pages that have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cleaner.learning.site_packs import LONGEST
from cleaner.packs.formatting import format_pack, quote, quote_all, quote_pattern

if TYPE_CHECKING:
    from cleaner.learning.site_packs import SitePack
    from cleaner.rules.schema import Rule


def write_head(pack: SitePack, extends: Sequence[str], version: str = "1") -> str:
    """Write what stands before the rules."""
    remark = (
        f"\n# {pack.known_lines} lines more go by shipped rules, which drop them on any site."
        if pack.known_lines
        else ""
    )
    printer = f"{len(pack.hosts)} sites of one engine print" if pack.hosts else f"{pack.host} prints on its pages"
    bond = f"hosts = {quote_all(pack.hosts or [pack.host])}"
    if pack.frame:
        printer = f"pages with the frame of {pack.frame[0]} print"
        bond = f"frame = {quote_all(pack.frame)}"
    return f"""\
# Learned by `cleaner learn` from {pack.pages} pages. Edit it: `cleaner learn --update` keeps what you change.
# Behind each line stands the number of pages that have it.{remark}
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


def write_rule(rule: Rule, notes: Mapping[str, str]) -> str:
    """Write a rule; `notes` say what is known of each literal."""
    return "".join(f"{line}\n" for line in _rule_lines(rule, notes))


def write_pack(pack: SitePack, extends: Sequence[str]) -> str:
    """Write a whole pack."""
    rules = (write_rule(rule, pack.notes.get(rule.id, {})) for rule in pack.rules)
    return format_pack("\n".join((write_head(pack, extends), *rules)))


def _rule_lines(rule: Rule, notes: Mapping[str, str]) -> Iterator[str]:
    yield "[[rule]]"
    yield f"id = {quote(rule.id)}"
    yield f"why = {quote(rule.why)}"
    if rule.scope != "line":
        yield f"scope = {quote(rule.scope)}"
    yield f"{'elements' if rule.elements else 'literals'} = ["
    for entry in entries_of(rule):
        note = f"  # {notes[entry]}" if entry in notes else ""
        yield f"    {quote(entry)},{note}"
    yield "]"
    if rule.match:
        yield f"match = {quote_pattern(rule.match)}"
    if rule.where != "anywhere":
        yield f"where = {quote(rule.where)}"
    if rule.action != "drop":
        yield f"action = {quote(rule.action)}"
    if rule.longest != LONGEST[0]:
        yield f"longest = {rule.longest}"
    for key, cases in (("drops", rule.drops), ("keeps", rule.keeps)):
        yield f"{key} = ["
        yield from (f"    {quote(case)}," for case in cases if isinstance(case, str))
        yield "]"
