"""The vocabulary of element names, classes and ids: what they say of a part of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from cleaner.lazy_patterns import lazy_pattern

WORDS = {
    "nav": "nav navbar navi navigation menu submenu topbar toolbar breadcrumb breadcrumbs crumb crumbs tab tabs "
    "channel position sitemap daohang dh caidan lanmu weizhi mbx mianbaoxie dqwz",
    "header": "header head hd top masthead logo banner toubu tou",
    "footer": "footer foot ft bottom copyright copy icp friendlink friendlinks banquan yejiao dibu beian youlian yqlj",
    "side": "aside side sidebar sider rightbar leftbar widget right left zuo you zuoce youce",
    "related": "related relate relation recommend recommends recommended recom rec rcmd similar guess like likes hot "
    "rank ranking more next prev prenext previous pager pages pagination paging readmore latest popular feed "
    "series topic xiangguan xgyd tuijian tj paihang remen fanye",
    "comment": "comment comments cmt cmts reply replies respond guestbook disqus tie pinglun liuyan gentie",
    "share": "share shares sharing social sns bdshare bdsharebuttonbox jiathis addthis bshare weixin wechat weibo "
    "qrcode qr follow subscribe praise favor collect fenxiang erweima zan",
    "ad": "ad ads adv advert advertisement advertising promo promotion sponsor sponsored adsbygoogle app download "
    "appdownload popup pop modal dialog toast mask tooltip cookie cookies layer float guanggao gg ggw",
    "form": "form input btn button login register signup signin search user userinfo member denglu zhuce sousuo",
    "meta": "meta info infos author byline editor-name date time pubtime source tag tags label labels keywords "
    "statement disclaimer laiyuan zuozhe shijian shengming zebian",
    "content": "content contents article articlebody story post entry text richtext rich body main detail details news "
    "paragraph prose markdown editor ueditor trs artibody zoom zhengwen neirong nr wenzhang",
    "title": "title headline subject biaoti bt",
}
"""Words in classes and ids, by what they announce. Chinese sites write pinyin and its initials: `dqwz` is 当前位置,
where you are; `xgyd` 相关阅读, related reading; `nr` 内容, content; `trs` and `zoom` come from the editors of
government sites."""

ELEMENTS = {
    "nav": "nav",
    "menu": "nav",
    "header": "header",
    "footer": "footer",
    "aside": "side",
    "form": "form",
    "button": "form",
    "dialog": "ad",
    "article": "article",
    "main": "content",
}
PLACES = (*WORDS, "article", "unseen")
"""Kinds of place in a page; number i is bit `1 << i`. "unseen": hidden until a script shows it."""

BITS = {name: 1 << number for number, name in enumerate(PLACES)}

_ATTRIBUTES = frozenset(("class", "hidden", "id", "role", "style"))
_OF_ELEMENT = {tag: BITS[kind] for tag, kind in ELEMENTS.items()}
_OF_WORD = {word: BITS[kind] for kind, words in WORDS.items() for word in words.split()}
_WORD = lazy_pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LEAST_INNER = 5
"""Characters of a word that is meant inside another, at least."""
_LONG = sorted((word for word in _OF_WORD if len(word) >= _LEAST_INNER or word == "nav"), key=len, reverse=True)
_WITHIN = lazy_pattern("|".join(_LONG))
"""Words that are meant where they stand inside another too, as in `maincontent`, `newsfooter` and `topnav`."""

_UNSEEN = lazy_pattern(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def places_of(tag: str, attributes: Mapping[str, str | None]) -> int:
    """Collect the bits of the places that an element opens, by its name, class, id, role and style."""
    bits = _OF_ELEMENT.get(tag, 0)
    for key, value in attributes.items():
        if key in _ATTRIBUTES:
            bits |= _places_in(key, value or "")
    return bits


@lru_cache(maxsize=1 << 15)
def _places_in(key: str, value: str) -> int:
    if key == "hidden" or (key == "style" and _UNSEEN.search(value)):
        return BITS["unseen"]
    bits = 0
    for word in _WORD.findall(value) if key != "style" else ():
        word = word.lower()
        for part in [word] if word in _OF_WORD else _WITHIN.findall(word):
            bits |= _OF_WORD[part]
    return bits
