"""What the README says is true: its commands, its Python, its rule, its options."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", README, flags=re.DOTALL)


def cleaner(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_first_command_cleans_the_seeds(tmp_path: Path) -> None:
    command = next(line for block in blocks("console") for line in block.splitlines() if "pip install . && " in line)
    arguments = command.split("&& cleaner ")[1].split()
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    done = cleaner(*arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "clean").glob("*.txt"))) == 5


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for code in blocks("python"):
        exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed.count("河水退去之后，村里的人开始重新丈量田地。") == 1
    assert printed.count("河水退去之后，村里的人开始丈量田地。") == 1
    assert any(line.endswith(" True") for line in printed)
    assert "我们的图书馆" in printed
    assert any(line.startswith("Cluster(keeper='a', copies=('b',))") for line in printed)


def test_the_commands_for_git_do_what_the_readme_says(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_text(
        "河水退去之后，田地露了出来。\n版权所有 京ICP备12345678号-1\n", encoding="utf-8"
    )
    commands = [line.split("#")[0].split(" --reason")[0] for block in blocks("console") for line in block.splitlines()]
    check = next(line.split() for line in commands if line.startswith("cleaner check"))
    create = next(line.split() for line in commands if line.startswith("cleaner baseline create"))
    assert cleaner(*check[1:], cwd=tmp_path).returncode == 1
    assert cleaner(*create[1:], "--reason", "old crawl", cwd=tmp_path).returncode == 0
    known = cleaner(*check[1:], "--baseline", "cleaner-baseline.json", cwd=tmp_path)
    assert known.returncode == 0, known.stdout + known.stderr


def test_the_rule_of_the_readme_passes_its_cases(tmp_path: Path) -> None:
    rule = next(block for block in blocks("toml") if "[[rule]]" in block)
    (tmp_path / "mine.toml").write_text(rule, encoding="utf-8")
    done = cleaner("rules", "test", "mine.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_settings_of_the_readme_are_accepted(tmp_path: Path) -> None:
    settings = next(block for block in blocks("toml") if "[rules]" in block)
    (tmp_path / "cleaner.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "a.txt").write_text("一句话。\n", encoding="utf-8")
    assert cleaner("clean", "a.txt", "--dry-run", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("command", ["clean", "why", "restore", "check", "stats"])
def test_every_option_is_in_the_readme_or_explained_by_help(command: str, tmp_path: Path) -> None:
    said = cleaner(command, "--help", cwd=tmp_path).stdout
    options = set(re.findall(r"(?<=\s)--[a-z][a-z-]+", said)) - {"--help", "--no-force", "--no-quiet", "--no-dry-run"}
    if command == "clean":
        assert all(f"`{option}`" in README or option in README for option in options), options
    for option in options:
        assert re.search(rf"{option}\b[^\n]*\n?[^\n]*[A-Za-z]{{3}}", said)


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", README):
        assert (ROOT / target).exists(), target
