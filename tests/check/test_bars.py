"""What a check promises on real pages: it sees pollution, and nothing is left that a safe fix could mend."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from helpers.calls import Call
from helpers.paths import ROOT

ALL = ("--no-duplicates", "--script", "keep")


def left_over(call: Call, folder: Path, *options: str) -> list[str]:
    """What a safe fix could still mend after `--fix`."""
    call("check", folder, "--fix", *ALL, *options)
    findings = json.loads(call("check", folder, "--format", "json", *ALL, *options)[1])["findings"]
    return [f"{item['path']}:{item['place']['line']} {item['rule']}" for item in findings if item["fix"] == "safe"]


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["0.1", "1"])
def test_nothing_is_left_to_mend_in_the_samples(call: Call, tmp_path: Path, limit: str) -> None:
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    assert left_over(call, tmp_path / "samples", "--max-loss", limit) == []


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["0.1", "1"])
def test_nothing_is_left_to_mend_in_pages_and_in_texts_of_other_kinds(
    call: Call, tmp_path: Path, shared: Path, limit: str
) -> None:
    shutil.copytree(shared / "gold" / "dev" / "docs", tmp_path / "docs")
    with zipfile.ZipFile(shared / "keep" / "keep.zip") as archive:
        archive.extractall(tmp_path / "keep")
    assert left_over(call, tmp_path / "docs", "--max-loss", limit) == []
    assert left_over(call, tmp_path / "keep", "--max-loss", limit) == []


@pytest.mark.slow
def test_polluted_pages_are_caught(call: Call, shared: Path) -> None:
    dev = shared / "gold" / "dev"
    found = json.loads(call("check", dev / "docs", "--format", "json", *ALL)[1])["findings"]
    paths = {Path(item["path"]).stem for item in found}
    labels = {path.stem: json.loads(path.read_text(encoding="utf-8"))["labels"] for path in (dev / "labels").iterdir()}
    polluted = {name for name, letters in labels.items() if "D" in letters}
    assert len(polluted & paths) >= 0.97 * len(polluted), sorted(polluted - paths)
