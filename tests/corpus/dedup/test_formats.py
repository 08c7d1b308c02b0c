"""`cleaner dedup` reads what `cleaner clean` reads: one corpus in every format gives the same pairs."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from typer.testing import CliRunner

from cleaner.cli import app
from cleaner.corpus.clean import clean_corpus
from cleaner.corpus.dedup.job import CLUSTERS, PAIRS, DedupJob
from cleaner.corpus.dedup.report import DedupSummary
from cleaner.corpus.dedup.run import deduplicate_corpus
from cleaner.corpus.plan import plan_reading
from cleaner.errors import UsageError
from cleaner.formats.base import Reading
from cleaner.options import DedupOptions
from helpers import runner_job
from helpers.dedup_texts import prose, replace_characters
from helpers.format_cases import CASES, Case, Rows, tree

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")
pytest.importorskip("fastwarc")

PLAIN = [pytest.param(case, "", id=case.name) for case in CASES]
PACKED = [pytest.param(case, end, id=f"{case.name} {end}") for case in CASES for end in case.compressions[:1]]
WRITTEN = [param for param in (*PLAIN, *PACKED) if not {"HTML", "WARC", "WET"} & {param.values[0].name}]
UNWRITTEN = [param for param in PLAIN if param.values[0].name in ("HTML", "WARC", "WET")]


def corpus() -> Rows:
    """Records of which 4 is an edited copy of 1, 5 of 2; 6 shares a paragraph with 3."""
    texts = [prose(number, 300) for number in range(4)]
    shared = prose("shared", 150, 9999)
    texts[3] = f"{texts[3]}\n{shared}"
    texts += [
        replace_characters(texts[1], 1, 0.004),
        replace_characters(texts[2], 2, 0.004),
        f"{prose(6, 200)}\n{shared}",
    ]
    return [
        {"id": f"d{number}", "url": f"http://www.example.com/{number}.html", "text": text, "n": number}
        for number, text in enumerate(texts)
    ]


def write(case: Case, compression: str, folder: Path) -> Path:
    path = folder / f"in{case.suffix}{compression}"
    case.write(path, corpus())
    return path


def deduplicate(path: Path, output: Path, action: Any = "flag", **options: Any) -> DedupSummary:
    sources, skipped, _ = plan_reading([str(path)], output, ())
    job = DedupJob(sources, DedupOptions(**options), Reading(shard=3000, files_shard=4000), action, "0")
    return deduplicate_corpus(job._replace(skipped=tuple(skipped)), output)


def pairs(path: Path) -> list[tuple[str, int, str, int]]:
    """Copies and keepers by the names of their records, without folder and suffix."""
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(name(pair["copy"]), pair["copy_passage"], name(pair["keeper"]), pair["keeper_passage"]) for pair in found]


def name(document: str) -> str:
    """`d3` for d3, d3.txt, d3.html and http://…/3.html."""
    return f"d{PurePosixPath(document).stem.removeprefix('d')}"


@pytest.mark.parametrize(("case", "compression"), [*PLAIN, *PACKED])
def test_every_format_gives_the_same_pairs(case: Case, compression: str, tmp_path: Path) -> None:
    summary = deduplicate(write(case, compression, tmp_path), tmp_path / "out")
    assert (summary.documents, summary.copies, summary.copied_passages, summary.skipped) == (7, 2, 1, [])
    assert {frozenset((copy, keeper)) for copy, _, keeper, _ in pairs(tmp_path / "out" / PAIRS)} == {
        frozenset(pair) for pair in (("d1", "d4"), ("d2", "d5"), ("d3", "d6"))
    }


@pytest.mark.parametrize(("case", "compression"), [*PLAIN, *PACKED])
def test_the_pairs_are_those_that_clean_finds(case: Case, compression: str, tmp_path: Path) -> None:
    path = write(case, compression, tmp_path)
    deduplicate(path, tmp_path / "out", unit="passage")
    job = runner_job.job([str(path)], tmp_path / "clean", dedup="flag")
    clean_corpus(job, tmp_path / "clean")
    found = pairs(tmp_path / "out" / PAIRS)
    assert len(found) > 2
    assert sorted(found) == sorted(pairs(tmp_path / "clean/_cleaner/duplicates.jsonl"))


@pytest.mark.parametrize(("case", "compression"), WRITTEN)
def test_copies_are_dropped_from_writable_formats(case: Case, compression: str, tmp_path: Path) -> None:
    summary = deduplicate(write(case, compression, tmp_path), tmp_path / "out", "drop")
    assert summary.skipped == []
    after = case.read(tmp_path / "out" / f"in{case.target}{'' if case.target == '.parquet' else compression}")
    gone = {copy for copy, passage, *_ in pairs(tmp_path / "out" / PAIRS) if not passage}
    assert len(gone) == 2
    if case.suffix:  # what texts are read back as has other fields
        before = {row["id"]: row for row in corpus()}
        assert [{**row, "text": ""} for row in after] == [
            {**row, "text": ""} for key, row in before.items() if key not in gone
        ]
    assert sum(prose("shared", 150, 9999)[:40] in row["text"] for row in after) == 1


@pytest.mark.parametrize(("case", "compression"), UNWRITTEN)
def test_a_format_that_cannot_be_written_is_refused_before_the_run(
    case: Case, compression: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="read but not written, so its copies cannot be dropped"):
        deduplicate(write(case, compression, tmp_path), tmp_path / "out", "drop")
    assert not (tmp_path / "out").exists()


def test_a_folder_of_all_formats_is_read_and_other_files_are_listed(tmp_path: Path) -> None:
    folder, rows = tmp_path / "in", corpus()
    cases = [case for case in CASES if case.suffix]
    for number, case in enumerate(cases):
        (folder / case.name).mkdir(parents=True)
        case.write(folder / case.name / f"x{case.suffix}", [{**rows[number % len(rows)], "id": f"d{number}"}])
    (folder / "page.html").write_text(f"<p>{rows[0]['text']}</p>", encoding="utf-8")
    (folder / "page.txt").write_text(prose("text", 200), encoding="utf-8")
    for name in ("notes.docx", "more.docx"):
        (folder / name).write_bytes(b"PK")
    called = CliRunner().invoke(app, ["dedup", str(folder), "-o", str(tmp_path / "out"), "--json"])
    assert called.exit_code == 0
    assert "2 files passed over: 2 .docx" in called.stderr
    summary = json.loads(called.stdout)
    assert (summary["documents"], summary["copies"]) == (len(cases) + 2, 3 + max(0, len(cases) - len(rows)))


def test_standard_input_is_a_document(tmp_path: Path) -> None:
    text = f"{prose(1, 200)}\n{prose(2, 200)}\n{prose(1, 200)}\n"
    called = CliRunner().invoke(app, ["dedup", "-", "-o", str(tmp_path / "out"), "-q", "--json"], input=text)
    assert called.exit_code == 0
    summary = json.loads(called.stdout)
    assert summary["documents"] == 1
    assert summary["copied_passages"] > 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted((CLUSTERS, PAIRS))


@pytest.mark.slow
@pytest.mark.parametrize(("case", "compression"), [*PLAIN, *PACKED])
def test_an_index_takes_every_format(case: Case, compression: str, tmp_path: Path) -> None:
    path, index = write(case, compression, tmp_path), str(tmp_path / "i.db")
    for output in ("one", "two"):
        called = CliRunner().invoke(app, ["dedup", str(path), "-o", str(tmp_path / output), "--index", index, "-q"])
        assert called.exit_code == 0
    assert len(pairs(tmp_path / "one" / PAIRS)) == 3
    assert pairs(tmp_path / "two" / PAIRS) == []


@pytest.mark.parametrize("name", ["CSV", "Parquet", "JSON Lines"])
def test_the_largest_number_of_a_field_stays(name: str, tmp_path: Path) -> None:
    path = write(next(case for case in CASES if case.name == name), "", tmp_path)
    deduplicate(path, tmp_path / "out", unit="document", keep="n")
    assert {(copy, keeper) for copy, _, keeper, _ in pairs(tmp_path / "out" / PAIRS)} == {("d1", "d4"), ("d2", "d5")}


def test_any_number_of_workers_gives_one_result(tmp_path: Path) -> None:
    path = write(next(case for case in CASES if case.name == "CSV"), ".gz", tmp_path)
    for workers in (1, 2):
        sources, _, _ = plan_reading([str(path)], None, ())
        job = DedupJob(sources, DedupOptions(), Reading(shard=3000), "drop", "0")
        deduplicate_corpus(job, tmp_path / f"out{workers}", workers=workers)
    assert tree(tmp_path / "out1") == tree(tmp_path / "out2")
