"""A pack brought up to date: what a person changed stays, and what is gone from the pages goes."""

from __future__ import annotations

from cleaner.learning.notes import Note
from cleaner.learning.pack_text import write_pack
from cleaner.learning.revision import PackState, Revision, revise
from cleaner.learning.site_packs import EXACT, SitePack
from cleaner.packs import loader, testing
from cleaner.rules.schema import Rule

KEEPS = ("河水退去之后，村里的人重新丈量田地。",)


def learned(*literals: str, doubtful: tuple[str, ...] = (), pages: int = 20) -> SitePack:
    """A pack as if it had been learned: lines of the tail, and doubtful ones."""
    rules = [rule("footer/tail", literals, pages)] if literals else []
    if doubtful:
        rules.append(rule("footer/tail-doubtful", doubtful, pages, action="flag"))
    notes = {one.id: dict.fromkeys(one.literals, Note(pages)) for one in rules}
    return SitePack("site-a-com", "a.com", pages, tuple(rules), notes)


def rule(name: str, literals: tuple[str, ...], pages: int, action: str = "drop") -> Rule:
    texts = tuple(sorted(literals))
    fields = {"id": name, "why": f"On {pages} pages.", "match": EXACT, "where": "tail", "action": action}
    return Rule(**fields, literals=texts, drops=texts[:3], keeps=KEEPS)  # type: ignore[arg-type]


def update(text: str, old: SitePack, new: SitePack, refusals: tuple[str, ...] = ()) -> Revision:
    revision = revise(text, PackState.of(old, refusals), new)
    pack = loader.check_pack(loader.parse_pack(revision.text, "site.toml"))
    assert testing.run_cases(pack) == ()
    return revision


def literals(revision: Revision) -> set[str]:
    pack = loader.parse_pack(revision.text, "site.toml")
    return {literal for one in pack.rules for literal in one.literals}


OLD = learned("关于我们", "联系管理员", "返回顶部", doubtful=("无名氏",))
TEXT = write_pack(OLD, ["core"])


def test_the_same_evidence_changes_no_letter() -> None:
    revision = update(TEXT, OLD, OLD)
    assert (revision.text, revision.additions, revision.removals) == (TEXT, (), ())


def test_evidence_adds_and_retires_and_the_version_goes_up() -> None:
    revision = update(TEXT, OLD, learned("关于我们", "联系管理员", "网站地图", doubtful=("无名氏",)))
    assert literals(revision) == {"关于我们", "联系管理员", "网站地图", "无名氏"}
    assert (revision.additions, revision.removals) == (("网站地图",), ("返回顶部",))
    assert 'version = "2"' in revision.text


def test_a_line_that_was_taken_out_never_comes_back() -> None:
    assert '    # 20 pages\n    "关于我们", "联系管理员", "返回顶部",\n' in TEXT
    edited = TEXT.replace(', "返回顶部",\n', ",\n")
    first = update(edited.replace('"返回顶部"', '"关于我们"'), OLD, OLD)
    assert "返回顶部" not in literals(first)
    again = revise(first.text, first.state, learned("关于我们", "返回顶部", "网站地图"))
    assert literals(again) == {"关于我们", "网站地图"}
    assert again.state.refusals == ("返回顶部",)


def test_lines_fields_rules_and_comments_of_a_person_stay() -> None:
    own = '\n# mine\n[[rule]]\nid = "ad/mine"\nwhy = "w"\nliterals = ["买灯"]\nmatch = "^买灯$"\ndrops = ["买灯"]\nkeeps = ["他买灯。"]\n'
    edited = TEXT.replace('    "关于我们",', '    # the shop\n    "灯塔商店",  # opened in May\n    "关于我们",') + own
    edited = edited.replace("On 20 pages.", "Printed by the site.", 1).replace('action = "flag"\n', 'action = "drop"\n')
    new = learned("关于我们", "网站地图", doubtful=("无名氏", "佚名"), pages=30)
    revision = update(edited, OLD, new)
    assert literals(revision) == {"灯塔商店", "关于我们", "网站地图", "无名氏", "佚名", "买灯"}
    assert own.strip() in revision.text
    assert all(
        words in revision.text for words in ("Printed by the site.", "# the shop\n", '"灯塔商店",  # opened in May')
    )
    rules = {one.id: one for one in loader.parse_pack(revision.text, "site.toml").rules}
    assert rules["site-a-com/footer/tail-doubtful"].action == "drop"


def test_a_pack_of_one_line_each_as_they_were_written_once_is_brought_up_to_date() -> None:
    lines = "".join(f'    "{text}",  # 20, body > ul\n' for text in ("关于我们", "联系管理员", "返回顶部"))
    old = TEXT.replace('    # 20 pages\n    "关于我们", "联系管理员", "返回顶部",\n', lines)
    assert lines in old
    assert update(old, OLD, OLD).text == old
    revision = update(old, OLD, learned("关于我们", "联系管理员", "网站地图", doubtful=("无名氏",)))
    assert '    # 20 pages\n    "关于我们", "网站地图", "联系管理员",\n' in revision.text, revision.text
    assert (revision.additions, revision.removals) == (("网站地图",), ("返回顶部",))


def test_remarks_of_a_person_stay_and_ours_are_written_anew() -> None:
    edited = TEXT.replace('"返回顶部",\n', '"返回顶部",  # a button\n', 1)
    revision = update(edited, OLD, learned("关于我们", "联系管理员", "网站地图", "返回顶部", pages=30))
    assert '"返回顶部",  # a button\n' in revision.text
    assert "    # 20 pages" not in revision.text
    assert revision.text.count("# 30 pages\n") == 1


def test_a_rule_without_evidence_goes_but_for_what_a_person_put_in() -> None:
    gone = update(TEXT, OLD, learned(doubtful=("无名氏",)))
    assert literals(gone) == {"无名氏"}
    edited = TEXT.replace('    "关于我们",', '    "灯塔商店",\n    "关于我们",')
    assert literals(update(edited, OLD, learned(doubtful=("无名氏",)))) == {"灯塔商店", "无名氏"}


def test_a_deleted_rule_does_not_come_back() -> None:
    start = TEXT.index('[[rule]]\nid = "footer/tail-doubtful"')
    assert literals(update(TEXT[:start], OLD, OLD)) == {"关于我们", "联系管理员", "返回顶部"}
