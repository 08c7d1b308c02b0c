"""A rule of action "keep": its lines stay, whatever other rules or the judge say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import cleaner
from cleaner.errors import PackError
from cleaner.packs import loader, registry, testing
from cleaner.pipeline import Pack
from cleaner.rules.schema import RulePack
from helpers.format_cases import FOOT, NAV, body

PACK = """
schema = 1
pack = {{ id = "mine", version = "1", title = "Mine", extends = ["zh-web"] }}

[[rule]]
id = "meta/kept"
why = "Lines that somebody wants to keep."
action = "keep"
literals = [{line!r}]
match = '^\\L<literals>$'
keeps = [{line!r}]
drops = ["首页"]
"""
RELATED = "· 老城区改造进入第二阶段 2023-04-01"
PAGE = f"{NAV}\n\n{body(1)}\n\n相关阅读\n{RELATED}\n· 专家解读新一轮水利规划要点 2023-03-30\n· 我市将新建三座大桥 2023-03-28\n{FOOT}\n"


def keeping(line: str) -> RulePack:
    pack = loader.check_pack(loader.parse_pack(PACK.format(line=line)))
    return loader.merge([registry.load_rules("zh-web")], pack)


@pytest.mark.parametrize("line", [NAV, FOOT, RELATED, "相关阅读"])
def test_a_line_that_rules_or_a_detector_drop_stays(line: str) -> None:
    assert line not in cleaner.clean(PAGE).text
    kept = cleaner.clean(PAGE, pack=Pack(keeping(line))).text
    assert line in kept.split("\n")
    assert sum(other in kept.split("\n") for other in (NAV, FOOT, RELATED, "相关阅读")) == 1


def test_its_cases_are_those_it_keeps_and_those_it_leaves() -> None:
    assert testing.run_cases(keeping(NAV)) == ()
    wrong = loader.parse_pack(PACK.format(line=NAV).replace("keeps = [", 'keeps = ["别的行", '))
    with pytest.raises(PackError, match="literals: none occurs"):
        loader.check_pack(wrong)
    failures = testing.run_cases(
        loader.parse_pack(PACK.format(line=NAV).replace('drops = ["首页"]', f'drops = ["{NAV}"]'))
    )
    assert [(failure.key, failure.message) for failure in failures] == [("drops", "the rule hits it")]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("keeps = [", "unless = [", "keeps"),
        ('action = "keep"', 'action = "keep"\nscope = "span"', "scope"),
    ],
)
def test_a_rule_that_keeps_needs_a_case_and_whole_lines(old: str, new: str, key: str, tmp_path: Path) -> None:
    with pytest.raises(PackError, match=rf"meta/kept: {key}"):
        loader.parse_pack(PACK.format(line=NAV).replace(old, new, 1))
