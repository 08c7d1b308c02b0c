"""Rules of lines that differ in digits or a title."""

from __future__ import annotations

from cleaner.learning.decisions import LearnedLine
from cleaner.learning.site_packs import build_packs, literals_of


def test_what_varies_is_no_literal_however_long_it_is() -> None:
    texts = (
        "想多了解《从渡口走到石桥的第三十七天早上，灯塔里的人没有说话》，请下载书屋",
        "想多了解《灯塔》，请下载书屋",
    )
    line = LearnedLine("a.com", "tail", texts, is_variable=True, pages=9, host_pages=20)
    assert literals_of(line) == (",请下载书屋",)
    (pack,) = build_packs([line], {})
    assert pack.rules[0].match == "^(?:想多了解《[^《》]+》,请下载书屋)$"
    assert pack.rules[0].drops == (texts[-1],)


def test_a_line_of_digits_and_titles_alone_has_no_literal() -> None:
    line = LearnedLine("a.com", "tail", ("《灯塔》2024", "《渡口》2025"), is_variable=True, pages=9, host_pages=20)
    assert literals_of(line) == ()
    assert list(build_packs([line], {})) == []


def test_doubtful_lines_with_numbers_stand_beside_others() -> None:
    fields = {"pages": 9, "host_pages": 20, "reason": "between lines of the page's own"}
    plain = LearnedLine("a.com", "tail", ("我的灯塔",), is_variable=False, **fields)
    varying = LearnedLine("a.com", "tail", ("第3天的晚报", "第4天的晚报"), is_variable=True, **fields)
    (pack,) = build_packs([plain, varying], {})
    (rule,) = pack.rules
    assert rule.match == r"^(?:\L<literals>|第\d+天的晚报)$"
    assert {*rule.literals} == {"我的灯塔", "天的晚报"}
    assert {*rule.drops} == {"我的灯塔", "第4天的晚报"}
