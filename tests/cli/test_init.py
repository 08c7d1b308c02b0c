"""`cleaner init` writes settings and hooks that work in the repository at hand."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

from helpers.calls import Call
from helpers.check_texts import ARTICLE, PAGE


def repository() -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    for name, text in {
        "src/a.py": "import os\n",
        "docs/guide.md": f"# 村子\n\n{ARTICLE}",
        "corpus/a.txt": PAGE,
        "corpus/b.jsonl": '{"text": "河水退去之后。"}\n',
        "corpus/requirements.txt": "numpy==2.1\n",
        "raw.data/c.html": "<p>河水退去之后。</p>",
        "README.md": "readme\n",
    }.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    subprocess.run(["git", "add", "-A"], check=True)


def test_folders_of_data_and_their_language_are_found(call: Call) -> None:
    repository()
    code, out, err = call("init")
    assert (code, out) == (0, "")
    assert "cleaner.toml: written for corpus, raw.data" in err
    settings = tomllib.loads(Path("cleaner.toml").read_text())
    assert settings["pack"] == ["zh-web"]
    hooks = yaml.safe_load(Path(".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["id"] for hook in hooks] == ["cleaner-check", "cleaner-duplicates"]
    taken = re.compile(hooks[0]["files"])
    assert [bool(taken.search(name)) for name in ("corpus/a.txt", "raw.data/c.html", "corpus/x.jsonl.gz")] == [True] * 3
    assert not any(map(taken.search, ("docs/guide.md", "rawxdata/c.html", "corpus/a.png", "README.md")))
    assert call("check", "corpus")[0] == 1


def test_files_that_exist_are_overwritten_by_force_only(call: Call) -> None:
    repository()
    Path("cleaner.toml").write_text("# mine\n")
    code, _, err = call("init")
    assert (code, err.count("\n")) == (2, 1)
    assert "cleaner.toml exist; --force overwrites" in err
    assert not Path(".pre-commit-config.yaml").exists()
    assert "pack = " in call("init", "--print")[1]
    assert Path("cleaner.toml").read_text() == "# mine\n"
    assert call("init", "--force", "docs")[0] == 0
    assert "^(docs)/" in Path(".pre-commit-config.yaml").read_text()


def test_a_repository_without_data_is_told_to_name_it(call: Call) -> None:
    Path("README.md").write_text("readme\n")
    assert call("init")[0] == 2
    assert call("init", "nowhere")[0] == 2
    Path("texts").mkdir()
    Path("texts/a.txt").write_text("All the boats came home before the storm, and nobody was hurt.\n")
    assert call("init")[0] == 0
    assert tomllib.loads(Path("cleaner.toml").read_text())["pack"] == ["en-web"]
