"""Markdown: code, tables and the like come out byte for byte, paragraphs and items are cleaned as lines of a text."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import ledger, pipeline
from cleaner.corpus.reading import ReadRecord, read_record
from cleaner.decode import DecodeOptions
from cleaner.formats.commonmark import islands as markdown_islands
from cleaner.formats.registry import document_record
from cleaner.model import Cleaned
from cleaner.options import CleanOptions
from helpers.calls import Call
from helpers.check_texts import ARTICLE, FOOTER, MENU
from helpers.strategies import LINES, OPTIONS, PAGES

ZH = cleaner.load_pack("zh-web")
MARKS = ["# ", "文", "\n", "\n\n", "\r\n", "\r", "`", "``", "```", "    ", "- ", "1. ", "> ", "[", "](", "](x.md)", ")"]
MARKS += ["![", "$", "$$", "&amp;", "<b>", "<!-- c -->", "|", "|-|", "---", "===", "[^1]", "[^1]: ", "[a]: /u", "\\"]
MARKS += ["\0", "\t", "\u3000", "***", "^[", "<http://a.b>", "\x85", "\u2028"]


def clean(data: bytes, options: CleanOptions) -> tuple[Cleaned, ReadRecord]:
    read = read_record(document_record("a.md", "a.md", data), DecodeOptions((("*", "utf-8"),)))
    assert isinstance(read, ReadRecord)
    return pipeline.clean([read.document], ZH, options, hints=[read.hints])[0], read


def fenced(lines: list[str]) -> str:
    return "\n".join(("~~~~text", *lines, "~~~~"))


def table(lines: list[str]) -> str:
    first, last = (lines[at].replace("|", "/").strip() for at in (0, -1))
    return f"| 名 | {first} |\n|---|---|\n| {last} | 文 |"


def indented(lines: list[str]) -> str:
    return "# 代码\n\n" + "\n".join(f"    {line}".rstrip() or "    ." for line in lines)


def front_matter(lines: list[str]) -> str:
    return "\n".join(("---", "title: 村子", *(f"x: {line}" for line in lines), "---"))


STAYS = st.builds(
    lambda form, lines: form(lines),
    st.sampled_from(
        [
            fenced,
            table,
            indented,
            lambda lines: f"# {lines[0].strip()}文",
            lambda lines: f"<div>\n{lines[0].strip()}文\n</div>",
            lambda lines: f"`{lines[0].strip()}文`",
            lambda lines: f"![{lines[0].strip().replace('[', '(').replace(']', ')')}文](a.png)",
            lambda lines: f"$$\n{lines[0].strip()}文\n$$",
            lambda lines: f"[名]: /{len(lines)}.html",
        ]
    ),
    st.lists(LINES, min_size=1, max_size=4),
)


@given(st.lists(st.tuples(PAGES, STAYS), max_size=5), st.lists(LINES, max_size=3) | st.none(), OPTIONS)
@settings(max_examples=60)
def test_what_is_no_prose_comes_out_as_it_is_and_the_bytes_come_back(
    parts: list[tuple[str, str]], front: list[str] | None, options: CleanOptions
) -> None:
    blocks = [block for part in parts for block in (part[0].replace("<", "(").replace("\0", ""), part[1])]
    begin = [] if front is None else [front_matter(front)]
    data = "\n\n".join((*begin, *blocks)).encode("utf-8", "replace")
    cleaned, read = clean(data, options)
    position = 0
    for block in (*begin, *(block for _, block in parts)):
        assert block in cleaned.text[position:]
        position = cleaned.text.index(block, position) + len(block)
    entry = ledger.record_document(cleaned, data, read.decoded, ledger.OutputPlace("a.md"))
    assert ledger.restore_bytes(entry, cleaned.text.encode("utf-8", "surrogatepass")) == data


@given(st.lists(st.sampled_from(MARKS), max_size=25).map("".join))
@settings(max_examples=200)
def test_islands_of_any_text_stand_apart_and_in_order(text: str) -> None:
    end = 0
    for island in markdown_islands.find(text):
        start, stop = island.span.start, island.span.stop
        assert end <= start < stop <= len(text)
        if island.kind in ("lines", "heading"):
            assert text[:start].endswith(("\n", "")[not start])
            assert stop == len(text) or text[stop - 1] == "\n"
        end = stop
    assert all(span.start < span.stop <= len(text) for span in markdown_islands.find_code(text))


FIRST, SECOND, *_ = (line for line in ARTICLE.split("\n") if line)
FRAME = f"""- {FOOTER}
- 京公网安备 11010802012345号
- 关于我们 | 联系我们 | 广告服务 | 网站地图

Copyright &copy; 2010-2020 example.com All Rights Reserved
"""
SHARE = (
    "分享到：[微博](http://service.weibo.com/share) [微信](http://wx.qq.com/share) [QQ空间](http://qzone.qq.com/s)\n\n"
)
RELATED = "".join(
    f"- [{title}](http://example.com/a/{number}.html)\n"
    for number, title in enumerate(("山里的春天来得晚", "城市的灯火与河流", "最后一班渡轮", "老街的早晨"))
)
TEXT = f"""---
title: 村子
tags: [首页, 新闻]
---

# 村子

{FIRST}

- 铁锹三把，用`{MENU}`记下
- 竹竿五根

```text
{MENU}
{FOOTER}
```

{SECOND}

| 地块 | 长 |
|---|---|
| 首页 | ３０ |
"""
POLLUTED = f"{TEXT}\n{SHARE}## 相关阅读\n\n{RELATED}\n[首页](/) | [新闻](/news) | [图片](/pics) | [视频](/v)\n\n{FRAME}"


def test_a_polluted_page_is_cleaned_and_restored(call: Call) -> None:
    Path("in").mkdir()
    Path("in/a.md").write_text(POLLUTED, encoding="utf-8")
    assert call("clean", "in", "--output", "out", "--quiet")[0] == 0
    assert Path("out/a.md").read_text(encoding="utf-8") == f"{TEXT}\n## 相关阅读\n"
    assert call("restore", "out", "--to", "back")[0] == 0
    assert Path("back/a.md").read_bytes() == Path("in/a.md").read_bytes()


def test_findings_stand_at_their_lines_and_a_fix_leaves_the_rest(call: Call) -> None:
    page = f"{TEXT}\n他说，&lt;b&gt;是`甲\u200b乙`，不是[丙](http://a.cn/\u200bx)，好\u200b吗？\n\n> {FOOTER}\n"
    Path("a.md").write_text(page, encoding="utf-8")
    _, out, _ = call("check", "a.md", "--format", "github")
    rows = page.split("\n")
    line, last = rows.index(f"> {FOOTER}") + 1, next(i for i, row in enumerate(rows, 1) if row.startswith("他说"))
    assert f"file=a.md,line={line}," in out
    assert f"file=a.md,line={last}," in out
    call("check", "a.md", "--fix")
    assert (
        Path("a.md").read_text(encoding="utf-8")
        == f"{TEXT}\n他说，&lt;b&gt;是`甲\u200b乙`，不是[丙](http://a.cn/\u200bx)，好吗？\n"
    )
    assert call("check", "a.md")[0] == 0


def test_why_shows_the_lines_of_the_file(call: Call) -> None:
    Path("a.md").write_text(POLLUTED, encoding="utf-8")
    line = POLLUTED.split("\n").index(f"- {FOOTER}") + 1
    assert "zh-legal/legal/icp-number" in call("why", f"a.md:{line}")[1]
    assert "stays as it is" in call("why", f"a.md:{POLLUTED.split(chr(10)).index(FOOTER) + 1}")[1]


@pytest.mark.parametrize("said", ["```\n{}\n```", "    {}", "文`{}`"])
def test_a_suppression_within_code_is_none(call: Call, said: str) -> None:
    comment = "<!-- cleaner: disable zh-legal -- the number is the subject -->"
    text = f"{FIRST}\n\n{said.format(comment)}\n\n{FOOTER}\n"
    Path("a.md").write_text(text, encoding="utf-8")
    assert "1 finding in 1 file" in call("check", "a.md")[1]
    Path("a.md").write_text(f"{FIRST}\n\n{comment}\n{FOOTER}\n", encoding="utf-8")
    assert call("check", "a.md")[0] == 0


@pytest.mark.parametrize(
    "line",
    ["[简体中文](README_zh.md) | English", "用`首页|新闻|图片|视频|论坛`", "![广告](a.png) 广告热线 010-12345678"],
)
def test_a_line_with_code_an_image_or_a_page_beside_it_stays(call: Call, line: str) -> None:
    Path("a.md").write_text(f"{line}\n\n{ARTICLE}\n\n{FOOTER}\n", encoding="utf-8")
    call("check", "a.md", "--fix")
    assert Path("a.md").read_text(encoding="utf-8").startswith(f"{line}\n\n")


@pytest.mark.slow
def test_hardly_a_line_of_a_repository_is_found_to_be_removed(call: Call, shared: Path) -> None:
    with zipfile.ZipFile(shared / "keep" / "keep.zip") as archive:
        archive.extractall("keep")
    _, out, _ = call("check", "--no-duplicates", "--format", "json", *Path("keep").rglob("markdown"))
    findings = [finding for finding in json.loads(out)["findings"] if finding["new"] is not None]
    assert findings
    assert len({f["path"] for f in findings if not f["rule"].startswith("normalize/")}) <= 3


def test_links_of_one_name_to_several_pages_are_no_copies(call: Call) -> None:
    links = "\n\n".join(f"[百度网盘](https://pan.example.com/{name})" for name in "abcde")
    Path("a.md").write_text(f"{ARTICLE}\n\n{links}\n", encoding="utf-8")
    assert call("check", "a.md")[0] == 0
