"""Print how the code is built: names, docstrings, sizes, imports; the bars of docs/contributing.md beside them.

    python benchmarks/structure.py [CHECKOUT]

Each row is counted from the sources of CHECKOUT (this one by default) and by ruff; nothing is run.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from helpers import names  # noqa: E402 - lies beside the tests

PACKAGE = ROOT / "cleaner"
OUTER = {"cli", "_kernels"}


def ruff(rule: str, *options: str) -> list[str]:
    """List the files in which ruff reports a rule, one for each report."""
    command = ["ruff", "check", "--isolated", "--select", rule, "--output-format", "json", *options, str(PACKAGE)]
    reports = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    return [str(Path(report["filename"]).relative_to(PACKAGE)) for report in reports]


def vague() -> str:
    """Measure the share of bare participles and adverbs among bound names."""
    every = [binding for path in names.files(PACKAGE) for binding in names.bindings(path)]
    count = sum(names.is_vague(binding.name) for binding in every)
    return f"{count / len(every):.1%} ({count} of {len(every)})"


def repeated_classes() -> str:
    """Count public class names that more than one module binds."""
    classes: Counter[str] = Counter()
    for path in names.files(PACKAGE):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes.update(node.name for node in tree.body if isinstance(node, ast.ClassDef))
    twice = sorted(name for name, count in classes.items() if count > 1 and not name.startswith("_"))
    return f"{len(twice)} {' '.join(twice)}"


def hidden_state() -> str:
    """Count writes to `vars(x)` and `x.__dict__`, and functions that rebind a global."""
    writes = rebound = 0
    for path in names.files(PACKAGE):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            rebound += isinstance(node, ast.Global)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
                writes += "vars(" in ast.unparse(node.value) or "__dict__" in ast.unparse(node.value)
    return f"{writes}, {rebound}"


def fullest_folder() -> str:
    """Count the modules of the fullest folder, and name it."""
    folders = Counter(path.parent for path in names.files(PACKAGE))
    folder, count = folders.most_common(1)[0]
    return f"{count} ({folder.relative_to(ROOT)})"


def longest_line() -> str:
    """Measure the longest line of a pack."""
    lengths = {
        path.name: max(map(len, path.read_text(encoding="utf-8").splitlines()))
        for path in (ROOT / "rules").glob("*.toml")
    }
    name = max(lengths, key=lengths.__getitem__)
    return f"{lengths[name]} ({name})"


def parameters() -> str:
    """Count functions with more than five parameters outside of the command line and the compiled loops."""
    here = [path for path in ruff("PLR0913") if path.split("/")[0] not in OUTER]
    return f"{len(here)} {' '.join(sorted(set(here)))}"


def long_modules() -> str:
    """List modules of more than 250 lines."""
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in names.files(PACKAGE)}
    return " ".join(f"{path.relative_to(PACKAGE)} {size}" for path, size in sizes.items() if size > 250) or "none"


def main() -> None:
    """Print the table."""
    rows = [
        ("vague names", "< 1 %", vague()),
        ("docstrings not in the imperative (D401)", "0", str(len(ruff("D401")))),
        ("public class names used twice", "0", repeated_classes()),
        ("writes to vars(x), globals rebound", "0, 1", hidden_state()),
        ("files in the fullest folder", "<= 17", fullest_folder()),
        ("functions with more than 5 parameters outside cli and _kernels", "<= 8", parameters()),
        ("magic comparisons (PLR2004)", "<= 60", str(len(ruff("PLR2004")))),
        ("longest line in rules/", "<= 120", longest_line()),
        ("modules over 250 lines", "none", long_modules()),
    ]
    print("| bar | wanted | counted |\n|---|---|---|")
    for name, bar, count in rows:
        print(f"| {name} | {bar} | {count} |")


if __name__ == "__main__":
    main()
