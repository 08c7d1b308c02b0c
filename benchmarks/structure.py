"""Print how the code is built: names, docstrings, sizes, state; beside them the bars of docs/contributing.md.

    python benchmarks/structure.py [CHECKOUT]

Each row is counted from the sources of CHECKOUT (this one by default) and by ruff; nothing is run. The tests
tests/test_names.py and tests/test_structure.py hold the bars by the same functions.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from helpers import structure

ROOT = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "cleaner"
GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"


def counted(rows: Collection[str]) -> str:
    """Format a count with the files that it was counted in."""
    return " ".join([str(len(rows)), *sorted({row.split(":")[0] for row in rows})])


def main() -> None:
    """Print the table."""
    every, vague = structure.bindings(PACKAGE), structure.vague_names(PACKAGE)
    forbidden = structure.forbidden_words(GLOSSARY.read_text(encoding="utf-8"))
    folder, modules = next(iter(structure.folder_sizes(PACKAGE).items()))
    pack, length = next(iter(structure.longest_lines(ROOT / "rules").items()))
    rows = [
        ("vague names", "< 1 %", f"{len(vague) / len(every):.1%} ({len(vague)} of {len(every)})"),
        ("names with a forbidden synonym", "0", counted(structure.forbidden_names(PACKAGE, forbidden))),
        ("docstrings not in the imperative (D401)", "0", str(len(structure.ruff(PACKAGE, "D401")))),
        ("public class names used twice", "0", counted(structure.repeated_classes(PACKAGE))),
        ("writes to vars(x)", "0", counted(structure.hidden_writes(PACKAGE))),
        ("globals rebound", "<= 1", counted(structure.rebound_globals(PACKAGE))),
        ("files in the fullest folder", "<= 17", f"{modules} ({folder})"),
        (
            "functions with more than 5 parameters outside cli and _kernels",
            "<= 8",
            counted(structure.many_parameters(PACKAGE)),
        ),
        ("magic comparisons (PLR2004)", "<= 60", str(len(structure.ruff(PACKAGE, "PLR2004")))),
        ("longest line in rules/", "<= 120", f"{length} ({pack})"),
        ("modules over 250 lines", "0", counted([f"{path}: " for path in structure.long_modules(PACKAGE)])),
    ]
    print("| bar | wanted | counted |\n|---|---|---|")
    for name, bar, count in rows:
        print(f"| {name} | {bar} | {count} |")


if __name__ == "__main__":
    main()
