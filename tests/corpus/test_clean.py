"""Every format: what comes out, compressed or not, converted, in any number of workers."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from cleaner.corpus import clean, restore
from cleaner.local.events import Assignment
from cleaner.local.pool import Pool
from helpers.format_cases import CASES, Case, Rows, body, decompress, job, read_rejects, rows, tree

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")
pytest.importorskip("fastwarc")
pytest.importorskip("selectolax")

PLAIN = [pytest.param(case, "", id=case.name) for case in CASES]
PACKED = [pytest.param(case, packed, id=f"{case.name}{packed}") for case in CASES for packed in case.compressions]


def written(case: Case, compression: str, folder: Path, found: Rows | None = None) -> Path:
    path = folder / f"in{case.suffix}{compression}"
    case.write(path, found or rows())
    return path


def content(case: Case, text: str) -> str:
    """Text as a format holds it: pages have no blank lines."""
    return text.strip().replace("\n\n", "\n") if case.name in ("HTML", "WARC") else text.strip()


@pytest.mark.parametrize(("case", "compression"), [*PLAIN, *PACKED])
def test_cleaning_changes_only_the_texts_of_records(case: Case, compression: str, tmp_path: Path) -> None:
    path = written(case, compression, tmp_path)
    summary = clean.clean_corpus(job([path], tmp_path / "out", dedup="off"), tmp_path / "out")
    assert (summary.documents, summary.rejections) == (12, 0)
    after = case.read(tmp_path / "out" / f"in{case.target}{'' if case.target == '.parquet' else compression}")
    assert [content(case, row["text"]) for row in after] == [content(case, body(i)) for i in range(12)]
    known = [{**row, "id": row["url"]} for row in rows()] if "WARC" in case.name or "WET" in case.name else rows()
    assert [{**row, "text": ""} for row in after] == [{**row, "text": ""} for row in known]


@pytest.mark.slow
@pytest.mark.parametrize(("case", "compression"), [*PLAIN, *PACKED])
def test_any_number_of_workers_gives_one_result(
    case: Case, compression: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Assignments done one after another stand for workers: processes themselves are tested with the runner."""
    path = written(case, compression, tmp_path)
    small = {"shard": 2000, "files_shard": 6000}
    clean.clean_corpus(job([path], tmp_path / "one", **small), tmp_path / "one")

    class ThreeInTurn(Pool):
        def work(self, function: Any, task: Any, steps: int | None = None) -> None:
            for number in (2, 0, 1):
                function(task, Assignment(number, 3), lambda event: None)

    monkeypatch.setattr(clean, "Pool", ThreeInTurn)
    clean.clean_corpus(job([path], tmp_path / "three", **small), tmp_path / "three")
    assert tree(tmp_path / "one") == tree(tmp_path / "three")


@pytest.mark.slow
@pytest.mark.parametrize(("case", "compression"), [*PLAIN, *PACKED])
def test_a_resumed_run_gives_the_bytes_of_an_uninterrupted_one(case: Case, compression: str, tmp_path: Path) -> None:
    path = written(case, compression, tmp_path)
    small = {"shard": 2000, "files_shard": 6000}
    clean.clean_corpus(job([path], tmp_path / "whole", **small), tmp_path / "whole")
    for events in (2, 5):
        seen = 0

        def watch(worker: int, event: Any, events: int = events) -> None:
            nonlocal seen
            seen += 1
            if seen == events:
                raise KeyboardInterrupt

        todo = job([path], tmp_path / "broken", **small)
        with contextlib.suppress(KeyboardInterrupt):
            clean.clean_corpus(todo, tmp_path / "broken", watch=watch)
    clean.clean_corpus(todo, tmp_path / "broken", force=True)
    assert tree(tmp_path / "whole") == tree(tmp_path / "broken")


@pytest.mark.parametrize(("case", "compression"), [*PLAIN, *PACKED])
def test_restore_brings_back_every_format_that_the_docs_call_restorable(
    case: Case, compression: str, tmp_path: Path
) -> None:
    path = written(case, compression, tmp_path)
    out, back = tmp_path / "out", tmp_path / "back"
    clean.clean_corpus(job([path], out), out)
    done = list(restore.restore(out, back))
    if case.restored == "no":
        assert all("restore rebuilds text files" in item.reason for item in done)
        return
    assert not [item.reason for item in done if item.reason]
    for original in [path] if path.is_file() else path.iterdir():
        again = back / original.name
        assert decompress(again) == decompress(original)
        assert compression or again.read_bytes() == original.read_bytes()


@pytest.mark.parametrize("kind", ["text", "jsonl", "csv", "parquet"])
@pytest.mark.parametrize(("case", "compression"), PLAIN)
def test_any_format_is_written_as_any_other(case: Case, compression: str, kind: str, tmp_path: Path) -> None:
    path = written(case, compression, tmp_path)
    out = tmp_path / "out"
    clean.clean_corpus(job([path], out, kind=kind), out)
    stem = "in" if case.suffix else "documents"
    if kind == "text":
        paths = (*out.rglob("*.txt"), *out.rglob("d*.md"))
        texts = [p.read_text(encoding="utf-8") for p in sorted(paths, key=lambda p: (len(p.name), p.name))]
    else:
        reader = next(c.read for c in CASES if c.suffix == f".{kind}") if kind != "csv" else _csv
        texts = [row["text"] for row in reader(out / f"{stem}.{kind}")]
    assert sorted(content(case, text) for text in texts) == sorted(content(case, body(i)) for i in range(12))


def _csv(path: Path) -> Rows:
    import csv
    import io

    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def test_columns_of_unlike_values_become_json_text(tmp_path: Path) -> None:
    found = [{"text": "一句话。", "a": 1, "b": 1, "c": None}, {"text": "又一句。", "a": 2.5, "b": "x", "c": [1]}]
    case = next(case for case in CASES if case.name == "JSON Lines")
    path = written(case, "", tmp_path, found)
    clean.clean_corpus(job([path], tmp_path / "out", kind="parquet"), tmp_path / "out")
    after = next(case for case in CASES if case.name == "Parquet").read(tmp_path / "out/in.parquet")
    assert [(row["a"], row["b"], row["c"]) for row in after] == [(1.0, "1", None), (2.5, "x", "[1]")]


LINES = [
    b'{"text":"\xe4\xb8\x80\xe5\x8f\xa5\xe8\xaf\x9d\xe3\x80\x82","n":1}\r\n',
    b'  {"n" : 1.0, "text": "\\u4e00\\u53e5\\u8bdd\\u3002" , "z":{"text":"\\u4e00"}}\n',
    b"\n",
    b'{"text":"mixed \xe4\xb8\x80 \\u53e5 \\/ escapes","text2":"text"}\n',
    b"not json\n",
    b'{"text":"","a":"","b":["",""]}\n',
    b'{"a":"text","text":"text"}\n',
    b'{"id":7,"text":"a","text":"\xe4\xba\x8c"}',
]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_json_lines_of_any_style_come_back_byte_for_byte(bom: bytes, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(bom + b"".join(LINES))
    out = tmp_path / "out"
    summary = clean.clean_corpus(job([path], out, shard=40), out)
    assert (summary.documents, summary.rejections) == (6, 1)
    assert not [item for item in restore.restore(out, tmp_path / "back") if item.reason]
    assert (tmp_path / "back/in.jsonl").read_bytes() == path.read_bytes()
    assert (out / "in.jsonl").read_bytes().startswith(bom + b'{"text":"')
    assert b'"z":{"text":"\\u4e00"}}' in (out / "in.jsonl").read_bytes()


def test_an_altered_line_is_named(tmp_path: Path) -> None:
    path = written(next(c for c in CASES if c.name == "JSON Lines"), "", tmp_path)
    out = tmp_path / "out"
    clean.clean_corpus(job([path], out), out)
    (out / "in.jsonl").write_text(
        (out / "in.jsonl").read_text(encoding="utf-8").replace("第5个", "第6个"), encoding="utf-8"
    )
    (done,) = restore.restore(out, tmp_path / "back")
    assert "line 6 of" in done.reason
    assert not (tmp_path / "back/in.jsonl").exists()


def test_records_with_a_repeated_id_are_kept_and_listed(tmp_path: Path) -> None:
    found = rows(4)
    found[3]["id"] = "d1"
    path = written(next(c for c in CASES if c.name == "JSON Lines"), "", tmp_path, found)
    out = tmp_path / "out"
    summary = clean.clean_corpus(job([path], out), out)
    assert (summary.documents, summary.repeated_ids) == (4, 1)
    assert [(item["line"], "in.jsonl:2" in item["reason"]) for item in read_rejects(out)] == [(4, True)]


@pytest.mark.parametrize(("case", "compression"), PLAIN)
def test_dropping_near_duplicates_leaves_one_of_each(case: Case, compression: str, tmp_path: Path) -> None:
    found = rows(6)
    found[4]["text"] = found[1]["text"]
    path = written(case, compression, tmp_path, found)
    out = tmp_path / "out"
    summary = clean.clean_corpus(job([path], out, dedup="drop", shard=2000, files_shard=6000), out)
    after = case.read(out / f"in{case.target}")
    assert summary.duplicates >= 5
    texts = "".join(row["text"] for row in after)
    assert texts.count("写的是两家的姓") == 1
    if case.restored != "no":
        assert not [item for item in restore.restore(out, tmp_path / "back") if item.reason]


def test_files_of_all_formats_in_one_folder_are_cleaned_together(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for case in CASES:
        written(case, "", folder) if case.suffix else None
    (folder / "a.txt").write_text(rows(1)[0]["text"], encoding="utf-8")
    (folder / "b.html").write_text("<p>" + body(1) + "</p>", encoding="utf-8")
    summary = clean.clean_corpus(job([folder], tmp_path / "out"), tmp_path / "out")
    formats = [case for case in CASES if case.suffix]
    assert summary.documents == 2 + len(formats) * 12
    own = [case.suffix for case in formats if case.suffix == case.target]
    others = [f"in{case.suffix}{case.target}" for case in formats if case.suffix != case.target]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"a.txt", "b.txt", "_cleaner", *(f"in{suffix}" for suffix in own), *others}


def test_ids_and_fields_are_named_by_options(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"key": "k1", "content": "一句话。"}) + "\n", encoding="utf-8")
    out = tmp_path / "out"
    assert clean.clean_corpus(job([path], out, texts=("content",), id="key"), out).documents == 1
    assert '"document":"k1"' in (out / "_cleaner/edits.jsonl").read_text(encoding="utf-8")
