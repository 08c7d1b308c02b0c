"""`cleaner learn` on Spark writes the packs of the embedded engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner.corpus.learn import packs
from cleaner.corpus.learn.job import MIN_PAGES
from cleaner.formats.base import Reading
from cleaner.packs import registry
from cleaner.pipeline import Pack
from helpers import spark_cluster as spark
from helpers.calls import Call
from helpers.site_pages import write_sites

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark.session(spark__sql__files__maxPartitionBytes="8k") as spark_session:
        yield spark_session


def test_hosts_and_frames_are_learned_as_on_one_machine(session: Any, tmp_path: Path, call: Call) -> None:
    from cleaner.spark.learn import SparkLearnJob, learn_corpus

    pages = write_sites(tmp_path, "novel", "minutes")
    rows = [json.loads(line) for line in pages.read_text("utf-8").splitlines()]
    rows += [{"id": f"{row['id']}-copy", "text": row["text"].replace("书屋", "书城")} for row in rows]
    source = tmp_path / "in" / "pages.jsonl"
    source.parent.mkdir()
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    source.write_text("\n".join([*lines[:30], "{bad", *lines[30:]]) + "\n", encoding="utf-8")
    code, out, _ = call("learn", source, "-o", tmp_path / "here", "--json")
    job = SparkLearnJob(str(source.parent), Reading(), Pack(registry.load_rules("zh-web")), MIN_PAGES)
    lesson = learn_corpus(session, job)
    texts = {file.name: file.text for file in packs.new_files(lesson.packs, ["zh-web"])}
    assert texts == {path.stem: path.read_text("utf-8") for path in (tmp_path / "here").glob("*.toml")}
    assert len(texts) >= 3
    summary = json.loads(out)
    assert (code, summary["pages"], summary["framed_pages"]) == (1, lesson.hosts.total(), 42)
    assert [skip["reason"] for skip in summary["skips"]] == [skip.reason for skip in lesson.skips]
