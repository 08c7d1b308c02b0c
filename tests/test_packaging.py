"""The wheel holds everything and works from another folder."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from helpers.paths import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_code_packs_data_and_typing(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    packs = {f"cleaner/data/packs/{path.name}" for path in (ROOT / "rules").glob("*.toml")}
    assert packs <= names
    assert "cleaner/py.typed" in names
    assert {str(path.relative_to(ROOT)) for path in (ROOT / "cleaner/data").iterdir() if path.is_file()} <= names
    assert not any(name.startswith(("tests", "samples", "seeds")) for name in names)


def test_the_installed_wheel_cleans_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
    command = [tmp_path / "env/bin/cleaner", "clean", ROOT / "seeds", "--output", "clean"]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    assert len(list((tmp_path / "clean").glob("*.txt"))) == 5
    tested = subprocess.run(
        [tmp_path / "env/bin/cleaner", "rules", "test"], check=False, capture_output=True, cwd=tmp_path
    )
    assert tested.returncode == 0, tested.stdout
