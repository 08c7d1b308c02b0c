"""The layout of pack files: readable diffs, the same rules."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from typer.testing import CliRunner

from cleaner.cli.rules import app
from cleaner.errors import PackError
from cleaner.packs import loader
from cleaner.packs.formatting import WIDTH, format_pack, quote, quote_all, quote_pattern
from cleaner.rules.schema import join_lines
from helpers.paths import ROOT

FILES = sorted((ROOT / "rules").glob("*.toml"))
PACKS = [path for path in FILES if path.stem != "opencc-overlay"]

HEAD = """\
schema = 1

[pack]
id = "mine"
version = "0.1.0"
title = "Rules of my own"

# the first rule
[[rule]]
id = "nav/word"
why = "w"
"""
LOOSE = """\
literals = ["乙", # the second
  # the first
  "甲", '丙', "乙"]
match = '^(?:{alternatives})$'
drops = ["甲"]
keeps = ["{text}"]  # kept
"""
LAID_OUT = """\
literals = [
    '丙',
    "乙",  # the second
    # the first
    "甲",
]
"""


def pack(alternatives: int = 3, text: str = "甲乙") -> str:
    return HEAD + LOOSE.format(alternatives="|".join(f"甲{number}" for number in range(alternatives)), text=text)


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_shipped_packs_are_laid_out(path: Path) -> None:
    assert format_pack(path.read_text(encoding="utf-8")) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_line_of_a_shipped_file_is_too_long_for_a_diff(path: Path) -> None:
    assert max(map(len, path.read_text(encoding="utf-8").split("\n"))) <= WIDTH


def test_literals_stand_one_a_line_sorted_each_once_with_their_comments() -> None:
    assert LAID_OUT in format_pack(pack())


GROUPED = """\
literals = [
    "癸",
    # 3 to 9 pages, in ul.menu
    "丁",  # of a person
    "乙",
    # said before
    "戊",
    "甲", "{long}",
    # 2 pages
    "丙",
]
"""


def test_literals_under_a_count_of_pages_share_lines_and_are_sorted_there() -> None:
    text = HEAD + GROUPED.format(long="长" * 30) + 'match = "甲"\ndrops = ["甲"]\nkeeps = ["己"]\n'
    assert format_pack(text) == text
    loose = text.replace('    "甲", ', "    ").replace('"乙",\n', '"甲",\n"乙", "甲",\n\n')
    assert loose != text
    assert format_pack(loose) == text


@given(st.lists(st.tuples(st.text(min_size=1), st.booleans()), min_size=1, max_size=30))
def test_groups_of_any_texts_are_laid_out_once(entries: list[tuple[str, bool]]) -> None:
    rows = "".join(f"{'# 3 pages' if is_head else ''}\n{quote(text)}," for text, is_head in entries)
    text = f'schema = 1\n[pack]\nid = "a"\n[[rule]]\nliterals = [{rows}\n]\n'
    laid_out = format_pack(text)
    assert format_pack(laid_out) == laid_out
    assert max(map(len, laid_out.split("\n"))) <= WIDTH


def test_one_literal_stays_on_its_line() -> None:
    text = HEAD + 'literals = ["甲"]\ndrops = ["甲"]\nkeeps = ["乙"]\n'
    assert format_pack(text) == text


@pytest.mark.parametrize("alternatives", [3, 60, 300])
@pytest.mark.parametrize("text", ["甲乙", "长" * 300, 'a "quoted" word \\\\ and ' * 20])
def test_the_layout_changes_no_rule_and_is_laid_out_itself(alternatives: int, text: str) -> None:
    loose = pack(alternatives, text.replace('"', '\\"'))
    laid_out = format_pack(loose)
    assert max(map(len, laid_out.split("\n"))) <= WIDTH
    assert format_pack(laid_out) == laid_out
    before, after = (loader.parse_pack(one).rules[0] for one in (loose, laid_out))
    assert after == structs.replace(before, literals=tuple(sorted(set(before.literals))))
    assert "# the first rule" in laid_out


def test_a_pattern_over_several_lines_is_one_pattern() -> None:
    rule = loader.parse_pack(
        HEAD + "literals = ['甲']\nmatch = '''\n    ^甲\n    |乙 $\n'''\ndrops = ['甲']\nkeeps = ['丙']\n"
    )
    assert rule.rules[0].match == "^甲|乙 $"


def test_invalid_toml_is_an_error_that_names_the_file() -> None:
    with pytest.raises(PackError, match=r"mine\.toml: not TOML"):
        format_pack("[[rule", "mine.toml")


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_the_command_writes_or_only_reports(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(pack(), encoding="utf-8")
    assert run("format", path, "--check") == (1, f"{path}: would be formatted\n")
    assert path.read_text(encoding="utf-8") == pack()
    assert run("format", path) == (0, f"{path}: formatted\n")
    assert run("format", path, "--check") == (0, "")


def test_a_new_rule_is_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    run("new", path, "nav/slogan")
    assert run("format", path, "--check")[0] == 0


@pytest.mark.parametrize("character", ["\x01", "\x7f", "\\", '"', "\t", " 一", "\U0001f600"])
def test_long_strings_of_odd_characters_come_back(character: str) -> None:
    literal = quote("一" + character * 200 + "二")
    pack = f'schema = 1\n[pack]\nid = "a"\n[[rule]]\nliterals = [{literal}, "三"]\n'
    once = format_pack(pack)
    assert tomllib.loads(once)["rule"] == tomllib.loads(pack)["rule"]
    assert format_pack(once) == once


@pytest.mark.parametrize("character", ["\x01", "\x7f", "\r"])
def test_long_patterns_of_control_characters_come_back(character: str) -> None:
    pattern = "一" + character * 200 + "二"
    laid_out = format_pack(f'schema = 1\n[[rule]]\nid = "a"\nmatch = {quote(pattern)}\n')
    assert join_lines(tomllib.loads(laid_out)["rule"][0]["match"]) == pattern


@given(st.text())
def test_what_is_quoted_comes_back(text: str) -> None:
    for write in (quote, quote_pattern):
        assert tomllib.loads(f"value = {write(text)}")["value"] == text
    assert tomllib.loads(f"value = {quote_all([text, text])}")["value"] == [text, text]
