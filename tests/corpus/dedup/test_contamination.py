"""`cleaner dedup --against` and `check --against`: questions of an evaluation in a corpus, with places and exit codes."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cleaner import cli
from cleaner.cli.reading import options
from cleaner.errors import UsageError
from cleaner.formats.base import Reading
from helpers.planted_spans import sentences

QUESTIONS = {
    "q1": "小明有5个苹果，吃掉了2个，他还剩下几个苹果？",
    "q2": "植物的叶子在光照下把二氧化碳和水变成什么？",
    "q3": "下列哪一座城市是法国的首都？",
}
PLACED = {
    "d03": QUESTIONS["q1"],
    "d07": "植物葉子在光照下把二氧化碳和水變成什麼",
    "d11": "下列哪一座城市是德国的首都？",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    dice = random.Random("contamination")
    rows = []
    for number in range(20):
        parts = sentences(dice, 200)
        parts.insert(3, PLACED.get(f"d{number:02}", ""))
        rows.append({"id": f"d{number:02}", "text": "".join(parts)})
    write(tmp_path / "corpus.jsonl", rows)
    write(tmp_path / "exam.jsonl", [{"id": key, "question": text} for key, text in QUESTIONS.items()])
    return tmp_path


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def call(*arguments: object) -> Result:
    result = CliRunner().invoke(cli.app, [str(a) for a in arguments])
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_questions_are_listed_with_place_and_containment(folder: Path) -> None:
    result = call("dedup", "corpus.jsonl", "-o", "out", "--against", "exam.jsonl")
    assert result.exit_code == 1
    assert "2 of 3 questions stand in 2 of 20 documents" in result.stderr
    first, second = read(folder / "out/contamination.jsonl")
    assert (first["document"], first["reference"], first["containment"]) == ("d03", "q1", 1.0)
    assert (second["document"], second["reference"]) == ("d07", "q2")
    text = {row["id"]: row["text"] for row in read(folder / "corpus.jsonl")}["d07"]
    assert text[second["span"]["start"] : second["span"]["stop"]] == PLACED["d07"] == second["text"]
    assert [path.name for path in (folder / "out").iterdir()] == ["contamination.jsonl"]


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_workers_and_shards_change_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    call("dedup", "corpus.jsonl", "-o", "one", "--against", "exam.jsonl", "-j", 1)
    monkeypatch.setattr(options, "Reading", lambda **fields: Reading(shard=3000, **fields))
    call("dedup", "corpus.jsonl", "-o", "two", "--against", "exam.jsonl", "-j", workers)
    one, two = ((folder / name / "contamination.jsonl").read_bytes() for name in ("one", "two"))
    assert one == two
    assert one


def test_a_clean_corpus_ends_well(folder: Path) -> None:
    write(folder / "other.jsonl", [{"id": "x", "prompt": "地球绕太阳公转一周大约需要多长时间？"}])
    result = call("dedup", "corpus.jsonl", "-o", "out", "--against", "other.jsonl", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["matches"] == 0


def test_lines_of_a_text_are_questions(folder: Path) -> None:
    (folder / "exam.txt").write_text("\n".join(QUESTIONS.values()), encoding="utf-8")
    call("dedup", "corpus.jsonl", "-o", "out", "--against", "exam.txt", "-q")
    assert [row["reference"] for row in read(folder / "out/contamination.jsonl")] == ["exam.txt:1", "exam.txt:2"]


def test_tune_shows_containments_and_the_nearest_matches(folder: Path) -> None:
    result = call("dedup", "tune", "corpus.jsonl", "--against", "exam.jsonl", "--min-containment", "0.99")
    assert "<- --min-containment" in result.stdout
    above, below = result.stdout.split("nearest below the threshold:")
    assert "q1" in above
    assert PLACED["d07"] in below


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--against", "missing.jsonl"], "there is no such file"),
        (["--against", "exam.jsonl", "--against-field", "answer"], "no questions in answer; name their field"),
        (["--against", "exam.jsonl", "--action", "drop"], "only lists what it finds"),
        (["--against", "exam.jsonl", "--unit", "span"], "leave out --unit"),
        (["--against", "exam.jsonl", "--min-containment", "0"], "not a share above 0"),
        (["--min-containment", "0.7"], "go with --against"),
        (["--unit", "span", "--index", "x.db"], "finds no repeated spans; give near, document or passage"),
        (["--unit", "both", "--index", "x.db"], "unit 'both': --index finds no repeated spans; give near"),
    ],
)
def test_a_wrong_call_says_what_to_do(folder: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call("dedup", folder / "corpus.jsonl", "-o", "out", *arguments)


def test_check_reports_a_question_where_it_stands(folder: Path) -> None:
    result = call(
        "check", folder / "corpus.jsonl", "--against", "exam.jsonl", "--select", "dedup/evaluation", "--format", "json"
    )
    assert result.exit_code == 1
    findings = json.loads(result.stdout)["findings"]
    assert [(item["record"], item["rule"]) for item in findings] == [
        ("d03", "dedup/evaluation"),
        ("d07", "dedup/evaluation"),
    ]
    assert "of q1 in exam.jsonl" in findings[0]["message"]
