"""Clean the field `text` of JSON Lines, in batches, and keep the edits beside it, so that every text can be restored.

python clean_dataset.py PAGES.jsonl CLEAN.jsonl
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cleaner.integrations import Cleaning, encode_edits, restore


def clean(records: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    cleaning = Cleaning("zh-web", script="simplified")
    texts = (record["text"] for record in records)
    for record, cleaned in zip(records, cleaning(texts), strict=True):
        if cleaned and cleaned.text.strip():
            yield {**record, "text": cleaned.text, "edits": encode_edits(cleaned)}


def main(source: Path, target: Path) -> None:
    records = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    originals = {record["id"]: record["text"] for record in records}
    with target.open("w", encoding="utf-8") as file:
        for record in clean(records):
            assert restore(record["text"], record["edits"]) == originals[record["id"]]
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
