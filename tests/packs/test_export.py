"""A pack as it leaves Python: nothing is lost, the schemas in the package describe it, the page names every rule."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

import msgspec
import pytest
import regex
from typer.testing import CliRunner

from cleaner.cli.rules import app
from cleaner.normalization.script.folding import fold
from cleaner.packs import export as packdoc
from cleaner.packs import registry
from cleaner.rules import schema
from cleaner.rules.pattern import compile_match
from cleaner.rules.schema import Change, Rule, RulePack

PACKS = registry.pack_names()


@cache
def loaded(name: str) -> RulePack:
    return registry.load_rules(name)


@cache
def export(name: str) -> packdoc.Export:
    return msgspec.json.decode(packdoc.to_json(loaded(name)), type=packdoc.Export)


def texts(rule: Rule) -> list[str]:
    hits = [case.before if isinstance(case, Change) else case for case in rule.drops]
    return [*hits, *rule.keeps]


@pytest.mark.parametrize("name", PACKS)
def test_json_holds_the_whole_pack(name: str) -> None:
    found = export(name)
    assert tuple(exported.rule for exported in found.rules) == loaded(name).rules
    judge = loaded(name).judge
    assert found.judge == (judge.hash if judge else "")
    assert (found.pack.id, found.pack.version, found.hash) == (name, loaded(name).version, loaded(name).hash)


@pytest.mark.parametrize("name", PACKS)
def test_json_lines_hold_the_same(name: str) -> None:
    head, *rules = map(json.loads, packdoc.to_jsonl(loaded(name)).splitlines())
    assert {**head, "rules": rules} == json.loads(packdoc.to_json(loaded(name)))


def test_every_field_is_written_out() -> None:
    for exported in json.loads(packdoc.to_json(loaded("core")))["rules"]:
        assert set(exported["rule"]) == set(Rule.__struct_fields__)


def test_the_folding_is_the_one_rules_are_matched_on() -> None:
    found = export("core").fold
    table = str.maketrans(found.from_, found.to)
    for rule in loaded("zh-web").rules:
        for text in texts(rule):
            assert text.translate(table) == fold(text)


def test_patterns_written_out_hit_where_the_rules_hit() -> None:
    for exported in export("zh-web").rules:
        rule = exported.rule
        if exported.matching is None:
            assert rule.detector
            continue
        flags = regex.IGNORECASE | (regex.MULTILINE if rule.scope in ("block", "document") else 0)
        plain = regex.compile(exported.matching.match, flags)
        for text in map(fold, texts(rule)):
            found, again = compile_match(rule).search(text), plain.search(text)
            assert (found and found.span()) == (again and again.span()), rule.id


@pytest.mark.parametrize(
    ("name", "made"), [("pack.schema.json", schema.json_schema), ("export.schema.json", packdoc.json_schema)]
)
def test_the_schemas_in_the_package_are_the_generated_ones(name: str, made: object) -> None:
    """To write them anew: PYTHONPATH=tests python tests/packs/test_export.py."""
    assert callable(made)
    kept = (resources.files("cleaner") / "data" / name).read_text(encoding="utf-8")
    assert json.loads(kept) == json.loads(msgspec.json.encode(made()))


@pytest.mark.parametrize("name", PACKS)
def test_the_page_names_every_rule_its_reason_and_its_cases(name: str) -> None:
    page = packdoc.to_markdown(loaded(name))
    assert page.startswith(f"# {name} {loaded(name).version}\n")
    for rule in loaded(name).rules:
        section = page.split(f"\n### `{rule.id}`\n")[1].split("\n### ")[0]
        assert rule.why in section
        assert section.count("- Hits: ") == len(rule.matching_cases)
        assert section.count("- Leaves: ") == len(rule.other_cases)


def test_backticks_and_line_breaks_do_not_break_the_page() -> None:
    rule = Rule(id="x/nav/y", why="w", literals=("`a",), drops=("a``b\nc`",), keeps=(" ",))
    page = packdoc.to_markdown(RulePack(id="x", version="1", title="t", rules=(rule,)))
    assert "- Literals: `` `a ``" in page
    assert "- Hits: ``` a``b↵c` ```" in page


@pytest.mark.parametrize(("form", "begins"), [("json", "{"), ("jsonl", '{"schema":1'), ("markdown", "# core ")])
def test_the_command_prints_each_format(form: str, begins: str) -> None:
    result = CliRunner().invoke(app, ["export", "core", "--format", form])
    assert result.exit_code == 0
    assert result.stdout.startswith(begins)
    assert re.search(r"core/[a-z-]+/[a-z-]+", result.stdout)


if __name__ == "__main__":
    folder = resources.files("cleaner") / "data"
    for target, content in (("pack", schema.json_schema()), ("export", packdoc.json_schema())):
        text = msgspec.json.format(msgspec.json.encode(content), indent=2).decode()
        (folder / f"{target}.schema.json").write_text(text + "\n", encoding="utf-8")  # type: ignore[attr-defined]
