"""Restoring from what somebody altered: refused with a sentence, nothing waited for, nothing written elsewhere."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cleaner.corpus import clean, restore
from cleaner.errors import RestoreError
from helpers.format_cases import CASES, job, page, rows, tree

JSONL = next(case for case in CASES if case.name == "JSON Lines")
FORGERIES: list[dict[str, Any]] = [
    {"encoding": "no-such"},
    {"encoding": "hex"},
    {"raw": "not base64!"},
    {"raw": "aaaa"},
    {"passes": [[{"start": -5, "old": "x", "new": "", "rule": "r"}]]},
    {"passes": [[{"start": 10**9, "old": "x", "new": "", "rule": "r"}]]},
    {"passes": [[{"start": 3, "old": "x", "new": "", "rule": "r"}, {"start": 1, "old": "y", "new": "", "rule": "r"}]]},
    {"output": "../outside"},
    {"output": "/etc/hostname"},
    {"output": "a\0b"},
    {"output": ""},
    {"output": "."},
    {"source": ""},
    {"source": "/"},
    {"source": "a\0b"},
    {"document": ""},
    {"document": "../up.txt"},
    {"document": "x" * 400},
]


@pytest.fixture
def cleaned(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(page(1))
    JSONL.write(tmp_path / "in/b.jsonl", rows(2))
    clean.clean_corpus(job([tmp_path / "in"], tmp_path / "out"), tmp_path / "out")
    return tmp_path / "out"


def list_written(output: Path, back: Path) -> list[str]:
    """Restore, and list what was written; all else was refused with a reason."""
    written = []
    with suppress(RestoreError):
        for outcome in restore.restore(output, back):
            written += [] if outcome.reason else [outcome.target]
    return written


@pytest.mark.parametrize("forgery", FORGERIES, ids=str)
@pytest.mark.parametrize("line", [0, 1])
def test_a_forged_ledger_is_refused_with_a_sentence(forgery: dict[str, Any], line: int, cleaned: Path) -> None:
    path = cleaned / "_cleaner/edits.jsonl"
    entries = [json.loads(text) for text in path.read_text().splitlines()]
    entries[line] |= forgery
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    before = tree(cleaned)
    written = list_written(cleaned, cleaned.parent / "back")
    assert set(tree(cleaned.parent / "back")) == set(written)
    assert tree(cleaned) == before
    assert {name.split("/")[0] for name in tree(cleaned.parent)} <= {"in", "out", "back"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_an_output_that_became_a_pipe_or_a_device_is_refused(cleaned: Path) -> None:
    for name in ("a.txt", "b.jsonl"):
        (cleaned / name).unlink()
    os.mkfifo(cleaned / "a.txt")
    (cleaned / "b.jsonl").symlink_to("/dev/zero")
    reasons = [outcome.reason for outcome in restore.restore(cleaned, cleaned.parent / "back")]
    assert len(reasons) == 2
    assert "a named pipe, not a file" in reasons[0]
    assert "cannot be read" in reasons[1]


def test_links_in_the_target_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in/deep").mkdir(parents=True)
    (tmp_path / "in/deep/a.txt").write_text(page(1))
    clean.clean_corpus(job([tmp_path / "in"], tmp_path / "out"), tmp_path / "out")
    for name in ("elsewhere", "back"):
        (tmp_path / name).mkdir()
    (tmp_path / "back/deep").symlink_to("../elsewhere")
    (outcome,) = restore.restore(tmp_path / "out", tmp_path / "back")
    assert "a link, which is not followed" in outcome.reason
    assert not list((tmp_path / "elsewhere").iterdir())
