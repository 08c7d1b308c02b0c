"""Rules that are bound to hosts act on documents of these hosts and say nothing on others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.errors import PackError
from cleaner.model import Document
from cleaner.options import CleanOptions
from cleaner.packs import loader, registry, testing
from cleaner.pipeline import Pack, clean
from helpers.bound_rules import COPIES_RULE
from helpers.calls import Call

HEAD = 'schema = 1\n[pack]\nid = "site"\nversion = "1.0"\ntitle = "t"\nhosts = ["www.example.com"]\n'
RULES = (
    COPIES_RULE
    + """
[[rule]]
id = "nav/head"
why = "w"
literals = ["回到目录", "换一盏灯"]
match = '^\\L<literals>$'
drops = ["换一盏灯"]
keeps = ["他想换一盏灯。"]
[[rule]]
id = "footer/all"
why = "w"
hosts = ["*.example.org"]
literals = ["夜里关门"]
match = '^夜里关门$'
drops = ["夜里关门"]
keeps = ["店在夜里关门。"]
"""
)
BODY = "灯塔修了三年，守塔人换了两次。\n"
TEXT = f"换一盏灯\n{BODY}夜里关门\n"
HOSTS = ["", "www.example.com", "example.com", "a.example.org", "example.org", "b.a.example.org", "other.net"]


def pack() -> Pack:
    return Pack(loader.check_pack(loader.parse_pack(HEAD + RULES, "site.toml")))


def expected(host: str) -> str:
    if host == "www.example.com":
        return f"{BODY}夜里关门\n"
    return f"换一盏灯\n{BODY}" if host.endswith(".example.org") else TEXT


@given(st.lists(st.sampled_from(HOSTS), min_size=1, max_size=8))
def test_a_bound_rule_acts_on_its_hosts_whatever_else_is_in_the_batch(hosts: list[str]) -> None:
    documents = [Document(str(number), TEXT, host=host) for number, host in enumerate(hosts)]
    assert [result.text for result in clean(documents, pack(), CleanOptions())] == list(map(expected, hosts))


def test_a_detector_of_a_bound_rule_is_bound_too() -> None:
    text = "河边的灯塔在夜里亮着\n河边的灯塔在夜里亮着\n" + BODY
    assert pack().clean(text, host="www.example.com").text == text.partition("\n")[2]
    assert pack().clean(text, host="example.com").text == text


def test_a_literal_that_is_the_whole_line_quotes_nothing() -> None:
    rules = RULES.replace("换一盏灯", "《灯》这一页").replace("他想《灯》这一页。", "他想看。")
    data = loader.check_pack(loader.parse_pack(HEAD + rules, "site.toml"))
    assert Pack(data).clean("《灯》这一页\n" + BODY, host="www.example.com").text == BODY


def test_a_page_has_the_host_of_its_url() -> None:
    page = f"<p>换一盏灯</p><p>{BODY}</p>"
    assert cleaner.clean_html(page, url="https://www.example.com/1", pack=pack()).text == BODY
    assert cleaner.clean_html(page, url="https://example.net/1", pack=pack()).text != BODY
    assert cleaner.clean(TEXT, host="www.example.com", pack=pack()).text == expected("www.example.com")


@pytest.mark.parametrize("host", ["", "Example.com", "http://example.com", "example.com/a", "*", "a.*.com"])
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(PackError, match=r"pack\.hosts"):
        loader.parse_pack(HEAD.replace("www.example.com", host) + RULES, "site.toml")


def test_a_bound_rule_is_tried_on_the_keeps_of_its_own_hosts_only() -> None:
    other = RULES.replace('keeps = ["店在夜里关门。"]', 'keeps = ["回到目录"]')
    assert not testing.run_cases(loader.check_pack(loader.parse_pack(HEAD + other, "site.toml")))
    same = other.replace('hosts = ["*.example.org"]\n', "")
    (failure,) = testing.run_cases(loader.check_pack(loader.parse_pack(HEAD + same, "site.toml")))
    assert (failure.rule, failure.key) == ("site/nav/head", "keeps of site/footer/all")


def test_a_folder_of_packs_is_loaded_as_one(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(HEAD + RULES, encoding="utf-8")
    (tmp_path / "b.toml").write_text((HEAD + RULES).replace('"site"', '"other"'), encoding="utf-8")
    rules = registry.load_rules(tmp_path)
    assert [rule.id for rule in rules.rules if rule.id.endswith("nav/head")] == ["site/nav/head", "other/nav/head"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(PackError, match="no pack in this folder"):
        registry.load_rules(tmp_path / "empty")


def write_inputs(folder: Path) -> None:
    (folder / "site.toml").write_text(HEAD + RULES, encoding="utf-8")
    rows = [{"id": str(n), "text": TEXT, "site": f"https://{host}/1"} for n, host in enumerate(HOSTS[1:])]
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "rows.jsonl").write_text("".join(lines), encoding="utf-8")
    for name in ("www.example.com", "elsewhere"):
        (folder / "tree" / name).mkdir(parents=True)
        (folder / "tree" / name / "1.txt").write_text(TEXT, encoding="utf-8")


def test_hosts_are_read_from_a_field_or_from_folders(tmp_path: Path, call: Call) -> None:
    write_inputs(tmp_path)
    options = ("--pack", tmp_path / "site.toml", "--dedup", "off", "--quiet", "--output")
    code, _, _ = call("clean", tmp_path / "rows.jsonl", "--host-from", "site", *options, tmp_path / "a")
    texts = [json.loads(line)["text"] for line in (tmp_path / "a" / "rows.jsonl").read_text("utf-8").splitlines()]
    assert (code, texts) == (0, list(map(expected, HOSTS[1:])))
    call("clean", tmp_path / "tree", *options, tmp_path / "b")
    assert (tmp_path / "b" / "www.example.com" / "1.txt").read_text("utf-8") == expected("www.example.com")
    assert (tmp_path / "b" / "elsewhere" / "1.txt").read_text("utf-8") == TEXT
    bound = (HEAD + RULES).replace("www.example.com", "elsewhere")
    (tmp_path / "site.toml").write_text(bound, encoding="utf-8")
    call("clean", tmp_path / "tree", "--host-from", "folder", *options, tmp_path / "c")
    assert (tmp_path / "c" / "elsewhere" / "1.txt").read_text("utf-8") == expected("www.example.com")


def test_why_and_diff_and_show_know_hosts(tmp_path: Path, call: Call) -> None:
    write_inputs(tmp_path)
    page = tmp_path / "tree" / "www.example.com" / "1.txt"
    _, out, _ = call("why", page, "--pack", tmp_path / "site.toml")
    assert "site/nav/head" in out
    _, out, _ = call("rules", "diff", "core", tmp_path / "site.toml", tmp_path / "tree")
    assert "1 verdicts changed" in out
    _, out, _ = call("rules", "show", "site/nav/head", "--pack", tmp_path / "site.toml")
    assert "hosts     www.example.com" in out
