"""The hooks, run by pre-commit itself in real repositories; only their installation is left out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_manifest

from helpers.check_texts import ARTICLE, FOOTER, MENU, OTHER, PAGE, UNLIKE
from helpers.paths import ROOT

HOOKS = {hook["id"]: hook for hook in load_manifest(ROOT / ".pre-commit-hooks.yaml")}


class Repository:
    """A git repository with pre-commit installed; `run` gives exit code and output."""

    def __init__(self, folder: Path, hooks: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
            "HOME": str(folder.parent),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PYTHONIOENCODING": "utf-8",
        }
        folder.mkdir()
        self.run("git", "init", "-q", "-b", "main")
        self.run("git", "config", "user.name", "somebody")
        self.run("git", "config", "user.email", "somebody@example.org")
        self.write(".pre-commit-config.yaml", yaml.safe_dump({"repos": [{"repo": "local", "hooks": _local(hooks)}]}))
        kinds = ("-t", "pre-commit", "-t", "pre-merge-commit")
        self.run(sys.executable, "-m", "pre_commit", "install", *kinds)
        assert self.commit("settings")[0] == 0

    def run(self, *command: str) -> tuple[int, str]:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def write(self, name: str, text: str, encoding: str = "utf-8") -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding=encoding)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def commit(self, message: str) -> tuple[int, str]:
        self.run("git", "add", "-A")
        return self.run("git", "commit", "-m", message)


def _local(hooks: Mapping[str, str]) -> list[dict[str, Any]]:
    """The project's hooks as they are published, but run by this interpreter. `hooks`: id -> further arguments."""
    chosen = []
    for name, more in hooks.items():
        hook = {key: value for key, value in HOOKS[name].items() if key != "additional_dependencies"}
        chosen.append({**hook, "language": "system", "entry": f"{sys.executable} -m {hook['entry']} {more}".strip()})
    return chosen


def test_the_manifest_names_the_three_hooks() -> None:
    assert list(HOOKS) == ["cleaner-check", "cleaner-fix", "cleaner-duplicates"]
    assert HOOKS["cleaner-duplicates"]["require_serial"]
    assert all(hook["minimum_pre_commit_version"] == "3.2.0" for hook in HOOKS.values())


@pytest.mark.slow
def test_a_polluted_file_is_refused_then_fixed_then_passes(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", {"cleaner-fix": "--unsafe-fixes --max-loss 0.5"})
    repository.write("page.txt", PAGE)
    code, said = repository.commit("a page")
    assert code == 1
    assert "files were modified by this hook" in said
    assert repository.read("page.txt") == ARTICLE
    assert repository.commit("a page")[0] == 0


@pytest.mark.slow
def test_the_check_refuses_and_writes_nothing(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", {"cleaner-check": ""})
    repository.write("page.txt", PAGE)
    repository.write("other.txt", OTHER)
    (repository.folder / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    code, said = repository.commit("pages")
    assert code == 1
    assert "page.txt:1:1: zh-web/nav/bar" in said
    assert "photo.txt:1:1: input/unreadable" in said
    assert "other.txt" not in said
    assert repository.read("page.txt") == PAGE


@pytest.mark.slow
def test_a_gbk_file_is_refused_and_comes_back_in_utf8(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", {"cleaner-check": "", "cleaner-fix": "--unsafe-fixes --max-loss 0.5"})
    repository.write("page.txt", ARTICLE, "gbk")
    code, said = repository.commit("a page")
    assert code == 1
    assert "encoding/not-utf8" in said
    assert repository.read("page.txt") == ARTICLE
    assert repository.commit("a page")[0] == 0


@pytest.mark.slow
def test_a_record_is_named_with_its_line_and_fixed_alone(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", {"cleaner-check": "", "cleaner-fix": "--unsafe-fixes --max-loss 0.5"})
    good, bad = '{"id": "a",  "text": "' + OTHER.replace("\n", "\\n") + '"}', json.dumps({"id": "b", "text": PAGE})
    repository.write("pages.jsonl", f"{good}\n{bad}\n")
    code, said = repository.commit("records")
    assert code == 1
    assert "pages.jsonl:2:" in said
    assert "[b 1:1]" in said
    first, second = repository.read("pages.jsonl").splitlines()
    assert first == good
    assert json.loads(second) == {"id": "b", "text": ARTICLE}
    assert repository.commit("records")[0] == 0


@pytest.mark.slow
def test_only_findings_missing_from_the_baseline_are_refused(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", {"cleaner-check": "--baseline known.json"})
    repository.write("page.txt", PAGE)
    made = repository.run(
        sys.executable, "-m", "cleaner", "baseline", "create", "page.txt", "--baseline", "known.json", "--reason", "old"
    )
    assert made[0] == 0, made[1]
    assert repository.commit("a page as it came")[0] == 0
    repository.write("page.txt", f"\n\n{PAGE}上一篇：灯\n下一篇：{FOOTER}\n")
    code, said = repository.commit("the page grows")
    assert code == 1
    assert "page.txt:1:1" not in said
    assert "上一篇" in said


@pytest.mark.slow
def test_two_branches_that_bring_the_same_passage_do_not_merge(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", {"cleaner-duplicates": ""})
    repository.write("first.txt", OTHER)
    assert repository.commit("first")[0] == 0
    passage = ARTICLE.split("\n")[0]
    for branch in ("left", "right"):
        repository.run("git", "checkout", "-q", "-b", branch, "main")
        repository.write(f"{branch}.txt", f"{UNLIKE[branch]}\n\n{passage}\n")
        assert repository.commit(branch)[0] == 0
    code, said = repository.run("git", "merge", "--no-edit", "left")
    assert code != 0
    assert "left.txt:3:1: dedup/passage" in said
    assert "right.txt:3" in said


README = f"""# 村子

一本关于村子的小书。 [English](README.en.md) | [中文](README.md)

![封面](cover.png)

## 简介

- 铁锹
- 竹竿

| 地块 | 长 |
|---|---|
| 东坡 | 30 |

```text
{MENU}
{FOOTER}
```

## 1.2.0 (2024-01-31)

- 修正错别字
- 修正错别字

{ARTICLE}"""
LICENCE = "Copyright (c) 2024 somebody\nAll rights reserved.\n\nPermission is hereby granted, free of charge.\n"
BUILD = "cmake_minimum_required(VERSION 3.20)\nproject(village\n  VERSION 1.0\n)\nadd_library(a\n  a.c\n)\n"
WORDS = "".join(
    f"{word}\n"
    for word in [
        "首页",
        "新闻",
        "图片",
        "视频",
        "论坛",
        "博客",
        "邮箱",
        "登录",
        "注册",
        "搜索",
        "地图",
        "帮助",
        "关于我们",
        "联系我们",
    ]
)
LONG = "\n".join((ARTICLE, OTHER, UNLIKE["left"], "", UNLIKE["right"], ""))


@pytest.mark.slow
def test_a_repository_of_documents_is_left_as_it_is(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", {"cleaner-fix": "--unsafe-fixes", "cleaner-duplicates": ""})
    texts = {
        "README.md": README,
        "docs/guide.md": f"---\ntitle: 版权声明\n---\n# 声明\n\n{OTHER}",
        "LICENSE.txt": LICENCE,
        "CMakeLists.txt": BUILD,
        "requirements.txt": "numpy==2.1\nregex>=2024.1\n",
        "data/stopwords.txt": WORDS,
    }
    for name, text in texts.items():
        repository.write(name, text)
    code, said = repository.commit("documents")
    assert code == 0, said
    assert {name: repository.read(name) for name in texts} == texts


@pytest.mark.slow
def test_a_repository_of_data_loses_what_is_safe_and_lists_the_rest(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", {"cleaner-fix": ""})
    repository.write("data/a.txt", f"{LONG}\n{FOOTER}\n")
    repository.write("data/b.txt", f"{OTHER}\n{FOOTER}\n")
    rows = [{"id": 1, "text": f"{LONG}&hellip;\n{FOOTER}\n"}, {"id": 2, "text": f"{MENU}\n\n{LONG}"}]
    repository.write("data/c.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    code, said = repository.commit("data")
    assert code == 1
    assert "data/a.txt: 1 finding fixed" in said
    assert "data/b.txt: not fixed: it would lose" in said
    assert "data/c.jsonl:2:" in said
    assert "zh-web/nav/bar [!]" in said
    assert repository.read("data/a.txt") == LONG
    assert repository.read("data/b.txt") == f"{OTHER}\n{FOOTER}\n"
    first, second = map(json.loads, repository.read("data/c.jsonl").splitlines())
    assert FOOTER not in first["text"]
    assert second == rows[1]
    fixed = {name: repository.read(name) for name in ("data/a.txt", "data/b.txt", "data/c.jsonl")}
    assert repository.commit("data again")[0] == 1
    assert {name: repository.read(name) for name in fixed} == fixed


@pytest.mark.slow
def test_a_mixed_repository_with_hooks_from_init_checks_its_data_and_merges(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", {})
    repository.write("README.md", README)
    repository.write("src/a.py", "import os\n")
    repository.write("corpus/a.txt", ARTICLE)
    assert repository.commit("files")[0] == 0
    assert repository.run(sys.executable, "-m", "cleaner", "init", "--force")[0] == 0
    hooks = repository.read(".pre-commit-config.yaml")
    repository.write(".pre-commit-config.yaml", hooks.replace("entry: cleaner", f"entry: {sys.executable} -m cleaner"))
    assert repository.commit("hooks")[0] == 0
    repository.write("notes.txt", PAGE)
    assert repository.commit("outside of the data")[0] == 0
    repository.write("corpus/b.txt", f"{OTHER}\n{FOOTER}\n")
    code, said = repository.commit("polluted")
    assert code == 1
    assert "corpus/b.txt:5:1: zh-legal/legal/icp-number" in said
    repository.write("corpus/b.txt", OTHER)
    assert repository.commit("clean")[0] == 0
    passage = UNLIKE["left"] + UNLIKE["right"]
    for branch in ("left", "right"):
        repository.run("git", "checkout", "-q", "-b", branch, "main")
        repository.write(f"corpus/{branch}.txt", f"{passage}\n")
        assert repository.commit(branch)[0] == 0
    code, said = repository.run("git", "merge", "--no-edit", "left")
    assert code != 0
    assert "dedup/" in said
    assert "corpus/right.txt:1" in said
