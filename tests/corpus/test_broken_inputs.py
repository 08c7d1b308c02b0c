"""Broken inputs: what could be done is done, what could not is listed with its place and reason."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

import pytest

from cleaner.corpus import clean
from cleaner.corpus.report.summary import RunSummary
from helpers.format_cases import CASES, COMPRESSORS, Case, job, read_rejects, rows

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")
pytest.importorskip("fastwarc")
pytest.importorskip("selectolax")

BY_NAME = {case.name: case for case in CASES}
JSONL = BY_NAME["JSON Lines"]


def run(path: Path, **reading: object) -> tuple[RunSummary, list[tuple[int, int, str]]]:
    out = path.parent / "out"
    summary = clean.clean_corpus(job([path], out, **reading), out)
    listed = [(item["line"], item["offset"], item["reason"]) for item in read_rejects(out)]
    assert summary.rejections == len(listed)
    assert all(item["file"].startswith(str(path)) for item in read_rejects(out))
    return summary, listed


@pytest.mark.parametrize("suffix", ["", *JSONL.compressions])
def test_bad_lines_are_listed_with_line_and_offset(suffix: str, tmp_path: Path) -> None:
    good = [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows(4)]
    bad = [
        b"{not json\n",
        b'{"id":"x"}\n',
        b'{"text":7}\n',
        b'["text"]\n',
        b'{"text":"\xff\xff\xff\xff"}\n',
        b'{"text":"cut\n',
    ]
    path = tmp_path / f"in.jsonl{suffix}"
    path.write_bytes(COMPRESSORS[suffix](good[0] + b"".join(bad) + b"".join(good[1:])))
    found, listed = run(path)
    assert found.documents == 4
    assert [line for line, _, _ in listed] == [2, 3, 4, 5, 6, 7]
    assert [offset for _, offset, _ in listed] == [len(good[0]) + sum(map(len, bad[:i])) for i in range(6)]
    assert "no field 'text'" in listed[1][2]
    assert "--field" in listed[1][2]


def cut(path: Path, share: float = 0.6) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


@pytest.mark.slow
@pytest.mark.parametrize("suffix", JSONL.compressions)
@pytest.mark.parametrize("name", ["JSON Lines", "CSV"])
def test_a_truncated_compressed_file_is_cleaned_up_to_its_end(name: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"in{BY_NAME[name].suffix}{suffix}"
    BY_NAME[name].write(path, [{**row, "text": row["text"] + zlib_noise(row["n"])} for row in rows(300)])
    cut(path)
    found, listed = run(path)
    assert found.documents < 300
    assert "damaged" in listed[-1][2]
    if suffix in (".gz", ".zst"):
        assert found.documents > 100
        assert name == "CSV" or found.documents == len(JSONL.read(tmp_path / "out" / path.name))


def zlib_noise(number: int) -> str:
    """Text that does not compress, so that a cut leaves whole blocks before it."""
    return "".join(chr(0x4E00 + (zlib.crc32(b"%d %d" % (number, i)) % 20000)) for i in range(300)) + "。\n"


@pytest.mark.parametrize("name", ["Parquet", "Arrow (datasets)"])
@pytest.mark.parametrize("share", [0.0, 0.4, 0.95])
def test_a_truncated_parquet_or_arrow_file_is_listed(name: str, share: float, tmp_path: Path) -> None:
    path = tmp_path / f"in{BY_NAME[name].suffix}"
    BY_NAME[name].write(path, rows())
    cut(path, share)
    (tmp_path / "out").mkdir()
    found, listed = run(path)
    assert found.documents < 12
    assert listed
    if name == "Parquet":
        assert not (tmp_path / "out/in.parquet").exists()


def test_a_damaged_row_group_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    BY_NAME["Parquet"].write(path, rows())
    data = bytearray(path.read_bytes())
    data[40:120] = b"\xff" * 80
    path.write_bytes(data)
    found, listed = run(path)
    assert found.documents == 7
    assert "row group" in listed[0][2]


@pytest.mark.parametrize("name", ["WARC", "WET"])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_truncated_archive_is_cleaned_up_to_its_end(name: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"in{BY_NAME[name].suffix}{suffix}"
    BY_NAME[name].write(path, rows())
    cut(path, 0.5)
    found, listed = run(path)
    assert 4 <= found.documents <= 7
    assert listed


def test_a_file_that_only_looks_like_an_archive_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "in.warc.gz"
    path.write_bytes(gzip.compress(b"no archive at all\n" * 100))
    assert run(path)[1]


@pytest.mark.parametrize("name", ["CSV", "TSV"])
def test_bad_rows_are_listed_and_the_others_cleaned(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"in{BY_NAME[name].suffix}"
    sign = "," if name == "CSV" else "\t"
    lines = ["id,text,n", "a,一句话。,1", "b,少一列", 'c,"引号"错,3', "d,又一句话。,4"]
    path.write_bytes("\n".join(lines).replace(",", sign).encode() + b"\n\xff\xfe\xfa\xff\n")
    found, listed = run(path)
    assert found.documents == 2
    assert [line for line, _, _ in listed] == [2, 3, 5]
    assert "columns" in listed[0][2]
    assert "utf-8" in listed[2][2]


@pytest.mark.parametrize(("name", "made"), [("CSV", "no column 'text'"), ("Parquet", "no column 'text'")])
def test_a_missing_column_is_named_with_the_existing_ones(name: str, made: str, tmp_path: Path) -> None:
    path = tmp_path / f"in{BY_NAME[name].suffix}"
    BY_NAME[name].write(path, [{"id": "a", "content": "x"}])
    found, listed = run(path)
    assert found.documents == 0
    assert made in listed[0][2]
    assert "content" in listed[0][2]


@pytest.mark.parametrize(
    "name", ["JSON Lines", "CSV", "Parquet", "Arrow (datasets)", "WARC", "WET", "text files", "HTML"]
)
def test_a_document_over_the_limit_is_refused_with_its_size(name: str, tmp_path: Path) -> None:
    case: Case = BY_NAME[name]
    found = rows(5)
    found[2]["text"] = "很长的一行，" * 10_000
    path = tmp_path / f"in{case.suffix}"
    case.write(path, found)
    done, listed = run(path, limit=20_000)
    assert done.documents == 4
    (only,) = listed
    assert "--max-document" in only[2]
    assert only[0] in (0, 3)


def test_an_empty_file_of_records_is_no_error(tmp_path: Path) -> None:
    for suffix in (".jsonl", ".csv", ".jsonl.gz"):
        path = tmp_path / f"in{suffix}"
        path.write_bytes(gzip.compress(b"") if suffix.endswith("gz") else b"")
        out = tmp_path / f"out{suffix}"
        summary = clean.clean_corpus(job([path], out), out)
        assert (summary.documents, summary.rejections) == (0, 0)
        assert (out / path.name).exists()


def test_a_file_deleted_before_it_is_read_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    BY_NAME["text files"].write(folder, rows(3))
    todo = job([folder], tmp_path / "out")
    (folder / "d1.txt").unlink()
    summary = clean.clean_corpus(todo, tmp_path / "out")
    assert (summary.documents, summary.rejections) == (2, 1)


def test_an_output_path_that_is_a_folder_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    BY_NAME["text files"].write(folder, rows(3))
    (tmp_path / "out/d1.txt").mkdir(parents=True)
    summary = clean.clean_corpus(job([folder], tmp_path / "out"), tmp_path / "out", force=True)
    assert (summary.documents, summary.rejections) == (3, 1)
    assert (tmp_path / "out/d2.txt").is_file()


@pytest.mark.slow
def test_a_line_longer_than_many_shards_is_read_past_once(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    good = json.dumps(rows(1)[0]).encode() + b"\n"
    path.write_bytes(good + b"x" * 2_000_000 + b"\n" + good.replace(b"d0", b"d1"))
    found, listed = run(path, limit=10_000, shard=3000)
    assert found.documents == 2
    assert [line for line, _, _ in listed] == [2]
