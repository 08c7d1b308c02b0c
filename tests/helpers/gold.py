"""The labelled pages that lie beside a checkout, and their scorer."""

from __future__ import annotations

import difflib
import importlib.util
from collections import Counter
from pathlib import Path
from typing import Any


def load_scorer(folder: Path) -> Any:
    """Import `score.py` of a folder of labelled pages."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def label_lines(score: Any, page: Any, text: str) -> str:
    """Take over labels for the lines of another reading of a page: for each what most of its characters have.

    Args:
        score: the scorer.
        page: the labelled page, as the scorer loads it.
        text: the other reading.

    Returns:
        One letter for every non-blank line of `text`: K, D or M.
    """
    lines, classes = [line for _, line, _ in page.lines], [letters for _, _, letters in page.lines]
    others = [score.norm(line) for line in text.split("\n") if line.strip()]
    votes: list[Counter[str]] = [Counter() for _ in others]
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, lines, others, autojunk=False).get_opcodes():
        if kind == "equal":
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                votes[j].update(classes[i])
            continue
        letters = [letter for i in range(i1, i2) for letter in classes[i]]
        owners = [j for j in range(j1, j2) for _ in others[j]]
        match = difflib.SequenceMatcher(None, "".join(lines[i1:i2]), "".join(others[j1:j2]), autojunk=False)
        for start, other, size in match.get_matching_blocks():
            for offset in range(size):
                votes[owners[other + offset]][letters[start + offset]] += 1
    return "".join(max("KDM", key=lambda letter: vote[letter]) if vote else "D" for vote in votes)
