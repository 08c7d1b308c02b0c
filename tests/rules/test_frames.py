"""Rules that are bound to a frame act on the pages that show it and say nothing on others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import PackError
from cleaner.features.line_view import view_lines
from cleaner.model import Document
from cleaner.options import CleanOptions
from cleaner.packs import loader, testing
from cleaner.pipeline import Pack, clean
from cleaner.rules.frames import FrameIndex
from cleaner.text import lines
from helpers.bound_rules import COPIES_RULE

FRAMES = (("灯塔書屋", "夜里关门", "ＶＩＰ入口"), ("夜里关门", "渡口茶馆"), ("石桥旧书",))
LINES = ("灯塔书屋", "夜里关门", "vip入口", "渡口茶馆", "石桥旧书", "他想夜里关门。", "夜里关门了")

PACK = """
schema = 1
[pack]
id = "site"
version = "1.0"
title = "t"
frame = ["灯塔书屋", "夜里关门", "点灯入口"]
[[rule]]
id = "nav/head"
why = "w"
literals = ["换一盏灯"]
match = '^\\L<literals>$'
drops = ["换一盏灯"]
keeps = ["他想换一盏灯。"]
[[rule]]
id = "footer/both"
why = "w"
hosts = ["www.example.com"]
literals = ["返回上层甲板"]
match = '^\\L<literals>$'
drops = ["返回上层甲板"]
keeps = ["他返回上层甲板。"]
"""
BODY = "灯塔修了三年，守塔人换了两次。\n河边的灯塔在夜里亮着\n河边的灯塔在夜里亮着\n"
TEXT = f"换一盏灯\n返回上层甲板\n{BODY}"
SHOWN, OTHER = f"{TEXT}灯塔书屋\n点灯入口\n", f"{TEXT}灯塔书屋\n点灯的入口\n"


def pack() -> Pack:
    return Pack(loader.check_pack(loader.parse_pack(PACK + COPIES_RULE, "site.toml")))


@given(st.lists(st.lists(st.sampled_from(LINES), max_size=9), max_size=6))
def test_a_page_shows_a_frame_with_more_than_half_of_its_lines(pages: list[list[str]]) -> None:
    index = FrameIndex(FRAMES)
    result = index.find(view_lines(lines.join(["\n".join(page) for page in pages])))
    own = [set(LINES[:3]), set(LINES[1:4:2]), {LINES[4]}]
    for page, frames in zip(pages, result, strict=True):
        shares = [len(lines_.intersection(page)) / len(lines_) for lines_ in own]
        assert frames == {frame: share for frame, share in zip(FRAMES, shares, strict=True) if share > 0.5}


def test_a_bound_rule_acts_on_pages_of_its_frame_alone() -> None:
    documents = [Document(str(number), text) for number, text in enumerate((SHOWN, OTHER, SHOWN))]
    shown, other, again = (result.text for result in clean(documents, pack(), CleanOptions()))
    assert shown == again == SHOWN.replace("换一盏灯\n", "").replace("河边的灯塔在夜里亮着\n", "", 1)
    assert other == OTHER


def test_a_rule_with_hosts_and_a_frame_needs_both() -> None:
    assert "返回上层甲板" in pack().clean(SHOWN).text
    assert "返回上层甲板" in pack().clean(OTHER, host="www.example.com").text
    assert "返回上层甲板" not in pack().clean(SHOWN, host="www.example.com").text


@pytest.mark.parametrize("line", ["", " ", "甲\\n乙"])
def test_a_line_of_a_frame_that_no_page_can_have_is_refused(line: str) -> None:
    text = PACK.replace("点灯入口", line)
    with pytest.raises(PackError, match="frame: it lists lines of pages, each as a text of its own"):
        loader.parse_pack(text, "site.toml")


def test_a_bound_rule_is_tried_on_the_keeps_of_its_own_frame_only() -> None:
    clash = PACK + (
        '[[rule]]\nid = "nav/other"\nwhy = "w"\nframe = ["渡口茶馆"]\nliterals = ["茶凉了"]\n'
        'match = \'^\\L<literals>$\'\ndrops = ["茶凉了"]\nkeeps = ["换一盏灯。", "返回上层甲板。"]\n'
    )
    clash = clash.replace("'^\\L<literals>$'\ndrops = [\"换一盏灯\"]", "'^\\L<literals>'\ndrops = [\"换一盏灯\"]")
    assert testing.run_cases(loader.parse_pack(clash, "site.toml")) == ()
    same = clash.replace('frame = ["渡口茶馆"]\n', "")
    assert [failure.text for failure in testing.run_cases(loader.parse_pack(same, "site.toml"))] == ["换一盏灯。"]
