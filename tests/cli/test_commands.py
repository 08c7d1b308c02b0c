"""The commands as a user calls them: exit codes, files, messages, and what bad input does."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from cleaner import cli, ledger
from helpers.paths import ROOT, SHARED

PROSE = (
    "河水退去之后，村里的人开始重新丈量田地。老人说，三十年前的界石还在，只是埋在了两尺深的淤泥下面，要慢慢地挖才能找到。\n\n"
    "第二天清早，几个年轻人带着铁锹来到河边。他们按照老人的指点，从柳树往东走了一百步，又往南走了四十步，然后开始往下挖。\n\n"
    "到了中午，铁锹碰到了石头。大家围过来看，石面上的字还认得清楚，写的是两家的姓和立石的年份，没有人再为田界争吵了。"
)
PAGE = f"首页|新闻|图片|视频|论坛\n\n{PROSE}\n\n版权所有 京ICP备12345678号-1\n"


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


Call = Callable[..., Outcome]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["cleaner", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capfd.readouterr()
        return Outcome(code, out, err)

    return run


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text(PAGE, encoding="utf-8")
    (folder / "deep" / "b.txt").write_text(PAGE.replace("三十", "五十"), encoding="gbk")
    return folder


def test_clean_writes_texts_ledger_duplicates_and_manifest(call: Call, pages: Path) -> None:
    result = call("clean", pages, "--output", "out")
    assert result.code == 0, result.err
    assert (Path("out/a.txt")).read_text(encoding="utf-8").strip() == PROSE
    assert (Path("out/deep/b.txt")).read_text(encoding="utf-8").strip() == PROSE.replace("三十", "五十")
    manifest = json.loads(Path("out/_cleaner/manifest.json").read_text(encoding="utf-8"))
    assert [file["source"] for file in manifest["files"]] == [str(pages / "a.txt"), str(pages / "deep/b.txt")]
    assert manifest["counts"]["documents"] == 2
    assert Path("out/_cleaner/duplicates.jsonl").exists()
    assert len(list(ledger.read_entries(Path("out/_cleaner/edits.jsonl")))) == 2
    assert "2 documents" in result.err


def test_restore_gives_the_original_bytes_back(call: Call, pages: Path) -> None:
    call("clean", pages, "--output", "out")
    assert call("restore", "out", "--to", "back").code == 0
    for name in ("a.txt", "deep/b.txt"):
        assert (Path("back") / name).read_bytes() == (pages / name).read_bytes()


@pytest.mark.parametrize("victim", ["out/a.txt", "out/_cleaner/edits.jsonl"])
def test_restore_refuses_an_altered_file_by_name(call: Call, pages: Path, victim: str) -> None:
    call("clean", pages, "--output", "out")
    path = Path(victim)
    path.write_text(path.read_text(encoding="utf-8").replace("三十", "五十"), encoding="utf-8")
    if "edits" in victim:
        path.write_text(path.read_text(encoding="utf-8").replace("版权所有", "权版所有"), encoding="utf-8")
    result = call("restore", "out", "--to", "back")
    assert result.code == 1
    assert "a.txt" in result.err
    assert not Path("back/a.txt").exists()


def test_restore_overwrites_only_when_forced(call: Call, pages: Path) -> None:
    call("clean", pages, "--output", "out")
    assert call("restore", "out", "--to", pages).code == 2
    assert call("restore", "out", "--to", pages, "--force").code == 0


def test_stdin_goes_to_stdout(call: Call) -> None:
    result = call("clean", "-", stdin=PAGE.encode())
    assert result.code == 0, result.err
    assert result.out.strip() == PROSE


def test_a_dry_run_writes_nothing(call: Call, pages: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert call("clean", pages, "--dry-run").code == 0
    assert call("clean", pages, "--output", "out", "--dry-run").code == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_the_summary_can_be_read_by_programs(call: Call, pages: Path) -> None:
    result = call("clean", pages, "--dry-run", "--quiet", "--json")
    assert json.loads(result.out)["documents"] == 2
    assert result.err == ""


def test_why_shows_line_rule_and_score(call: Call, pages: Path) -> None:
    result = call("why", pages / "a.txt")
    assert result.code == 0
    assert "- 版权所有 京ICP备12345678号-1" in result.out
    assert "score" in result.out
    one = call("why", f"{pages / 'a.txt'}:3")
    assert "stays as it is" in one.out
    changes = json.loads(call("why", pages / "a.txt", "--json").out)["changes"]
    assert changes[0]["first"] == 1
    assert "版权所有" in changes[-1]["old"]
    assert changes[-1]["new"] is None
    assert all(change["new"] is None and change["reasons"] for change in changes)
    assert len(changes) == 2


def test_an_existing_output_is_kept_without_force(call: Call, pages: Path) -> None:
    call("clean", pages, "--output", "out")
    again = call("clean", pages, "--output", "out")
    assert again.code == 2
    assert "--force" in again.err
    assert call("clean", pages, "--output", "out", "--force").code == 0


def test_two_inputs_with_one_target_keep_their_folders(call: Call, pages: Path) -> None:
    other = pages.parent / "other"
    other.mkdir()
    (other / "a.txt").write_text(PAGE, encoding="utf-8")
    result = call("clean", pages, other, "--output", "out")
    assert result.code == 0
    assert Path("out/other/a.txt").exists()
    assert Path("out/pages/a.txt").exists()


def test_output_inside_input_is_left_out_of_the_search(call: Call, pages: Path) -> None:
    call("clean", pages, "--output", pages / "out")
    again = call("clean", pages, "--output", pages / "out", "--force")
    assert "2 documents" in again.err
    assert "the output folder" in again.err


def test_a_link_loop_ends(call: Call, pages: Path) -> None:
    (pages / "deep" / "up").symlink_to(pages)
    result = call("clean", pages, "--output", "out")
    assert result.code == 1
    assert "link back" in result.err
    assert "2 documents" in result.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["clean", "nowhere", "--output", "out"], "no such file or folder"),
        (["clean", "pages"], "--output"),
        (["clean", "pages/deep/empty", "--output", "out"], "no documents"),
        (["clean", "pages", "--output", "out", "--pack", "nosuch"], "nosuch"),
        (["clean", "pages", "--output", "out", "--config", "nosuch.toml"], "nosuch.toml"),
        (["clean", "pages", "--output", "pages/a.txt"], "pages/a.txt"),
        (["clean", "pages", "--output", "out", "--script", "klingon"], "klingon"),
        (["restore", "pages", "--to", "out"], "ledger"),
        (["why", "nowhere.txt"], "no such file"),
        (["why", "pages/a.txt:99"], "lines"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(call: Call, pages: Path, arguments: list[str], says: str) -> None:
    (pages / "deep" / "empty").mkdir()
    result = call(*arguments)
    assert result.code in (1, 2)
    assert result.code == 2 or arguments[0] == "restore"
    assert says in result.err
    assert "Traceback" not in result.err


def test_bad_documents_are_listed_and_the_others_cleaned(call: Call, pages: Path) -> None:
    (pages / "empty.txt").write_bytes(b"")
    (pages / "space.txt").write_bytes(b" \n\n\t\n")
    (pages / "nul.txt").write_bytes("前面\0后面的句子还在这里。\n".encode())
    (pages / "broken.txt").write_bytes("好的开头。".encode() + b"\xff\xfe\xfd" * 9 + "好的结尾。".encode())
    (pages / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))
    (pages / "gone.txt").symlink_to(pages / "nowhere")
    result = call("clean", pages, "--output", "out")
    assert result.code == 1
    assert "Traceback" not in result.err
    for name in ("picture.txt", "broken.txt", "gone.txt"):
        assert name in result.err
        assert not (Path("out") / name).exists()
    assert Path("out/empty.txt").read_bytes() == b""
    assert Path("out/a.txt").exists()
    assert call("restore", "out", "--to", "back").code == 0
    for name in ("empty.txt", "space.txt", "nul.txt"):
        if (Path("out") / name).exists():
            assert (Path("back") / name).read_bytes() == (pages / name).read_bytes()


@pytest.mark.slow
def test_one_line_of_ten_megabytes_is_cleaned(call: Call, pages: Path) -> None:
    (pages / "long.txt").write_text("村里的人开始重新丈量田地，" * 260_000, encoding="utf-8")
    result = call("clean", pages / "long.txt", "--output", "out", "--dedup", "off")
    assert result.code == 0, result.err
    assert Path("out/long.txt").stat().st_size > 9_000_000


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_an_unwritable_output_is_named(call: Call, pages: Path) -> None:
    Path("locked").mkdir(mode=0o500)
    result = call("clean", pages, "--output", "locked/out")
    assert result.code == 2
    assert "locked/out" in result.err


def test_settings_come_from_the_nearest_file(call: Call, pages: Path) -> None:
    Path("pyproject.toml").write_text('[tool.cleaner]\nscript = "keep"\n', encoding="utf-8")
    (pages / "a.txt").write_text("這是一個繁體句子，說明設定檔確實有作用。\n", encoding="utf-8")
    call("clean", pages / "a.txt", "--output", "kept")
    assert "說明" in Path("kept/a.txt").read_text(encoding="utf-8")
    call("clean", pages / "a.txt", "--output", "turned", "--script", "simplified")
    assert "说明" in Path("turned/a.txt").read_text(encoding="utf-8")


def test_a_wrong_setting_names_file_and_key(call: Call, pages: Path) -> None:
    Path("cleaner.toml").write_text('scirpt = "keep"\n', encoding="utf-8")
    result = call("clean", pages, "--output", "out")
    assert result.code == 2
    assert "cleaner.toml" in result.err
    assert "scirpt" in result.err


@pytest.mark.slow
def test_restore_brings_back_every_seed_and_labelled_page(call: Call, shared: Path) -> None:
    for folder in (ROOT / "seeds", SHARED / "gold/dev/docs"):
        out, back = Path(folder.name), Path(f"{folder.name}-back")
        assert call("clean", folder, "--output", out, "--quiet", "--dedup", "off").code == 0
        assert call("restore", out, "--to", back, "--quiet").code == 0
        for path in folder.glob("*.txt"):
            assert (back / path.name).read_bytes() == path.read_bytes()


def test_a_folder_that_is_its_own_output_is_an_error_that_says_what_to_do(call: Call) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text(PAGE, encoding="utf-8")
    for command in ("clean", "dedup"):
        code, _, err = call(command, "in", "-o", "in", "--force")
        assert code == 2
        assert (
            "in is the output too, which is not searched: name another, or the files that are to be overwritten" in err
        )
