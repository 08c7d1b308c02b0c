"""A module imports only what stands above it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import cleaner

PACKAGE = Path(cleaner.__file__).parent

LAYERS = [
    ["model", "errors", "fast"],
    ["decode", "normalize"],
    ["lines", "edits"],
    ["rules"],
    ["removal"],
    ["cleaning"],
    ["dedup", "checking"],
    ["config", "packs", "formats", "ledger", "report", "engines"],
    ["corpus", "gate"],
    ["integrations", "spark"],
    ["__init__", "__main__", "cli"],
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
PURE = {name for names in LAYERS[: LAYERS.index(["dedup", "checking"]) + 1] for name in names}
EARLY = {("normalize", "edits"), ("normalize", "lines")}
"""Edits and lines are values like the model; normalizing speaks of them."""
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
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "cleaner" else {node.module}
            )
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_what_stands_above_it(path: Path) -> None:
    here = top(path)
    for name in imports(path):
        if name == "cleaner" or not name.startswith("cleaner."):
            continue
        there = name.split(".")[1]
        if there in LEVEL and (here, there) not in EARLY:
            assert LEVEL[there] <= LEVEL[here], f"{here} imports {there}"


@pytest.mark.parametrize("path", [p for p in MODULES if top(p) in PURE], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_core_does_no_io(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & OUTSIDE
    names = {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}
    assert not names & {"print", "open", "input"}
