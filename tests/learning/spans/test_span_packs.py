"""Spans glued to lines are learned: credits and notices in brackets are cut, what an author may have written is flagged."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cleaner.features.line_view import view_lines
from cleaner.learning.spans.forms import Side, generalize, key_spans
from cleaner.text import lines
from helpers.calls import Call
from helpers.site_pages import NAMES, THINGS

HEAD, TAIL = ["示例时报", "本站首页", "本地新闻"], ["报社简介", "联系编辑部", "意见反馈"]
COUNT = 12


def text_of(number: int) -> list[str]:
    return [
        f"本报讯 记者{NAMES[number % 10]}在第{number}天走到{THINGS[number % 10]}前，村里的人重新丈量田地，谁也没有说话。",
        f"【示例时报】{NAMES[(number + 2) % 10]}说，{THINGS[(number + 3) % 10]}上的灯要到第{number + 3}天才亮起来。",
        f"他把绳子绕了{number}圈，走回{THINGS[(number + 5) % 10]}，关上了门。",
    ]


def learn(folder: Path, call: Call, *spans: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Learn from pages with spans behind their last lines, in turn; rules by id, and the clean texts."""
    path = folder / "pages.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(COUNT):
            body = text_of(number)
            body[-1] += spans[number % len(spans)]
            row = {"id": number, "host": "news.example.com", "text": "\n".join([*HEAD, *body, *TAIL])}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    call("learn", path, "-o", "packs", "--quiet")
    pack = folder / "packs/site-news-example-com.toml"
    assert call("rules", "test", pack)[0] == 0
    options = ("--judge", "off", "--dedup", "off", "--quiet", "-o", "out")
    call("clean", path, "--pack", "core", "--pack", pack, *options)
    texts = [json.loads(line)["text"] for line in (folder / "out/pages.jsonl").read_text("utf-8").splitlines()]
    return {rule["id"]: rule for rule in tomllib.loads(pack.read_text("utf-8"))["rule"]}, texts


@pytest.mark.slow
def test_credits_in_brackets_go_whoever_they_name(tmp_path: Path, call: Call) -> None:
    names = [f"（责任编辑：{name}）" for name in NAMES]
    rules, texts = learn(tmp_path, call, *names)
    rule = rules["byline/credits"]
    assert (rule["scope"], rule["action"], rule["literals"]) == ("span", "cut", ["责任编辑"])
    assert [text.strip().split("\n") for text in texts] == [text_of(number) for number in range(COUNT)]


@pytest.mark.slow
def test_a_notice_in_brackets_goes_where_most_texts_end_with_it(tmp_path: Path, call: Call) -> None:
    rules, texts = learn(tmp_path, call, "（示例时报原创，转载请注明出处。）")
    assert rules["legal/notices"]["action"] == "cut"
    assert [text.strip().split("\n") for text in texts] == [text_of(number) for number in range(COUNT)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ("（未完待续）", "without a word of frames"),
        ("点击查看原文", "stands in no brackets"),
        ("愿他平安", "stands in no brackets"),
    ],
)
def test_what_an_author_may_have_written_is_flagged(span: str, reason: str, tmp_path: Path, call: Call) -> None:
    rules, texts = learn(tmp_path, call, span)
    assert rules["widget/tail-spans-doubtful"]["action"] == "flag"
    assert f'["{span}"]  # {COUNT} pages, {reason}' in (tmp_path / "packs/site-news-example-com.toml").read_text(
        "utf-8"
    )
    assert all(text.strip().endswith(span) for text in texts)
    assert all("本报讯 记者" in text for text in texts)


@pytest.mark.slow
def test_a_few_pages_and_lines_that_recur_whole_say_nothing(tmp_path: Path, call: Call) -> None:
    rules, _ = learn(tmp_path, call, "点击查看原文", *[""] * 5)
    assert not [name for name in rules if "tail-spans" in name or name.startswith(("byline", "legal"))]


@pytest.mark.parametrize(
    ("line", "side", "expected"),
    [
        ("他走到桥前，没有再往前走。（责任编辑：某人）", "tail", ["（责任编辑：某人）"]),
        ("他走到桥前，没有再往前走。点击查看原文", "tail", ["点击查看原文"]),
        ("走到桥前没有再往前走 编辑 锁定", "tail", ["编辑 锁定", "锁定"]),
        ("他走到桥前，没有再往前走。", "tail", []),
        ("他走到（桥）前没有再往前走了", "tail", []),
        ("【示例时报】他走到桥前，没有再走。", "head", ["【示例时报】"]),
        ("原创 他走到桥前，没有再往前走。", "head", ["原创"]),
        ("走到桥前没有再往前走\t编辑 锁定", "tail", ["锁定"]),
        ("走到桥前没有再往前走\t选修\t文学院", "tail", []),
        ("短行（责任编辑：某人）", "tail", []),
    ],
)
def test_spans_are_bounded(line: str, side: Side, expected: list[str]) -> None:
    batch = lines.join([line])
    spans = key_spans(view_lines(batch), ["a.com"], side).spans
    assert [batch.text[span.start : span.stop] for span in spans] == expected


def test_sides_hosts_and_labels_tell_spans_apart() -> None:
    batch = lines.join(
        [
            "他走到桥前，没有再往前走。（编辑：甲某）",
            "没有人从桥的那一边走过来。（编辑：乙）",
            "他又走回桥前，坐了下来。（校对：乙）",
        ]
    )
    keys = key_spans(view_lines(batch), ["a.com", "a.com", "a.com"], "tail").keys
    others = key_spans(view_lines(batch), ["b.com"] * 3, "tail").keys
    assert keys[0] == keys[1] != keys[2]
    assert not set(keys.tolist()) & set(others.tolist())
    assert generalize("(编辑:甲某)") == "(编辑:)"
