"""Files of records without a column of texts: they come out as they came, and are named once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from cleaner.cli import app
from cleaner.corpus import clean, restore
from cleaner.corpus.assemble import sha256
from cleaner.corpus.report.summary import RunSummary
from cleaner.formats import delimited
from helpers.calls import Call
from helpers.format_cases import CASES, COMPRESSORS, job, page, read_rejects, tree

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")

BY_NAME = {case.name: case for case in CASES}
TABLE = '\ufeffcity;note,"n"\r\n' + "北京, 7\r\n" * 3 + '"a ""b"" c",\'\r\n\r\nno last break,0'
LONG = "city,n\n" + "北京,7\n" * (2 * delimited.ROWS + 5)


def run(path: Path, output: Path, **how: Any) -> RunSummary:
    workers, watch = how.pop("workers", None), how.pop("watch", lambda worker, event: None)
    return clean.clean_corpus(job([path], output, **how), output, workers=workers, watch=watch)


def write_tables(folder: Path) -> Path:
    """Write files without texts beside one that has some."""
    folder.mkdir()
    (folder / "long.csv").write_text(LONG)
    (folder / "odd.tsv").write_text(TABLE, newline="")
    for suffix in BY_NAME["CSV"].compressions:
        (folder / f"packed.csv{suffix}").write_bytes(COMPRESSORS[suffix](LONG.encode()))
    BY_NAME["Parquet"].write(folder / "rows.parquet", [{"id": str(n), "body": page(n)} for n in range(2000)])
    BY_NAME["CSV"].write(folder / "texts.csv", [{"id": "a", "text": page(1)}])
    return folder


def test_files_without_texts_come_out_byte_for_byte_and_are_listed_once(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "in")
    summary = run(folder, tmp_path / "out")
    names = sorted(path.name for path in folder.iterdir() if path.name != "texts.csv")
    assert [Path(row["file"]).name for row in read_rejects(tmp_path / "out")] == names
    assert (summary.documents, summary.rejections) == (1, len(names))
    assert all((tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes() for name in names)
    assert all("name one with --field" in row["reason"] and row["line"] == 0 for row in read_rejects(tmp_path / "out"))
    assert (tmp_path / "out/texts.csv").read_bytes() != (folder / "texts.csv").read_bytes()


def test_restore_and_manifest_have_files_without_texts(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "in")
    (folder / "texts.csv").unlink()
    run(folder, tmp_path / "out")
    manifest = msgspec.json.decode((tmp_path / "out/_cleaner/manifest.json").read_bytes())
    for file in manifest["files"]:
        assert file["input_sha256"] == file["output_sha256"] == sha256(Path(file["source"]))
    assert [outcome.reason for outcome in restore.restore(tmp_path / "out", tmp_path / "back")] == [""] * 7
    assert {path.name: path.read_bytes() for path in (tmp_path / "back").iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_restore_refuses_such_a_file_that_was_altered(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(LONG)
    run(tmp_path / "in.csv", tmp_path / "out")
    (tmp_path / "out/in.csv").write_text(LONG + "x,1\n")
    (outcome,) = restore.restore(tmp_path / "out", tmp_path / "back")
    assert "altered since it was cleaned" in outcome.reason
    (tmp_path / "out/in.csv").unlink()
    (outcome,) = restore.restore(tmp_path / "out", tmp_path / "back")
    assert "moved or deleted" in outcome.reason


@pytest.mark.slow
def test_workers_and_a_resumed_run_leave_the_same_files(tmp_path: Path) -> None:
    folder, begun = write_tables(tmp_path / "in"), 0

    def interrupt(worker: int, event: object) -> None:
        nonlocal begun
        begun += 1
        if begun > 6:
            raise KeyboardInterrupt

    run(folder, tmp_path / "one", workers=1)
    run(folder, tmp_path / "two", workers=2)
    with pytest.raises(KeyboardInterrupt):
        run(folder, tmp_path / "resumed", workers=1, watch=interrupt)
    run(folder, tmp_path / "resumed", workers=2)
    assert tree(tmp_path / "one") == tree(tmp_path / "two") == tree(tmp_path / "resumed")


@pytest.mark.parametrize("kind", ["text", "jsonl", "csv", "parquet"])
def test_another_output_format_has_nothing_of_a_file_without_texts(kind: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(LONG)
    result = CliRunner().invoke(app, ["clean", f"{tmp_path}/in.csv", "-o", f"{tmp_path}/out", "--output-format", kind])
    assert result.exit_code == 1
    assert result.stderr.count("no column 'text'; there are city, n: name one with --field") == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["_cleaner"]


def test_records_of_datasets_without_texts_are_refused_once(tmp_path: Path) -> None:
    BY_NAME["Arrow (datasets)"].write(tmp_path / "in.arrow", [{"id": str(n), "body": page(n)} for n in range(2000)])
    summary = run(tmp_path / "in.arrow", tmp_path / "out")
    assert summary.rejections == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["_cleaner"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("名字,数量\n北京,7\n1,2\n".encode("gb18030"), "no column 'text'; there are 名字, 数量"),
        (b"\n\ncity,n\n1,2\n", "no column 'text'"),
        (b'a "b",c\n"d"e,f\n', "no column 'text'"),
        (b'"a"b,c\nd,f\n', "the head cannot be read"),
    ],
)
def test_a_head_that_cannot_be_read_leaves_the_file(data: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(data)
    assert run(tmp_path / "in.csv", tmp_path / "out").rejections == 1
    (row,) = read_rejects(tmp_path / "out")
    assert reason in row["reason"]
    assert (tmp_path / "out/in.csv").read_bytes() == data


def test_dropping_duplicates_leaves_files_without_texts(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "in")
    result = CliRunner().invoke(app, ["dedup", str(folder), "-o", f"{tmp_path}/out", "--action", "drop"])
    assert result.exit_code == 1, result.output
    for name in ("long.csv", "odd.tsv", "rows.parquet", "packed.csv.gz"):
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("name", ["long.csv", "odd.tsv", "packed.csv.gz", "rows.parquet"])
def test_check_gives_one_notice_of_a_file_without_texts(name: str, tmp_path: Path) -> None:
    path = write_tables(tmp_path / "in") / name
    result = CliRunner().invoke(app, ["check", str(path)])
    assert result.exit_code == 0
    assert result.stderr.count("no column 'text'") == 1
    result = CliRunner().invoke(app, ["check", str(path), "--require-field"])
    assert result.exit_code == 1
    assert result.stdout.count("no column 'text'") == 1


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.parquet"])
def test_check_passes_over_records_without_a_text_with_a_notice(name: str, call: Call) -> None:
    records = [{"id": "a", "text": None}, {"id": "b", "text": f"{page(1)}"}, {"id": "c", "text": None}]
    next(case for case in CASES if case.suffix == Path(name).suffix).write(Path(name), records)
    code, out, err = call("check", name, "--select", "input")
    assert (code, out.splitlines()[-1]) == (0, "0 findings in 1 file")
    assert err.count(name) == 1
    assert "; 1 more like it" in err
    assert call("check", name, "--select", "input", "--quiet")[2] == ""
    code, out, _ = call("check", name, "--select", "input", "--require-field")
    assert code == 1
    assert out.count("input/unreadable") == 2
    call("check", name, "--fix", "--unsafe-fixes", "--max-loss", "1")
    read = BY_NAME["Parquet"].read(Path(name)) if name == "a.parquet" else None
    assert read is None or read == records
    Path("cleaner.toml").write_text("[check]\nrequire-field = true\n")
    assert call("check", name, "--select", "input")[0] == 1
