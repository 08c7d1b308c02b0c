"""What kind of page a document is, with the chance of it."""

from __future__ import annotations

import tomllib
from importlib import resources

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import pipeline
from cleaner.decode import DecodedText
from cleaner.judging.flags import mark_articles
from cleaner.judging.judge import Judge
from cleaner.judging.page.kinds import FEED, KINDS, load_model, measure
from cleaner.ledger import OutputPlace, decode_entry, encode_entry, record_document
from cleaner.model import LIKELY_KIND, UNSURE_KIND, Document, PageKind
from cleaner.options import CleanOptions
from cleaner.packs import registry
from cleaner.text import lines

ARTICLE = "\n".join(
    [
        "首页 | 新闻 | 登录",
        "老码头边的豆腐坊",
        "天还没有亮，豆腐坊里的灯就已经亮了，两口大锅冒着白气。",
        "师傅姓陈，做这一行三十多年，手上的力气比话多，一早上说不了几句。",
        "他说水要用井里的，豆子要用当年的，火候要靠鼻子闻，没有什么秘密。",
        "街坊们提着碗来，放下钱，端走还烫手的豆花，谁也不用排队太久。",
        "去年有人劝他换成电磨，他试了一个月，又把石磨搬了回来。",
        "“省下来的时间也没处用。”他这样说，然后低头去看锅。",
        "上一篇：河堤上的风筝",
        "版权所有 © 2021 某某网",
    ]
)
NAV = ["首页", "新闻", "体育", "财经", "登录", "注册", "当前位置：首页 > 新闻 > 列表"]
TITLES = [
    "河堤上的风筝",
    "修伞的人回来了",
    "冬天的菜窖怎么挖",
    "一只旧闹钟的修理",
    "山里的邮路还在走",
    "渡口今昔图片展",
    "木匠的尺子有多长",
    "夜班电车停运通知",
    "市图书馆延长开放时间",
    "老城区雨水管改造开工",
    "本周天气：先晴后雨",
    "小学生足球赛落幕",
    "春季花展下月开幕",
    "菜价小幅回落",
]
FOOT = ["首页 上一页 1 2 3 4 5 下一页 末页", "友情链接：", "版权所有 © 2021 某某网"]
INDEX = "\n".join([*NAV, "新闻中心", "更多>>", *TITLES[:7], "图片新闻", "更多>>", *TITLES[7:], *FOOT])
POST = ["回复 举报", "小陈", "发表于 2020-5-1 09:10:00 | 只看该作者"]
THREAD = "\n".join(
    [
        "首页 » 论坛 » 园艺",
        "发新帖 回复",
        "求助：番茄苗叶子发黄怎么办",
        "查看: 210 | 回复: 3",
        "老李种菜",
        "发表于 2020-5-1 08:12:33 | 只看该作者",
        "上个月买的苗，最近叶子从下往上黄，是不是缺肥？",
        *POST,
        "先看看根有没有烂，少浇水。",
        *POST,
        "我家的也这样，换盆就好了。",
        *POST,
        "返回列表",
        "Powered by Discuz! X3.4",
    ]
)
TEXTS = (ARTICLE, INDEX, THREAD, "春天\n", "", "首页\n登录\n版权所有 © 2021 某某网\n")


def kind_of(text: str) -> PageKind:
    kind = cleaner.clean(text).kind
    assert kind
    return kind


def test_an_article_in_a_frame_is_one() -> None:
    assert kind_of(ARTICLE).label == "article"


def test_a_page_of_titles_is_a_list() -> None:
    assert kind_of(INDEX).label == "list"


def test_posts_in_the_furniture_of_a_forum_are_a_thread() -> None:
    assert kind_of(THREAD).name == "thread"


def test_a_list_with_the_beginnings_of_texts_is_a_feed() -> None:
    teaser = "天还没有亮，豆腐坊里的灯就已经亮了，两口大锅冒着白气，街坊们提着碗来。"
    lines_between = [line for title in TITLES[:3] for line in (title, teaser)]
    assert kind_of("\n".join([INDEX, *lines_between, *FOOT])).name in {FEED, "article"}
    assert kind_of(INDEX).name != FEED


@pytest.mark.parametrize("text", ["", "春天\n", "首页\n登录\n版权所有 © 2021 某某网\n"])
def test_nothing_is_said_of_a_few_lines(text: str) -> None:
    assert cleaner.clean(text).kind is None


def test_nothing_is_said_where_only_rules_act() -> None:
    assert cleaner.clean(ARTICLE, judge="off").kind is None


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=6))
def test_no_document_changes_the_kind_of_another(texts: list[str]) -> None:
    pack = cleaner.load_pack("zh-web")
    together = pipeline.clean([Document(str(n), text) for n, text in enumerate(texts)], pack, CleanOptions())
    assert [cleaned.kind for cleaned in together] == [cleaner.clean(text).kind for text in texts]


def test_weights_are_for_the_columns_that_are_measured() -> None:
    judge = Judge(registry.load_rules("zh-web"))
    scores = judge.score(judge.analyze(lines.join([ARTICLE])))
    columns = measure(scores, mark_articles(scores))
    model = load_model()
    assert columns.names == model.columns
    assert model.weights.shape == (len(KINDS), len(model.columns))


def test_the_ledger_keeps_the_kind() -> None:
    data = ARTICLE.encode()
    entry = record_document(cleaner.clean(ARTICLE), data, DecodedText(ARTICLE, "utf-8"), OutputPlace("a.txt"))
    assert decode_entry(encode_entry(entry)).kind == kind_of(ARTICLE)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_has_words(language: str) -> None:
    path = resources.files("cleaner") / "data" / "wording" / f"{language}.toml"
    sentences = tomllib.loads(path.read_text(encoding="utf-8"))["sentences"]
    assert all(sentences[f"kind_{name}"] for name in (*KINDS, FEED))


def test_a_kind_is_counted_where_it_is_likely() -> None:
    assert PageKind("thread", LIKELY_KIND).label == "thread"
    assert PageKind("thread", LIKELY_KIND - 0.01).label == UNSURE_KIND
    assert msgspec.to_builtins(PageKind("list", 0.8)) == {"name": "list", "chance": 0.8}
