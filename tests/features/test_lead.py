"""The lead of a document and the title above it."""

from __future__ import annotations

import numpy as np

from cleaner.features.lead import measure_lead
from cleaner.judging.judge import Judge
from cleaner.packs import registry
from cleaner.text import lines

PAGE = [
    "首页",
    "水情",
    "清河退水后重新丈量田地",
    "记者 周小山",
    "清河的水退去之后，人们开始重新丈量田地，老人说界石还在，只是埋得深了一些，要慢慢找。",
    "下一篇 清河退水后重新丈量田地",
]


def columns(*texts: str) -> dict[str, list[float]]:
    """The columns of all lines of some documents."""
    layout = Judge(registry.load_rules("zh-web")).analyze(lines.join(list(texts))).layout
    return {name: np.round(column, 3).tolist() for name, column in measure_lead(layout)._asdict().items()}


def test_the_line_that_shares_most_with_the_first_prose_is_the_title() -> None:
    lead = columns("\n".join(PAGE))
    assert lead["title"][2] > 0.5
    assert lead["title"][:2] + lead["title"][3:] == [0] * 5
    assert lead["above"] == [lead["title"][2]] * 2 + [0] * 4
    assert lead["below"] == [0] * 3 + [lead["title"][2]] + [0] * 2
    assert lead["share"][2] >= 0.6
    assert lead["share"][5] == 0  # stands below the lead


def test_a_document_is_measured_by_itself() -> None:
    alone, together = columns("\n".join(PAGE)), columns("短", "\n".join(PAGE), "清河退水\n田地")
    assert {name: values[1:-2] for name, values in together.items()} == alone


def test_a_document_without_long_prose_has_no_title() -> None:
    assert set(columns("麦子黄了又黄\n麦子\n风筝挂在树上")["title"]) == {0}
