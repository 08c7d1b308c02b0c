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

from helpers.check_texts import ARTICLE, FOOTER, OTHER, PAGE, UNLIKE
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
    repository = Repository(tmp_path / "r", {"cleaner-fix": ""})
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
    repository = Repository(tmp_path / "r", {"cleaner-check": "", "cleaner-fix": ""})
    repository.write("page.txt", ARTICLE, "gbk")
    code, said = repository.commit("a page")
    assert code == 1
    assert "encoding/not-utf8" in said
    assert repository.read("page.txt") == ARTICLE
    assert repository.commit("a page")[0] == 0


@pytest.mark.slow
def test_a_record_is_named_with_its_line_and_fixed_alone(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", {"cleaner-check": "", "cleaner-fix": ""})
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
