"""Texts of a page, laid out."""

from __future__ import annotations

from cleaner.features.layout import Layout, lay_out
from cleaner.features.line_view import view_lines
from cleaner.text import lines

PROSE = "他把船系在岸边的柳树上，沿着石阶慢慢走回了村子。"
MENU = "\n".join(["新闻", "体育", "财经", "科技", "旅游", "教育", "汽车", "房产"])
TITLES = "\n".join(
    ["城东大桥下月合龙通车", "市图书馆新馆周末开放", "秋季运动会报名启动", "三条公交线路今起调整", "老城区供暖改造完工"]
)


def lay_out_texts(*texts: str) -> Layout:
    return lay_out(view_lines(lines.join(texts)))
