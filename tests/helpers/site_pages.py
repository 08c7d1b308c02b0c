"""Pages of invented sites whose authors repeat themselves: what recurs in them is content, but for the frame around it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

HEAD = ["示例书屋", "本站首页", "分类书库", "最近更新", "我的书架"]
TAIL = ["本站所有内容来自网友投稿", "联系管理员", "意见反馈", "返回顶部"]
NUMBERS = "一二三四五六七八九十"
NAMES = ["林舟", "许望", "沈砚", "顾青", "陆遥", "苏禾", "程岸", "叶知", "周野", "方渡"]
THINGS = ["灯塔", "旧书", "木船", "石桥", "水井", "磨坊", "渡口", "茶馆", "铁匠铺", "钟楼"]


class SitePage(NamedTuple):
    """A page: the lines of its frame before and behind, and those that its author wrote."""

    head: list[str]
    content: list[str]
    tail: list[str]

    @property
    def text(self) -> str:
        """The page as text."""
        return "\n".join((*self.head, *self.content, *self.tail, ""))


def novel(count: int = 24) -> list[SitePage]:
    """Chapters of a novel, with a refrain in each, a head with a number and the name of the book."""
    pages = []
    for number in range(1, count + 1):
        name, thing = NAMES[number % 10], THINGS[number // 3 % 10]
        content = [
            f"《渡河》第{number}章",
            f"第{number}章 {thing}",
            "河水流过这里，不问你是谁。",
            f"{name}在第{number}天的早上走到{thing}前，他记得父亲说过的话，却想不起父亲的样子。",
            f"“你还要走多远？”{NAMES[(number + 3) % 10]}问他，手里的绳子绕了{number}圈。",
            "他没有回答。",
            f"风从{THINGS[(number + 5) % 10]}那边吹来，带着{number + 2}年前的味道，谁也没有再说话。",
            "河水流过这里，不问你是谁。",
        ]
        pages.append(SitePage(HEAD, content, ["（本章完）", "上一章", "目录", "下一章", *TAIL]))
    return pages


def statutes(count: int = 16) -> list[SitePage]:
    """Statutes whose first and last articles are nearly the same in all."""
    pages = []
    for number in range(1, count + 1):
        thing = THINGS[number % 10]
        content = [
            f"{thing}管理办法（第{number}号）",
            "第一章 总则",
            f"第一条 为了加强{thing}的管理，保护使用人的合法权益，制定本办法。",
            "第二条 本办法适用于本市行政区域内的单位和个人。",
            "第二章 管理",
            f"第三条 {thing}的所有人应当在每年{number % 12 + 1}月底前向主管部门申报，逾期不报的处以罚款。",
            "第四条 违反本办法规定的，由主管部门责令改正。",
            "第三章 附则",
            "第五条 本办法自公布之日起施行。",
            "本办法自公布之日起施行。",
        ]
        pages.append(SitePage(HEAD, content, TAIL))
    return pages


def sheets(count: int = 20) -> list[SitePage]:
    """Data sheets of a shop: labels that all have, values that most share."""
    pages = []
    for number in range(1, count + 1):
        thing = THINGS[number % 10]
        content = [
            f"{thing}牌台灯 型号{number * 37}",
            f"这款台灯以{thing}为造型，底座可以旋转{number * 5}度，适合放在书桌上，光线不会刺眼。",
            "规格参数",
            "品牌：示例",
            "产地：中国",
            f"净重：{number * 11 + 300}克",
            f"高度：{number + 30}厘米",
            "材质",
            "榉木",
            f"功率：{number % 5 + 5}瓦",
            "保修期",
            "十二个月",
        ]
        pages.append(SitePage(HEAD, content, ["加入购物车", *TAIL]))
    return pages


def poems(count: int = 20) -> list[SitePage]:
    """A poem a page, most by one author, with a line that several share."""
    pages = []
    for number in range(1, count + 1):
        name, thing = NAMES[number % 10], THINGS[(number * 3) % 10]
        content = [
            f"{thing}夜作之{NUMBERS[number % 10]}",
            "无名氏",
            f"{thing}灯火照{name}",
            f"一夜风声到第{NUMBERS[(number + 4) % 10]}桥",
            "明月不知人已老",
            f"还从{THINGS[(number + 7) % 10]}上过今宵",
        ]
        pages.append(SitePage(HEAD, content, TAIL))
    return pages


def minutes(count: int = 18) -> list[SitePage]:
    """Minutes of meetings that open and close with the same words."""
    pages = []
    for number in range(1, count + 1):
        thing, name = THINGS[number % 10], NAMES[number % 10]
        content = [
            f"第{number}次例会记录",
            "会议由主任主持，全体委员出席，记录人宣读了上次会议的记录。",
            "会议讨论了以下事项：",
            f"一、关于{thing}修缮的经费，{name}委员认为应当先核算{number * 3}万元的缺口，再行表决。",
            f"二、{NAMES[(number + 2) % 10]}委员报告了{THINGS[(number + 4) % 10]}的进度，与会者没有异议。",
            "会议一致通过上述事项。",
            "主持人宣布散会。",
        ]
        pages.append(SitePage(HEAD, content, TAIL))
    return pages


SITES = {"novel": novel, "statutes": statutes, "sheets": sheets, "poems": poems, "minutes": minutes}
"""What makes the pages of each site, by its name."""


def write_sites(folder: Path, *names: str) -> Path:
    """Write the pages of invented sites as JSON Lines."""
    path = folder / "pages.jsonl"
    rows = [
        {"id": f"{name}-{number}", "url": f"https://{name}.example.com/{number}", "text": page.text}
        for name in names
        for number, page in enumerate(SITES[name]())
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
