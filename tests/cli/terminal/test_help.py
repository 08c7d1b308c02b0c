"""`clean --help` in groups, and what a run's summary says to do next."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from cleaner.cli import app
from cleaner.cli.clean_help import CleanCommand
from helpers.calls import Call
from helpers.format_cases import page


def test_every_option_of_clean_is_in_one_group() -> None:
    command = typer.main.get_command(app).commands["clean"]  # type: ignore[attr-defined]
    options = [parameter.name for parameter in command.params if parameter.param_type_name == "option"]
    grouped = [name for names in CleanCommand.groups.values() for name in names]
    assert sorted(grouped) == sorted(set(grouped))
    assert set(options) - {"help"} == set(grouped), "add the option to a group in cleaner/cli/clean_help.py"


def test_the_help_has_groups_and_examples(call: Call) -> None:
    code, out, _ = call("clean", "--help")
    assert code == 0
    places = [out.index(f"\n{title}:\n") for title in ("Arguments", *CleanCommand.groups, "Examples")]
    assert places == sorted(places)
    for example in CleanCommand.examples:
        assert example in out


def test_a_run_says_where_its_output_is_what_lost_most_and_what_is_next(call: Call, tmp_path: Path) -> None:
    rows = [{"id": "a", "text": page(1)}, {"id": "b", "text": "返回顶部\n"}, {"id": "c", "text": "一句话。\n"}]
    Path("in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    code, _, err = call("clean", "in.jsonl", "-o", "out")
    assert code == 0
    assert "clean texts in out, every change in out/_cleaner/edits.jsonl" in err
    assert "lost most: in.jsonl:2 (100%), in.jsonl:1 (" in err
    assert "next: cleaner report out   or: cleaner why in.jsonl:2" in err
    assert call("report", "out")[0] == 0
    assert "返回顶部" in call("why", "in.jsonl:2")[1]
    counts = json.loads(Path("out/_cleaner/manifest.json").read_bytes())["counts"]
    assert [place for _, place in counts["losses"]] == ["in.jsonl:2", "in.jsonl:1"]


def test_a_run_that_writes_nothing_names_no_folder(call: Call, tmp_path: Path) -> None:
    Path("page.txt").write_text(page(1), encoding="utf-8")
    _, _, err = call("clean", "page.txt", "--dry-run")
    assert "clean texts in" not in err
    assert "next: cleaner why" in err
