"""A rule of a detector, for packs that are bound to hosts or to frames."""

from __future__ import annotations

COPIES_RULE = """
[[rule]]
id = "widget/copies"
why = "w"
detector = "repeated-paragraph"
params = { least = 8 }
drops = [\"\"\"
河边的灯塔在夜里亮着
河边的灯塔在夜里亮着
灯塔修了三年。
\"\"\"]
keeps = ["灯塔修了三年。"]
"""
