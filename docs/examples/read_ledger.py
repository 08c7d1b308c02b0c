"""Read the ledger of a run with nothing but the standard library: what each rule removed, and where.

cleaner clean PAGES --output CLEAN
python read_ledger.py CLEAN
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path


def main(output: Path) -> None:
    characters: Counter[str] = Counter()
    with (output / "_cleaner" / "edits.jsonl").open(encoding="utf-8") as lines:
        for entry in map(json.loads, lines):
            for changes in entry.get("passes", ()):  # each against the text before it
                for change in changes:
                    characters[change["rule"]] += len(change["old"]) - len(change["new"])
                    if len(change["old"]) > 20:
                        print(f"{entry['document']}:{change['start']} {change['rule']}: {change['old'][:20]!r} …")
    for rule, count in characters.most_common():
        print(f"{count:6} {rule}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
