"""A folder imports only folders before it, no two stand on one level, the core does no I/O; the page says the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import cleaner
from helpers.names import parse
from helpers.paths import ROOT

PACKAGE = Path(cleaner.__file__).parent

ORDER = [
    "version",
    "errors",
    "python_json",
    "lazy_patterns",
    "model",
    "options",
    "_kernels",
    "text",
    "decode",
    "normalization",
    "dedup",
    "features",
    "rules",
    "detectors",
    "packs",
    "learning",
    "judging",
    "draft",
    "pipeline",
    "ledger",
    "formats",
    "suppressions",
    "config",
    "local",
    "corpus",
    "index",
    "explain",
    "report",
    "review",
    "check",
    "integrations",
    "spark",
    "__init__",
    "cli",
    "__main__",
]
"""Lowest first; the same list stands in docs/architecture.md."""
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LEVEL = {name: level for level, name in enumerate(ORDER)}
CORE = ORDER[: ORDER.index("ledger") + 1]
IO = {
    "judging/tuning/fitting.py",
    "packs/registry.py",
    "normalization/script/overlay.py",
    "normalization/script/opencc_tables.py",
}
"""Modules of the core that read the package's own data or files of packs."""
OUTSIDE = {
    "io",
    "os",
    "sys",
    "time",
    "datetime",
    "subprocess",
    "shutil",
    "tempfile",
    "socket",
    "logging",
    "rich",
    "typer",
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def top(path: Path) -> str:
    """The folder, or the module that lies in the package itself, that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> set[str]:
    """Full names of the modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "cleaner" else {node.module}
            )
    return names


def test_every_folder_has_its_place_in_the_order() -> None:
    folders = {top(path) for path in MODULES} | {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    assert folders - {"data", "__pycache__"} == set(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_folders_before_its_own(path: Path) -> None:
    here = top(path)
    for name in imports(path):
        if not name.startswith("cleaner."):
            continue
        there = name.split(".")[1]
        if there in LEVEL:
            assert LEVEL[there] <= LEVEL[here], f"{here} imports {there}"


@pytest.mark.parametrize("path", [p for p in MODULES if top(p) in CORE], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_core_does_no_io(path: Path) -> None:
    if path.relative_to(PACKAGE).as_posix() in IO:
        return
    assert not {name.split(".")[0] for name in imports(path)} & OUTSIDE
    names = {node.id for node in ast.walk(parse(path)) if isinstance(node, ast.Name)}
    assert not names & {"print", "open", "input"}


@pytest.mark.parametrize("path", [p for p in MODULES if top(p) in CORE], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_that_read_packs_execute_nothing(path: Path) -> None:
    names = {node.id for node in ast.walk(parse(path)) if isinstance(node, ast.Name)}
    assert not names & {"eval", "exec", "compile", "__import__"}
    assert not {name.split(".")[0] for name in imports(path)} & {"pickle", "marshal", "runpy", "ctypes"}


def test_the_page_has_a_line_for_every_folder_in_the_same_order() -> None:
    table = PAGE.split("## The folders")[1].split("\n\n`data/`")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\S.*) \|$", table, flags=re.MULTILINE)
    assert [name for name, _ in rows] == ORDER


def test_the_page_names_tests_that_exist() -> None:
    names = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(names) >= 7
    for path, test in names:
        assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{test}"


def test_the_page_points_to_modules_that_exist() -> None:
    table = PAGE.split("## Where do I look for")[1].split("## Decisions")[0]
    for path in re.findall(r"`([\w/]+(?:\.py|\.toml|/))`", table):
        assert (PACKAGE / path).exists() or (ROOT / path).exists(), path
