"""`cleaner why`: a summary, then changes with their reasons in words; nothing in a document reaches the terminal raw."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cleaner
from helpers.calls import Call
from helpers.doubtful import ARTICLE, FRAMED

LINES = FRAMED.split("\n")
KEPT = ARTICLE.split("\n")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(FRAMED + "\n", encoding="utf-8")
    return path


def test_the_summary_counts_lines_and_characters_by_rule(call: Call, page: Path) -> None:
    out = call("why", page)[1].split("\n")
    removed = len(LINES) - len(KEPT)
    assert out[0] == f"{len(LINES)} lines: {removed} removed, 0 changed, {len(KEPT)} stay as they are"
    assert out[1].startswith(f"{len(''.join(FRAMED.split()))} characters: {len(''.join(KEPT))} remain (")
    assert out[2] == f"doubt: {cleaner.clean(FRAMED).doubt:.2f}"
    rows = [row.split() for row in out[4:] if row.startswith("   ") and len(row.split()) == 3 and "/" in row]
    assert sum(int(lines) for lines, _, _ in rows) == removed
    assert sum(int(characters) for _, characters, _ in rows) == len("".join(FRAMED.split())) - len("".join(KEPT))


def test_lines_far_from_a_change_are_shown_by_all_alone(call: Call, page: Path) -> None:
    out, everything = call("why", page)[1], call("why", page, "--all")[1]
    assert all(line in everything for line in LINES)
    assert "…\n" not in everything
    assert KEPT[0] in out
    assert KEPT[-1] in out
    assert not any(line in out for line in KEPT[1:-1])
    assert "…\n" in out


def test_reasons_are_sentences_with_the_rationale_of_the_rule(call: Call, page: Path) -> None:
    out = call("why", page)[1]
    assert "zh-legal/legal/copyright: The copyright line closes every page of a site." in out
    assert "(+1.00, decides alone)" in out
    assert "For removing it: what a line of a page has before anything is known of it (+" in out
    assert "Its score is " in out


def test_one_line_is_shown_with_its_reasons(call: Call, page: Path) -> None:
    out = call("why", f"{page}:{len(LINES)}")[1]
    assert out.startswith(f"{len(LINES):5} - {LINES[-1]}\n")
    assert "zh-legal/legal/copyright" in out
    assert "characters" not in out


def test_a_text_that_does_not_change_has_a_summary_alone(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    out = call("why", tmp_path / "a.txt")[1]
    assert "0 removed, 0 changed" in out
    assert KEPT[1] not in out
    assert KEPT[1] in call("why", tmp_path / "a.txt", "--all")[1]


@pytest.mark.parametrize("options", [[], ["--all"]])
def test_control_characters_of_a_document_are_shown_as_pictures(call: Call, tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "a.txt").write_text(f"\x1b[31m{KEPT[1]}\x07\n{KEPT[2]}\x1b]0;x\n{FRAMED}", encoding="utf-8")
    out = call("why", tmp_path / "a.txt", *options)[1]
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "␛[31m" in out


def test_json_tells_the_doubt_and_the_evidence(call: Call, page: Path) -> None:
    told = json.loads(call("why", page, "--json")[1])
    assert told["doubt"] == cleaner.clean(FRAMED).doubt
    assert all(change["reasons"][-1]["evidence"] for change in told["changes"])


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["gbk", "big5", "cp1252", "ascii"])
@pytest.mark.parametrize("command", [["why", "a.txt"], ["check", "a.txt"], ["rules", "list"], ["why", "--help"]])
def test_no_console_ends_in_a_traceback(command: list[str], encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("版权所有\n河水退去之後，村裡的人開始重新丈量田地😀。é\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "NO_COLOR": "1"}
    call = [sys.executable, "-m", "cleaner", *command]
    done = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode in (0, 1)
    assert done.stdout
    assert b"UnicodeEncodeError" not in done.stderr


def test_the_words_that_decided_a_conversion_are_named(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("皇后在后面，头发发白。\n这里的软件。\n", encoding="utf-8")
    out = call("why", path, "--script", "tw-phrases")[1]
    assert "Decided by words: 皇后 → 皇后, 头发 → 頭髮. All else went character by character." in out
    assert "Decided by words: 軟件 → 軟體." in out
    changes = json.loads(call("why", f"{path}:2", "--script", "tw-phrases", "--json")[1])["changes"]
    assert changes[0]["reasons"] == [{"rule": "normalize/script", "words": [{"word": "軟件", "value": "軟體"}]}]
