"""What the README says is true: its commands, its Python, its rule, its options."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.calls import Call
from helpers.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


EXAMPLES = ROOT / "docs" / "examples"
PAGE = "首页|新闻|图片|视频|论坛\n\n河水退去之后，村里的人开始重新丈量田地。\n\n版权所有 京ICP备00000000号-1\n"


def example(name: str, *arguments: str | Path, cwd: Path) -> str:
    """What an example prints."""
    command = [sys.executable, EXAMPLES / name, *arguments]
    process = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    return process.stdout


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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.parametrize("command", ["clean", "why", "restore", "check", "stats", "report", "review"])
def test_every_option_is_in_the_readme_or_explained_by_help(command: str, call: Call) -> None:
    said = call(command, "--help")[1]
    options = set(re.findall(r"(?<=\s)--[a-z][a-z-]+", said)) - {"--help", "--no-force", "--no-quiet", "--no-dry-run"}
    if command == "clean":
        assert all(f"`{option}`" in README or option in README for option in options), options
    for option in options:
        assert re.search(rf"{option}\b[^\n]*\n?[^\n]*[A-Za-z]{{3}}", said)


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.slow
def test_the_example_for_a_folder_cleans_it_and_counts_by_rule(tmp_path: Path) -> None:
    (tmp_path / "pages" / "a").mkdir(parents=True)
    (tmp_path / "pages" / "a" / "page.txt").write_text(PAGE, encoding="utf-8")
    printed = example("clean_folder.py", "pages", "clean", cwd=tmp_path)
    assert (tmp_path / "clean/a/page.txt").read_text("utf-8").strip() == "河水退去之后，村里的人开始重新丈量田地。"
    assert re.search(r"\d+ zh-legal/legal/", printed)


@pytest.mark.slow
def test_the_example_for_a_dataset_keeps_edits_that_restore(tmp_path: Path) -> None:
    rows = [{"id": 1, "text": PAGE}, {"id": 2, "text": "返回顶部"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    example("clean_dataset.py", "in.jsonl", "out.jsonl", cwd=tmp_path)
    (row,) = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert row["text"].strip() == "河水退去之后，村里的人开始重新丈量田地。"


@pytest.mark.slow
def test_the_example_of_a_pack_runs_its_cases_and_cleans(tmp_path: Path) -> None:
    printed = example("own_pack.py", cwd=tmp_path)
    assert "village/nav/notice-board: '村务公开栏" in printed
    assert "他在村务公开栏前站了很久。" in printed


@pytest.mark.slow
def test_the_example_reads_a_ledger(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    assert cleaner("clean", "page.txt", "--output", "clean", "--quiet", cwd=tmp_path).returncode == 0
    assert re.search(r"\d+ zh-legal/legal/", example("read_ledger.py", "clean", cwd=tmp_path))


WEBMAINBENCH = """
import json, types
from dataclasses import dataclass

@dataclass
class ExtractionResult:
    content: str = ""
    title: str | None = None
    author: str | None = None
    publish_date: str | None = None
    language: str | None = None
    confidence_score: float | None = None

class BaseExtractor:
    def __init__(self, name, config=None):
        self.config = config or {}
        self._setup()

class DataLoader:
    @staticmethod
    def load_jsonl(path):
        return [json.loads(line) for line in open(path, encoding="utf-8")]

registry = {}

def extractor(name):
    return lambda cls: registry.setdefault(name, cls)

class Evaluator:
    def compare_extractors(self, dataset, names):
        for name in names:
            texts = [registry[name](name)._extract_content(row["html"], row["url"]) for row in dataset]
            metrics = {f"{text.title}: {text.content}": 1.0 for text in texts}
            return {name: types.SimpleNamespace(overall_metrics=metrics)}
"""
"""What of WebMainBench an extractor sees, under the names that it has there."""


@pytest.mark.slow
def test_the_example_for_webmainbench_extracts_markdown(tmp_path: Path) -> None:
    package = tmp_path / "webmainbench"
    (package / "extractors").mkdir(parents=True)
    (package / "__init__.py").write_text(WEBMAINBENCH, encoding="utf-8")
    (package / "config.py").write_text('LLM_CONFIG = {"use_llm": True}\n', encoding="utf-8")
    (package / "extractors" / "__init__.py").write_text("", encoding="utf-8")
    for name, what in (("base", "BaseExtractor, ExtractionResult"), ("factory", "extractor")):
        (package / "extractors" / f"{name}.py").write_text(f"from webmainbench import {what}\n", encoding="utf-8")
    row = {"url": "http://example.com", "html": f"<h1>河边</h1><p>{PAGE.splitlines()[2]}</p>"}
    (tmp_path / "in.jsonl").write_text(json.dumps(row), encoding="utf-8")
    shutil.copy(EXAMPLES / "webmainbench_extractor.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "webmainbench_extractor.py", "in.jsonl"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"cleaner 河边: # 河边\n\n{PAGE.splitlines()[2]}\n 1.0000\n", done.stderr


@pytest.mark.slow
def test_the_example_of_a_repository_passes_its_check(tmp_path: Path) -> None:
    repository = shutil.copytree(EXAMPLES / "precommit_repo", tmp_path / "repository")
    assert cleaner("check", ".", cwd=repository).returncode == 0
    assert cleaner("check", "vendor/raw.txt", cwd=repository).returncode == 1
    (repository / "data" / "page.txt").write_text(PAGE, encoding="utf-8")
    assert "data/page.txt:1:1" in cleaner("check", ".", cwd=repository).stdout
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    for hook in re.findall(r"- id: (\S+)", (repository / ".pre-commit-config.yaml").read_text("utf-8")):
        assert f"- id: {hook}\n" in hooks


@pytest.mark.spark
def test_the_example_of_a_spark_job_cleans_and_leaves_out_copies(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    from helpers.spark_cluster import skip_without_spark

    skip_without_spark()
    body = "河水退去之后，村里的人开始重新丈量田地。老人说，三十年前的界石还在，只是被草盖住了，要一块一块地找。\n"
    texts = [f"首页|新闻|图片|视频|论坛\n{body}", body, "另一篇文章写的是渡船，每天早晚各开一趟，撑船的是父子两个。\n"]
    (tmp_path / "pages").mkdir()
    parquet.write_table(pyarrow.table({"id": ["a", "b", "c"], "text": texts}), tmp_path / "pages" / "0.parquet")
    example("spark_job.py", "pages", "clean", cwd=tmp_path)
    kept = parquet.read_table(tmp_path / "clean").to_pylist()
    assert sorted(row["id"] for row in kept) == ["a", "c"]
    assert not any("首页" in row["text"] for row in kept)


def test_every_example_is_run() -> None:
    here = Path(__file__).read_text("utf-8")
    assert not [path.name for path in EXAMPLES.iterdir() if f'"{path.name}"' not in here and path.name[0] not in "._"]
