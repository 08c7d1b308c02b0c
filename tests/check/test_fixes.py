"""What `--fix` writes and what it leaves, what `--diff` shows, what is one finding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner.check import parallel
from cleaner.check.output import text as text_output
from cleaner.packs import builtin, registry
from helpers.calls import Call
from helpers.check_texts import ARTICLE, FOOTER, MENU, OTHER, PAGE, UNLIKE

LONG = "\n".join((ARTICLE, OTHER, UNLIKE["left"], "", UNLIKE["right"], ""))


def findings(call: Call, *arguments: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(call("check", *arguments, "--format", "json")[1])["findings"]
    return found


def test_rules_are_safe_that_decide_alone_by_a_line() -> None:
    rules = {rule.id: rule.fix for rule in registry.load_rules("zh-web").rules}
    assert rules["zh-legal/legal/icp-number"] == "safe"
    assert rules["zh-web/nav/bar"] == "unsafe"
    assert rules["zh-structure/artefact/repeated-title"] == "unsafe"
    assert rules["zh-structure/seo/scramble"] == "none"
    fixes = {rule.id: rule.fix for rule in builtin.RULES.values()}
    assert {fixes[name] for name in ("normalize/entities", "normalize/mojibake", "encoding/bom")} == {"safe"}
    assert {fixes[name] for name in ("normalize/script", "normalize/punctuation", builtin.PLACE)} == {"unsafe"}


def test_only_safe_fixes_are_applied_by_default_and_findings_say_which(call: Call) -> None:
    Path("a.txt").write_text(f"{MENU}\n\n{LONG}\n他说：&ldquo;好。&rdquo;大家就散了，各自回家吃饭去了。\n{FOOTER}\n")
    found = {item["rule"]: item["fix"] for item in findings(call, "a.txt", "--no-duplicates")}
    assert found == {"zh-web/nav/bar": "unsafe", "normalize/entities": "safe", "zh-legal/legal/icp-number": "safe"}
    code, out, _ = call("check", "a.txt", "--fix", "--no-duplicates")
    assert code == 1
    assert "a.txt:1:1: zh-web/nav/bar [!]" in out
    assert "a.txt: 2 findings fixed" in out or "a.txt: 3 findings fixed" in out
    assert "fixable: 1 [!] with --fix --unsafe-fixes" in out
    text = Path("a.txt").read_text()
    assert text.startswith(MENU)
    assert "“好。”" in text
    assert FOOTER not in text
    call("check", "a.txt", "--fix", "--unsafe-fixes", "--no-duplicates")
    assert MENU not in Path("a.txt").read_text()
    assert call("check", "a.txt", "--no-duplicates")[0] == 0


def test_a_text_that_would_lose_too_much_is_left_alone_with_the_reason(call: Call) -> None:
    Path("a.txt").write_text(f"{OTHER}\n{FOOTER}\n")
    Path("b.jsonl").write_text(
        "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate((OTHER + FOOTER, LONG + FOOTER)))
    )
    assert {item["fix"] for item in findings(call, "a.txt", "--no-duplicates")} == {"none"}
    code, out, err = call("check", "a.txt", "b.jsonl", "--fix", "--no-duplicates")
    assert code == 1
    assert "a.txt: not fixed: it would lose 1" in err
    assert "%; --max-loss is 0.1" in err
    assert "b.jsonl: not fixed: the record at line 1 would lose" in err
    assert Path("a.txt").read_text() == f"{OTHER}\n{FOOTER}\n"
    assert "b.jsonl: 1 finding fixed" in out
    first, second = map(json.loads, Path("b.jsonl").read_text().splitlines())
    assert FOOTER in first["text"]
    assert FOOTER not in second["text"]
    assert call("check", "a.txt", "--fix", "--max-loss", "0.5", "--no-duplicates")[1].startswith(
        "a.txt: 1 finding fixed"
    )
    assert call("check", "a.txt", "--max-loss", "2")[0] == 2


def test_another_spelling_is_no_loss(call: Call) -> None:
    Path("a.txt").write_text("河水退去之后&hellip;&hellip;&ldquo;好&rdquo;&mdash;&mdash;他说&hellip;&hellip;\n")
    call("check", "a.txt", "--fix")
    assert Path("a.txt").read_text() == "河水退去之后……“好”——他说……\n"


def test_a_change_in_a_line_that_goes_is_no_finding_of_its_own(call: Call) -> None:
    footer = FOOTER.replace("版权所有", "版权&nbsp;所有\u200b")
    Path("a.txt").write_text(f"{LONG}\n{footer}\n")
    assert [item["rule"] for item in findings(call, "a.txt")] == ["zh-legal/legal/icp-number"]
    assert {item["rule"] for item in findings(call, "a.txt", "--ignore", "zh-legal")} <= {
        "normalize/entities",
        "normalize/characters",
        "normalize/ftfy",
    }
    call("check", "a.txt", "--fix")
    assert Path("a.txt").read_text() == LONG


def test_a_diff_shows_what_fixing_would_write_and_writes_nothing(call: Call) -> None:
    Path("a.txt").write_text(f"{LONG}\n{FOOTER}\n")
    Path("b.txt").write_bytes(OTHER.encode("gbk"))
    code, out, err = call("check", "a.txt", "b.txt", "--diff", "--no-duplicates")
    assert (code, err) == (1, "would fix 2 findings\n")
    assert out.startswith("--- a.txt\n+++ a.txt\n@@ ")
    assert f"-{FOOTER}\n" in out
    assert "# b.txt: gb18030 to UTF-8" in out or "# b.txt: gbk to UTF-8" in out
    assert Path("a.txt").read_text() == f"{LONG}\n{FOOTER}\n"
    assert call("check", "a.txt", "b.txt", "--diff", "--exit-zero", "--quiet")[::2] == (0, "")
    assert call("check", "a.txt", "--diff", "--fix")[0] == 2


def test_standard_input_is_checked_and_fixed(call: Call, monkeypatch: object) -> None:
    import io
    import sys

    class Stdin:
        buffer = io.BytesIO(f"{LONG}\n{FOOTER}\n".encode())

    sys.stdin, before = Stdin, sys.stdin  # type: ignore[assignment]
    try:
        code, out, _ = call("check", "-", "--stdin-filename", "data/page.txt")
        assert code == 1
        assert out.startswith("data/page.txt:")
        Stdin.buffer.seek(0)
        code, out, err = call("check", "-", "--fix")
        assert (code, out) == (1, LONG)
        assert "stdin.txt: 1 finding fixed" in err
        Stdin.buffer.seek(0)
        assert call("check", "-", "a.txt")[0] == 2
    finally:
        sys.stdin = before
    assert call("check", "a.txt", "--stdin-filename", "b.txt")[0] == 2


def test_output_goes_to_a_file_and_statistics_count_rules(call: Call) -> None:
    Path("a.txt").write_text(f"{PAGE}\n{FOOTER}\n")
    code, out, _ = call("check", "a.txt", "--format", "json", "--output-file", "out.json")
    assert (code, out) == (1, "")
    assert json.loads(Path("out.json").read_text())["new"] == 3
    code, out, _ = call("check", "a.txt", "--statistics")
    assert code == 1
    assert out.splitlines()[0].startswith("2  zh-legal/legal/icp-number [*]")
    rows = json.loads(call("check", "a.txt", "--statistics", "--format", "json")[1])
    assert [(row["rule"], row["count"], row["fix"]) for row in rows] == [
        ("zh-legal/legal/icp-number", 2, "safe"),
        ("zh-web/nav/bar", 1, "unsafe"),
    ]
    assert call("check", "a.txt", "--statistics", "--format", "sarif")[0] == 2
    assert call("check", "a.txt", "--exit-zero")[0] == 0


def test_a_sentence_stands_once_a_file_unless_it_is_asked_for(call: Call) -> None:
    Path("a.txt").write_text(f"{PAGE}\n{FOOTER}\n")
    sentence = next(rule.why for rule in registry.load_rules("zh-web").rules if rule.id == "zh-legal/legal/icp-number")
    assert call("check", "a.txt")[1].count(sentence) == 1
    assert call("check", "a.txt", "--verbose")[1].count(sentence) == 2


def test_a_terminal_gets_colours_and_carets_as_wide_as_the_characters(call: Call, monkeypatch: object) -> None:
    import cleaner.cli.checking.printing as printing

    original, printing.has_colour = printing.has_colour, lambda output_format, output_file: True
    try:
        Path("a.txt").write_text(f"{LONG}\n{FOOTER}\n")
        out = call("check", "a.txt")[1]
    finally:
        printing.has_colour = original
    assert "\x1b[1m" in out
    plain = "".join(part.split("m", 1)[-1] for part in out.split("\x1b["))
    assert f" | {FOOTER}\n" in plain
    assert "^" * (len(FOOTER) + 5) in plain  # five characters take two columns


def test_marks_stand_for_every_kind_of_fix() -> None:
    assert set(text_output.FIX_MARKS) == {"safe", "unsafe", "none"}


@pytest.mark.slow
def test_any_number_of_workers_gives_one_result(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "BATCH", 1 << 15)  # so that small files are worth several processes
    for number in range(6):
        Path(f"{number}.txt").write_text(f"{LONG}\n{FOOTER}\n".replace("三十", str(number)) + OTHER * 300)
    assert call("check", ".", "-j", "1", "--no-duplicates") == call("check", ".", "-j", "2", "--no-duplicates")


def test_a_wrong_pattern_gets_the_nearest_id_or_category(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    for wrong, right in (
        ("zh-legal/legal/icp-numbr", "zh-legal/legal/icp-number"),
        ("legl", "legal"),
        ("normalize/mojibak", "normalize/mojibake"),
        ("zh-lgal", "zh-legal"),
    ):
        code, _, err = call("check", "a.txt", "--ignore", wrong)
        assert code == 2
        assert f"{wrong}: no such rule or category; did you mean '{right}'?" in err
    assert [item["rule"] for item in findings(call, "a.txt", "--select", "legal")] == ["zh-legal/legal/icp-number"]
    assert [item["rule"] for item in findings(call, "a.txt", "--ignore", "legal")] == ["zh-web/nav/bar"]
