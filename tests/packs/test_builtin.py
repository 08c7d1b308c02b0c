"""The rules of the code itself: one table, which everything reads that lists, shows, selects or switches rules."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cleaner
from cleaner.cli.rules import app
from cleaner.errors import PackError
from cleaner.normalization.steps import STEPS
from cleaner.packs import builtin, loader, registry
from cleaner.packs.builtin import RULES
from cleaner.pipeline import Pack
from helpers.check_texts import HEAVY_LOSS
from helpers.names import parse
from helpers.paths import ROOT

PACKAGE = Path(cleaner.__file__).parent
INTERNAL = {"check/comment"}
"""Edits that take out of a text what is not to be checked; no user sees them."""


def overridden(words: dict[str, loader.Override]) -> Pack:
    return Pack(registry.load_rules("zh-web", overrides=words))


def test_every_id_that_the_code_writes_is_in_the_table() -> None:
    family = "|".join(sorted({rule.split("/")[0] for rule in RULES} | {"check", "decode"}))
    shape = re.compile(rf"(?:{family})(?:/[a-z0-9-]+)+")
    trees = [parse(path) for path in PACKAGE.rglob("*.py")]
    strings = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    ids = {value for value in strings if isinstance(value, str) and shape.fullmatch(value)}
    assert ids - INTERNAL - {"core/judge/other"} == set(RULES)


def test_no_pack_holds_the_id_of_a_built_in_rule() -> None:
    assert not {rule.id for name in registry.pack_names() for rule in registry.load_rules(name).rules} & set(RULES)


def test_the_list_and_the_page_of_a_rule_know_the_built_in_ones() -> None:
    listing = CliRunner().invoke(app, ["list"]).output
    for rule in RULES.values():
        assert f"{rule.id}: {rule.why}" in listing
        assert rule.why in CliRunner().invoke(app, ["show", rule.id]).output


def test_the_docs_hold_the_table_of_built_in_rules() -> None:
    head = '| id | why | level | `check` reports it | `check --fix` | `"off"` |\n|---|---|---|---|---|---|\n'
    reports = {"on": "yes", "off": "if selected"}
    steps = {step.rule for step in STEPS}
    assert {(RULES[step].level, RULES[step].default) for step in steps} == {("warning", "on")}
    rows = (
        f"| `{rule.id}` | {rule.why} | {rule.level} | {reports[rule.default]} | {rule.fix} | {rule.refusal or 'yes'} |\n"
        for rule in RULES.values()
        if rule.id not in steps
    )
    assert head + "".join(rows) in (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


SAMPLE = (ROOT / "samples" / "comments" / "bakery.in.txt").read_text(encoding="utf-8")


def test_a_line_never_falls_by_its_place_alone_where_that_is_off() -> None:
    rules = [edit.rule for edit in cleaner.clean(SAMPLE).edits]
    without = [edit.rule for edit in overridden({builtin.PLACE: "off"}).clean(SAMPLE).edits]
    assert builtin.PLACE in rules
    assert without
    assert builtin.PLACE not in without


@pytest.mark.parametrize("rule", [builtin.HEAVY_LOSS, builtin.NO_ARTICLE, builtin.LIST, "repair/replaced"])
def test_a_flag_that_is_off_is_not_raised(rule: str) -> None:
    text = SAMPLE.replace("。", "\ufffd", 1) if rule == "repair/replaced" else HEAVY_LOSS
    assert rule in {flag.rule for flag in cleaner.clean(text).flags}
    assert rule not in {flag.rule for flag in overridden({rule: "off"}).clean(text).flags}


def test_a_document_is_not_emptied_by_a_flag_that_is_off() -> None:
    pack = overridden({builtin.NO_ARTICLE: "off"})
    emptied = [edit.rule for edit in cleaner.clean(HEAVY_LOSS, no_article="drop").edits]
    assert emptied.count(builtin.NO_ARTICLE) <= 1
    assert builtin.NO_ARTICLE not in [edit.rule for edit in pack.clean(HEAVY_LOSS, no_article="drop").edits]


def test_switching_a_built_in_rule_changes_the_hash_and_the_last_word_counts() -> None:
    plain = registry.load_rules("zh-web")
    off = registry.load_rules("zh-web", overrides={"core/judge/*": "off"})
    assert off.off == {
        builtin.PLACE,
        builtin.NO_ARTICLE,
        builtin.LIST,
        builtin.SUSPECT,
        builtin.UNSURE,
        builtin.HEAVY_LOSS,
        builtin.RESTLESS,
    }
    assert off.hash != plain.hash
    on = registry.load_rules("zh-web", overrides={"core/judge/*": "off", "core/judge/place": "on"})
    assert builtin.PLACE not in on.off
    assert registry.combine([off, registry.load_rules("en-web")]).off == off.off
    assert registry.load_rules("zh-web", overrides={"core/judge/place": "on"}).hash == plain.hash


REFUSED: dict[str, tuple[loader.Override, str]] = {
    "normalize/script": ("off", 'normalize/script cannot be switched off here: set script = "keep"'),
    "normalize/newlines": ("off", "always runs"),
    "normalize/*": ("off", "normalize/newlines cannot be switched off here"),
    "dedup/passage": ("off", 'set dedup = "off"'),
    "encoding/bom": ("off", "ignore it in"),
    "core/judge/place": ("flag", 'takes only "on" or "off", not \'flag\''),
    "core/judge/list": ({"weight": 2}, 'takes only "on" or "off"'),
    "core/judge/plaice": ("off", "fits no rule of zh-web"),
}


@pytest.mark.parametrize(("key", "word", "message"), [(key, *value) for key, value in REFUSED.items()])
def test_rules_without_a_switch_are_refused_with_a_hint(key: str, word: loader.Override, message: str) -> None:
    with pytest.raises(PackError, match=re.escape(message)):
        registry.load_rules("zh-web", overrides={key: word})


def test_a_wide_pattern_skips_rules_without_a_switch() -> None:
    changed = registry.load_rules("zh-web", overrides={"*": "flag"})
    assert {rule.action for rule in changed.rules} == {"flag"}
    assert not changed.off
