"""`cleaner stats` and the numbers behind it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.corpus import clean
from cleaner.corpus.report import stats, summary
from cleaner.corpus.report.summary import HostCounts, RunSummary
from cleaner.errors import UsageError
from cleaner.model import Cleaned, Document, Edit, Span
from helpers.format_cases import CASES, job, rows
from helpers.paths import ROOT


@pytest.fixture
def output(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    next(case for case in CASES if case.name == "JSON Lines").write(path, rows(30))
    clean.clean_corpus(job([path], tmp_path / "out"), tmp_path / "out")
    return tmp_path / "out"


def test_removal_is_shown_by_rule_category_and_host(output: Path) -> None:
    found = stats.read(output)
    page = stats.page(found)
    assert "30 documents" in page
    assert "www.example0.com" in page
    assert any(rule in page for rule in found.summary.edits)
    assert "simplified" in page
    assert "characters in a document" in page
    assert f"{len(found.silent):,} rules decided nothing" in page


def test_the_same_numbers_come_as_json(output: Path) -> None:
    command = [sys.executable, "-m", "cleaner", "stats", str(output), "--json"]
    said = subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout
    found = json.loads(said)
    assert found["documents"] == 30
    assert found["hosts"]["www.example1.com"][0] == 10
    assert sum(found["lengths"].values()) == sum(found["scripts"].values()) == 30
    assert found["silent_rules"]


def test_a_folder_without_a_finished_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cleaner clean"):
        stats.read(tmp_path)


def test_a_host_far_from_the_others_is_unusual() -> None:
    hosts = {f"h{i}": HostCounts(10, 1000, 900 - i) for i in range(20)} | {
        "odd": HostCounts(10, 1000, 100),
        "few": HostCounts(1, 1000, 0),
    }
    assert [name for name, _ in stats.unusual(hosts)] == ["odd"]


def test_hosts_that_are_all_alike_are_usual() -> None:
    assert stats.unusual({f"h{i}": HostCounts(10, 1000, 900 - i) for i in range(20)}) == []
    assert stats.unusual({}) == []


RULES = st.sampled_from(["zh/ad/a", "zh/nav/b", "normalize/script"])
DONE = st.builds(
    lambda text, rule, host: (Cleaned(Document("d", text), text[1:], ((Edit(Span(0, 1), "", rule),),)), host),
    st.text(min_size=1, max_size=50),
    RULES,
    st.sampled_from(["", "a.com", "b.com"]),
)


@given(st.lists(DONE, max_size=8), st.integers(0, 8))
def test_summaries_of_shards_add_up_and_survive_writing(done: list[tuple[Cleaned, str]], cut: int) -> None:
    whole, left, right = RunSummary(), RunSummary(), RunSummary()
    for number, (cleaned, host) in enumerate(done):
        for found in (whole, left if number < cut else right):
            found.add(cleaned, host, "simplified")
    left.merge(right)
    assert left == whole
    assert summary.decode_summary(json.loads(json.dumps(whole.as_dict()))) == whole
