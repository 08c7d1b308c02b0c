"""Without PySpark or Java, `--engine spark` says what to install; options of one engine are refused by the other."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from cleaner.cli import app, spark
from cleaner.cli.dedup import app as dedup
from cleaner.errors import UsageError
from cleaner.spark import shipping


def java(folder: Path, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home with a Java that says this of its version."""
    program = folder / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{message}' >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(folder))
    monkeypatch.setattr(spark, "find_spec", lambda name: object())


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda name: None if name == "pyspark" else object())
    with pytest.raises(UsageError, match=r"needs pyspark; install with: pip install 'webtext-cleaner\[spark\]'"):
        spark.check_requirements()


@pytest.mark.parametrize(
    ("message", "have"),
    [
        ('openjdk version "11.0.2" 2019-01-15', "this is Java 11"),
        ('java version "1.8.0_292"', "this is Java 8"),
        ("no such thing", "there is none"),
    ],
)
def test_an_old_java_is_an_error_that_says_what_to_install(
    message: str, have: str, monkeypatch: Any, tmp_path: Path
) -> None:
    java(tmp_path, message, monkeypatch)
    with pytest.raises(UsageError, match=rf"needs Java 17 or newer, and {have}: .*apt install openjdk-17-jre-headless"):
        spark.check_requirements()


def test_java_17_and_newer_are_accepted(monkeypatch: Any, tmp_path: Path) -> None:
    java(tmp_path, 'openjdk version "21.0.1" 2023-10-17', monkeypatch)
    spark.check_requirements()


def test_missing_java_is_an_error(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda name: object())
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="there is none: install one"):
        spark.check_requirements()


@pytest.mark.parametrize("option", ["--master", "--conf"])
def test_options_of_spark_are_refused_without_it(option: str, tmp_path: Path) -> None:
    for program, call in ((app, ["clean"]), (dedup, [])):
        result = CliRunner().invoke(program, [*call, str(tmp_path), "-o", str(tmp_path / "out"), option, "x=y"])
        assert isinstance(result.exception, UsageError)
        assert f"{option}: not with this --engine" in str(result.exception)


def test_one_input_and_an_output_are_needed(tmp_path: Path) -> None:
    for inputs, message in (
        (["a", "b"], "give one INPUT"),
        (["-"], "give one INPUT"),
        (["a"], "no --output DIR given"),
    ):
        output = ["-o", str(tmp_path)] if "INPUT" in message else []
        result = CliRunner().invoke(app, ["clean", *inputs, *output, "--engine", "spark"])
        assert message in str(result.exception)


def test_a_terminal_shows_the_progress_of_stages_and_the_address_of_the_ui(monkeypatch: Any) -> None:
    page = "http://127.0.0.1:4040"
    out = StringIO()
    monkeypatch.setattr(spark, "stderr_console", lambda: Console(file=out, force_terminal=True, width=80))
    session = SimpleNamespace(sparkContext=SimpleNamespace(uiWebUrl=page))
    with spark._progress(session, quiet=False) as show:
        show(3, 5, 8)
    assert page in out.getvalue()
    assert "stage 3: 5 of 8 tasks" in out.getvalue()


@pytest.mark.slow
def test_the_package_for_executors_holds_code_data_and_packs(tmp_path: Path) -> None:
    path = shipping.package(tmp_path)
    names = zipfile.ZipFile(path).namelist()
    assert {"cleaner/__init__.py", "cleaner/data/packs/zh-web.toml", "cleaner/data/characters.txt"} <= set(names)
    program = """
import cleaner, sys
assert sys.argv[1] in cleaner.__file__
print(cleaner.clean("我們的圖書館，週末開放。").text)
"""
    call = [sys.executable, "-c", program, str(path)]
    environment = {"PYTHONPATH": str(path), "PATH": ""}
    message = subprocess.run(call, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert message.stdout.strip() == "我们的图书馆，周末开放。", message.stderr
