"""Write answers as labelled pages, which `cleaner rules tune` fits the judge on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from cleaner.formats.storage import files
from cleaner.model import Document
from cleaner.review.questions import make_key
from cleaner.review.session import Answer

_LETTERS = {"junk": "D", "keep": "K"}
UNKNOWN = "M"
"""The label of a line that nobody was asked about: it counts for neither."""


def write_labels(folder: Path, answers: Iterable[Answer], documents: Mapping[str, Document]) -> int:
    """Write the pages that answers are about with a label for each line; return how many.

    A page of which no answer holds any more is removed.

    Args:
        folder: gets `docs/ID.txt` and `labels/ID.json`.
        answers: those that hold.
        documents: of the sample, by id.
    """
    letters: dict[str, dict[str, str]] = {}
    for answer in answers:
        if answer.verdict in _LETTERS and answer.document in documents:
            letters.setdefault(answer.document, {})[answer.line or answer.text] = _LETTERS[answer.verdict]
    for name, document in documents.items():
        page = make_key(name, "")
        text, labels = folder / "docs" / f"{page}.txt", folder / "labels" / f"{page}.json"
        if name not in letters:
            text.unlink(missing_ok=True)
            labels.unlink(missing_ok=True)
            continue
        page_lines = [line.strip() for line in document.text.split("\n") if line.strip()]
        label_file = {
            "site": document.host or name,
            "labels": "".join(letters[name].get(line, UNKNOWN) for line in page_lines),
        }
        files.write_bytes(text, document.text.encode())
        files.write_bytes(labels, json.dumps(label_file, ensure_ascii=False).encode())
    return len(letters)
