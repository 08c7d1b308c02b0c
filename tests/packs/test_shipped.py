"""The shipped packs themselves: every case, every rule against all cases, every pattern against hostile lines."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from msgspec import structs
from typer.testing import CliRunner

from cleaner.cli.rules import app
from cleaner.detectors import DETECTORS
from cleaner.errors import PackError
from cleaner.packs import loader, registry, testing
from cleaner.rules.pattern import Pattern, check_linear, is_whole_line, slow_on
from cleaner.rules.schema import Category, Rule, RulePack
from helpers.paths import ROOT

WHOLE = registry.combine([registry.load_rules(name) for name in registry.pack_names()])
PATTERNED = [rule for rule in WHOLE.rules if not rule.detector]
CASES = testing.run_cases(WHOLE)


def test_every_case_of_every_pack_passes() -> None:
    loader.check_pack(WHOLE)
    assert CASES == ()


def test_every_rule_belongs_to_the_pack_its_id_names() -> None:
    for name in registry.pack_names():
        own = {rule.id for rule in registry.load_rules(name).rules}
        assert any(rule.startswith(f"{name}/") for rule in own) or registry.load_rules(name).judge


@pytest.mark.parametrize("rule", [r for r in PATTERNED if is_whole_line(r) and not r.unless], ids=lambda r: r.id)
def test_every_word_of_a_list_is_hit_when_it_stands_alone(rule: Rule) -> None:
    words = [word for word in rule.literals if len(word) <= rule.longest]
    found = testing.find_matches([rule], words)
    assert [word for word, hits in zip(words, found, strict=True) if not hits] == []


@pytest.mark.parametrize("rule", PATTERNED, ids=lambda r: r.id)
def test_no_line_makes_a_pattern_slow(rule: Rule) -> None:
    assert rule.linear
    assert not slow_on(rule)


def test_a_pattern_that_claims_to_be_linear_is_tried() -> None:
    drops = ("广告aaa",)
    wrong = Rule(
        id="x/ad/y", why="w", literals=("广告",), match=r"广告(?:a|aa)+$", linear=True, drops=drops, keeps=("好",)
    )
    with pytest.raises(PackError, match="linear: its pattern takes too long"):
        check_linear(wrong, "mine.toml")
    check_linear(structs.replace(wrong, linear=False), "mine.toml")


def linear_rule(match: str) -> Rule:
    return Rule(id="x/ad/y", why="w", literals=("广告",), match=match, linear=True, drops=("广告y",), keeps=("好",))


@pytest.mark.parametrize("match", ["广告(?:x|xx)*y", "广告(?:好|好好)*y"])
def test_a_pattern_is_tried_on_what_it_repeats_itself(match: str) -> None:
    with pytest.raises(PackError, match="linear: its pattern takes too long"):
        check_linear(linear_rule(match), "mine.toml")


def test_a_pattern_that_is_slow_where_nobody_looked_runs_under_a_limit() -> None:
    rule = linear_rule(r"广告(?:\x73|\x73\x73)*y")
    (checked,) = loader.check_pack(RulePack(id="x", version="1", title="t", rules=(rule,))).rules
    with pytest.raises(TimeoutError):
        Pattern(checked).spans("广告" + "s" * 60)


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(arg) for arg in args])
    return result.exit_code, result.output


def test_the_list_names_packs_and_rules() -> None:
    code, said = run("list", "zh-mill")
    assert code == 0
    assert "zh-mill/mill/sign-off: The mill's last sentence" in said


def test_rules_that_match_nothing_are_listed(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("首页|新闻|图片|视频|论坛\n版權所有 京ICP備12345678號-1\n", encoding="utf-8")
    code, said = run("list", "--unused", "--pack", "zh-legal", page)
    assert code == 0
    assert "zh-legal/legal/storage-only" in said
    assert "zh-legal/legal/icp-number" not in said
    assert re.search(r"\d+ of \d+ rules match nothing in 1 texts", said)
    assert "needs texts to look in" in str(CliRunner().invoke(app, ["list", "--unused"]).exception)


def test_a_rule_has_a_page_with_its_cases() -> None:
    code, said = run("show", "zh-legal/legal/icp-number")
    assert code == 0
    for part in ("printed by the site", "literals", "hits      '京ICP备05004340号-1'", "leaves"):
        assert part in said


def test_an_unknown_rule_is_a_usage_error() -> None:
    result = CliRunner().invoke(app, ["show", "zh-web/no/such"])
    assert "rules list" in str(result.exception)


@pytest.mark.slow
def test_testing_a_pack_says_what_failed(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    assert run("new", path, "nav/slogan")[0] == 0
    assert run("test", path)[0] == 0
    path.write_text(path.read_text("utf-8").replace("这里的示例栏目每周更新。", "示例栏目：夏天"), encoding="utf-8")
    code, said = run("test", path)
    assert code == 1
    assert "mine/nav/slogan: keeps: '示例栏目：夏天': the rule hits it" in said


def test_a_new_rule_is_added_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    run("new", path, "nav/slogan")
    assert run("new", path, "nav/other")[0] == 0
    before = path.read_text("utf-8")
    assert run("new", path, "nav/other")[0] != 0
    assert path.read_text("utf-8") == before


def test_two_versions_of_a_pack_can_be_compared(tmp_path: Path) -> None:
    old, new = tmp_path / "old" / "mine.toml", tmp_path / "new" / "mine.toml"
    for path in (old, new):
        path.parent.mkdir()
        run("new", path, "nav/slogan")
    new.write_text(new.read_text("utf-8").replace("示例栏目", "某某专栏"), encoding="utf-8")
    page = tmp_path / "page.txt"
    page.write_text("示例栏目：春天\n今年的雨水比往年多，田里的稻子长得很好。\n某某专栏：夏天\n", encoding="utf-8")
    code, said = run("diff", old, new, page)
    assert code == 0
    assert "-> drop (mine/nav/slogan" in said
    assert "page.txt:3" in said
    assert "某某专栏：夏天" in said
    assert "今年的雨水" not in said
    assert "某某专栏" not in run("diff", old, new, page, "--summary")[1]


def test_the_schema_is_json() -> None:
    assert json.loads(run("schema")[1])["$defs"]["Rule"]


def test_cases_that_fail_say_how() -> None:
    pack = loader.parse_pack(
        'schema = 1\n[pack]\nid = "p"\nversion = "1"\ntitle = "t"\n'
        '[[rule]]\nid = "nav/a"\nwhy = "w"\nliterals = ["甲"]\nmatch = "^甲"\ndrops = ["乙甲", "甲"]\nkeeps = ["甲乙", "丙"]\n'
        '[[rule]]\nid = "nav/b"\nwhy = "w"\nscope = "span"\naction = "cut"\nliterals = ["丙"]\n'
        'drops = [{before = "一丙", after = "二"}]\nkeeps = ["丁"]\n'
    )
    failures = {(f.rule, f.key, f.text): f.message for f in testing.run_cases(pack)}
    assert failures == {
        ("p/nav/a", "drops", "乙甲"): "the rule does not hit it",
        ("p/nav/a", "keeps", "甲乙"): "the rule hits it",
        ("p/nav/b", "drops", "一丙"): "it becomes '一', not '二'",
        ("p/nav/b", "keeps of p/nav/a", "丙"): "it cuts part of it",
    }
    assert testing.count_cases(pack) == 6


def page() -> str:
    return (ROOT / "docs" / "rules.md").read_text("utf-8")


def test_the_page_on_rules_names_every_field_category_and_detector() -> None:
    text = page()
    for word in (*Rule.__struct_fields__, *get_args(Category), *DETECTORS):
        assert f"`{word}`" in text, word


def test_the_rules_on_the_page_pass_their_cases() -> None:
    blocks = [block for block in re.findall(r"```toml\n(.*?)```", page(), re.S) if "[[rule]]" in block]
    pack = loader.check_pack(loader.parse_pack("\n".join(blocks)))
    assert [rule.id for rule in pack.rules] == ["mine/ad/coupon", "mine/nav/short-bar"]
    assert testing.run_cases(pack) == ()


def test_the_overrides_on_the_page_are_accepted() -> None:
    words = page().split("```toml\n[rules]\n")[1].split("```")[0]
    changed = {rule.id: rule for rule in registry.load_rules("zh-web", overrides=tomllib.loads(words)).rules}
    assert not any(name.startswith("zh-web/ad/") for name in changed)
    assert changed["zh-legal/legal/copyright"].action == "flag"
    assert changed["zh-legal/legal/icp-number"].action == "drop"
    assert changed["zh-web/nav/section"].weight == 0.3
