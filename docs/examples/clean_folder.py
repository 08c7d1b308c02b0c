"""Clean the text files of a folder and say which rules removed how much.

    python clean_folder.py PAGES CLEAN

`cleaner clean PAGES --output CLEAN` does the same with all formats, many processes, a ledger and near-duplicates.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import cleaner


def main(source: Path, target: Path) -> None:
    removed: Counter[str] = Counter()
    for path in sorted(source.rglob("*.txt")):
        cleaned = cleaner.clean(path.read_text(encoding="utf-8"), script="keep")
        output = target / path.relative_to(source)
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(cleaned.text, encoding="utf-8")
        for edit in cleaned.edits:
            removed[edit.rule] += edit.span.stop - edit.span.start - len(edit.new)
    for rule, characters in removed.most_common(10):
        print(f"{characters:6} {rule}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
