from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.features.line_view import view_lines
from cleaner.normalization.script.folding import fold
from cleaner.rules import candidates
from cleaner.rules.matcher import Matcher
from cleaner.rules.matches import EarlierMatches, Matches
from cleaner.rules.pattern import fold_pattern
from cleaner.rules.schema import Rule
from cleaner.text import lines


def rule(**fields: object) -> Rule:
    return Rule(**{"id": "p/nav/r", "why": "w", **fields})  # type: ignore[arg-type]


def find(text: str | list[str], *rules: Rule) -> Matches:
    return Matcher(rules).find(view_lines(lines.join([text] if isinstance(text, str) else text)))


def said(text: str | list[str], *rules: Rule) -> list[tuple[int, int, str]]:
    joined = text if isinstance(text, str) else "\n".join(text)
    hits = find(text, *rules)
    columns = (column.tolist() for column in hits[:4])
    return [(line, index, joined[a:b]) for line, index, a, b in zip(*columns, strict=True)]


WORDS = rule(literals=("登录", "注册"))


def test_a_rule_without_a_pattern_hits_lines_made_of_its_literals() -> None:
    text = "登录\n登录 | 注册\n【登录】(3)\n登录页面\n请登录\n登\n\n  注册  "
    assert [line for line, _, _ in said(text, WORDS)] == [0, 1, 2, 6]


def test_one_literal_serves_both_scripts_both_widths_and_both_cases() -> None:
    both = rule(literals=("註冊", "ｖｉｐ"))
    assert len(said("註冊\n注册\nVIP\nｖip\nＶＩＰ", both)) == 5


def test_a_pattern_is_written_in_any_width_and_script() -> None:
    assert fold_pattern("（發表）？") == r"\(发表\)\?"
    assert fold_pattern(r"\（[？]") == r"\([\?]"
    label = rule(literals=("電話",), match="^電話：(?:１)?")
    assert said("电话:1", label) == [(0, 0, "电话:1")]


def test_a_pattern_runs_only_where_a_literal_stands() -> None:
    assert said("abc\nxbc", rule(literals=("x",), match="bc")) == [(1, 0, "bc")]


def test_a_span_rule_hits_as_often_as_it_matches() -> None:
    cut = rule(literals=("[",), match=r"\[\d\]", scope="span", action="cut")
    assert [piece for _, _, piece in said("一[1]二[2]三", cut)] == ["[1]", "[2]"]


def test_an_exception_cancels_a_match() -> None:
    assert said("版权 一\n版权 二", rule(literals=("版权",), match="^版权", unless=("二$",))) == [(0, 0, "版权")]


def test_length_number_and_place_of_literals_are_limits() -> None:
    assert said("甲甲甲甲甲", rule(literals=("甲",), match="甲", longest=4)) == []
    assert said("甲乙\n甲乙甲", rule(literals=("甲",), match=".*", least=2)) == [(1, 0, "甲乙甲")]
    assert said("一二甲\n一二三甲", rule(literals=("甲",), match=".*", within=2)) == [(0, 0, "一二甲")]


def test_a_block_rule_covers_lines_and_stays_in_its_document() -> None:
    block = rule(literals=("起",), match=r"^起$\n(?:.*\n)*?^止$", scope="block")
    assert [line for line, _, _ in said(["前\n起\n中\n止\n后", "起\n无"], block)] == [1, 2, 3]


def test_a_document_rule_hits_once() -> None:
    document = rule(literals=("词",), match="词(?:.*\n)?.*词", scope="document", action="flag")
    assert said(["词一\n词二\n词三", "词"], document) == [(0, 0, "词一\n词")]


def test_detectors_keep_their_index_and_never_hit() -> None:
    detector = rule(id="p/nav/d", detector="some")
    assert said("登录", detector, WORDS) == [(0, 1, "登录")]


def test_a_pattern_that_exceeds_its_time_is_stopped_and_named() -> None:
    slow = rule(literals=("aa",), match="^(?:a|a|aa)+$", longest=2000)
    hits = find("a" * 200 + "b\naaa", slow)
    assert [name for name, _ in hits.overruns] == ["p/nav/r"]
    assert hits.line.tolist() == [1]


@pytest.mark.parametrize(
    "text",
    [
        "他写下“登录”两个字",
        "「登录」と書いてある",
        "`登录`",
        '"home": "登录",',
        "- [登录](#login)",
        "<b>登录</b>",
        "| 登录 | 注册 |",
        "登录——这两个字",
    ],
)
def test_a_quoted_literal_is_left_by_a_rule_that_decides_alone(text: str) -> None:
    decisive, evidence = (rule(literals=("登录",), match="登录", weight=weight) for weight in (1.0, 0.9))
    assert said(text, decisive) == []
    assert len(said(text, evidence)) == 1


@pytest.mark.parametrize("text", ["登录", "“登录”", "请“自己人”登录", "登录 | 注册", "《日报》登录", "登录，这样"])
def test_a_literal_that_stands_outside_of_quotation_marks_is_found(text: str) -> None:
    assert len(said(text, rule(literals=("登录",), match="登录"))) == 1


def test_empty_texts_and_empty_packs_give_no_matches() -> None:
    assert not len(find("", WORDS).line)
    assert not len(find(["", "\n \n"], WORDS).line)
    assert not len(find("登录").line)


def test_surrogates_and_astral_characters_do_not_shift_places() -> None:
    assert said("😀𠮷\ud800\n  登录 | 注册", WORDS) == [(1, 0, "登录 | 注册")]


RULES = (
    WORDS,
    rule(literals=("登", "a"), match=r"[a登]\s?\d?"),
    rule(literals=("册", "1"), match="册1|1", scope="span", action="cut"),
    rule(literals=("录注", "aa"), match="^.{0,3}录注|aa$", longest=6, unless=("1",)),
    rule(literals=("甲",), match="甲", longest=2),
    rule(literals=("注", "甲"), match="[注甲]", unless=("[。！]",)),
)
TEXTS = st.lists(st.text("登录注册a1| \n😀甲。", max_size=24), min_size=1, max_size=4)


@given(TEXTS, st.sampled_from([0, 2, 5, 100]))
def test_matches_equal_those_of_every_pattern_on_every_line(texts: list[str], brief: int) -> None:
    block = lines.join(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_BRIEF", brief)
        matcher = Matcher(RULES)
        hits = matcher.find(view_lines(block))
    found = set(zip(*(column.tolist() for column in hits[:4]), strict=True))
    assert found == set(one_by_one(block))


@given(TEXTS, TEXTS, st.data())
def test_matches_reused_from_an_earlier_batch_equal_a_new_search(
    texts: list[str], added: list[str], data: st.DataObject
) -> None:
    matcher, before = Matcher(RULES), lines.join(texts)
    rows = [row for row in range(len(before.starts)) if data.draw(st.booleans())]
    unchanged = "\n".join(before.text[before.starts[row] : before.stops[row]] for row in rows)
    after = lines.join(["\n " + unchanged, *added])
    known = np.concatenate((np.array(rows, dtype=np.int64), np.full(len(after.starts) - len(rows), -1)))
    earlier = EarlierMatches(matcher.find(view_lines(before)), before.starts, known)
    reused, anew = matcher.find(view_lines(after), earlier), matcher.find(view_lines(after))
    for mine, expected in zip(reused, anew, strict=True):
        assert list(mine) == list(expected)


def one_by_one(block: lines.Batch) -> list[tuple[int, int, int, int]]:
    from cleaner.rules.pattern import compile_match, compile_unless, is_quoted, literals_of

    made = []
    for line, (start, stop) in enumerate(zip(block.starts.tolist(), block.stops.tolist(), strict=True)):
        text = fold(block.text[start:stop])
        for index, one in enumerate(RULES):
            if not any(word in text for word in literals_of(one)) or (one.scope == "line" and len(text) > one.longest):
                continue
            if index == 0 and min(text.find(word) % 999 for word in literals_of(one)) > 6:
                continue
            if one.scope == "line" and is_quoted(text, literals_of(one)):
                continue
            matches = list(compile_match(one).finditer(text))[: 1 if one.scope == "line" else None]
            if not any(other.search(text) for other in compile_unless(one)):
                made += [(line, index, start + m.start(), start + m.end()) for m in matches]
    return made
