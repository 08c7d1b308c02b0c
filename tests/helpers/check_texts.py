"""Texts for the tests of `cleaner check`: an article, and what a page puts around it."""

from __future__ import annotations

ARTICLE = """河水退去之后，村里的人开始重新丈量田地。老人说，三十年前的界石还在，只是埋得深了一些，要用长一点的铁锹才挖得到。

年轻人不大相信，带着绳子和竹竿走了一个上午，回来时裤脚上全是泥。他们在东边的坡下找到了两块，第三块始终没有找到，大概是被水冲走了。

到了秋天，县里派人来量了一次，画了新的图。图挂在村口的屋里，谁都可以去看，看的人却不多，因为各家的地在哪里，各家心里都有数。
"""
MENU = "首页|新闻|图片|视频|论坛"
FOOTER = "版权所有 京ICP备12345678号-1"
FIX = ("check", "--fix", "--unsafe-fixes", "--max-loss", "0.5")
"""The texts here are short, and their menus fall by what the judge makes of them: neither is fixed by default."""
PAGE = f"{MENU}\n\n{ARTICLE}\n{FOOTER}\n"
OTHER = """码头上的灯一盏一盏亮起来，卸货的人把最后几只木箱搬上了车。箱子里装的是从南边运来的橘子，有几只已经裂开，满街都是那种气味。

管账的人坐在棚子下面，一边记数一边打瞌睡。他在这里坐了十一年，见过水面结冰，也见过水漫上台阶，从来没有记错过一笔账。
"""
UNLIKE = {
    "left": "山上的庙只剩下半堵墙，墙根长满了蕨草，放羊的孩子在那里躲雨，雨停了也不急着走，坐在石头上看云从谷里升起来。",
    "right": "渡船每天早晚各开一趟，撑船的是父子两个，父亲认得河里每一块石头，儿子认得岸上每一家的狗，谁也不嫌谁说话少。",
}
_SECTIONS = [
    "时政",
    "国际",
    "社会",
    "财经",
    "股票",
    "基金",
    "房产",
    "汽车",
    "体育",
    "足球",
    "篮球",
    "娱乐",
    "明星",
    "电影",
    "音乐",
    "游戏",
    "动漫",
    "科技",
    "数码",
    "手机",
    "教育",
    "考试",
]
_MENU_LINES = ("|".join(_SECTIONS[(row + 5 * column) % len(_SECTIONS)] for column in range(5)) for row in range(150))
HEAVY_LOSS = "\n".join(_MENU_LINES) + "\n\n河水退去之后，村里的人开始重新丈量田地。\n"
"""A page of which nearly all goes."""
