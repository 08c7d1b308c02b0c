"""`cleaner clean` and `cleaner dedup` on Spark give what the embedded engine gives, record for record."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cleaner.cli import app
from cleaner.corpus import clean as corpus
from cleaner.errors import UsageError
from helpers import spark_cluster as spark
from helpers.dedup_texts import prose, replace_characters
from helpers.format_cases import COMPRESSORS, decompress, job, page, rows
from helpers.spark_cluster import assert_same_output, lines, read_run_list

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("default")]

BAD = [
    "",
    "{bad",
    '{"id": "n", "text": 5}',
    '{"id": "m"}',
    '{"id": "s", "text": "\\ud800"}',
    '{"id": "z", "text": null}',
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark.session() as spark_session:
        yield spark_session


def records(count: int = 24) -> list[dict[str, Any]]:
    """Records, some with the id of an earlier one, one without; a third are near-copies."""
    values = [{**row, "text": f"{row['text']}\n{prose(row['n'] % 9, 300)}"} for row in rows(count)]
    values[7]["id"] = values[3]["id"]
    del values[9]["id"]
    return [{**row, "text": replace_characters(row["text"], number, 0.003)} for number, row in enumerate(values)]


def write(path: Path, *, bad: bool = True) -> Path:
    """JSON lines without a last line break, blank and bad ones among them."""
    json_lines = [json.dumps(row, ensure_ascii=row["n"] % 5 == 0) for row in records()]
    data = "\n".join([*json_lines[:10], *(BAD if bad else []), *json_lines[10:]]).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(COMPRESSORS[path.suffix if path.suffix in COMPRESSORS else ""](data))
    return path


def both(session: Any, source: Path, folder: Path, dedup: str = "flag", **options: Any) -> tuple[Path, Path]:
    """The outputs of both engines."""
    embedded, on_spark = folder / "here", folder / "there"
    corpus.clean_corpus(job([source], embedded, dedup=dedup, **options), embedded, workers=1)
    spark.clean(session, source, on_spark, dedup, reading=options)
    assert_same_output(embedded, on_spark)
    assert not (on_spark / "_cleaner/stages").exists()
    return embedded, on_spark


@pytest.mark.parametrize("dedup", ["flag", "drop"])
def test_lines_are_cleaned_and_compared_as_on_one_machine(session: Any, dedup: str, tmp_path: Path) -> None:
    embedded, on_spark = both(session, write(tmp_path / "in/a.jsonl"), tmp_path, dedup)
    assert lines(on_spark / "data") == lines(embedded / "a.jsonl")
    assert spark.counts(on_spark)["rejected"] == 5  # half a surrogate passes
    assert spark.counts(on_spark)["duplicates"] > 20
    if dedup == "drop":
        assert spark.counts(on_spark)["edits_by_rule"]["dedup/passage"] > 5


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_compressed_lines_are_cleaned_as_on_one_machine(session: Any, suffix: str, tmp_path: Path) -> None:
    if suffix == ".zst":
        pytest.importorskip("zstandard")
    embedded, on_spark = both(session, write(tmp_path / f"in/a.jsonl{suffix}"), tmp_path, "off")
    name = f"a.jsonl{suffix}"
    assert lines(on_spark / "data") == sorted(line for line in decompress(embedded / name).split(b"\n") if line)
    assert {path.suffix for path in (on_spark / "data").glob("part-*")} == {
        suffix if suffix in (".gz", ".bz2") else ".gz"
    }


def test_damage_ends_a_file_and_is_listed(session: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "in/a.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-200])
    _, on_spark = both(session, path, tmp_path, "off")
    assert any("damaged" in entry["reason"] for entry in read_run_list(on_spark, "rejected.jsonl"))


def test_large_compressed_files_are_read_by_spark(session: Any, tmp_path: Path, monkeypatch: Any) -> None:
    from cleaner.spark import inputs

    monkeypatch.setattr(inputs, "MAX_WHOLE_FILE", 100)
    session.conf.set("spark.sql.files.maxPartitionBytes", "20000")
    try:
        source = tmp_path / "in"
        for name in ("a.jsonl", "b.jsonl", "c.jsonl.bz2"):
            write(source / name)
        embedded, on_spark = tmp_path / "here", tmp_path / "there"
        corpus.clean_corpus(job([source], embedded, dedup="off"), embedded, workers=1)
        spark.clean(session, source, on_spark, "off")
        # a compressed file does not say whether its last line ends with a break
        mine, theirs = (
            [e for e in read_run_list(path, "edits.jsonl") if "c.jsonl" not in e["source"]]
            for path in (embedded, on_spark)
        )
        assert mine == theirs
        assert read_run_list(on_spark, "rejected.jsonl") == read_run_list(embedded, "rejected.jsonl")
        assert spark.counts(on_spark) == spark.counts(embedded)
    finally:
        session.conf.unset("spark.sql.files.maxPartitionBytes")


def test_columns_of_parquet_stay(session: Any, tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    source = tmp_path / "in"
    source.mkdir()
    input_rows: list[dict[str, Any]] = [{"when": 5, **row, "id": row.get("id"), "tags": ["a"]} for row in records()]
    input_rows[4]["text"] = None
    for part in range(2):
        table = pyarrow.Table.from_pylist(input_rows[part * 12 : part * 12 + 12])
        parquet.write_table(table, source / f"p{part}.parquet", row_group_size=5)
    embedded, on_spark = both(session, source, tmp_path)
    expected_rows = [row for part in range(2) for row in parquet.read_table(embedded / f"p{part}.parquet").to_pylist()]
    output_rows = parquet.read_table(on_spark / "data").to_pylist()
    assert sorted(output_rows, key=str) == sorted(expected_rows, key=str)
    assert list(output_rows[0]) == list(input_rows[0])
    assert len(output_rows) == 23


def test_texts_of_another_type_are_listed_and_a_missing_column_is_an_error_at_once(
    session: Any, tmp_path: Path
) -> None:
    import pyarrow
    from pyarrow import parquet

    path = tmp_path / "in/p.parquet"
    path.parent.mkdir()
    parquet.write_table(pyarrow.table({"text": [1, 2], "body": ["好。", None]}), path)
    _, on_spark = both(session, path, tmp_path, "off")
    assert spark.counts(on_spark)["rejected"] == 2
    with pytest.raises(UsageError, match="no column 'words'; there are text, body: name one with --field"):
        spark.clean(session, path, tmp_path / "other", reading={"texts": ("words",)})
    assert not (tmp_path / "other").exists()


def test_text_files_and_pages_become_one_table(session: Any, tmp_path: Path) -> None:
    pytest.importorskip("selectolax")
    from pyarrow import parquet

    source = tmp_path / "in 文"
    (source / "www.a.com").mkdir(parents=True)
    for number in range(6):
        (source / f"www.a.com/{number}.txt").write_text(page(number), encoding="gbk" if number % 2 else "utf-8")
    (source / "p.html").write_text("<html><body><p>河水退去之后，田地露了出来。</p></body></html>", encoding="utf-8")
    (source / "long.txt").write_text("长" * 2000, encoding="utf-8")
    embedded, on_spark = both(session, source, tmp_path, limit=4000)
    table = parquet.read_table(on_spark / "data").to_pylist()
    names = {row["id"]: row["text"] for row in table}
    files = [path for path in embedded.rglob("*.txt") if "_cleaner" not in path.parts]
    assert names == {path.relative_to(embedded).as_posix(): path.read_text(encoding="utf-8") for path in files}
    assert spark.counts(on_spark)["rejected"] == 1


def test_an_interrupted_run_resumes_after_the_last_complete_stage(
    session: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    from cleaner.spark.checkpoints import ParquetCheckpoints

    source, on_spark = write(tmp_path / "in/a.jsonl"), tmp_path / "there"
    computed_stages: list[str] = []
    make = ParquetCheckpoints.__call__

    def breaking(self: Any, name: str, frame: Any) -> Any:
        if name == "passages-candidates" and "passages-candidates" not in computed_stages:
            computed_stages.append(name)
            raise RuntimeError("broken off")
        if not self.is_complete(name):
            computed_stages.append(name)
        return make(self, name, frame)

    monkeypatch.setattr(ParquetCheckpoints, "__call__", breaking)
    with pytest.raises(RuntimeError, match="broken off"):
        spark.clean(session, source, on_spark)
    with pytest.raises(UsageError, match="dedup was flag, is off"):
        spark.clean(session, source, on_spark, "off")
    first, computed_stages[:] = list(computed_stages), ["passages-candidates"]
    spark.clean(session, source, on_spark)
    assert first[0] == "clean"
    assert not set(first[:-1]) & set(computed_stages)
    corpus.clean_corpus(job([source], tmp_path / "here"), tmp_path / "here", workers=1)
    assert_same_output(tmp_path / "here", on_spark)
    with pytest.raises(UsageError, match=r"manifest.json exists; choose another --output or give --force"):
        spark.clean(session, source, on_spark)


def test_wrong_inputs_are_errors(session: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        spark.clean(session, tmp_path / "nowhere.jsonl", tmp_path / "out")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text("id,text\n1,好\n")
    (tmp_path / "in/b.csv").write_text("id,text\n1,好\n")
    with pytest.raises(UsageError, match=r"no documents in .*searched for \.jsonl"):
        spark.clean(session, tmp_path / "in", tmp_path / "out")
    write(tmp_path / "in/a.jsonl")
    (tmp_path / "in/a.txt").write_text("好")
    with pytest.raises(UsageError, match=r"holds \.jsonl/\.ndjson and \.txt/\.text; give a glob"):
        spark.clean(session, tmp_path / "in", tmp_path / "out")


@pytest.mark.parametrize("options", [{}, {"unit": "document", "keep": "n", "chain": False}])
def test_dedup_finds_and_drops_the_copies_of_one_machine(session: Any, options: Any, tmp_path: Path) -> None:
    from cleaner.corpus.dedup.job import DedupJob
    from cleaner.corpus.dedup.run import deduplicate_corpus
    from cleaner.corpus.plan import plan_reading
    from cleaner.formats.base import Reading
    from cleaner.options import DedupOptions
    from cleaner.spark import dedup

    source = write(tmp_path / "in/a.jsonl")
    source.write_bytes(source.read_bytes().replace(b'"d3"', b'"d33"', 1))
    dedup_options, (embedded, on_spark) = DedupOptions(**options), (tmp_path / "here", tmp_path / "there")
    sources, _, _ = plan_reading([str(source)], None, ())
    expected = deduplicate_corpus(DedupJob(sources, dedup_options, Reading(), "drop", "0"), embedded)
    summary = dedup.deduplicate(
        session, dedup.SparkDedupJob(str(source), str(on_spark), dedup_options, Reading(), "drop", "0")
    )
    assert summary == expected
    assert summary.copies > 3
    for name, other in (
        ("duplicates.jsonl", "duplicates.jsonl"),
        ("clusters.jsonl", "clusters.jsonl"),
        ("a.jsonl", "data"),
    ):
        assert lines(on_spark / other) == lines(embedded / name)


def test_the_command_line_gives_the_output_of_the_embedded_engine(
    session: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    """On the session that is there; it is not stopped."""
    monkeypatch.setattr(type(session), "stop", lambda self: None)
    source = write(tmp_path / "in/a.jsonl", bad=False)
    clean = ["clean", str(source), "--engine", "spark", "--master", "local[2]", "--dedup", "off", "--json", "-q"]
    result = CliRunner().invoke(app, [*clean, "-o", str(tmp_path / "out"), "--conf", "spark.ui.enabled=false"])
    assert result.exit_code == 0, result.output  # an id is repeated, and said
    assert json.loads(result.stdout)["documents"] == 24
    dedup = ["dedup", str(source), "--id-field", "url", "--engine", "spark", "--unit", "document", "-q", "--json"]
    result = CliRunner().invoke(app, [*dedup, "-o", str(tmp_path / "found")])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["documents"] == 24


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--conf", "memory"], "write it as K=V"),
        (["--workers", "2", "--dry-run"], "--workers, --dry-run: not with this --engine"),
        (["--include", "*.txt"], "--include: not with this --engine"),
    ],
)
def test_conflicting_options_are_errors(options: list[str], message: str, tmp_path: Path) -> None:
    spark.skip_without_spark()
    call = ["clean", str(tmp_path), "-o", str(tmp_path / "out"), "--engine", "spark", *options]
    result = CliRunner().invoke(app, call)
    assert isinstance(result.exception, UsageError)
    assert message in str(result.exception)


def test_progress_comes_from_the_status_api(session: Any) -> None:
    from cleaner.spark import session as sessions

    reports: list[tuple[int, int, int]] = []
    with sessions.show_progress(session, lambda *report: reports.append(report)):
        session.sparkContext.parallelize(range(4), 4).foreach(lambda _: time.sleep(1))
    assert reports
    assert all(0 <= completed_tasks <= tasks == 4 for _, completed_tasks, tasks in reports)
