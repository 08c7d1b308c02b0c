from __future__ import annotations

import pytest

from cleaner.errors import PackError
from cleaner.packs import loader

HEAD = 'schema = 1\n[pack]\nid = "mine"\nversion = "1.0"\ntitle = "t"\n'
RULE = """
[[rule]]
id = "nav/word"
why = "w"
literals = ["示例"]
match = '^示例$'
drops = ["示例"]
keeps = ["示例很多"]
"""


def parse(text: str) -> loader.RulePack:
    return loader.check_pack(loader.parse_pack(HEAD + text, "mine.toml"))


def test_a_rule_gets_its_full_id_and_the_category_its_id_begins_with() -> None:
    rule = parse(RULE).rules[0]
    assert (rule.id, rule.category) == ("mine/nav/word", "nav")


WRONG = {
    "unknown key": (RULE + "colour = 1\n", r"mine.toml: rule nav/word: .*colour"),
    "wrong type": (RULE.replace('"w"', "3"), r"rule nav/word: why: .*str"),
    "no case it hits": (RULE.replace('drops = ["示例"]', ""), r"rule mine/nav/word: drops: "),
    "no case it leaves": (RULE.replace('keeps = ["示例很多"]', ""), r"rule mine/nav/word: keeps: "),
    "no literals": (RULE.replace('literals = ["示例"]', ""), r"literals: one must occur"),
    "an empty literal": (RULE.replace('["示例"]\nm', '["示例", " "]\nm'), r"literals: ' ' can never stand in one line"),
    "a literal over two lines": (RULE.replace('["示例"]\nm', '["示例", "示\\n例"]\nm'), r"can never stand in one line"),
    "a case without a literal": (RULE.replace('drops = ["示例"]', 'drops = ["例子"]'), r"literals: none occurs in"),
    "a bad pattern": (RULE.replace("'^示例$'", "'(示例'"), r"rule mine/nav/word: match: ."),
    "a bad exception": (RULE + "unless = ['[']\n", r"unless: "),
    "an id twice": (RULE + RULE, r"rule mine/nav/word: id: given twice"),
    "an unknown category": (RULE.replace("nav/word", "blah/word"), r"category: 'blah' is none of"),
    "a line cut": (RULE + 'action = "cut"\n', r'action: a cut needs scope "span"'),
    "a span dropped": (RULE + 'scope = "span"\n', r"action: a span is cut"),
    "new without replace": (RULE + 'new = "x"\n', r"new: only action"),
    "parameters without a detector": (RULE + "params = {a = 1}\n", r"params: only a detector"),
    "a detector with a pattern": (RULE + 'detector = "menu-bar"\n', r"detector: a detector takes no pattern"),
    "a weight out of range": (RULE + "weight = 7.0\n", r"rule nav/word: weight"),
    "not TOML": ("[[rule", r"mine.toml: not TOML"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_an_error_names_file_rule_and_key(text: str, message: str) -> None:
    with pytest.raises(PackError, match=message):
        parse(text)


def test_a_newer_schema_is_refused() -> None:
    with pytest.raises(PackError, match="schema"):
        loader.parse_pack(HEAD.replace("schema = 1", "schema = 2"))


def test_the_hash_follows_content_not_layout() -> None:
    plain, commented = parse(RULE), parse("\n# a remark\n" + RULE)
    assert plain.hash == commented.hash
    assert len(plain.hash) == 64
    assert plain.hash != parse(RULE.replace('"w"', '"v"')).hash


def test_merging_puts_bases_first_and_lets_the_last_model_win() -> None:
    base = loader.parse_pack(HEAD.replace('"mine"', '"base"') + RULE + '[judge]\nmodel = "a"\n')
    pack = loader.parse_pack(HEAD + RULE + '[judge]\nmodel = "b"\n')
    whole = loader.merge([base, base], pack)
    assert [rule.id for rule in whole.rules] == ["base/nav/word", "mine/nav/word"]
    assert whole.judge
    assert whole.judge.name == "b"


def test_a_user_can_switch_off_flag_and_change_rules_and_the_last_word_counts() -> None:
    pack = parse(RULE + RULE.replace("nav/word", "nav/other"))
    assert [r.id for r in loader.override(pack, {"mine/nav/w*": "off"}).rules] == ["mine/nav/other"]
    assert {r.action for r in loader.override(pack, {"mine/*": "flag"}).rules} == {"flag"}
    changed = loader.override(pack, {"mine/*": "off", "mine/nav/other": {"weight": 0.5}})
    assert [(r.id, r.weight) for r in changed.rules] == [("mine/nav/other", 0.5)]
    assert loader.override(pack, {"mine/*": "off", "mine/nav/word": "on"}).rules == pack.rules[:1]
    assert loader.override(pack, {}).hash == pack.hash
    assert changed.hash != pack.hash


OVERRIDES = {
    "fits no rule": ({"mine/ad/*": "off"}, "fits no rule of mine"),
    "unknown word": ({"mine/*": "maybe"}, "'maybe' is none of"),
    "unknown field": ({"mine/*": {"colour": 1}}, r"override of mine/nav/word: .*colour"),
    "bad pattern": ({"mine/*": {"match": "("}}, "match: "),
}


@pytest.mark.parametrize(("words", "message"), OVERRIDES.values(), ids=OVERRIDES)
def test_a_wrong_override_is_an_error(words: dict[str, loader.Override], message: str) -> None:
    with pytest.raises(PackError, match=message):
        loader.override(parse(RULE), words)
