"""Pages without a host are told by the lines that they share, in any order and by any number of workers."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.learning.line_counts import LineCounter
from cleaner.learning.page_frames import FrameNames, FrameSketches, PageFrame, find_frames

SITES = {
    "frame-e51b1dd5": ["灯塔书屋主页", "灯塔分类", "灯塔排行", "渡口登录", "书屋客服电话"],
    "frame-816b6b39": ["石桥论坛首页", "石桥版块", "石桥会员", "渡口登录", "石桥帮助中心"],
    "frame-bridge-example-net": ["bridge.example.net 版权所有", "桥上新闻", "桥下新闻", "渡口登录", "桥头联系"],
}


def make_pages(count: int) -> list[str]:
    """Make pages of all sites, most without one line of their frame, and texts that share nothing."""
    pages = []
    for number in range(count):
        for frame in SITES.values():
            shown = [line for place, line in enumerate(frame) if place != number % 9]
            pages.append("\n".join([*shown[:2], f"第{number}天的早上他走到{frame[0][:2]}前，没有说话。", *shown[2:]]))
        pages.append(f"河水第{'一二三四五六七八九十'[number % 10] * (number + 1)}次退去\n谁也没有说话")
    return pages


def learn(parts: Sequence[Sequence[str]], size: int, min_pages: int = 5) -> list[PageFrame]:
    """Find the frames of pages as workers would, one a part, in batches of some size."""
    counter = LineCounter()
    for part in parts:
        counter.add(part, [""] * len(part))
    counts = counter.total().at_least(3)
    total = FrameSketches(counts)
    for part in parts:
        sketches = FrameSketches(counts)
        for start in range(0, len(part), size):
            sketches.add(part[start : start + size])
        total.merge_bytes(sketches.to_bytes())
    return find_frames(total, min_pages)


def test_each_site_has_a_frame_named_by_what_it_says() -> None:
    frames = dict(learn([make_pages(12)], 100))
    assert set(frames) == set(SITES)
    for name, lines in frames.items():
        assert set(lines) == {*SITES[name]} - {"渡口登录"}


def test_pages_get_the_name_of_their_frame() -> None:
    pages = make_pages(12)
    names = FrameNames(learn([pages], 100)).name([*pages, pages[0]], [*[""] * len(pages), "www.example.com"])
    assert names == [*[*SITES, ""] * 12, "www.example.com"]


def test_too_few_pages_have_no_frame() -> None:
    assert learn([make_pages(12)], 100, min_pages=13) == []
    assert learn([make_pages(2)], 100, min_pages=3) == []
    assert learn([[""]], 100) == []


@settings(max_examples=6)
@given(st.integers(0, 99), st.integers(1, 9), st.integers(1, 4))
def test_order_batches_and_workers_change_nothing(seed: int, size: int, workers: int) -> None:
    pages = make_pages(8)
    expected = learn([pages], 100)
    Random(seed).shuffle(pages)
    assert learn([pages[worker::workers] for worker in range(workers)], size) == expected
