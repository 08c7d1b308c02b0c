"""Which files are checked: those that are texts, that git does not ignore, that are included."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cleaner.check.inputs.exempt import KINDS, Exemption
from cleaner.check.inputs.gitignore import GitIgnore
from cleaner.config import Check
from helpers.calls import Call
from helpers.check_texts import ARTICLE, FOOTER, MENU, OTHER, PAGE
from helpers.paths import ROOT

ALL = Exemption(Check().exempt, ())
LICENCE = "Copyright (c) 2024 somebody\n\nPermission is hereby granted, free of charge, to any person\n"
REQUIREMENTS = "numpy==2.1\nregex>=2024.1\nrich ~= 14.0\n# a comment\nftfy==6.3.1\n"
WORDS = "".join(f"词{chr(0x4E00 + number)}{chr(0x5E00 + number)} {number} n\n" for number in range(60))
CODE = 'import os\n\ndef main():\n    value = os.getcwd()\n    print(value)\n\nif __name__ == "__main__":\n    main()\n'


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("LICENSE.txt", "licence"),
        ("0384-Read_me_first_-_license.txt", "licence"),
        ("main.js.LICENSE.txt", "licence"),
        ("NOTICE", "licence"),
        ("src/CMakeLists.txt", "build"),
        ("dev-requirements.txt", "requirements"),
        ("uv.lock", "lock"),
        ("cn_stopwords.txt", "words"),
        ("data/停用词.txt", "words"),
        ("a/b.py", "code"),
        ("page.txt", ""),
        ("README.md", ""),
        ("words-of-wisdom.txt", ""),
        ("corpus.jsonl", ""),
    ],
)
def test_a_name_tells_the_kind(name: str, kind: str) -> None:
    assert ALL.kind_by_name(name) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (LICENCE, "licence"),
        (REQUIREMENTS, "requirements"),
        (WORDS, "words"),
        (CODE, "code"),
        ("#!/bin/sh\necho\n", "code"),
        (PAGE, ""),
        (OTHER, ""),
        (f"{MENU}\n{FOOTER}\n", ""),
        (f"{CODE}\n这里打开文件。\n", ""),
        ("首页\n新闻\n图片\n视频\n论坛\n", ""),
        ("", ""),
    ],
)
def test_a_content_tells_the_kind(text: str, kind: str) -> None:
    assert ALL.kind_by_content("a.txt", text) == kind


def test_the_settings_name_all_kinds_and_the_docs_show_them() -> None:
    assert Check().exempt == tuple(kind.name for kind in KINDS)
    page = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert f"| `{kind.name}` | {kind.about}: `{'`, `'.join(kind.names)}` |" in page


def test_exempt_files_are_left_alone_unless_they_are_asked_for(call: Call) -> None:
    Path("LICENSE.txt").write_text(PAGE)
    Path("list.txt").write_text(WORDS)
    assert call("check", ".", "LICENSE.txt") == (0, "0 findings in 0 files, 2 exempt\n", "")
    out = call("check", ".", "--verbose")[1]
    assert "LICENSE.txt: exempt (licence)" in out
    assert "list.txt: exempt (words)" in out
    assert call("check", ".", "--always-check", "LICENSE*")[0] == 1
    assert call("check", ".", "--exempt", "words")[0] == 1
    assert call("check", ".", "--exempt", "none")[0] == 1
    code, _, err = call("check", ".", "--exempt", "licenses")
    assert (code, err) == (2, "error: exempt licenses: no such kind of files; did you mean 'licence'?\n")
    Path("cleaner.toml").write_text('[check]\nalways-check = ["LICENSE.txt"]\n')
    assert call("check", ".")[0] == 1


def test_what_git_ignores_is_left_out_of_folders_only(call: Call) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    for folder in ("data", "build", "data/raw"):
        Path(folder).mkdir()
        Path(folder, "page.txt").write_text(PAGE)
    Path(".gitignore").write_text("build/\n*.bak.txt\n")
    Path("data/.gitignore").write_text("raw/*\n!raw/keep.txt\n")
    Path("data/raw/keep.txt").write_text(PAGE.replace("三十", "四十"))
    Path("old.bak.txt").write_text(PAGE)
    checked = call("check", ".", "--no-duplicates", "--quiet")[1]
    assert {line.split(":")[0] for line in checked.splitlines() if line[0] != " "} == {
        "data/page.txt",
        "data/raw/keep.txt",
    }
    assert "build/page.txt" in call("check", ".", "--no-gitignore")[1]
    assert "build/page.txt" in call("check", "build")[1]
    assert "old.bak.txt" in call("check", "old.bak.txt")[1]


def test_patterns_mean_what_git_means(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / ".gitignore").write_text("*.tmp\n/a/c.txt\n!keep.tmp\nd/\n# x\n\\#y\n")
    (tmp_path / "a" / ".gitignore").write_text("*.txt\n!b/\n!b/*.txt\n")
    names = ["x.tmp", "keep.tmp", "a/c.txt", "a/q.txt", "a/b/q.txt", "a/b/x.tmp", "c.txt", "#y", "d"]
    ignore = GitIgnore(tmp_path)
    for name in names:
        (tmp_path / name).touch()
        said = subprocess.run(["git", "-C", tmp_path, "check-ignore", "-q", name], check=False).returncode == 0
        assert ignore.ignores(tmp_path / name, is_folder=False) is said, name


def test_only_included_names_are_looked_for(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    Path("b.md").write_text(ARTICLE)
    assert "in 1 file" in call("check", ".", "--include", "*.md")[1]
    assert call("check", ".", "--include", "*.md")[0] == 0
