"""How the package is built: what benchmarks/structure.py prints and the tests hold."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from helpers import names

OUTER = {"cli", "_kernels"}
"""Folders in which a function may take as many parameters as its command or loop has."""
MOST_LINES = 250
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|", flags=re.MULTILINE)


@cache
def bindings(package: Path) -> tuple[names.Binding, ...]:
    """List every name that a package binds, once a scope."""
    return tuple(binding for path in names.files(package) for binding in names.bindings(path))


def vague_names(package: Path) -> list[names.Binding]:
    """List the names that are bare participles or adverbs."""
    return [binding for binding in bindings(package) if names.is_vague(binding.name)]


def forbidden_names(package: Path, words: dict[str, str]) -> list[str]:
    """List names that hold a forbidden synonym, each with its place and the word to write instead."""
    return [
        f"{binding.path.relative_to(package)}:{binding.line}: {binding.name}: write {words[word]!r}"
        for binding in bindings(package)
        for word in split_words(binding.name)
        if word in words
    ]


def split_words(name: str) -> list[str]:
    """Split a name at underscores and capitals into words in small letters, plurals without their s."""
    return [word.lower().removesuffix("s") for word in _WORD.findall(name)]


def forbidden_words(glossary: str) -> dict[str, str]:
    """Read the glossary's table of forbidden synonyms: word to the term that stands for it."""
    table = glossary.split("## Forbidden synonyms")[1].split("\n## ")[0]
    rows = _ROW.findall(table)[2:]
    return {word.strip(): term.strip() for words, term in rows for word in words.split(",")}


def ruff(package: Path, rule: str) -> list[str]:
    """List what ruff reports for a rule, as places within the package."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", rule, "--output-format", "json"]
    process = subprocess.run([*command, str(package)], capture_output=True, text=True, check=False)
    return [
        f"{Path(report['filename']).relative_to(package).as_posix()}:{report['location']['row']}"
        for report in json.loads(process.stdout)
    ]


def many_parameters(package: Path) -> list[str]:
    """List functions with more than five parameters outside of the command line and the compiled loops."""
    return [place for place in ruff(package, "PLR0913") if place.split("/")[0] not in OUTER]


def repeated_classes(package: Path) -> dict[str, list[str]]:
    """Map each public class name that more than one module binds to these modules."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in names.files(package):
        for node in names.parse(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(package).as_posix())
    return {name: modules for name, modules in sorted(places.items()) if len(modules) > 1}


def hidden_writes(package: Path) -> list[str]:
    """List writes into `vars(x)` and `x.__dict__`."""
    return [
        f"{path.relative_to(package).as_posix()}:{node.lineno}"
        for path, node in _nodes(package)
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store | ast.Del)
        and re.search(r"\bvars\(|__dict__", ast.unparse(node.value))
    ]


def rebound_globals(package: Path) -> list[str]:
    """List the places where a function rebinds a module's global."""
    return [
        f"{path.relative_to(package).as_posix()}:{node.lineno}"
        for path, node in _nodes(package)
        if isinstance(node, ast.Global)
    ]


def folder_sizes(package: Path) -> dict[str, int]:
    """Count the modules of each folder, the fullest first."""
    sizes: dict[str, int] = defaultdict(int)
    for path in names.files(package):
        sizes[path.parent.relative_to(package.parent).as_posix()] += 1
    return dict(sorted(sizes.items(), key=lambda size: -size[1]))


def long_modules(package: Path) -> dict[str, int]:
    """Map each module of more than `MOST_LINES` lines to its length."""
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in names.files(package)}
    return {path.relative_to(package).as_posix(): size for path, size in sizes.items() if size > MOST_LINES}


def longest_lines(rules: Path) -> dict[str, int]:
    """Map each pack to the length of its longest line, the longest first."""
    lengths = {path.name: max(map(len, path.read_text(encoding="utf-8").splitlines())) for path in rules.glob("*.toml")}
    return dict(sorted(lengths.items(), key=lambda length: -length[1]))


def _nodes(package: Path) -> Iterator[tuple[Path, ast.AST]]:
    for path in names.files(package):
        for node in ast.walk(names.parse(path)):
            yield path, node
