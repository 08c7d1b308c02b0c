"""A DataFrame of Spark is cleaned as a single text is, whatever its partitions."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import cleaner
from cleaner.errors import UsageError
from cleaner.integrations import restore
from conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

TEXTS = [
    "我們的圖書館。",
    None,
    "",
    "首页|新闻|图片|视频\n\n河水退去之后，村里的人开始重新丈量田地。\n\n上一篇：没有了\n",
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java 17 or newer")
    made = sql.SparkSession.builder.master("local[2]").config(
        map={
            "spark.ui.enabled": "false",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "16",
        }
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYSPARK_PYTHON", sys.executable)
        environment.setenv("PYTHONPATH", str(ROOT))
        session = made.getOrCreate()
        try:
            yield session
        finally:
            session.stop()


def test_a_frame_is_cleaned_as_a_text_is(session: Any) -> None:
    from cleaner import spark

    pages = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "samples").rglob("*.in.txt"))]
    texts = [*TEXTS, *(page for page in pages for _ in range(5))]
    frame = session.createDataFrame(list(enumerate(texts)), "id int, text string").repartition(5)
    done = spark.clean(frame, edits="edits", punctuation="keep")
    assert done.columns == ["id", "text", "edits"]
    rows = sorted(done.collect())
    assert [row.id for row in rows] == list(range(len(texts)))
    for text, row in zip(texts, rows, strict=True):
        if text is None:
            assert (row.text, row.edits) == (None, None)
        else:
            assert row.text == cleaner.clean(text, punctuation="keep").text
            assert restore(row.text, row.edits) == text


def test_a_wrong_column_is_told_before_anything_runs(session: Any) -> None:
    from cleaner import spark

    frame = session.createDataFrame([(1, "好")], "id int, body string")
    with pytest.raises(UsageError, match="no column 'text'; there are id, body"):
        spark.clean(frame)
    with pytest.raises(UsageError, match="column 'id' holds int, not text"):
        spark.clean(frame, "id")
    with pytest.raises(UsageError, match="a column 'id' already"):
        spark.clean(frame, "body", edits="id")


def test_packs_are_read_by_the_caller(session: Any, tmp_path: Any) -> None:
    from cleaner import spark

    pack = 'schema = 1\npack = { id = "mine", version = "1", title = "t" }\n[[rule]]\nid = "nav/board"\nwhy = "w"\n'
    (tmp_path / "mine.toml").write_text(
        f'{pack}literals = ["村务公开栏"]\ndrops = ["村务公开栏"]\nkeeps = ["好"]\n', encoding="utf-8"
    )
    frame = session.createDataFrame([("村务公开栏\n好。",)], "text string")
    done = spark.clean(frame, packs=["core", str(tmp_path / "mine.toml")])
    (tmp_path / "mine.toml").unlink()
    assert done.collect()[0].text == "好。"
