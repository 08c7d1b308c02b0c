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
    with spark.session() as made:
        yield made


def records(count: int = 24) -> list[dict[str, Any]]:
    """Records, some with the id of an earlier one, one without; a third are near-copies."""
    made = [{**row, "text": f"{row['text']}\n{prose(row['n'] % 9, 300)}"} for row in rows(count)]
    made[7]["id"] = made[3]["id"]
    del made[9]["id"]
    return [{**row, "text": replace_characters(row["text"], number, 0.003)} for number, row in enumerate(made)]


def write(path: Path, *, bad: bool = True) -> Path:
    """JSON lines without a last line break, blank and bad ones among them."""
    found = [json.dumps(row, ensure_ascii=row["n"] % 5 == 0) for row in records()]
    data = "\n".join([*found[:10], *(BAD if bad else []), *found[10:]]).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(COMPRESSORS[path.suffix if path.suffix in COMPRESSORS else ""](data))
    return path


def both(session: Any, source: Path, folder: Path, dedup: str = "flag", **how: Any) -> tuple[Path, Path]:
    """The outputs of both engines."""
    here, there = folder / "here", folder / "there"
    corpus.clean_corpus(job([source], here, dedup=dedup, **how), here, workers=1)
    spark.clean(session, source, there, dedup, reading=how)
    assert_same_output(here, there)
    assert not (there / "_cleaner/stages").exists()
    return here, there


@pytest.mark.parametrize("dedup", ["flag", "drop"])
def test_lines_are_cleaned_and_compared_as_on_one_machine(session: Any, dedup: str, tmp_path: Path) -> None:
    here, there = both(session, write(tmp_path / "in/a.jsonl"), tmp_path, dedup)
    assert lines(there / "data") == lines(here / "a.jsonl")
    assert spark.counts(there)["rejected"] == 6
    assert spark.counts(there)["duplicates"] > 20
    if dedup == "drop":
        assert spark.counts(there)["edits_by_rule"]["dedup/passage"] > 5


@pytest.mark.parametrize("packed", [".gz", ".bz2", ".xz", ".zst"])
def test_compressed_lines_are_cleaned_as_on_one_machine(session: Any, packed: str, tmp_path: Path) -> None:
    if packed == ".zst":
        pytest.importorskip("zstandard")
    here, there = both(session, write(tmp_path / f"in/a.jsonl{packed}"), tmp_path, "off")
    name = f"a.jsonl{packed}"
    assert lines(there / "data") == sorted(line for line in decompress(here / name).split(b"\n") if line)
    assert {path.suffix for path in (there / "data").glob("part-*")} == {packed if packed in (".gz", ".bz2") else ".gz"}


def test_damage_ends_a_file_and_is_listed(session: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "in/a.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-200])
    _, there = both(session, path, tmp_path, "off")
    assert any("damaged" in entry["reason"] for entry in read_run_list(there, "rejected.jsonl"))


def test_large_compressed_files_are_read_by_spark(session: Any, tmp_path: Path, monkeypatch: Any) -> None:
    from cleaner.spark import inputs

    monkeypatch.setattr(inputs, "MAX_WHOLE_FILE", 100)
    session.conf.set("spark.sql.files.maxPartitionBytes", "20000")
    try:
        source = tmp_path / "in"
        for name in ("a.jsonl", "b.jsonl", "c.jsonl.bz2"):
            write(source / name)
        here, there = tmp_path / "here", tmp_path / "there"
        corpus.clean_corpus(job([source], here, dedup="off"), here, workers=1)
        spark.clean(session, source, there, "off")
        # a compressed file does not say whether its last line ends with a break
        mine, theirs = (
            [e for e in read_run_list(path, "edits.jsonl") if "c.jsonl" not in e["source"]] for path in (here, there)
        )
        assert mine == theirs
        assert read_run_list(there, "rejected.jsonl") == read_run_list(here, "rejected.jsonl")
        assert spark.counts(there) == spark.counts(here)
    finally:
        session.conf.unset("spark.sql.files.maxPartitionBytes")


def test_columns_of_parquet_stay(session: Any, tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    source = tmp_path / "in"
    source.mkdir()
    found: list[dict[str, Any]] = [{"when": 5, **row, "id": row.get("id"), "tags": ["a"]} for row in records()]
    found[4]["text"] = None
    for part in range(2):
        table = pyarrow.Table.from_pylist(found[part * 12 : part * 12 + 12])
        parquet.write_table(table, source / f"p{part}.parquet", row_group_size=5)
    here, there = both(session, source, tmp_path)
    wanted = [row for part in range(2) for row in parquet.read_table(here / f"p{part}.parquet").to_pylist()]
    given = parquet.read_table(there / "data").to_pylist()
    assert sorted(given, key=str) == sorted(wanted, key=str)
    assert list(given[0]) == list(found[0])
    assert len(given) == 23


def test_texts_of_another_type_are_listed_and_a_missing_column_is_an_error_at_once(
    session: Any, tmp_path: Path
) -> None:
    import pyarrow
    from pyarrow import parquet

    path = tmp_path / "in/p.parquet"
    path.parent.mkdir()
    parquet.write_table(pyarrow.table({"text": [1, 2], "body": ["好。", None]}), path)
    _, there = both(session, path, tmp_path, "off")
    assert spark.counts(there)["rejected"] == 2
    with pytest.raises(UsageError, match="no column 'words'; there are text, body: name one with --field"):
        spark.clean(session, path, tmp_path / "other", reading={"text": "words"})
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
    here, there = both(session, source, tmp_path, limit=4000)
    table = parquet.read_table(there / "data").to_pylist()
    names = {row["id"]: row["text"] for row in table}
    files = [path for path in here.rglob("*.txt") if "_cleaner" not in path.parts]
    assert names == {path.relative_to(here).as_posix(): path.read_text(encoding="utf-8") for path in files}
    assert spark.counts(there)["rejected"] == 1


def test_an_interrupted_run_resumes_after_the_last_complete_stage(
    session: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    from cleaner.spark.checkpoints import ParquetCheckpoints

    source, there = write(tmp_path / "in/a.jsonl"), tmp_path / "there"
    made: list[str] = []
    make = ParquetCheckpoints.__call__

    def breaking(self: Any, name: str, frame: Any) -> Any:
        if name == "passages-candidates" and "passages-candidates" not in made:
            made.append(name)
            raise RuntimeError("broken off")
        if not self.is_complete(name):
            made.append(name)
        return make(self, name, frame)

    monkeypatch.setattr(ParquetCheckpoints, "__call__", breaking)
    with pytest.raises(RuntimeError, match="broken off"):
        spark.clean(session, source, there)
    with pytest.raises(UsageError, match="it is another one: options: dedup was flag, is off"):
        spark.clean(session, source, there, "off")
    first, made[:] = list(made), ["passages-candidates"]
    spark.clean(session, source, there)
    assert first[0] == "clean"
    assert not set(first[:-1]) & set(made)
    corpus.clean_corpus(job([source], tmp_path / "here"), tmp_path / "here", workers=1)
    assert_same_output(tmp_path / "here", there)
    with pytest.raises(UsageError, match=r"manifest.json exists; choose another --output or give --force"):
        spark.clean(session, source, there)


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
    from cleaner.corpus.dedup import run, sketching
    from cleaner.formats.files import find_inputs
    from cleaner.formats.jsonl_rows import Fields
    from cleaner.options import DedupOptions
    from cleaner.spark import dedup

    source = write(tmp_path / "in/a.jsonl")
    source.write_bytes(source.read_bytes().replace(b'"d3"', b'"d33"', 1))
    chosen, (here, there) = DedupOptions(**options), (tmp_path / "here", tmp_path / "there")
    wanted = run.run(sketching.Job(find_inputs([source], None, ("*",))[0], chosen, Fields()), here, "drop")
    found = dedup.deduplicate(session, dedup.SparkDedupJob(str(source), str(there), chosen, Fields(), "drop", "0"))
    assert found == wanted
    assert found.copies > 3
    for name, other in (
        ("duplicates.jsonl", "duplicates.jsonl"),
        ("clusters.jsonl", "clusters.jsonl"),
        ("a.jsonl", "data"),
    ):
        assert lines(there / other) == lines(here / name)


def test_the_command_line_gives_the_output_of_the_embedded_engine(
    session: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    """On the session that is there; it is not stopped."""
    monkeypatch.setattr(type(session), "stop", lambda self: None)
    source = write(tmp_path / "in/a.jsonl", bad=False)
    clean = ["clean", str(source), "--engine", "spark", "--master", "local[2]", "--dedup", "off", "--json", "-q"]
    done = CliRunner().invoke(app, [*clean, "-o", str(tmp_path / "out"), "--conf", "spark.ui.enabled=false"])
    assert done.exit_code == 1, done.output  # an id is repeated
    assert json.loads(done.stdout)["documents"] == 24
    dedup = ["dedup", str(source), "--id-field", "url", "--engine", "spark", "--unit", "document", "-q", "--json"]
    done = CliRunner().invoke(app, [*dedup, "-o", str(tmp_path / "found")])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["documents"] == 24


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--conf", "memory"], "write it as K=V"),
        (["--workers", "2", "--dry-run"], "--workers, --dry-run: not with this --engine"),
        (["--include", "*.txt"], "--include: not with this --engine"),
    ],
)
def test_conflicting_options_are_errors(options: list[str], said: str, tmp_path: Path) -> None:
    spark.skip_without_spark()
    call = ["clean", str(tmp_path), "-o", str(tmp_path / "out"), "--engine", "spark", *options]
    done = CliRunner().invoke(app, call)
    assert isinstance(done.exception, UsageError)
    assert said in str(done.exception)


def test_progress_comes_from_the_status_api(session: Any) -> None:
    from cleaner.spark import session as sessions

    seen: list[tuple[int, int, int]] = []
    with sessions.show_progress(session, lambda *found: seen.append(found)):
        session.sparkContext.parallelize(range(4), 4).foreach(lambda _: time.sleep(1))
    assert seen
    assert all(0 <= done <= tasks == 4 for _, done, tasks in seen)
