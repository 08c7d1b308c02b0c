"""Start-up: nothing heavy is imported before a command needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"numpy", "ftfy", "opencc", "datasketch", "scipy", "regex", "rich"}


@pytest.mark.parametrize("code", ["import cleaner", "import cleaner.cli"])
def test_importing_brings_nothing_heavy(code: str) -> None:
    program = f"import sys; {code}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)


@pytest.mark.parametrize("arguments", [["--help"], ["clean", "--help"], ["why", "--help"], ["restore", "--help"]])
def test_help_explains_every_option(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "cleaner", *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Usage: cleaner" in said


def test_version_is_printed() -> None:
    command = [sys.executable, "-m", "cleaner", "--version"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.startswith("cleaner 0.")
