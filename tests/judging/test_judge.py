"""Rules and place add up to a score; lines fall at 1.0."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.judging.flags import carry_list_flag
from cleaner.judging.judge import Judge
from cleaner.judging.verdicts import Judgment
from cleaner.model import Verdict
from cleaner.packs import loader, registry
from cleaner.packs.builtin import LIST, NO_ARTICLE, SUSPECT
from cleaner.text import lines

BODY = [
    "渡口边的老人说，从前这里每天有四班船，最早的一班天不亮就开了。",
    "后来上游修了桥，船就越来越少，最后只剩下他自己的一条小木船还在来回。",
    "他并不觉得可惜。桥是好东西，孩子们上学再也不用等雾散，生病的人也能连夜送到城里去。",
    "只是到了汛期，他还是会在夜里醒来，听一听水声，再披上衣服去看缆绳系得牢不牢。",
]
MENU = ["首页", "新闻", "体育", "财经", "登录", "注册"]
FOOT = [
    "上一篇：山那边的集市",
    "下一篇：没有了",
    "相关阅读",
    "城东大桥下月合龙",
    "市图书馆新馆周末开放",
    "版权所有 © 2019 某某网 All Rights Reserved",
]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(registry.load_rules("zh-web"))


def judged(judge: Judge, text: str, *, explain: bool = False) -> Judgment:
    return judge.judge(judge.analyze(lines.join([text])), explain=explain)[0]


def fallen(text: str, verdicts: tuple[Verdict, ...]) -> list[str]:
    return [text[v.span.start : v.span.stop] for v in verdicts if v.action == "drop"]


def pack(*rules: str) -> Judge:
    head = 'schema = 1\n[pack]\nid = "t"\nversion = "1"\ntitle = "T"\n'
    return Judge(loader.parse_pack(head + "".join(rules)))


def rule(name: str, literal: str, **more: str) -> str:
    rest = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'[[rule]]\nid = "ad/{name}"\nwhy = "w"\nliterals = ["{literal}"]\nmatch = "{literal}"\ndrops = ["{literal}"]\nkeeps = ["。"]\n{rest}'


def test_an_article_loses_its_frame_and_nothing_else(judge: Judge) -> None:
    text = "\n".join([*MENU, "渡口的老人", *BODY, *FOOT])
    assert fallen(text, judged(judge, text).verdicts) == MENU + FOOT


CLEAN = {
    "article": "\n\n".join(["渡口的老人", *BODY]),
    "one line": BODY[0],
    "headings": "\n".join(["船与桥", BODY[0], BODY[1], "老人与汛期", BODY[2], BODY[3]]),
    "code": "下面的函数求面积。\ndef area(w, h):\n    return w * h\n\nsize = area(w=3, h=4)\nprint(f'{size} m')\n}",
    "list": "出门之前，请检查下面几样东西。\n1、钥匙；\n2、雨伞；\n3、零钱；\n4、水壶。\n都带齐了，再把门锁好，然后到路口等车。",
    "question": "旧木船漏水怎么补？\n\n先把船拖上岸晾干，再用桐油和石灰拌成的油灰，沿着缝慢慢填进去，等它干透就好了。",
}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_clean_text_stays_as_it_is(judge: Judge, text: str) -> None:
    assert judged(judge, text).verdicts == ()


def test_judging_the_remaining_lines_again_removes_none_of_them(judge: Judge) -> None:
    text = "\n".join([*MENU, "渡口的老人", *BODY, *FOOT])
    gone = fallen(text, judged(judge, text).verdicts)
    rest = "\n".join(line for line in text.split("\n") if line not in gone)
    assert judged(judge, rest).verdicts == ()


def test_the_evidence_adds_up_to_the_score(judge: Judge) -> None:
    text = "\n".join(MENU + BODY + FOOT)
    verdicts = judged(judge, text, explain=True).verdicts
    assert verdicts
    for verdict in verdicts:
        total = sum(one.weight for one in verdict.evidence)
        assert verdict.score == pytest.approx(max(total, 1.0) if total < 1.0 else total, abs=0.02)
        assert not any(one.rule.endswith("/other") for one in verdict.evidence)


def test_evidence_is_given_when_asked_for(judge: Judge) -> None:
    text = "\n".join(BODY + FOOT)
    assert all(not v.evidence for v in judged(judge, text).verdicts)
    assert [v.span for v in judged(judge, text, explain=True).verdicts] == [
        v.span for v in judged(judge, text).verdicts
    ]


LINES = st.sampled_from([*BODY, *MENU, *FOOT, "", "  ", "a = 1;", "2019-01-02 10:11", "他说好的", "|"])
PAGES = st.lists(LINES, max_size=12).map("\n".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(PAGES, min_size=1, max_size=4))
def test_documents_are_judged_separately_and_verdicts_are_in_order(texts: list[str]) -> None:
    judge = _zh_web()
    together = judge.judge(judge.analyze(lines.join(texts)))
    for text, one in zip(texts, together, strict=True):
        assert one == judge.judge(judge.analyze(lines.join([text])))[0]
        at = 0
        for verdict in one.verdicts:
            assert at <= verdict.span.start < verdict.span.stop <= len(text)
            at = verdict.span.stop


@cache
def _zh_web() -> Judge:
    return Judge(registry.load_rules("zh-web"))


def test_without_weights_the_rules_alone_add_up() -> None:
    two = pack(rule("a", "甲", weight="0.6"), rule("b", "乙", weight="0.4"))
    text = "甲一\n乙二\n甲乙"
    assert fallen(text, judged(two, text).verdicts) == ["甲乙"]


def test_a_rule_of_full_weight_decides_alone() -> None:
    made = pack(rule("a", "甲"))
    text = "甲\n乙"
    found = judged(made, text, explain=True).verdicts
    assert fallen(text, found) == ["甲"]
    assert found[0].rule == "t/ad/a"
    assert found[0].score == 1.0


def test_a_weight_below_zero_speaks_for_a_line() -> None:
    made = pack(rule("a", "甲", weight="0.6"), rule("b", "乙", weight="0.6"), rule("c", "图", weight="-0.5"))
    text = "甲乙\n图甲乙"
    assert fallen(text, judged(made, text).verdicts) == ["甲乙"]


KEPT = (
    "作词：江上客",
    "书记员　王某",
    "二〇一九年六月三日",
    "答案：1.B 2.C 3.× 4.×",
    "收稿日期：2019-01-15",
    "[3] Smith J. Masonry arches[J]. Struct. Eng., 2010, 88(3): 44-51.",
)


@pytest.mark.parametrize("line", KEPT)
def test_what_looks_like_furniture_and_belongs_to_a_text_stays(judge: Judge, line: str) -> None:
    text = "\n".join([*MENU, "渡口的老人", *BODY, line, *FOOT])
    assert fallen(text, judged(judge, text).verdicts) == MENU + FOOT


def test_a_rule_of_the_tail_is_silent_before_the_end() -> None:
    made = pack(rule("a", "甲", where='"tail"'))
    text = "\n".join(["甲", *BODY * 3, "甲"])
    assert [v.span.start for v in judged(made, text).verdicts] == [len(text) - 1]


def test_only_remaining_lines_are_cut() -> None:
    made = pack(
        rule("a", "甲"),
        rule("b", "乙", scope='"span"', action='"cut"').replace(
            'drops = ["乙"]', 'drops = [{ before = "乙", after = "" }]'
        ),
    )
    text = "丙乙丁\n甲乙"
    assert [(v.action, text[v.span.start : v.span.stop]) for v in judged(made, text).verdicts] == [
        ("cut", "乙"),
        ("drop", "甲乙"),
    ]


@pytest.mark.parametrize(
    "text", ["", " \n\n", "\n".join(MENU), "\n".join(FOOT)], ids=["empty", "blank", "menu", "foot"]
)
def test_a_page_without_text_of_its_own_is_flagged(judge: Judge, text: str) -> None:
    assert NO_ARTICLE in [flag.rule for flag in judged(judge, text).flags]


def test_a_few_lines_below_a_menu_stay() -> None:
    names = "下列同学获得本学期奖学金，名单如下：\n陈晓明 林小雨 黄志强 何美玲\n罗建华 梁家辉 谢文静 曾海燕\n"
    assert cleaner.clean(f"首页|要闻|本地|生活|图片|视频\n{names}", script="keep").text == names


TITLES = [
    "城东大桥下月合龙",
    "图书馆新馆周末开放",
    "老茶馆搬到河对岸去了",
    "夜里的地铁多开半小时",
    "山里的柿子今年晚熟",
] * 2


def test_a_page_of_titles_is_a_list(judge: Judge) -> None:
    assert [flag.rule for flag in judged(judge, "\n".join(MENU + TITLES * 2 + FOOT)).flags] == [NO_ARTICLE, LIST]


def test_a_page_of_links_is_a_list_after_its_links_are_removed(judge: Judge) -> None:
    was = judged(judge, "\n".join(MENU + TITLES)).flags
    left = judge.judge(judge.analyze(lines.join(["其他"])), sizes=np.array([300]))[0].flags
    assert [flag.rule for flag in carry_list_flag(was, left)] == [NO_ARTICLE, LIST]
    assert carry_list_flag(was, ()) == ()
    assert carry_list_flag((), left) == left


def test_an_article_is_not_flagged(judge: Judge) -> None:
    assert judged(judge, "\n".join(MENU + BODY + FOOT)).flags == ()


def test_both_scripts_are_judged_alike(judge: Judge) -> None:
    traditional = ["首頁", "新聞", *BODY, "相關閱讀", "版權所有 © 2019"]
    simplified = ["首页", "新闻", *BODY, "相关阅读", "版权所有 © 2019"]
    verdicts = [judged(judge, "\n".join(text)).verdicts for text in (traditional, simplified)]
    assert verdicts[0] == verdicts[1]


MANUAL = """
     如果装置没有反应，请先检查电源线是否插紧，再看保险丝有没有烧断
     。指示灯亮而没有声音，多半是音量旋钮拧到了最小，或者耳机还插在后
     面的插孔里。

     o   电源：把随机附带的适配器接到 12V 插孔，不要使用别的适配
         器，它们的极性常常相反
     o   天线：拉出以后顺时针转半圈，直到听见轻轻的一声
     o   电池：四节，型号见背面
"""


@pytest.mark.parametrize("text", ["谢谢，修好了", "通知\n今晚停水，请各家备水。\n居委会\n三月四日", MANUAL])
def test_a_page_that_stays_as_it_was_is_not_flagged_as_empty(judge: Judge, text: str) -> None:
    rules = {flag.rule for flag in judged(judge, text).flags}
    assert not rules - {SUSPECT}  # which says that a line looks like furniture, not that nothing is left


def test_one_remaining_sentence_of_a_thread_is_flagged_and_one_sentence_alone_is_not(judge: Judge) -> None:
    post = "我去年也碰到过，把排水管拆下来冲一遍就好了，不用换。"
    assert not judge.judge(judge.analyze(lines.join([post])), sizes=np.array([300]))[0].flags
    assert judge.judge(judge.analyze(lines.join([post])), sizes=np.array([3000]))[0].flags


@pytest.mark.parametrize("text", ["到家了，勿念。", "塞上\n鸡鸣关月落，人语渡头闻。\n"])
def test_a_short_text_that_loses_nothing_has_no_flags(judge: Judge, text: str) -> None:
    assert not judged(judge, text).flags


def test_a_run_of_like_lines_is_not_torn() -> None:
    """Verse between prose stays whole where most of its lines would stay; a run that all goes still goes."""
    frame_top, frame_foot = (
        "首页|新闻|财经|体育|娱乐|汽车|房产\n",
        "关于我们 | 广告服务 | 网站地图\n版权所有 未经授权禁止转载 京ICP备00000000号-1\n",
    )
    prose = "镇子东头有一口老井，井沿的石头被绳子磨出了二十几道沟，夏天的傍晚大家都坐在旁边说话。\n"
    for verse in (
        ("一二三", "上高山", "四五六", "翻跟头", "七八九", "拍皮球", "张开手", "打个滚"),
        ("《渡口》 2003-05-01", "《夜航》 2005-09-12", "《灯火》 2011-11-11"),
    ):
        text = (
            frame_top
            + prose * 1
            + "\n".join(verse)
            + "\n"
            + "后来井填了，孩子们还记得那几句，只是没有人知道是谁编的，也没有人去问。\n"
            + frame_foot
        )
        cleaned = cleaner.clean(text).text.split("\n")
        kept = [line for line in verse if line in cleaned]
        assert kept in (list(verse), []), kept


def test_a_word_list_stays_whole(judge: Judge) -> None:
    """Where no rule speaks of a single line, doubt leaves all of them."""
    syllables = [initial + final for initial in "bpmfdtnlgkhjqx" for final in ("a", "ai", "an", "ao", "ei", "o", "u")]
    text = "\n".join(first + second for first, second in zip(syllables, syllables[7:] + syllables[:7], strict=True))
    assert judged(judge, text).verdicts == ()


def test_a_few_lines_of_which_no_rule_speaks_are_not_judged(judge: Judge) -> None:
    """The result is the same whether the documents beside it are judged or not."""
    short, page = "江城的雨\n下了三天\n没有人来", "\n".join([*MENU, "渡口的老人", *BODY, *FOOT])
    alone = judge.judge(judge.analyze(lines.join([short])))[0]
    beside = judge.judge(judge.analyze(lines.join([page, short, page])))[1]
    assert alone == beside
    assert alone.verdicts == ()
