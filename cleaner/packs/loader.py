"""Build a `RulePack` from TOML; every error is a `PackError` that names file, rule and key."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, get_args

import msgspec

from cleaner.errors import PackError
from cleaner.model import BuiltinRule
from cleaner.packs import builtin
from cleaner.rules.pattern import check_linear, check_pattern
from cleaner.rules.schema import SCHEMA, Category, Head, JudgeModel, Rule, RulePack, Table, join_lines

Override = str | Mapping[str, Any]

_ID_SLASHES = 2
"""Slashes of a full id: pack/category/name."""

_TIMING_FIELDS = frozenset({"linear", "literals", "longest", "match", "scope", "unless"})
"""Fields on which the time of a pattern depends."""


def parse_pack(text: str, source: str = "") -> RulePack:
    """Parse the pack in a TOML text, without the packs it extends. `source` is named in errors."""
    try:
        return build_pack(tomllib.loads(text), source)
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{source or 'pack'}: not TOML: {error}") from None


def build_pack(table: Mapping[str, Any], source: str = "") -> RulePack:
    """Build the pack in a parsed table, without the packs it extends.

    Patterns are compiled by `check_pack`, which is slower.

    Raises:
        PackError: unknown keys, wrong types, double ids, missing cases or literals, keys that exclude each other.
    """
    try:
        read = msgspec.convert(table, Table)
    except msgspec.ValidationError as error:
        raise PackError(f"{source or 'pack'}: {_locate(str(error), table)}") from None
    head = read.pack
    rules = tuple(_complete(rule, head) for rule in read.rule)
    for rule in rules:
        _check_shape(rule, source)
    doubles = [name for name, times in Counter(rule.id for rule in rules).items() if times > 1]
    if doubles:
        raise PackError(f"{source or 'pack'}: rule {doubles[0]}: id: given twice; an id names one rule for ever")
    judge = JudgeModel(name=read.judge.model) if read.judge else None
    return rehash(RulePack(**msgspec.structs.asdict(head), rules=rules, judge=judge, source=source))


def check_pack(pack: RulePack) -> RulePack:
    """Compile and try every pattern of a pack; PackError for the first that is wrong.

    Returns:
        The pack, whose patterns all have a time limit: what `linear` says was tried on some lines, not proved.
    """
    for rule in pack.rules:
        check_pattern(rule, pack.source)
        check_linear(rule, pack.source)
        _check_detector(rule, pack.source)
    return rehash(msgspec.structs.replace(pack, rules=tuple(map(_limit_time, pack.rules))))


def merge(bases: Sequence[RulePack], pack: RulePack) -> RulePack:
    """Put the rules of `bases` before those of `pack`; the last judge's model wins, a rule counts once by id."""
    rules: dict[str, Rule] = {}
    judge = None
    for part in (*bases, pack):
        rules |= {rule.id: rule for rule in part.rules}
        judge = part.judge or judge
    off = pack.off.union(*(base.off for base in bases))
    return rehash(msgspec.structs.replace(pack, rules=tuple(rules.values()), judge=judge, off=off))


def override(pack: RulePack, overrides: Mapping[str, Override]) -> RulePack:
    """Apply a user's overrides of single rules: `{"zh-web/ad/*": "off"}`.

    A key is a rule's full id, `*` and `?` allowed; of several that fit, the last decides. A value is "off", "on",
    "flag" (report, change nothing) or a mapping of fields to set; a built-in rule takes "off" and "on". PackError for
    a key that fits no rule, and for one that fits only built-in rules which cannot be changed so.
    """
    off = set(pack.off)
    for key, word in overrides.items():
        _switch(pack, key, word, off)
    rules = tuple(rule_after for rule in pack.rules if (rule_after := _override_rule(rule, overrides)) is not None)
    return rehash(msgspec.structs.replace(pack, rules=rules, off=frozenset(off))) if overrides else pack


def mark_linear(pack: RulePack) -> RulePack:
    """Mark all patterns of a pack as linear: the tests try those of shipped packs on hostile lines."""
    rules = (rule if rule.detector else msgspec.structs.replace(rule, linear=True) for rule in pack.rules)
    return rehash(msgspec.structs.replace(pack, rules=tuple(rules)))


def rehash(pack: RulePack) -> RulePack:
    """Give a pack the hash of its content."""
    extra = (sorted(pack.off),) if pack.off else ()
    model = pack.judge.hash if pack.judge else ""
    content = msgspec.json.encode((SCHEMA, pack.id, pack.version, pack.rules, model, *extra), order="sorted")
    return msgspec.structs.replace(pack, hash=hashlib.sha256(content).hexdigest())


def _switch(pack: RulePack, key: str, word: Override, off: set[str]) -> None:
    """Switch the built-in rules that `key` names: add their ids to `off`, or take them out."""
    fitting = [rule for rule in builtin.RULES.values() if fnmatchcase(rule.id, key)]
    unswitchable = [rule for rule in fitting if word != "on" and (word != "off" or rule.refusal)]
    if len(unswitchable) == len(fitting) and not any(fnmatchcase(rule.id, key) for rule in pack.rules):
        raise PackError(_refusal(pack, key, word, unswitchable))
    for rule in fitting:
        if word == "on":
            off.discard(rule.id)
        elif rule not in unswitchable:
            off.add(rule.id)


def _refusal(pack: RulePack, key: str, word: Override, unswitchable: Sequence[BuiltinRule]) -> str:
    if not unswitchable:
        return f"override {key!r} fits no rule of {pack.id}; `cleaner rules list` shows the ids"
    if word == "off":
        return f"override {key!r}: {unswitchable[0].id} cannot be switched off here: {unswitchable[0].refusal}"
    return f'override {key!r}: {unswitchable[0].id} is a built-in rule and takes only "on" or "off", not {word!r}'


def _override_rule(rule: Rule, overrides: Mapping[str, Override]) -> Rule | None:
    words = [word for key, word in overrides.items() if fnmatchcase(rule.id, key)]
    if not words or words[-1] == "on":
        return rule
    if words[-1] == "off":
        return None
    fields = {"action": "flag"} if words[-1] == "flag" else words[-1]
    if isinstance(fields, str):
        raise PackError(f'override of {rule.id}: {fields!r} is none of "on", "off", "flag" or a table of fields')
    try:
        result = msgspec.convert({**msgspec.to_builtins(rule), **fields}, Rule)
    except msgspec.ValidationError as error:
        raise PackError(f"override of {rule.id}: {error}") from None
    check_pattern(result, "override")
    _check_detector(result, "override")
    if not (result.detector or _TIMING_FIELDS.isdisjoint(fields)):
        check_linear(result, "override")
        return _limit_time(result)
    return result


def _limit_time(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, linear=False) if rule.linear else rule


def _complete(rule: Rule, head: Head) -> Rule:
    """Give a rule its full id, its category, hosts and frame unless it names them, and patterns of one line."""
    category = rule.category or rule.id.split("/")[0]
    match, unless = join_lines(rule.match), tuple(map(join_lines, rule.unless))
    hosts, frame = rule.hosts or head.hosts, rule.frame or head.frame
    return msgspec.structs.replace(
        rule, id=f"{head.id}/{rule.id}", category=category, match=match, unless=unless, hosts=hosts, frame=frame
    )


def _check_shape(rule: Rule, source: str) -> None:
    for key, wrong, advice in _complaints(rule):
        if wrong:
            raise PackError(f"{source or 'pack'}: rule {rule.id}: {key}: {advice}")


def _check_detector(rule: Rule, source: str) -> None:
    """Raise PackError for a detector, a parameter or a value of one that does not exist."""
    if rule.detector:
        from cleaner.detectors import explain_misuse

        misuse = explain_misuse(rule.detector, rule.params)
        if misuse:
            raise PackError(f"{source or 'pack'}: rule {rule.id}: {misuse[0]}: {misuse[1]}")


def _complaints(rule: Rule) -> Iterable[tuple[str, bool, str]]:
    keeps_lines = rule.action == "keep"
    yield "id", rule.id.count("/") != _ID_SLASHES, "write it as category/name; the pack's id is put before it"
    yield "category", rule.category not in get_args(Category), f"{rule.category!r} is none of the known categories"
    yield "drops", rule.removes and not rule.drops, "a rule that removes needs at least one case it hits"
    yield "keeps", rule.removes and not rule.keeps, "a rule that removes needs at least one case it leaves"
    yield "keeps", keeps_lines and not rule.keeps, "a rule that keeps lines needs at least one case it keeps"
    yield "scope", keeps_lines and rule.scope != "line", "only whole lines are kept"
    yield "detector", keeps_lines and bool(rule.detector), "what is kept is told by its own words: give literals"
    has_start = rule.literals or rule.elements or rule.detector
    yield "literals", not has_start, "one must occur before the pattern is tried"
    yield "detector", bool(rule.detector and (rule.match or rule.literals)), "a detector takes no pattern or literals"
    is_torn = bool(rule.elements) and bool(rule.literals or rule.detector or rule.scope != "line")
    yield "elements", is_torn, "they stand in the place of literals, for whole lines"
    yield "params", bool(rule.params) and not rule.detector, "only a detector takes parameters"
    yield "new", bool(rule.new) and rule.action != "replace", 'only action "replace" writes something new'
    is_odd = any("\n" in line or not line.strip() for line in rule.frame)
    yield "frame", is_odd, "it lists lines of pages, each as a text of its own: none is blank or holds a line break"
    cuts = rule.action in ("cut", "replace")
    yield "action", cuts and rule.scope == "line", 'a cut needs scope "span"; a line is dropped'
    yield "action", rule.action == "drop" and rule.scope == "span", "a span is cut, not dropped"


def _locate(message: str, table: Mapping[str, Any]) -> str:
    """Replace `$.rule[3]` in msgspec's message by the id of that rule."""
    match = re.search(r" - at `\$(?:\.rule\[(\d+)\])?\.?(.*?)`$", message)
    if not match:
        return message
    plain, number, key = message[: match.start()], match[1], match[2]
    rule = f"rule {table['rule'][int(number)].get('id', f'number {int(number) + 1}')}: " if number else ""
    return f"{rule}{key}: {plain}" if key else f"{rule}{plain}"
