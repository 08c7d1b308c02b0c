"""The same packs come from pages in any order, in batches of any size, seen by any number of workers."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.learning import line_counts
from cleaner.learning.decisions import decide
from cleaner.learning.line_counts import LineCounter, LineCounts
from cleaner.learning.observations import Observations, observe
from cleaner.learning.pack_text import write_pack
from cleaner.learning.pages import Pages, RuleSigns
from cleaner.learning.site_packs import HostFindings, build_packs
from cleaner.learning.spans.rules import CREDITS, find_spans
from cleaner.packs import loader, testing
from cleaner.text import lines

Page = tuple[str, str, str]
"""Id, host, text."""

FRAME = [
    "示例首页",
    "分类书库",
    "阅读({})",
    "《{}号灯塔》的作者",
    "联系管理员",
    "返回顶部",
    "页脚 {} 'x' \"y\" \\d",
    "本站\t甲",
]
BODY = [
    "河水退去之后，村里的人在第{}天重新丈量田地。",
    "他在{}年前走过这座桥，桥下没有水。",
    "“再等{}天。”她说。（责任编辑：甲某）",
]
LEAST = {"a.com": 3, "b.com": 3}


@st.composite
def sites(draw: st.DrawFn) -> list[Page]:
    """Draw the pages of two sites, each with some lines of a frame around a body."""
    pages = []
    for host in LEAST:
        frame = draw(st.lists(st.sampled_from(FRAME), min_size=1, max_size=6, unique=True))
        cut = draw(st.integers(0, len(frame)))
        for number in range(draw(st.integers(3, 7))):
            body = [line.format(number * 3 + place) for place, line in enumerate(BODY)]
            body.append(f"她在信里写下{chr(0x4E00 + number * 7)}字，没有寄出。（责任编辑：甲某）")
            head, tail = ([line.format(number) for line in part] for part in (frame[:cut], frame[cut:]))
            pages.append((f"{host}/{number}", host, "\n".join([*head, *body, *tail])))
    return pages


def judged(texts: Sequence[str]) -> RuleSigns:
    count = len(lines.join(texts).starts)
    return RuleSigns(np.ones(len(texts), dtype=bool), *np.zeros((3, count), dtype=bool))


def learn(parts: Sequence[Sequence[Page]], size: int) -> list[str]:
    """Learn from pages as workers would, one a part, in batches of some size; the packs as texts."""
    counts = []
    for part in parts:
        counter = LineCounter()
        for start in range(0, len(part), size):
            counter.add(
                [text for _, _, text in part[start : start + size]], [host for _, host, _ in part[start : start + size]]
            )
        counts.append(LineCounts.from_bytes(counter.total().to_bytes()))
    total = line_counts.merge(counts).at_least(3)
    merged = Observations.start(total)
    for part in parts:
        observations = Observations.start(total)
        for start in range(0, len(part), size):
            ids, hosts, texts = zip(*part[start : start + size], strict=True)
            observe(observations, Pages(ids, hosts, texts, judged(texts)), LEAST)
        merged.merge_bytes(observations.to_bytes())
    spans = find_spans(merged.spans, total.hosts)
    findings = {
        host: HostFindings([text for _, text in found], spans=spans.get(host, ()))
        for host, found in merged.bodies.items()
    }
    return [write_pack(pack, ["core"]) for pack in build_packs(decide(merged), findings)]


@settings(max_examples=12)
@given(sites(), st.integers(0, 99), st.integers(1, 9), st.integers(1, 4))
def test_order_batches_and_workers_change_nothing(pages: list[Page], seed: int, size: int, workers: int) -> None:
    expected = learn([pages], 100)
    shuffled = list(pages)
    Random(seed).shuffle(shuffled)
    parts = [part for part in (shuffled[worker::workers] for worker in range(workers)) if part]
    assert learn(parts, size) == expected


@settings(max_examples=12)
@given(sites())
def test_a_learned_pack_is_a_pack_whose_cases_hold(pages: list[Page]) -> None:
    texts = learn([pages], 100)
    assert all(CREDITS in text for text in texts)
    for text in texts:
        pack = loader.check_pack(loader.parse_pack(text, "learned.toml"))
        assert testing.run_cases(pack) == ()
        assert all(rule.hosts and rule.drops for rule in pack.rules)
