"""Numbers and names: where one is another in a text, it holds another question, however alike the rest is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-zà-ž]+")
_NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿两半")
_SURNAMES = frozenset("王李张刘陈杨赵黄周吴徐孙胡朱林郭罗梁宋郑谢韩唐冯董萧曹袁邓傅沈彭吕苏卢蒋蔡魏薛叶阎潘杜戴")
_TITLES = frozenset("小老阿")
"""What stands before a given name among friends, and in textbooks."""
_PLACE_ENDS = frozenset("市省县区州镇村")
_PLACES = re.compile(
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|南京|杭州|广州|深圳|武汉|成都|西安|沈阳|大连|青岛|济南|郑州|长沙|昆明|苏州|宁波|厦门"
    "|中国|美国|英国|法国|德国|日本|韩国|俄罗斯|印度|意大利|西班牙|加拿大|巴西|埃及|希腊|亚洲|欧洲|非洲|美洲"
    "|长江|黄河|珠江|淮河|泰山|黄山|华山|唐朝|宋朝|元朝|明朝|清朝|汉朝|秦朝"
)
_LONGEST_NAME = 4


class Gap(NamedTuple):
    """Where a reference and a text differ: what each has there, and what both have before and behind.

    `is_edge`: it is before the first or behind the last of what they share, so the text may have anything there.
    """

    reference: str
    text: str
    before: str
    after: str
    is_edge: bool


def is_other(gap: Gap) -> bool:
    """Whether the two have another number or name in a gap. All is folded."""
    return _has_other_words(gap, _NUMBER) or _has_other_words(gap, _WORD) or _has_other_name(gap)


def _has_other_words(gap: Gap, pattern: re.Pattern[str]) -> bool:
    """Whether numbers or words that lie in the gap, or reach into it, differ."""
    ours, theirs = (list(_words(gap, side, pattern)) for side in (gap.reference, gap.text))
    return bool(ours) and ours[0] not in theirs if gap.is_edge else ours != theirs


def _words(gap: Gap, side: str, pattern: re.Pattern[str]) -> Iterator[str]:
    start, stop = len(gap.before), len(gap.before) + len(side)
    for match in pattern.finditer(gap.before + side + gap.after):
        if match.start() < stop and match.end() > start:
            yield match[0]


def _has_other_name(gap: Gap) -> bool:
    ours, theirs = gap.reference, gap.text
    if gap.is_edge:  # what stands in the place of a text's first words is as long as these
        theirs = theirs[-len(ours) :] if not gap.before else theirs[: len(ours)]
    before, after = gap.before[-1:], gap.after[:1]
    while ours and theirs and ours[0] == theirs[0]:
        before, ours, theirs = ours[0], ours[1:], theirs[1:]
    if not 0 < len(ours) <= _LONGEST_NAME or not 0 < len(theirs) <= _LONGEST_NAME:
        return False
    if set(ours) <= _NUMERALS and set(theirs) <= _NUMERALS:
        return True
    if before in _TITLES and len(ours) == len(theirs) == 1:
        return True
    if ours[0] in _SURNAMES and theirs[0] in _SURNAMES:
        return True
    if len(ours) == len(theirs) and (before in _SURNAMES or after in _PLACE_ENDS):
        return True
    return _has_place(gap, ours) and _has_place(gap, theirs)


def _has_place(gap: Gap, side: str) -> bool:
    before = gap.before[-2:]
    matches = _PLACES.finditer(before + side + gap.after[:2])
    return any(match.start() < len(before) + len(side) and match.end() > len(before) for match in matches)
