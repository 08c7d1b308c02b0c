"""Lists of other texts under a head: learned where head and end are the same, and the page's own text stands above."""

from __future__ import annotations

import json
from pathlib import Path

from helpers.calls import Call

HEAD = ["示例时报", "本站首页", "本地新闻", "副刊天地"]
TAIL = ["报社简介", "联系编辑部", "意见反馈"]
TEXT = "河水退去之后的第{}天，村里的人重新丈量田地，谁也没有说话。"


def write_pages(folder: Path, *, is_above: bool) -> Path:
    """Write pages with teasers under a head; the text stands above them, or below."""
    path = folder / "pages.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(12):
            text = [TEXT.format(number) * 3]
            teasers = ["相关阅读", f"第{number}座桥的故事", f"{number}年前的一个早晨，老人走过这座桥，他说他还会回来。"]
            body = [*text, *teasers] if is_above else [*teasers, "村里的人", *text]
            row = {"id": number, "host": "news.example.com", "text": "\n".join([*HEAD, *body, *TAIL])}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def test_teasers_go_from_their_head_to_their_end_and_the_text_above_stays(tmp_path: Path, call: Call) -> None:
    pages = write_pages(tmp_path, is_above=True)
    call("learn", pages, "-o", "packs", "--quiet")
    pack = (tmp_path / "packs/site-news-example-com.toml").read_text("utf-8")
    assert 'id = "related/list"' in pack
    options = ("--judge", "off", "--dedup", "off", "--quiet", "-o", "out")
    call("clean", pages, "--pack", "zh-web", "--pack", "packs", *options)
    for number, line in enumerate((tmp_path / "out/pages.jsonl").read_text("utf-8").splitlines()):
        assert json.loads(line)["text"].strip() == TEXT.format(number) * 3


def test_what_stands_above_the_text_is_no_list(tmp_path: Path, call: Call) -> None:
    pages = write_pages(tmp_path, is_above=False)
    call("learn", pages, "-o", "packs", "--quiet")
    assert "related/list" not in (tmp_path / "packs/site-news-example-com.toml").read_text("utf-8")
