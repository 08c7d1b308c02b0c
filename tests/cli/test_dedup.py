"""`cleaner dedup` and `cleaner index` as a user calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from cleaner.cli import dedup, index
from cleaner.cli.reading import options
from cleaner.dedup import deduplicate
from cleaner.errors import UsageError
from cleaner.formats.base import Reading
from helpers.dedup_texts import prose, replace_characters

app = typer.Typer()
app.add_typer(dedup.app, name="dedup")
app.add_typer(index.app, name="index")

Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(app, [str(a) for a in arguments])
        if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


TEXT = prose(1, 700)
SHARED = prose("shared", 150, 9999)
TEXTS = {
    "a": TEXT,
    "b": replace_characters(TEXT, 1, 0.004),
    "c": prose(2) + "\n" + SHARED,
    "d": SHARED + "\n" + prose(3),
    "e": prose(4),
    "f": "短",
}


def write_jsonl(path: Path, texts: dict[str, str] = TEXTS, **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"id": key, "text": text, **more}, ensure_ascii=False) for key, text in texts.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_command_finds_the_pairs_of_the_function(call: Call, tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl")
    assert call("dedup", source, "--output", "out").exit_code == 0
    told = records(tmp_path / "out/duplicates.jsonl")
    found = deduplicate(TEXTS).pairs
    assert [(t["copy"], t["copy_passage"], t["keeper"], t["jaccard"], t["cluster"]) for t in told] == [
        (p.copy, p.copy_passage, p.keeper, p.jaccard, p.cluster) for p in found
    ]
    assert {(p.copy, p.keeper) for p in found} == {("b", "a"), ("d", "c")}
    (first, second) = records(tmp_path / "out/clusters.jsonl")
    assert (first["keeper"], first["copies"], first["unit"]) == ("a", ["b"], "document")
    assert "longest" in first["why"]
    assert second["unit"] == "passage"


def test_bands_and_chances_are_printed(call: Call, tmp_path: Path) -> None:
    result = call("dedup", write_jsonl(tmp_path / "in.jsonl"), "-o", "out")
    assert "16 bands of 8 rows" in result.stderr
    assert "94.7%" in result.stderr


def test_a_folder_of_texts_is_read(call: Call, tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "page.txt").write_text(text, encoding="utf-16" if name == "b" else "utf-8")
    assert call("dedup", "in", "-o", "out", "-q").exit_code == 0
    told = records(tmp_path / "out/duplicates.jsonl")
    assert {(t["copy"], t["keeper"]) for t in told} == {("b/page.txt", "a/page.txt"), ("d/page.txt", "c/page.txt")}


def test_dropping_writes_the_corpus_without_copies(call: Call, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in/deep/one.jsonl", TEXTS, kind="news")
    (tmp_path / "in/page.txt").write_text("前言\n" + SHARED + "\n" + prose(7), encoding="utf-8")
    assert call("dedup", "in", "-o", "out", "--action", "drop", "-q").exit_code == 0
    left = {record["id"]: record for record in records(tmp_path / "out/deep/one.jsonl")}
    assert set(left) == set(TEXTS) - {"b"}
    assert left["a"] == {"id": "a", "text": TEXT, "kind": "news"}
    before = (tmp_path / "in/deep/one.jsonl").read_text(encoding="utf-8").splitlines()
    assert (tmp_path / "out/deep/one.jsonl").read_text(encoding="utf-8").splitlines()[0] == before[0]
    assert left["d"]["text"] == prose(3)
    assert (tmp_path / "out/page.txt").read_text(encoding="utf-8") == "前言\n" + prose(7)


def small_shards(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Cut lines and texts into shards of about so many bytes."""
    monkeypatch.setattr(options, "Reading", partial(Reading, shard=size, files_shard=size))


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_shards(monkeypatch, 2000)
    texts = {f"{i}": replace_characters(prose(i % 7, 400), i, 0.005) for i in range(40)}
    write_jsonl(tmp_path / "in.jsonl", texts)
    for workers in (1, 2, 4):
        call("dedup", "in.jsonl", "-o", f"out{workers}", "-j", workers, "-q")
    told = [(tmp_path / f"out{n}/duplicates.jsonl").read_bytes() for n in (1, 2, 4)]
    assert told[0]
    assert told[0] == told[1] == told[2]


def test_only_results_are_left_in_the_output(call: Call, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl")
    call("dedup", "in.jsonl", "-o", "out", "-q")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"duplicates.jsonl", "clusters.jsonl"}


def test_records_without_an_id_are_named_by_file_and_line(call: Call, tmp_path: Path) -> None:
    lines = f'{{"body": "{SHARED}"}}\n{{"body": "{SHARED}", "id": null}}\n'
    for folder in ("a", "b"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        (tmp_path / "in" / folder / "x.jsonl").write_text(lines, encoding="utf-8")
    assert call("dedup", "in/a/x.jsonl", "-o", "one", "--field", "body", "-q").exit_code == 0
    assert call("dedup", "in", "-o", "all", "--field", "body", "-q").exit_code == 0
    one, all_ = (
        [(t["copy"], t["keeper"]) for t in records(tmp_path / out / "duplicates.jsonl")] for out in ("one", "all")
    )
    assert one == [("x.jsonl:2", "x.jsonl:1")]
    assert all_ == [(name, "a/x.jsonl:1") for name in ("a/x.jsonl:2", "b/x.jsonl:1", "b/x.jsonl:2")]


def test_bad_lines_are_named_and_the_others_compared(call: Call, tmp_path: Path) -> None:
    good = write_jsonl(tmp_path / "in.jsonl").read_text(encoding="utf-8")
    (tmp_path / "in.jsonl").write_text('not json\n{"id": 1}\n\n["list"]\n' + good, encoding="utf-8")
    result = call("dedup", "in.jsonl", "-o", "out", "-q")
    assert result.exit_code == 1
    assert "in.jsonl:1: not a JSON object" in result.stderr
    assert "in.jsonl:2: no field 'text'; name the text's field with --field" in result.stderr
    assert len(records(tmp_path / "out/duplicates.jsonl")) == 2


def test_texts_shorter_than_a_shingle_are_warned_of(call: Call, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl")
    assert "1 of 6 documents are shorter than a shingle of 5" in call("dedup", "in.jsonl", "-o", "out").stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.jsonl", "-o", "out"), "no such file"),
        (("empty", "-o", "out"), "no documents in empty"),
        (("in.jsonl", "-o", "out", "--threshold", "1.5"), "threshold: 1.5 is not a Jaccard similarity"),
        (("in.jsonl", "-o", "out", "--shingle", "0"), "shingle: 0 is not a whole number"),
        (("in.jsonl", "-o", "out", "--keep", "longst"), "'longst' is none of longest"),
        (("in.jsonl", "-o", "taken"), "give --force"),
        (("twice.jsonl", "-o", "out"), "two documents have the id 'a'"),
        (("in.jsonl", "-o", ".", "--action", "drop", "--force"), "would replace an input"),
    ],
)
def test_a_wrong_call_says_what_to_do(call: Call, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    write_jsonl(tmp_path / "in.jsonl")
    write_jsonl(tmp_path / "twice.jsonl")
    (tmp_path / "twice.jsonl").write_text((tmp_path / "in.jsonl").read_text(encoding="utf-8") * 2, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    write_jsonl(tmp_path / "taken/duplicates.jsonl")
    with pytest.raises(UsageError, match=message):
        call("dedup", *arguments)


def test_the_summary_is_printed_as_json(call: Call, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl")
    told = json.loads(call("dedup", "in.jsonl", "-o", "out", "-q", "--json").stdout)
    assert (told["documents"], told["copies"], told["copied_passages"], told["clusters"]) == (6, 1, 1, 2)


def test_help_shows_the_options_of_the_default_command(call: Call) -> None:
    shown = call("dedup", "--help").stdout
    assert "--threshold" in shown
    assert "tune" in shown


def test_tuning_shows_the_curve_and_pairs_around_the_threshold(call: Call, tmp_path: Path) -> None:
    text = prose("tune", 600)
    texts = {f"{i}": replace_characters(text, i, i / 400) for i in range(14)}
    write_jsonl(tmp_path / "in.jsonl", texts)
    shown = call("dedup", "tune", "in.jsonl", "--samples", 1, "-j", 1).stdout
    assert "<- threshold" in shown
    assert "nearest at or above the threshold" in shown
    assert "nearest below the threshold" in shown


@pytest.fixture
def indexed(call: Call, tmp_path: Path) -> str:
    texts = list(TEXTS.items())
    for i in range(3):
        write_jsonl(tmp_path / f"{i}.jsonl", dict(texts[i::3]))
        assert call("dedup", f"{i}.jsonl", "-o", f"out{i}", "--index", "i.db", "-q").exit_code == 0
    return "i.db"


def test_new_documents_are_compared_with_all_earlier_ones(indexed: str, tmp_path: Path) -> None:
    told = [(t["copy"], t["keeper"]) for i in range(3) for t in records(tmp_path / f"out{i}/duplicates.jsonl")]
    assert sorted(told) == [("b", "a"), ("d", "c")]


def test_an_index_in_ten_parts_has_the_clusters_of_one_search(tmp_path: Path, call: Call) -> None:
    from cleaner.index import build, search
    from cleaner.options import DedupOptions

    texts = {
        f"{i}": replace_characters(prose(i % 12, 500), i, 0.004) + "\n" + (SHARED if i % 5 == 0 else "")
        for i in range(60)
    }
    for i in range(10):
        write_jsonl(tmp_path / "part.jsonl", dict(list(texts.items())[i::10]))
        call("dedup", "part.jsonl", "-o", "out", "--index", "i.db", "-q", "--force")
    store = build.open_store("i.db")
    found = search.pairs_of_rows(store, DedupOptions(), list(store.rows(list(texts)).values()))
    store.close()
    assert tuple(found) == deduplicate(texts).pairs


@pytest.mark.slow
def test_an_index_is_the_same_for_any_number_of_workers(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_shards(monkeypatch, 4000)
    texts = {f"{i}": replace_characters(prose(i % 7, 400), i, 0.005) for i in range(30)}
    write_jsonl(tmp_path / "first.jsonl", dict(list(texts.items())[::3]))
    write_jsonl(tmp_path / "in.jsonl", texts)
    for workers in (1, 2):
        call("dedup", "first.jsonl", "-o", f"first{workers}", "--index", f"{workers}.db", "-j", workers, "-q")
        call("dedup", "in.jsonl", "-o", f"out{workers}", "--index", f"{workers}.db", "-j", workers, "-q")
    told = [(tmp_path / f"out{n}/duplicates.jsonl").read_bytes() for n in (1, 2)]
    assert told[0]
    assert told[0] == told[1]


def test_a_stored_document_is_not_added_again(indexed: str, call: Call, tmp_path: Path) -> None:
    call("dedup", "0.jsonl", "-o", "again", "--index", indexed, "-q")
    assert records(tmp_path / "again/duplicates.jsonl") == []
    assert json.loads(call("index", "info", indexed, "--json").stdout)["documents"] == len(TEXTS)


def test_another_text_under_a_stored_id_is_refused_and_changes_nothing(
    indexed: str, call: Call, tmp_path: Path
) -> None:
    write_jsonl(tmp_path / "new.jsonl", {"new": prose(99), "a": prose(98)})
    with pytest.raises(UsageError, match="another text under the id 'a'"):
        call("dedup", "new.jsonl", "-o", "new", "--index", indexed, "-q")
    assert json.loads(call("index", "info", indexed, "--json").stdout)["documents"] == len(TEXTS)


def test_another_scheme_is_an_error_that_says_what_differs(indexed: str, call: Call) -> None:
    with pytest.raises(UsageError, match=r"threshold 0\.8 \(this run: 0\.7\), bands 16 \(this run: "):
        call("dedup", "0.jsonl", "-o", "x", "--index", indexed, "--threshold", "0.7", "-q")


def test_an_index_is_queried_for_a_text(indexed: str, call: Call, tmp_path: Path) -> None:
    (tmp_path / "ask.txt").write_text(prose(50) + "\n" + SHARED, encoding="utf-8")
    (tmp_path / "none.txt").write_text(prose(51), encoding="utf-8")
    told = [json.loads(line) for line in call("index", "query", indexed, "ask.txt", "none.txt").stdout.splitlines()]
    assert {(t["query"], t["document"], t["jaccard"]) for t in told} == {("ask.txt", "c", 1.0), ("ask.txt", "d", 1.0)}
    assert call("index", "query", indexed, "none.txt").exit_code == 1


def test_documents_are_removed_from_an_index(indexed: str, call: Call, tmp_path: Path) -> None:
    (tmp_path / "ask.txt").write_text(TEXT, encoding="utf-8")
    result = call("index", "remove", indexed, "a", "nobody")
    assert result.exit_code == 1
    assert "not in the index: nobody" in result.stderr
    told = [json.loads(line) for line in call("index", "query", indexed, "ask.txt").stdout.splitlines()]
    assert {t["document"] for t in told} == {"b"}


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_a_file_that_is_no_index_is_an_error(call: Call, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "x.db").write_bytes(content)
    with pytest.raises(UsageError, match=r"x\.db"):
        call("index", "info", "x.db")


@pytest.mark.parametrize("date", ["[1]", "{}", "null"])
def test_earliest_needs_a_date_that_can_be_compared(date: str, tmp_path: Path, call: Call) -> None:
    text = prose(1)
    lines = [f'{{"id": "{name}", "text": {json.dumps(text)}, "date": {date}}}\n' for name in "ab"]
    (tmp_path / "in.jsonl").write_text("".join(lines))
    with pytest.raises(UsageError, match="the field 'date', in which no document has a number or a text"):
        call("dedup", "in.jsonl", "-o", "out", "-q", "--keep", "earliest")
    dated = f'{{"id": "c", "text": {json.dumps(text)}, "date": "2020-01-01"}}\n'
    (tmp_path / "in.jsonl").write_text("".join([*lines, dated]))
    assert call("dedup", "in.jsonl", "-o", "out", "-q", "--keep", "earliest", "--restart").exit_code == 0
    assert '"keeper":"c"' in (tmp_path / "out/duplicates.jsonl").read_text()
