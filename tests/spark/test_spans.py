"""Repeated spans on Spark are those of the embedded engine, byte for byte, however rows are divided."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cleaner import deduplicate
from cleaner.corpus.dedup.job import DedupJob
from cleaner.corpus.dedup.run import deduplicate_corpus
from cleaner.corpus.plan import plan_reading
from cleaner.errors import UsageError
from cleaner.formats.base import Reading
from cleaner.options import DedupOptions
from helpers import spark_cluster
from helpers.dedup_texts import replace_characters
from helpers.planted_spans import paragraphs, plant, sentences

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("default")]

HOSTS = ("", "a.example", "b.example", "c.example")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    conf = {"spark__sql__adaptive__coalescePartitions__enabled": "false", "spark__sql__shuffle__partitions": "3"}
    with spark_cluster.session(spark__sql__execution__arrow__maxRecordsPerBatch="7", **conf) as spark_session:
        yield spark_session


def planted_rows(documents: int = 90) -> list[dict[str, Any]]:
    """Spans of all kinds in documents of several hosts; one that most have, some quoted, near-copies, a text twice."""
    dice = random.Random("spans on Spark")
    spans = [paragraphs(dice, sentences(dice, size)) for size in (60, 90, 160, 320)]
    quote = "".join(sentences(dice, 100))
    spans += [quote, f"“{quote}”", "版权所有，转载请注明出处。" + spans[2], "".join(sentences(dice, 80)) * 2]
    rows: list[dict[str, Any]] = []
    for number in range(documents):
        text = plant(dice, dice.choice(spans), 250)
        if number % 3:
            text = plant(dice, spans[0], 100) + "\n" + text
        if number % 10 == 7:
            text = replace_characters(rows[-1]["text"], number, 0.004)
        rows.append({"id": f"d{number:03}", "text": text, "host": dice.choice(HOSTS), "n": dice.randrange(4)})
    rows.append({"id": "long", "text": "\n".join(row["text"] for row in rows[:5]), "host": "", "n": 1})
    dice.shuffle(rows)
    return rows


def planted_corpus(folder: Path) -> Path:
    folder.mkdir()
    for part in range(3):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in planted_rows()[part::3]]
        (folder / f"{part}.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def joined(path: Path) -> bytes:
    """A report, or all parts of one in their order."""
    return path.read_bytes() if path.is_file() else b"".join(part.read_bytes() for part in sorted(path.glob("part-*")))


def test_reports_and_what_dropping_leaves_are_those_of_one_machine(session: Any, tmp_path: Path) -> None:
    from cleaner.spark import dedup

    source, options = planted_corpus(tmp_path / "in"), DedupOptions(unit="both", keep="n")
    sources, _, _ = plan_reading([str(source)], None, (), "")
    embedded, on_spark = tmp_path / "here", tmp_path / "there"
    expected = deduplicate_corpus(DedupJob(sources, options, Reading(), "drop", "0"), embedded, workers=1)
    job = dedup.SparkDedupJob(str(source), str(on_spark), options, Reading(), "drop", "0")
    assert dedup.deduplicate(session, job) == expected
    for name in ("duplicates.jsonl", "clusters.jsonl", "spans.jsonl"):
        assert joined(on_spark / name) == joined(embedded / name), name
    rests = [line for path in embedded.glob("[0-9].jsonl") for line in spark_cluster.lines(path)]
    assert spark_cluster.lines(on_spark / "data") == sorted(rests)
    assert expected.spans > 10
    assert expected.copied_passages > 10


def test_spans_and_flags_of_a_frame_are_those_of_texts_in_memory(session: Any) -> None:
    from cleaner.spark import frames

    rows = planted_rows()
    expected = deduplicate(
        {row["id"]: row["text"] for row in rows}, unit="span", records={row["id"]: row for row in rows}
    )
    frame = session.createDataFrame(rows, "id string, text string, host string, n int").repartition(4)
    search = frames.FrameSearch(frame, "text", "id", DedupOptions(unit="span"), None)
    assert search.spans is not None
    records = [row.asDict(recursive=True) for row in frames.to_records(search.spans).collect()]
    assert records == [msgspec.json.decode(msgspec.json.encode(span)) for span in expected.spans]
    assert {span.kind for span in expected.spans} >= {"copy", "template", "quotation", "licence", "syndicated"}
    flag_rows = frames.with_flags(frame, "id", search.pairs, search.spans).collect()
    cuts = {place.document for span in expected.spans for place in span.cuts}
    assert {row.id for row in flag_rows if row.flags == ["dedup/span"]} == cuts
    assert len(flag_rows) == len(rows)


def test_a_unit_without_spans_is_refused(session: Any) -> None:
    from cleaner import spark

    frame = session.createDataFrame([("a", "好")], "id string, text string")
    with pytest.raises(UsageError, match="unit 'near': finds no repeated spans; give span, both or all, or call pairs"):
        spark.spans(frame, unit="near")
