"""The project's own repository passes its own check, and its own hooks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import ROOT


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PRE_COMMIT_HOME": str(folder.parent / "pre-commit")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command, cwd=folder, env={**environment, "PATH": path}, capture_output=True, text=True, check=False
    )


def test_the_repository_passes_its_own_check() -> None:
    done = run(ROOT, sys.executable, "-m", "cleaner", "check", ".")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_repository_passes_its_own_hooks(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    if run(ROOT, "git", "rev-parse").returncode:
        pytest.skip("no git checkout")
    names = [name for name in run(ROOT, "git", "ls-files", "-z").stdout.split("\0") if name]
    for name in names:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    run(copy, "git", "init", "-q")
    run(copy, "git", "add", "-A")
    done = run(copy, sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 findings" in done.stdout
