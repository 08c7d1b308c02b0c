"""The diffs of docs/extending.md apply, and whoever leaves out a file of an errand is told which."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cleaner.detectors import DETECTORS
from cleaner.packs import registry
from helpers import structure
from helpers.paths import ROOT

PACKAGE = ROOT / "cleaner"
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
ERRANDS = {
    title: re.findall(r"^```diff\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    for title, section in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
}
FILES = {"A rule": 1, "A detector": 3, "A format": 3, "A normalizing step": 3, "An integration": 5}


def apply(diff: str, *options: str, folder: Path = ROOT) -> None:
    process = subprocess.run(
        ["git", "apply", *options], input=diff, cwd=folder, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, f"docs/extending.md is out of date:\n{process.stderr}"


@pytest.mark.skipif(shutil.which("git") is None, reason="git applies the diffs")
@pytest.mark.parametrize("errand", FILES)
def test_the_diff_of_an_errand_applies_and_touches_the_files_it_says(errand: str) -> None:
    (diff,) = ERRANDS[errand]
    assert len(re.findall(r"^\+\+\+ b/", diff, re.MULTILINE)) == FILES[errand]
    assert re.search(rf"\]\(#{errand.lower().replace(' ', '-')}\) \| {FILES[errand]} \|", PAGE)
    apply(diff, "--check")


APPLIES = "tests/test_extending.py::test_the_diff_of_an_errand_applies_and_touches_the_files_it_says"
"""Does not hold where a diff is applied already."""
TESTS = {
    "A rule": ["tests/packs/test_shipped.py", "tests/packs/test_formatting.py"],
    "A detector": ["tests/detectors", "tests/packs/test_shipped.py", "tests/packs/test_formatting.py"],
    "A format": [
        "tests/formats",
        "tests/corpus/test_clean.py",
        "tests/corpus/test_quarantine.py",
        "tests/corpus/dedup",
    ],
    "A normalizing step": ["tests/normalization", "tests/packs/test_builtin.py"],
    "An integration": ["tests/integrations", "tests/test_public_api.py"],
}


@pytest.mark.slow
@pytest.mark.parametrize("errand", FILES)
def test_the_tests_pass_with_the_diff_of_an_errand(errand: str, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    hidden = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__", "build", "dist", "clean")
    shutil.copytree(ROOT, checkout, ignore=hidden)
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", checkout)
    subprocess.run(["git", "init", "--quiet"], cwd=checkout, check=True)
    apply(ERRANDS[errand][0], folder=checkout)
    names = ["tests/test_extending.py", "tests/test_names.py", "tests/test_structure.py", *TESTS[errand]]
    command = f"{sys.executable} -m pytest -q -x -n 0 -p no:cacheprovider --deselect {APPLIES}".split()
    env = {**os.environ, "PYTHONPATH": str(checkout)}
    process = subprocess.run([*command, *names], cwd=checkout, capture_output=True, text=True, check=False, env=env)
    assert process.returncode == 0, process.stdout[-3000:]


def test_every_detector_is_in_a_shipped_pack_and_in_the_docs() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    rules = [rule for name in registry.pack_names() for rule in registry.load_rules(name).rules]
    for name in DETECTORS:
        assert any(rule.detector == name for rule in rules), f'add a rule with detector = "{name}" to a pack in rules/'
        assert f"| `{name}` |" in page, f"add the row of {name} to the table of detectors in docs/rules.md"


def test_every_module_of_normalizing_is_used() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in structure.names.files(PACKAGE)}
    for path in (PACKAGE / "normalization").rglob("*.py"):
        others = "".join(source for other, source in sources.items() if other != path)
        is_used = path.stem == "__init__" or re.search(rf"\bimport\b.*\b{path.stem}\b|\.{path.stem} import", others)
        assert is_used, f"add the step of {path.name} to cleaner/normalization/steps.py"


@pytest.mark.parametrize("path", sorted((PACKAGE / "integrations").glob("[!_]*.py")), ids=lambda path: path.stem)
def test_every_integration_has_its_extra_its_test_and_its_section(path: Path) -> None:
    extra = path.stem.replace("_", "-")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert extra in project["optional-dependencies"], f"add the extra {extra} to pyproject.toml"
    tests = (ROOT / "tests" / "integrations" / "test_adapters.py").read_text(encoding="utf-8")
    assert re.search(rf"\b{path.stem}\b", tests), f"add {path.stem} to tests/integrations/test_adapters.py"
    page = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
    assert f"| `{extra}` |" in page, f"add the row and section of {extra} to docs/integrations.md"
