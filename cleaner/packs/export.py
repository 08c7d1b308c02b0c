"""Export a pack for readers outside Python: JSON, JSON lines, and a page of documentation in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any, Literal

import msgspec
from msgspec import Struct

from cleaner.normalization.script.folding import fold
from cleaner.rules import pattern
from cleaner.rules.schema import Change, Head, Rule, RulePack, schema_of

_LIMIT = 0x110000
_SURROGATES = range(0xD800, 0xE000)


class Folding(Struct, frozen=True, rename={"from_": "from"}):
    """Characters that are replaced before matching: each of `from_` by the one at its place in `to`."""

    from_: str
    to: str


class Matching(Struct, frozen=True):
    """A search of the folded text: for one of `literals` first, then for `match`, and for none of `unless`.

    Patterns are case-insensitive, `^` and `$` stand at line breaks in scopes "block" and "document". They are in the
    syntax of Python's `regex` module, with named lists and code points written out, which PCRE2 reads but for the rare
    look-behind of no fixed length.
    """

    literals: tuple[str, ...]
    match: str
    unless: tuple[str, ...]


class ExportedRule(Struct, frozen=True):
    """A rule with every field written out, and its search; None where a detector finds it, or its place in markup."""

    rule: Rule
    matching: Matching | None


class Export(Struct, frozen=True):
    """A pack with the rules of the packs it extends.

    `hash`: sha256 (hex) of the content, as in manifests. `judge`: sha256 (hex) of what the judge has learned, "" for
    rules alone.
    """

    schema: Literal[1]
    pack: Head
    hash: str
    fold: Folding
    judge: str
    rules: tuple[ExportedRule, ...]


def to_json(pack: RulePack) -> str:
    """Write the whole pack as one JSON object; `json_schema` describes it."""
    return msgspec.json.format(msgspec.json.encode(_plain(pack)), indent=2).decode() + "\n"


def to_jsonl(pack: RulePack) -> str:
    """Write the pack as JSON lines: the pack's own facts first, then one line for each rule."""
    head = _plain(pack)
    return "".join(msgspec.json.encode(row).decode() + "\n" for row in (head, *head.pop("rules")))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what `to_json` writes."""
    return schema_of(Export)


def export_pack(pack: RulePack) -> Export:
    """Complete a pack with the search of each rule."""
    head = Head(**{name: getattr(pack, name) for name in Head.__struct_fields__})
    rules = tuple(ExportedRule(rule, _matching(rule)) for rule in pack.rules)
    return Export(1, head, pack.hash, _folding(), pack.judge.hash if pack.judge else "", rules)


def _plain(pack: RulePack) -> dict[str, Any]:
    """Convert the export to plain data with all defaults, which readers elsewhere do not know."""
    content = export_pack(pack)
    plain: dict[str, Any] = msgspec.to_builtins(content)
    plain["rules"] = [
        {"rule": msgspec.to_builtins(msgspec.structs.asdict(rule.rule)), "matching": msgspec.to_builtins(rule.matching)}
        for rule in content.rules
    ]
    return plain


def _matching(rule: Rule) -> Matching | None:
    if rule.detector or rule.elements:
        return None
    literals = pattern.literals_of(rule)
    patterns = (pattern.compile_match(rule), *pattern.compile_unless(rule))
    match, *unless = (_write_out(one.pattern, literals) for one in patterns)
    return Matching(literals, match, tuple(unless))


def _write_out(regex: str, literals: tuple[str, ...]) -> str:
    """Write out what PCRE2 has no word for: named lists, `\\uXXXX`, and a class that opens with a colon."""
    longest = sorted(literals, key=len, reverse=True)
    alternatives = "|".join(re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", literal) for literal in longest)
    plain = _CODE_POINT.sub(lambda match: match[1] + chr(int(match[2], 16)), regex)
    return re.sub(r"\[:(?!\^?\w+:\])", r"[\:", plain).replace(r"\L<literals>", f"(?:{alternatives})")


_CODE_POINT = re.compile(r"(?<!\\)((?:\\\\)*)\\u(?!00)([0-9a-fA-F]{4})")


@cache
def _folding() -> Folding:
    characters = "".join(chr(code) for code in range(_LIMIT) if code not in _SURROGATES)
    pairs = [(old, new) for old, new in zip(characters, fold(characters), strict=True) if old != new]
    return Folding("".join(old for old, _ in pairs), "".join(new for _, new in pairs))


def to_markdown(pack: RulePack) -> str:
    """Write the pack's page: its facts, then every rule by category, each under the same heads."""
    return "\n".join(_page(pack)) + "\n"


def _page(pack: RulePack) -> Iterator[str]:
    yield f"# {pack.id} {pack.version}\n"
    yield f"{pack.title}\n"
    facts = {
        "Languages": ", ".join(pack.languages),
        "Extends": ", ".join(pack.extends),
        "Requires": pack.requires,
        "Rules": str(len(pack.rules)),
        "Content": f"`{pack.hash}` (sha256)",
    }
    yield from (f"- {name}: {value}" for name, value in facts.items() if value)
    rules_by_category = sorted(pack.rules, key=lambda rule: (rule.category, rule.id))
    for category, rules in groupby(rules_by_category, key=lambda rule: rule.category):
        yield f"\n## {category}"
        for rule in rules:
            yield from describe_rule(rule)


def describe_rule(rule: Rule) -> Iterator[str]:
    """Write a rule under its id: why it is there, what it does, its literals, pattern and cases."""
    yield f"\n### `{rule.id}`\n"
    yield f"{rule.why}\n"
    yield f"- Does: {rule.action} a {rule.scope}, {rule.where}, weight {rule.weight:g}"
    if rule.detector:
        params = ", ".join(f"{key} = {value!r}" for key, value in rule.params.items())
        yield f"- Detector: {_code(rule.detector)}{f' with {_code(params)}' if params else ''}"
    if rule.literals:
        yield f"- Literals: {' '.join(map(_code, rule.literals))}"
    if rule.elements:
        yield f"- Elements: {' '.join(map(_code, rule.elements))}"
    if rule.match:
        yield f"- Pattern: {_code(rule.match)}"
    yield from (f"- Unless: {_code(exception)}" for exception in rule.unless)
    if rule.new:
        yield f"- Writes: {_code(rule.new)}"
    yield from (f"- Hits: {_case(case)}" for case in rule.matching_cases)
    yield from (f"- Leaves: {_case(text)}" for text in rule.other_cases)


def _case(case: str | Change) -> str:
    return f"{_case(case.before)} → {_case(case.after)}" if isinstance(case, Change) else _code(case)


def _code(text: str) -> str:
    """Quote a text as a code span on one line, whatever backticks it holds."""
    line = text.replace("\n", "↵")
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line[:1] in ("`", " ", "") or line[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


WRITERS = {"json": to_json, "jsonl": to_jsonl, "markdown": to_markdown}
"""Writers by name of the format."""
