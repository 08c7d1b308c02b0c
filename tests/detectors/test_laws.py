"""What holds for every detector, whatever the text."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.detectors import DETECTORS, Detections
from cleaner.features.line_view import view_lines
from cleaner.text import lines

LINES = st.sampled_from(
    [
        "",
        "　　",
        "春茶批发_茶园旅游_采茶时间",
        "采茶时间_春茶批发_茶园旅游",
        "首页|新闻|图片|视频|论坛",
        "1、山里的茶要到清明以后才采",
        "2、下来的叶子先摊在竹匾上",
        "3、，等到软了再炒。",
        "回复",
        "- 明天起公交线路有调整2023-10-07",
        "河水退去之后，村里的人开始重新丈量田地，每一块石头都要量过，每一棵树都要数过，谁也不肯少算一寸。",
        "摘要：河水退去之后，村里的人开始重新丈量田地，每一块石头都要量过。",
        "河水退去之后，村里的人开始重新丈量...",
        "abc123天天乐国",
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=30), max_size=12).map("\n".join)
NAMES = sorted(DETECTORS)


def detect(name: str, *texts: str) -> Detections:
    return DETECTORS[name].find(view_lines(lines.join(texts)))


@settings(max_examples=80)
@given(texts=st.lists(TEXTS, max_size=4), name=st.sampled_from(NAMES))
def test_hits_lie_in_their_lines_and_are_sorted(texts: list[str], name: str) -> None:
    block = lines.join(texts)
    hits = DETECTORS[name].find(view_lines(block))
    assert np.all(np.diff(hits.start) >= 0)
    assert np.all(hits.start <= hits.stop)
    assert np.all(hits.stop <= len(block.text))
    inside = hits.line >= 0
    assert np.all(hits.stop[inside] <= block.stops[hits.line[inside]])
    assert hits.score is None or np.all((hits.score > 0) & (hits.score <= 1))
    assert np.all(hits.start[1:] >= hits.stop[:-1])


@settings(max_examples=80)
@given(texts=st.lists(TEXTS, min_size=2, max_size=4), name=st.sampled_from(NAMES))
def test_a_document_does_not_change_the_detections_of_another(texts: list[str], name: str) -> None:
    block = lines.join(texts)
    together = DETECTORS[name].find(view_lines(block))
    apart = []
    for text, offset in zip(texts, block.offsets.tolist(), strict=False):
        alone = detect(name, text)
        apart += [(start + offset, stop + offset) for start, stop in zip(alone.start, alone.stop, strict=True)]
    assert sorted(zip(together.start, together.stop, strict=True)) == sorted(apart)


def rounds(name: str, text: str) -> int:
    """How often a detector finds something more after what it found was removed; lines as the cleaning removes them."""
    for done in range(21):
        hits = detect(name, text)
        if not len(hits) or hits.line[0] < 0:
            return done
        at, pieces = 0, []
        for start, stop in zip(hits.start.tolist(), hits.stop.tolist(), strict=True):
            pieces.append(text[at:start])
            at = stop
        text = "".join((*pieces, text[at:]))
    return 21


@settings(max_examples=80)
@given(text=TEXTS, name=st.sampled_from(NAMES))
def test_a_few_rounds_find_all_detections(text: str, name: str) -> None:
    assert rounds(name, text) <= 3


PROSE = "河水退去之后，村里的人开始重新丈量田地，每一块石头都要量过，每一棵树都要数过，谁也不肯少算"
CASCADES = {
    "each paragraph begins the next": "\n".join(PROSE + "一寸，不肯多算" * n + "。" for n in range(60)),
    "each line stands inside the next": "\n".join("天" * n + PROSE + "。" for n in range(60)),
    "a title many times at the end": "河水退去之后的村庄\n" + PROSE * 9 + "，河水退去之后的村庄" * 40,
    "an anchor many times": "\n".join("天天乐棋牌网　　" * 40 + PROSE for _ in range(3)),
    "a reading many times": "".join(f"{c}{'(ba)' * 30}{PROSE}" for c in "一二三四五六七八九十天地人和"),
    "titles many times": "河水退去之后的村庄\n" * 60 + f"{PROSE}。\n" * 5,
    "keywords many times": ("河滩露营地_芦苇荡门票\n" + PROSE + "芦苇荡门票" * 40 + "，\n芦苇荡门票_河滩露营地\n") * 3,
    "tables of bars": "\n".join("首页|新闻|图片|视频" + "|论坛" * (n % 7) for n in range(60)),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", CASCADES)
def test_one_removal_does_not_uncover_the_next_for_long(name: str, kind: str) -> None:
    assert rounds(name, CASCADES[kind]) <= 4


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["", "\n\n", "　", "的", "|", "\ud800", "1、\n2、\n3、", "...\n...\n..."])
def test_detectors_accept_odd_texts(name: str, text: str) -> None:
    detect(name, text, "", text)
    assert len(detect(name)) == 0


HOSTILE = {
    "one character": "的" * 100_000,
    "bars": "|" * 100_000,
    "brackets": "(a" * 50_000,
    "numbers": "\n".join(f"{number}、" for number in range(1, 20_000)),
    "one line again and again": "好好学习\n" * 20_000,
    "keywords": "\n".join(f"关键词{n % 97}号_热门词{n % 89}号_好词{n % 83}号" for n in range(8_000)),
    "names": "abc123某某国" * 10_000,
    "dates": "标题标题标题标题2023-10-07\n" * 10_000,
    "dots": ("很长的一行文字要在这里被截断" * 2 + "...\n") * 5_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_take_linear_time(kind: str) -> None:
    """All detectors on 100,000 characters and more: two seconds of CPU are many times what linear time takes."""
    text = HOSTILE[kind]
    view = view_lines(lines.join([text]))
    begun = time.process_time()
    for detector in DETECTORS.values():
        detector.find(view)
    assert time.process_time() - begun < 2.0
