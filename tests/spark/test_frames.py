"""A DataFrame of Spark is cleaned as a single text is, whatever its partitions."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import cleaner
from cleaner.errors import UsageError
from cleaner.integrations import restore
from helpers import spark_cluster
from helpers.dedup_texts import prose, replace_characters
from helpers.paths import ROOT

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("default")]

TEXTS = [
    "我們的圖書館。",
    None,
    "",
    "首页|新闻|图片|视频\n\n河水退去之后，村里的人开始重新丈量田地。\n\n上一篇：没有了\n",
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark_cluster.session(spark__sql__execution__arrow__maxRecordsPerBatch="16") as spark_session:
        yield spark_session


def test_a_frame_is_cleaned_as_a_text_is(session: Any) -> None:
    from cleaner import spark

    pages = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "samples").rglob("*.in.txt"))]
    texts = [*TEXTS, *(page for page in pages for _ in range(5))]
    frame = session.createDataFrame(list(enumerate(texts)), "id int, text string").repartition(5)
    cleaned = spark.clean(frame, edits="edits", flags="flags", punctuation="keep")
    assert cleaned.columns == ["id", "text", "edits", "flags"]
    rows = sorted(cleaned.collect())
    assert [row.id for row in rows] == list(range(len(texts)))
    for text, row in zip(texts, rows, strict=True):
        if text is None:
            assert (row.text, row.edits, row.flags) == (None, None, None)
        else:
            expected = cleaner.clean(text, punctuation="keep")
            assert (row.text, row.flags) == (expected.text, sorted({flag.rule for flag in expected.flags}))
            assert restore(row.text, row.edits) == text


def test_a_wrong_column_is_an_error_before_any_stage(session: Any) -> None:
    from cleaner import spark

    frame = session.createDataFrame([(1, "好")], "id int, body string")
    with pytest.raises(UsageError, match="no column 'text'; there are id, body"):
        spark.clean(frame)
    with pytest.raises(UsageError, match="column 'id' holds int, not text"):
        spark.clean(frame, "id")
    with pytest.raises(UsageError, match="a column 'id' already"):
        spark.clean(frame, "body", edits="id")


def test_a_wrong_option_is_an_error_before_any_stage(session: Any) -> None:
    from cleaner import spark

    frame = session.createDataFrame([("a", "好")], "id string, text string")
    with pytest.raises(UsageError, match=r"script: 'simplfied' is none of .*; did you mean 'simplified'"):
        spark.clean(frame, script="simplfied")
    with pytest.raises(UsageError, match="unit: 'page' is none of document, passage, "):
        spark.deduplicate(frame, unit="page")
    with pytest.raises(UsageError, match=r"keep: 'longst' is none of .*, nor a column; did you mean 'longest'"):
        spark.pairs(frame, keep="longst")


def test_packs_are_read_by_the_caller(session: Any, tmp_path: Any) -> None:
    from cleaner import spark

    pack = 'schema = 1\npack = { id = "mine", version = "1", title = "t" }\n[[rule]]\nid = "nav/board"\nwhy = "w"\n'
    (tmp_path / "mine.toml").write_text(
        f'{pack}literals = ["村务公开栏"]\ndrops = ["村务公开栏"]\nkeeps = ["好"]\n', encoding="utf-8"
    )
    frame = session.createDataFrame([("村务公开栏\n好。",)], "text string")
    clean_frame = spark.clean(frame, packs=["core", str(tmp_path / "mine.toml")])
    (tmp_path / "mine.toml").unlink()
    assert clean_frame.collect()[0].text == "好。"


def documents() -> dict[str, str]:
    """A third are near-copies of others, some the same; a paragraph stands in ten of one host."""
    texts = [
        replace_characters(prose(number - number % 3, 500), number, 0.004 * (number % 3 == 1)) for number in range(90)
    ]
    passage = prose("shared", 120)
    return {f"d{number:02}": f"{text}\n{passage}" if number % 9 == 0 else text for number, text in enumerate(texts)}


@pytest.mark.parametrize(
    "options", [{"unit": "near"}, {"unit": "document", "keep": "n", "chain": False}, {"unit": "passage"}]
)
def test_pairs_are_those_of_one_machine(session: Any, options: Any) -> None:
    from cleaner import spark
    from cleaner.spark.pair_frames import PAIR_COLUMNS

    texts, dice = documents(), random.Random(4)
    records = {key: {"host": f"www.{int(key[1:]) % 2}.com", "n": dice.randint(0, 5)} for key in texts}
    rows = [(key, text, records[key]["host"], records[key]["n"]) for key, text in texts.items()]
    dice.shuffle(rows)
    frame = session.createDataFrame([*rows, ("null", None, "", 0)], "id string, text string, host string, n int")
    pairs = sorted(spark.pairs(frame.repartition(3), **options).collect())
    expected = cleaner.deduplicate(texts, records=records, **options).pairs
    spans = [(p.copy_span.start, p.copy_span.stop, p.keeper_span.start, p.keeper_span.stop) for p in expected]
    assert [(r.copy, r.copy_passage, r.keeper, r.keeper_passage) for r in pairs] == [
        (p.copy, p.copy_passage, p.keeper, p.keeper_passage) for p in expected
    ]
    assert [(r.copy_start, r.copy_stop, r.keeper_start, r.keeper_stop) for r in pairs] == spans
    for name in PAIR_COLUMNS[8:]:
        assert [row[name] for row in pairs] == [getattr(pair, name) for pair in expected]
    assert len(expected) > 25


def test_rows_are_flagged_with_their_cluster_and_keeper(session: Any, tmp_path: Path) -> None:
    from cleaner import spark

    texts = documents()
    frame = session.createDataFrame([*texts.items(), ("null", None)], "id string, text string")
    flags_frame = spark.deduplicate(frame, unit="near", stages=str(tmp_path))
    assert flags_frame.columns == ["id", "text", "cluster", "keeper", "flags"]
    rows = {row.id: row for row in flags_frame.collect()}
    duplicates = cleaner.deduplicate(texts)
    copies = {pair.copy: pair.keeper for pair in duplicates.pairs if pair.unit == "document"}
    assert {key for key, row in rows.items() if not row.keeper} == set(copies)
    for key, row in rows.items():
        assert row.text == texts.get(key)
        assert row.cluster == copies.get(key, key if key in copies.values() else None)
        assert ("dedup/document" in row.flags) == (key in copies)
        assert ("dedup/passage" in row.flags) == any(p.copy == key and p.unit == "passage" for p in duplicates.pairs)


def test_a_repeated_id_is_an_error(session: Any) -> None:
    from cleaner import spark

    frame = session.createDataFrame([("a", prose(1)), ("a", prose(2)), ("b", prose(3))], "id string, text string")
    with pytest.raises(UsageError, match="two documents have the id 'a'"):
        spark.pairs(frame)


SCALE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")


def block(kind: str, word: str) -> str:
    return dedent(next(text for text in re.findall(rf"```{kind}\n(.*?)```", SCALE, flags=re.DOTALL) if word in text))


@pytest.fixture
def pages(session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like the one of the examples."""
    monkeypatch.chdir(tmp_path)
    frame = session.createDataFrame(list(documents().items()), "id string, text string")
    frame.coalesce(1).write.parquet(str(tmp_path / "pages"))
    return tmp_path


def test_the_notebook_of_the_docs_runs(session: Any, pages: Path) -> None:
    code = re.sub(r'"(pages|cleaned|kept|stages)"', rf'"{pages}/\1"', block("python", "deduplicate"))
    exec(compile(code, "scale.md", "exec"), {"spark": session, "display": lambda frame: None})
    assert 0 < session.read.parquet(str(pages / "kept")).count() < 90


def test_the_job_of_the_docs_is_submitted(pages: Path) -> None:
    import pyspark

    (pages / "job.py").write_text(block("python", "SparkSession"), encoding="utf-8")
    subprocess.run([sys.executable, "-c", block("python", "package")], cwd=pages, check=True, env=environment())
    command = block("console", "spark-submit").replace("yarn", "local[2]").replace("\\\n", " ").split()
    conf = [part for name, value in spark_cluster.CONF.items() for part in ("--conf", f"{name}={value}")]
    program = str(Path(pyspark.__file__).parent / "bin" / "spark-submit")
    frame = subprocess.run([program, *conf, *command[1:]], cwd=pages, capture_output=True, text=True, env=environment())
    assert frame.returncode == 0, frame.stderr[-3000:]
    assert (pages / "clean/_SUCCESS").exists()


def test_the_command_of_the_docs_runs(pages: Path) -> None:
    command = block("console", "--engine spark").replace("\\\n", " ").split()
    command = [part.replace("yarn", "local[2]").removeprefix("hdfs://nn/") for part in command]
    conf = [part for name, value in spark_cluster.CONF.items() for part in ("--conf", f"{name}={value}")]
    result = subprocess.run(
        [sys.executable, "-m", *command, *conf], cwd=pages, capture_output=True, text=True, env=environment()
    )
    assert result.returncode == 0, result.stderr[-3000:]
    assert (pages / "clean/data/_SUCCESS").exists()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
