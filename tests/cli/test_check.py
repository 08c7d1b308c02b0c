"""`cleaner check` as a user calls it: findings, places, exit codes, what is fixed, what bad input does."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import cli
from cleaner.check.inputs.git import changed_lines as git_changed
from helpers.calls import Call
from helpers.check_texts import ARTICLE, FIX, FOOTER, MENU, OTHER, PAGE, UNLIKE
from helpers.paths import ROOT

NAMES = ("a.txt", "a.md", "a.html", "a.jsonl", "a.csv", "a.jsonl.gz", "a.csv.zst", "a.parquet", "a.warc.gz")


def found(out: str) -> list[tuple[str, str]]:
    """Place and rule of each finding."""
    places = (line.split(" ") for line in out.splitlines() if line[0] != " " and ":" in line and "/" in line)
    return [(words[0].rstrip(":"), next(word for word in words if "/" in word)) for words in places]


def rules(call: Call, *arguments: object) -> list[str]:
    _, out, _ = call("check", *arguments, "--format", "json")
    return [finding["rule"] for finding in json.loads(out)["findings"] if not finding["known"]]


def git(*arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments], check=True, capture_output=True)


def test_a_clean_file_has_no_findings(call: Call) -> None:
    Path("a.txt").write_text(ARTICLE)
    assert call("check", "a.txt") == (0, "0 findings in 1 file\n", "")


def test_findings_name_file_line_column_rule_and_text_and_nothing_is_written(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    code, out, _ = call("check", "a.txt")
    assert code == 1
    assert found(out) == [("a.txt:1:1", "zh-web/nav/bar"), ("a.txt:9:1", "zh-legal/legal/icp-number")]
    assert f"    {FOOTER}" in out
    assert "2 findings in 1 file" in out
    assert Path("a.txt").read_text() == PAGE


def test_findings_inside_a_line_have_a_column(call: Call) -> None:
    Path("a.txt").write_text(ARTICLE + "\n他说：&ldquo;好。&rdquo;大家就散了，各自回家吃饭，谁也没有再提起那块石头。\n")
    _, out, _ = call("check", "a.txt")
    assert found(out) == [("a.txt:7:4", "normalize/entities")]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (ARTICLE.encode("utf-8").decode("latin-1"), "normalize/mojibake"),
        (ARTICLE.replace("丈量田地", "\u200b丈量田地"), "normalize/characters"),
        (ARTICLE.replace("\n\n", "\n\n錕斤拷", 1).replace("錕", "锟"), "repair/replaced-as-gbk"),
        (
            ARTICLE.replace("東", "东").replace("他们在东边的坡下找到了两块", "他們在東邊的坡下找到了兩塊"),
            "normalize/script",
        ),
    ],
)
def test_damage_of_each_kind_is_found(call: Call, text: str, rule: str) -> None:
    Path("a.txt").write_text(text)
    assert rule in rules(call, "a.txt")


def test_other_encodings_and_byte_order_marks_are_findings_that_can_be_fixed(call: Call) -> None:
    Path("a.txt").write_bytes(ARTICLE.replace("\n", "\r\n").encode("gbk"))
    Path("b.txt").write_text(OTHER, encoding="utf-8-sig")
    assert rules(call, "a.txt", "b.txt") == ["encoding/not-utf8", "encoding/bom"]
    assert call(*FIX, "a.txt", "b.txt")[0] == 1
    assert Path("a.txt").read_bytes() == ARTICLE.replace("\n", "\r\n").encode()
    assert Path("b.txt").read_bytes() == OTHER.encode()
    assert call("check", "a.txt", "b.txt")[0] == 0


def test_fixing_writes_the_clean_text_keeps_the_mode_and_fails_once(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    Path("a.txt").chmod(0o640)
    Path("link.txt").symlink_to("a.txt")
    code, out, _ = call(*FIX, "link.txt")
    assert (code, out.splitlines()[0]) == (1, "link.txt: 2 findings fixed")
    assert Path("a.txt").read_text() == ARTICLE
    assert Path("a.txt").stat().st_mode & 0o777 == 0o640
    assert Path("link.txt").is_symlink()
    assert call(*FIX, "link.txt")[0] == 0


def test_only_selected_findings_are_fixed(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    call(*FIX, "--ignore", "zh-legal", "a.txt")
    assert Path("a.txt").read_text() == f"{ARTICLE}\n{FOOTER}\n"
    call(*FIX, "--select", "zh-legal/*", "a.txt")
    assert Path("a.txt").read_text() == ARTICLE


def test_fixing_never_empties_a_file(call: Call) -> None:
    Path("a.txt").write_text(f"{FOOTER}\n")
    code, _, err = call("check", "--fix", "--max-loss", "1", "a.txt")
    assert code == 1
    assert "a.txt: not fixed: nothing would be left" in err
    assert Path("a.txt").read_text() == f"{FOOTER}\n"


def test_a_line_whose_removal_is_ignored_stays_and_its_script_is_converted(call: Call) -> None:
    traditional = "版權所有 京ICP備12345678號-1"
    Path("a.txt").write_text(f"{ARTICLE}\n{traditional}\n")
    call(*FIX, "--ignore", "zh-legal", "a.txt")
    assert "12345678" in Path("a.txt").read_text()


def test_markdown_keeps_its_marks_its_front_matter_and_its_code(call: Call) -> None:
    first, *_ = ARTICLE.split("\n")
    page = (
        f"---\ntitle: 村子\ntags: [田地]\n---\n# 村子\n\n{first}\n\n- 铁锹\n- 竹竿\n\n| 地块 | 长 |\n|---|---|\n| 东坡 | 30 |\n"
        f"\n```text\n{MENU}\n{FOOTER}\n```\n\n***\n\n{first[::-1]}\n"
    )
    Path("a.md").write_text(page)
    assert call("check", "a.md") == (0, "0 findings in 1 file\n", "")
    Path("a.md").write_text(page.replace("```text", f"{FOOTER}\n```text").replace("\n***", f"\n{FOOTER}\n***"))
    assert [place for place, _ in found(call("check", "a.md")[1])] == ["a.md:16:1", "a.md:22:1"]
    call(*FIX, "a.md")
    assert Path("a.md").read_text() == page


def test_suppressions_apply_to_one_line_and_unused_ones_are_reported(call: Call) -> None:
    said = "<!-- cleaner: disable zh-legal -- the number is the subject -->"
    Path("a.txt").write_text(f"{PAGE}\n{said}\n{FOOTER}\n")
    assert found(call("check", "a.txt")[1]) == [
        ("a.txt:1:1", "zh-web/nav/bar"),
        ("a.txt:9:1", "zh-legal/legal/icp-number"),
    ]
    call(*FIX, "a.txt")
    assert Path("a.txt").read_text() == f"{ARTICLE}\n{said}\n{FOOTER}\n"
    assert call("check", "a.txt")[0] == 0
    Path("a.txt").write_text(f"{ARTICLE}\n{said}\n{OTHER}")
    code, out, _ = call("check", "a.txt")
    assert (code, found(out)) == (1, [("a.txt:7:1", "suppression/unused")])


def test_a_page_a_row_and_a_record_suppress_too(call: Call) -> None:
    arrow, _ = pytest.importorskip("pyarrow"), pytest.importorskip("selectolax")
    from pyarrow import parquet

    body = "".join(f"<p>{line}</p>\n" for line in ARTICLE.split("\n") if line)
    Path("a.html").write_text(
        f"<body>\n{body}<!-- cleaner: disable zh-legal -->\n\n<p>{FOOTER}</p>\n<p>{MENU}</p></body>"
    )
    row = {"id": "r", "text": PAGE, "_cleaner_disable": "zh-legal, zh-web/ad -- theirs"}
    Path("a.csv").write_text("id,text,_cleaner_disable\n" + ",".join(f'"{value}"' for value in row.values()) + "\n")
    Path("a.jsonl").write_text(json.dumps(row))
    parquet.write_table(arrow.table({name: [value] for name, value in row.items()}), "a.parquet")
    for name in ("a.html", "a.csv", "a.jsonl", "a.parquet"):
        kept = ["zh-web/nav/bar", *(["suppression/unused"] if name != "a.html" else [])]
        assert sorted(rules(call, name)) == sorted(kept), name


def test_a_pattern_that_names_no_rule_is_a_wrong_call(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    code, _, err = call("check", "a.txt", "--select", "zh-wbe")
    assert (code, err) == (
        2,
        "error: zh-wbe: no such rule or category; did you mean 'zh-web'?; 'cleaner rules list' shows the ids\n",
    )


def test_a_file_named_twice_is_checked_once(call: Call) -> None:
    Path("a.txt").write_text(ARTICLE)
    assert call("check", "a.txt", "./a.txt", Path("a.txt").absolute(), ".") == (0, "0 findings in 1 file\n", "")


def test_select_ignore_and_overrides_by_path_choose_rules(call: Call) -> None:
    Path("old").mkdir()
    Path("a.txt").write_text(PAGE)
    Path("old/a.txt").write_text(PAGE.replace("三十", "四十"))
    legal, menu = "zh-legal/legal/icp-number", "zh-web/nav/bar"
    assert rules(call, "a.txt", "--select", "zh-legal") == [legal]
    assert rules(call, "a.txt", "--ignore", "*/nav/*") == [legal]
    Path("cleaner.toml").write_text('[check]\nignore = ["dedup"]\n[check.per-file-ignores]\n"old/*" = ["zh-web"]\n')
    assert rules(call, ".") == [menu, legal, legal]


def test_excluded_files_are_left_out_when_named_only_by_force(call: Call) -> None:
    Path("vendor").mkdir()
    Path("vendor/a.txt").write_text(PAGE)
    Path("cleaner.toml").write_text('[check]\nexclude = ["vendor/"]\n')
    assert call("check", ".")[0] == 0
    assert call("check", "vendor/a.txt")[0] == 1
    assert call("check", "vendor/a.txt", "--force-exclude")[0] == 0


def test_near_duplicates_are_found_among_files_with_the_other_place(call: Call) -> None:
    passage = ARTICLE.split("\n")[0]
    Path("a.txt").write_text(ARTICLE)
    Path("b.txt").write_text(f"{UNLIKE['left']}\n\n{MENU}\n\n{passage}\n\n{OTHER}")
    code, out, _ = call("check", "a.txt", "b.txt", "--select", "dedup")
    assert code == 1
    assert found(out) == [("b.txt:5:1", "dedup/passage")] or found(out) == [("a.txt:1:1", "dedup/passage")]
    assert "100% as in" in out
    assert call("check", "a.txt", "b.txt", "--select", "dedup", "--no-duplicates")[0] == 0


def test_near_duplicates_are_found_against_the_repository_and_an_index(call: Call) -> None:
    git("init", "-q")
    Path("old.txt").write_text(ARTICLE)
    git("add", "old.txt")
    Path("new.txt").write_text(ARTICLE.replace("三十年", "四十年"))
    code, out, _ = call("check", "new.txt", "--against-repo")
    assert code == 1
    assert found(out) == [("new.txt:1:1", "dedup/document")]
    assert "old.txt:1" in out
    assert call("dedup", "old.txt", "--output", "out", "--index", "seen.db")[0] == 0
    code, out, _ = call("check", "new.txt", "--index", "seen.db")
    assert code == 1
    assert "old.txt of seen.db" in out
    assert call("check", "old.txt", "--index", "missing.db")[0] == 2


def test_only_lines_changed_since_a_revision_are_reported(call: Call) -> None:
    git("init", "-q")
    Path("a.txt").write_text(PAGE)
    Path("umlaut ä.txt").write_text(PAGE.replace("三十", "四十"))
    git("add", "-A")
    git("commit", "-qm", "pages")
    assert call("check", ".", "--changed-since", "HEAD")[0] == 0
    Path("umlaut ä.txt").write_text(PAGE.replace("三十", "四十") + "上一篇：灯\n")
    Path("b.txt").write_text(f"{MENU}\n\n{OTHER}")
    code, out, _ = call("check", ".", "--changed-since", "HEAD", "--no-duplicates")
    assert code == 1
    assert [place for place, _ in found(out)] == ["b.txt:1:1", "umlaut"]
    assert "ä.txt:10:1" in out


def test_changed_lines_that_look_like_diff_headers_are_lines(call: Call) -> None:
    git("init", "-q")
    before = "".join(f"{number}\n" for number in range(20))
    for name in ("a\tb.txt", "-- a"):
        Path(name).write_text(before)
    git("add", "-A")
    git("commit", "-qm", "numbers")
    for name in ("a\tb.txt", "-- a"):
        Path(name).write_text("++ b/other\n-- a/other\n" + before.replace("9\n", "nine\n", 1).replace("15\n", ""))
    Path("new\n.txt").write_text(before)
    found = git_changed("HEAD", Path.cwd())
    lines = [range(1, 3), range(12, 13), range(17, 17)]
    assert found == {Path.cwd() / "a\tb.txt": lines, Path.cwd() / "-- a": lines, Path.cwd() / "new\n.txt": None}


def test_a_repository_without_git_or_revision_is_a_wrong_call(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    code, _, err = call("check", "a.txt", "--changed-since", "HEAD")
    assert (code, err.count("\n")) == (2, 1)
    assert "not a git repository" in err
    git("init", "-q")
    assert call("check", "a.txt", "--changed-since", "nowhere")[0] == 2


def test_records_are_named_by_line_and_id_and_fixed_one_by_one(call: Call) -> None:
    lines = ['{"id":"a",  "text":"' + OTHER.replace("\n", "\\n") + '"}', "", json.dumps({"id": "b", "text": PAGE})]
    for name, data in (
        ("a.jsonl", "\n".join(lines).encode()),
        ("b.jsonl.gz", gzip.compress("\n".join(lines).encode())),
    ):
        Path(name).write_bytes(data)
        code, out, _ = call("check", name)
        assert code == 1
        assert f"{name}:3:21: [b 1:1] zh-web/nav/bar" in out
        assert "[b 9:1] zh-legal/legal/icp-number" in out
        call(*FIX, name)
        assert call("check", name)[0] == 0
    first, blank, last = Path("a.jsonl").read_text().split("\n")
    assert (first, blank) == (lines[0], "")
    assert json.loads(last)["text"] == ARTICLE
    assert gzip.decompress(Path("b.jsonl.gz").read_bytes()) == Path("a.jsonl").read_bytes()


def test_rows_of_csv_are_named_by_the_line_of_the_file(call: Call) -> None:
    Path("a.csv").write_text(f'id,text\n1,"{OTHER}"\n2,"{PAGE}"\n')
    code, out, _ = call("check", "a.csv")
    assert code == 1
    first = OTHER.count("\n") + 3
    assert f"a.csv:{first}:1: [2 1:1] zh-web/nav/bar" in out
    assert f"a.csv:{first + 8}:1: [2 9:1] zh-legal/legal/icp-number" in out
    call(*FIX, "a.csv")
    assert Path("a.csv").read_text() == f'id,text\n1,"{OTHER}"\n2,"{ARTICLE}"\n'


def test_rows_of_parquet_are_named_by_number_and_fixed(call: Call) -> None:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(arrow.table({"id": ["a", "b"], "text": [OTHER, PAGE], "n": [1, 2]}), "a.parquet")
    code, out, _ = call("check", "a.parquet")
    assert code == 1
    assert "a.parquet:2:1: [b 1:1] zh-web/nav/bar" in out
    call(*FIX, "a.parquet")
    assert parquet.read_table("a.parquet").to_pydict() == {"id": ["a", "b"], "text": [OTHER, ARTICLE], "n": [1, 2]}


def test_findings_of_a_page_stand_in_its_markup_and_are_not_fixed(call: Call) -> None:
    pytest.importorskip("selectolax")
    paragraphs = "\n".join(f"<p>{line.replace('，', '&#xFF0C;')}</p>" for line in ARTICLE.split("\n") if line)
    page = f"<html><head><title>{FOOTER}</title></head>\n<body>\n{paragraphs}\n  <div>{FOOTER}</div></body></html>"
    Path("a.html").write_text(page)
    code, out, _ = call("check", "a.html")
    assert code == 1
    assert found(out) == [("a.html:6:8", "zh-legal/legal/icp-number")]
    assert call(*FIX, "a.html")[0] == 1
    assert Path("a.html").read_text() == page


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        ("a.jsonl", b'{"text": 3}\n', "not a JSON object with a string"),
        ("a.jsonl", b"{\n", "not a JSON object"),
        ("a.csv", b"id,words\n1,2\n", "no column 'text'; there are id, words"),
        ("a.jsonl.gz", b"plainly not", "damaged"),
        ("a.parquet", b"PAR1", "not a whole Parquet"),
    ],
)
def test_bad_input_is_one_clear_finding(call: Call, name: str, data: bytes, message: str) -> None:
    Path(name).write_bytes(data)
    code, out, err = call("check", name, "--require-field")
    assert code == 1
    assert [rule for _, rule in found(out)] == ["input/unreadable"]
    assert message in out.splitlines()[0]
    assert err == ""
    call(*FIX, name)
    assert Path(name).read_bytes() == data


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-16")), st.sampled_from(NAMES))
def test_any_bytes_can_be_checked(call: Call, data: bytes, name: str) -> None:
    Path(name).write_bytes(data)
    code, out, err = call("check", name, "--format", "json", "--require-field")
    assert code in (0, 1)
    json.loads(out)
    assert err == ""


def test_unprintable_characters_are_escaped(call: Call) -> None:
    text = json.dumps({"id": "\ud800", "text": f"{ARTICLE}\n\x1b[31m红\x1b[0m \ud83d {FOOTER}\n"})
    Path("a.jsonl").write_text(text)
    for output in ("text", "json", "sarif", "github", "junit", "rdjson"):
        code, out, _ = call("check", "a.jsonl", "--format", output)
        assert code == 1
        assert "\x1b" not in out
    assert call("baseline", "create", "a.jsonl")[0] == 0
    assert call("check", "a.jsonl", "--baseline", "cleaner-baseline.json")[0] == 0


def test_a_missing_file_and_a_bad_setting_are_wrong_calls(call: Call) -> None:
    for arguments in (
        ["nowhere.txt"],
        ["--encoding", "gbq", "."],
        ["--pack", "nothing", "."],
        ["--baseline", "nothing.json", "."],
    ):
        code, _, err = call("check", *arguments)
        assert (code, err.count("\n")) == (2, 1)
    Path("cleaner.toml").write_text('[check]\nselct = ["a"]\n')
    code, _, err = call("check", ".")
    assert code == 2
    assert "selct" in err


def test_every_option_is_in_the_documentation() -> None:
    import typer

    page = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    command = typer.main.get_command(cli.app)
    for name in ("check", "baseline"):
        options = [option for param in command.commands[name].params for option in param.opts if option[:2] == "--"]  # type: ignore[attr-defined]
        assert not [option for option in options if option not in page]


def test_tables_and_code_that_repeat_in_markdown_are_no_duplicates(call: Call) -> None:
    passage = ARTICLE.split("\n")[0]
    table = f"| 名 | 文 |\n|---|---|\n| 村 | {passage} |\n"
    for name, other in (("a", UNLIKE["left"]), ("b", UNLIKE["right"])):
        Path(f"{name}.md").write_text(f"# {name}\n\n{other}\n\n```text\n{passage}\n```\n\n{table}")
    assert call("check", ".")[0] == 0
    Path("c.md").write_text(f"{OTHER}\n\n{passage}\n")
    Path("d.md").write_text(f"{passage}\n")
    assert "dedup/passage" in call("check", ".")[1]
