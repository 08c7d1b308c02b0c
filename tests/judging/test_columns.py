"""Lines measured in arrays say what counting by hand says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.features import counts, repetition
from cleaner.features.layout import Layout, lay_out
from cleaner.judging import columns
from cleaner.judging.judge import Judge
from cleaner.normalization.script.folding import fold
from cleaner.packs import registry
from cleaner.text import lines, segments

TEXTS = st.lists(st.text(alphabet="的书山水，。:a1| \n", max_size=40), min_size=1, max_size=5)
DOCUMENTS = st.lists(st.integers(1, 6), min_size=1, max_size=5)


def laid_out(*texts: str) -> Layout:
    block = lines.block(texts)
    return lay_out(block, fold(block.text))


def numbered(sizes: list[int]) -> np.ndarray:
    return np.repeat(np.arange(len(sizes)), sizes)


@given(TEXTS)
def test_characters_are_counted_by_line_and_class(texts: list[str]) -> None:
    block = lines.block(texts)
    counted = counts.of(block, block.text)
    for row, (start, stop) in enumerate(zip(block.starts, block.stops, strict=True)):
        line = block.text[start:stop]
        assert counted.lengths[row] == len("".join(line.split()))
        assert counted.tokens[row] == len(line.split())
        assert counted.of("function")[row] == line.count("的")
        assert counted.of("stop", "comma")[row] == line.count("。") + line.count("，")
        assert counted.of("han")[row] == sum(line.count(c) for c in "书山水")


@given(DOCUMENTS, st.data(), st.integers(1, 4))
def test_a_window_is_the_mean_of_its_neighbours(sizes: list[int], data: st.DataObject, reach: int) -> None:
    documents = numbered(sizes)
    values = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(documents), max_size=len(documents))))
    found = segments.rows(documents).window(values, reach)
    for at in range(len(values)):
        near = [i for i in range(at - reach, at + reach + 1) if 0 <= i < len(values) and i != at]
        own = [values[i] for i in near if documents[i] == documents[at]]
        assert found[at] == pytest.approx(np.mean(own) if own else 0.0)


@given(DOCUMENTS, st.data())
def test_the_densest_stretch_has_the_greatest_sum(sizes: list[int], data: st.DataObject) -> None:
    documents = numbered(sizes)
    gains = np.array(data.draw(st.lists(st.integers(-4, 4), min_size=len(documents), max_size=len(documents))))
    start, stop = segments.rows(documents).densest(gains)
    for document in set(documents.tolist()):
        own = np.flatnonzero(documents == document)
        best = max(gains[a:b].sum() for a in own for b in range(a + 1, own[-1] + 2))
        first, last = start[own[0]], stop[own[0]]
        assert gains[first:last].sum() == max(best, 0)
        assert first == last or (first in own and last - 1 in own)


@given(DOCUMENTS, st.data())
def test_sums_before_and_after_a_line_stay_in_its_document(sizes: list[int], data: st.DataObject) -> None:
    documents = numbered(sizes)
    values = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(documents), max_size=len(documents))))
    rows = segments.rows(documents)
    total = rows.before(values) + values + rows.after(values)
    assert (total == rows.whole(values)).all()
    assert [rows.whole(values)[np.searchsorted(documents, d)] for d in range(len(sizes))] == [
        values[documents == d].sum() for d in range(len(sizes))
    ]


@given(st.lists(st.sampled_from([0.1, 0.3, 0.6, 0.9, 1 / 3]), min_size=1, max_size=9), st.integers(1, 40))
def test_sums_do_not_depend_on_what_stands_before_a_document(values: list[float], before: int) -> None:
    own, others = np.array(values), np.full(before, 0.7)
    alone = segments.rows(np.zeros(len(own), dtype=np.int64))
    behind = segments.rows(np.repeat([0, 1], [before, len(own)]))
    for take in (segments.Rows.before, segments.Rows.after, segments.Rows.whole):
        assert take(behind, np.concatenate((others, own)))[before:].tolist() == take(alone, own).tolist()
    assert behind.window(np.concatenate((others, own)), 2)[before:].tolist() == alone.window(own, 2).tolist()


def test_runs_end_with_their_document() -> None:
    rows = segments.rows(np.array([0, 0, 0, 1, 1]))
    assert rows.runs(np.array([1, 1, 2, 2, 2])).tolist() == [2, 2, 1, 2, 2]
    assert rows.previous(np.array([True, False, False, False, True])).tolist() == [-1, 0, 0, -1, -1]


def test_shared_bigrams_are_those_of_other_marked_lines() -> None:
    block = lines.block(["山高水长流\n水长流不尽\n天地玄黄", "山高水长流"])
    counted = counts.of(block, block.text)
    among = np.array([True, True, False, True])
    assert repetition.shared_bigrams(block, counted, among).tolist() == [0.5, 0.5, 0.0, 0.0]


@given(st.lists(st.text("甲乙丙\n ", max_size=30), min_size=1, max_size=6), st.data())
def test_lines_that_are_not_asked_for_change_nothing(texts: list[str], data: st.DataObject) -> None:
    block = lines.block(texts)
    if len(block.starts):
        marks = st.lists(st.booleans(), min_size=len(block.starts), max_size=len(block.starts))
        among, asked = np.array(data.draw(marks)), np.array(data.draw(marks))
        counted = counts.of(block, block.text)
        whole, part = (repetition.shared_bigrams(block, counted, among, some) for some in (None, asked))
        assert part.tolist() == np.where(asked, whole, 0).tolist()


def test_equal_lines_are_earlier_and_later_copies_in_their_document_only() -> None:
    block = lines.block(["甲乙\n丙丁\n甲 乙", "甲乙"])
    keys = repetition.fingerprints(block.codes, counts.of(block, block.text))
    earlier, later = repetition.repeats(keys, block.documents)
    assert earlier.tolist() == [0, 0, 1, 0]
    assert later.tolist() == [1, 0, 0, 0]


PROSE = "他把船系在岸边的柳树上，沿着石阶慢慢走回了村子。"
CODE = "\n".join(
    ["def area(w, h):", "    return w * h", "", "size = area(w=3, h=4)", "print(f'{size} m')", "x[0] += size"]
)
VERSE = "\n".join(["我在雨里等了你很久", "灯光还是昨天的颜色", "你说过会在这里的", "可是我没有再看见你"] * 3)
TABLE = "\n".join(f"北仓 {n} 3.{n}5 12.{n}% 48{n}1" for n in range(1, 8))
WRAPPED = "\n".join(
    [
        "本所因年度检修之需要，自下月起将分区停止供水，",
        "各住户请预先储水备用。其间如有不便，敬请谅解，",
        "检修完成之后即行恢复供水，另有变更者将再行公告",
        "于各里公布栏，并以广播通知。住户如有疑问，得于",
        "上班时间内向本所总务课洽询，电话另见公布栏所载",
    ]
)
OPTIONS = """一、下面哪一种茶属于不发酵茶
A. 红茶
B. 绿茶
C. 黑茶
D. 乌龙茶
【答案】B
二、冲泡绿茶的水温约为
A、六十度
B、八十度
C、一百度"""
AMOUNTS = """- 面粉500克
- 酵母5g
- 温水两碗
- 白糖：半勺
- 盐适量
- 红枣12颗"""
STEPS = "\n".join(
    f"{number}\n{step}"
    for number, step in enumerate(
        [
            "先把面揉匀",
            "盖上湿布，放在暖和的地方醒半个钟头",
            "再揉一遍",
            "切成小块，擀平，中间厚一点，边上薄一点",
            "上锅蒸",
        ],
        1,
    )
)
PIPED = """| 品名 | 产地 | 价钱 |
| --- | --- | --- |
| 龙井 | 杭州 | 贵 |
| 毛尖 | 信阳 | 中 |"""
CLAUSES = """搬到山脚以后，
菜地多出一块，
清早先浇水，
中午翻土除草，
傍晚收工回家，
煮一壶热茶"""
BORDERED = """+------+--------+
| 站名 | 里程   |
+------+--------+
| 东门 | 三里   |
|------+--------|
| 石桥 | 五里半 |
+------+--------+"""
STANZAS = """(一)
你从雨里来
带着一身水气
我替你把灯拨亮
(二)
你不说话
我也不说
窗外的河一直在走"""
BULLETED = """出门之前要带的东西：
• 雨伞
• 手电
• 一壶热水"""
SPOKEN = """• 门要朝里开
• 窗子比书桌高一点
• 灯别正对着床"""
TYPED = """◆ 实木桌面
◆ 可折叠
◆ 附两把椅子"""
NUMBERED = """老人把规矩说了一遍。
1、天亮开船
2、逢雾靠岸
3、不载醉汉"""
CLAUSED = """章程摘录
1、会费每年收一次，由各组收齐
2、账目每季公布
3、退会的，会费不退"""
SWITCHES = """-a, --all
列出所有条目
-h, --help
显示帮助
--depth 层数
往下走几层"""
FIELDS = """树种：枫杨
胸径: 两人合抱
栽种年代：清末
位置：渡口东侧
状况：半边枯死"""
PAIRED = """鲫鱼
2条
豆腐
半块
姜
3片
盐
适量"""
RANKING = "\n".join(f"{number}\n{title}" for number, title in enumerate(["城东大桥下月合龙，两岸居民盼了十年"] * 6, 1))
MENU = "\n".join(["新闻", "体育", "财经", "科技", "旅游", "教育", "汽车", "房产"])
TITLES = "\n".join(
    ["城东大桥下月合龙通车", "市图书馆新馆周末开放", "秋季运动会报名启动", "三条公交线路今起调整", "老城区供暖改造完工"]
)


@pytest.mark.parametrize(
    "text",
    [PROSE, CODE, VERSE, TABLE, WRAPPED, OPTIONS, AMOUNTS, STEPS, PIPED, CLAUSES, STANZAS],
    ids=["prose", "code", "verse", "table", "wrapped", "options", "amounts", "steps", "piped", "clauses", "stanzas"],
)
def test_running_text_of_all_kinds_is_a_body(text: str) -> None:
    assert laid_out(text).prose.mean() > 0.7


@pytest.mark.parametrize(
    "text",
    [BULLETED, SPOKEN, TYPED, NUMBERED, CLAUSED, SWITCHES, FIELDS, PAIRED],
    ids=["bulleted", "spoken", "typed", "numbered", "claused", "switches", "fields", "paired"],
)
def test_items_of_a_text_are_running_text(text: str) -> None:
    assert laid_out(text).prose[1:].mean() > 0.7


LINKS = "热门标签\n• 摄影\n• 旅行\n• 美食\n• 数码"
CHART = "本周排行\n1、城东大桥下月合龙\n2、图书馆新馆开放\n3、老茶馆搬了家\n4、柿子今年晚熟"
CONTACTS = "联系人：周先生\n电话：0512-1234567\n手机：13800001111\n传真：0512-7654321\n邮编：215000"
CARDS = "\n".join(["等级：老手", "来自：苏州", "主题：三十", "状态：在线"] * 2)


@pytest.mark.parametrize("text", [LINKS, CHART, CONTACTS, CARDS], ids=["links", "chart", "contacts", "cards"])
def test_lists_of_a_frame_are_no_running_text(text: str) -> None:
    assert not laid_out(text).prose.any()


@pytest.mark.parametrize("text", [MENU, TITLES, RANKING], ids=["menu", "titles", "ranking"])
def test_menus_and_titles_are_no_running_text(text: str) -> None:
    layout = laid_out(text)
    assert not layout.prose.any()
    assert (layout.start == layout.stop).all()


def test_the_body_lies_between_menu_and_titles() -> None:
    layout = laid_out("\n".join([MENU, *[PROSE] * 4, TITLES]))
    assert (layout.start[0], layout.stop[0]) == (8, 12)
    assert layout.stands["tail"][-1]
    assert not layout.stands["tail"][8]
    assert layout.stands["head"][0]


@given(TEXTS)
def test_columns_are_finite_and_small(texts: list[str]) -> None:
    block = lines.block(texts)
    if not len(block.starts):
        return
    found = {name: np.zeros(len(block.starts)) for name in columns.CATEGORIES}
    names, values = columns.measure(lay_out(block, fold(block.text)), found)
    assert values.shape == (len(block.starts), len(names))
    assert np.isfinite(values).all()
    assert np.abs(values).max() <= 2


def test_hints_become_columns_of_their_own() -> None:
    layout = laid_out(PROSE, MENU)
    found = {name: np.zeros(len(layout.prose)) for name in columns.CATEGORIES}
    names, values = columns.measure(layout, found, {"links": np.ones(len(layout.prose))})
    assert names[-1] == "hint/links"
    assert (values[:, -1] == 1).all()


def test_a_line_right_above_a_byline_and_near_prose_is_a_title() -> None:
    page = "首页\n新闻\n县里的老戏台修好了\n2021年3月4日 09:12 来源：本报\n字号：大 中 小\n" + "\n".join(
        f"第{n}天，匠人们把拆下来的木料一根一根编上号，再照着旧图样装回去，连一颗钉子也没有用。" for n in "一二三四"
    )
    case = Judge(registry.load_rules("zh-web")).weigh(lines.block([page]))
    title = case.values[:, case.names.index("place/title")]
    assert title.tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_the_line_nearest_above_the_first_long_prose_may_be_its_title() -> None:
    page = (
        "首页 新闻 论坛\n热门推荐\n县里的老戏台终于修好了\n收藏\n"
        + "匠人们把拆下来的木料一根一根编上号，再照着旧图样装回去。" * 2
    )
    case = Judge(registry.load_rules("zh-web")).weigh(lines.block([page]))
    assert (case.values[:, case.names.index("place/headline")] > 0).tolist() == [False, False, True, False, False]


def test_hard_wrapped_prose_and_numbered_headings_are_running_text() -> None:
    wrapped = "本章说明如何在 Linux 下建立一个新的磁盘分区，并且把它挂\n到 /mnt 目录。操作之前，请先备份 /etc/fstab 文件，因为一旦\n写错了 UUID，系统会在启动的时候停下来，等待管理员输入口\n令，然后才能继续。"
    headings = "2.1 分区表的种类\n2.1.1 传统的 MBR\n2.1.2 新的 GPT\n2.2 文件系统\n2.2.1 ext4 的日志"
    menu = "首页\n体育新闻\n财经频道\n联系电话\n网站地图"
    assert laid_out(wrapped).prose.all()
    assert laid_out(headings).prose.all()
    assert not laid_out(menu).prose.any()


def test_a_flat_period_after_han_ends_a_sentence() -> None:
    ends = laid_out("他把信折好放进了口袋.\n下一页.\n他把信折好...\n版本 2.0.1 说明").looks["ends"]
    assert ends.tolist() == [True, False, False, False]
