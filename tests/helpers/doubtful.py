"""Pages that the judge is sure of, and one that it is not."""

from __future__ import annotations

_MENU = ["首页", "新闻", "体育", "财经", "登录", "注册"]
_FOOT = ["上一篇：山那边的集市", "下一篇：没有了", "相关阅读", "版权所有 © 2019 某某网 All Rights Reserved"]
_BODY = [
    "渡口边的老人说，从前这里每天有四班船，最早的一班天不亮就开了。",
    "后来上游修了桥，船就越来越少，最后只剩下他自己的一条小木船还在来回。",
    "他并不觉得可惜。桥是好东西，孩子们上学再也不用等雾散，生病的人也能连夜送到城里去。",
]
_TITLES = [
    "春天的集市开张了 123人看过",
    "老城门修好了 98人看过",
    "河边又多了一座亭子 77人看过",
    "孩子们的风筝节 12人看过",
] * 2

ARTICLE = "\n".join(["渡口的老人", *_BODY])
"""A text without a frame."""
FRAMED = "\n".join([*_MENU, "渡口的老人", *_BODY, *_FOOT])
"""The same in a frame."""
DOUBTFUL = "\n".join([*_MENU, *_TITLES, *_FOOT])
"""Titles that may be content or links, in the same frame."""
