"""The names that the package binds, and which of them say nothing.

    PYTHONPATH=tests python -m helpers.names [FOLDER ...]

prints every vague name with its place, and the share of them.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from helpers.paths import ROOT

PACKAGE = ROOT / "cleaner"

PARTICIPLES = (  # noqa: SIM905 - a list of words, one a line, would be a page
    "found made held kept known done said told left gone come came given taken met meant seen shown heard "
    "written begun chosen drawn put lost sent brought thought built bought caught felt got laid led paid "
    "shut sought sold spent stood struck understood won worn grown thrown"
).split()
"""Irregular participles that stand alone for a noun; regular ones end in -ed."""
ADVERBS = (  # noqa: SIM905 - the same
    "at due own here there now then above below beside behind inside outside again anew apart aside away "
    "enough ever few many more most much near often once only same so some soon still such that this thus "
    "together too very what where whether which who whole wholly yet exactly far further how why those these"
).split()
"""Adverbs, pronouns and quantities that stand alone for a noun."""
ALLOWED = {
    "cleaned",
    "why",
    "seed",
    "feed",
    "need",
    "speed",
    "embed",
    "bed",
    "red",
    "shed",
    "indeed",
    "unused",
    "reed",
    "weed",
}
"""Nouns here: `cleaned`, a value of the type `Cleaned`, and `why`, the field of a rule."""
_REGULAR = re.compile(r"[a-z]{2,}ed")


class Binding(NamedTuple):
    """A name, bound in a scope of a file."""

    path: Path
    line: int
    scope: str
    name: str
    is_class_or_function: bool = False


def is_vague(name: str) -> bool:
    """Whether a name is a bare participle or adverb; underscores around it do not help."""
    bare = name.strip("_").lower()
    if bare in ALLOWED:
        return False
    return bare in PARTICIPLES or bare in ADVERBS or _REGULAR.fullmatch(bare) is not None


@cache
def parse(path: Path) -> ast.Module:
    """Parse a module; each file is read once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def bindings(path: Path) -> Iterator[Binding]:
    """Yield every name a file binds, once a scope; a pair `left`, `right` is a pair of sides."""
    yield from _in_scope(path, parse(path), path.stem)


def _in_scope(path: Path, node: ast.AST, scope: str) -> Iterator[Binding]:
    names: dict[str, int] = {}
    inner: list[tuple[ast.AST, str]] = []
    for child in _children(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield Binding(path, child.lineno, scope, child.name, True)
            inner.append((child, f"{scope}.{child.name}"))
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            names.setdefault(child.id, child.lineno)
        elif isinstance(child, ast.arg):
            names.setdefault(child.arg, child.lineno)
        elif isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Store):
            names.setdefault(child.attr, child.lineno)
    if "right" in names:
        names.pop("left", None)
    for name, line in names.items():
        yield Binding(path, line, scope, name)
    for child, label in inner:
        yield from _in_scope(path, child, label)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands below a node, functions and classes without their bodies."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _children(child)


def files(*folders: Path) -> list[Path]:
    """List the package's modules, or those of some of its folders."""
    return sorted(
        path for folder in folders or (PACKAGE,) for path in ([folder] if folder.is_file() else folder.rglob("*.py"))
    )


def main() -> None:
    """Print the vague names and their share."""
    every = [binding for path in files(*map(Path, sys.argv[1:])) for binding in bindings(path)]
    vague = [binding for binding in every if is_vague(binding.name)]
    for binding in vague:
        print(f"{binding.path}:{binding.line}: {binding.name} ({binding.scope})")
    print(f"{len(vague)} of {len(every)} names are vague: {len(vague) / max(len(every), 1):.1%}")


if __name__ == "__main__":
    main()
