"""Repeated spans of a corpus: the same for any number of workers, shards and kills; dropped whole."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from cleaner.corpus.dedup.job import DedupJob
from cleaner.corpus.dedup.run import deduplicate_corpus
from cleaner.corpus.plan import plan_reading
from cleaner.dedup import deduplicate
from cleaner.dedup.pairs import Pair
from cleaner.dedup.spans.records import RepeatedSpan
from cleaner.errors import UsageError
from cleaner.formats.base import Reading
from cleaner.options import DedupOptions, Unit
from helpers.planted_spans import paragraphs, plant, sentences, units


def texts(documents: int = 24, characters: int = 400) -> dict[str, str]:
    dice = random.Random("corpus of spans")
    spans = [paragraphs(dice, sentences(dice, size)) for size in (60, 120, 200)]
    return {f"d{number:04}": plant(dice, dice.choice(spans), characters) for number in range(documents)}


TEXTS = texts()
KILLS = 20
"""Runs that end by a signal; those that are faster do not count."""


def write(path: Path, rows: dict[str, str] = TEXTS) -> Path:
    lines = (json.dumps({"id": key, "text": text}, ensure_ascii=False) for key, text in rows.items())
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def job(source: Path, shard: int = 4000, **options: object) -> DedupJob:
    sources, _, _ = plan_reading([str(source)], None, (), "")
    return DedupJob(sources, DedupOptions.of(unit="span", **options), Reading(shard=shard), "drop", "0")


def read_spans(path: Path) -> list[RepeatedSpan]:
    return [msgspec.json.decode(line, type=RepeatedSpan) for line in path.read_bytes().splitlines()]


def test_the_run_finds_the_spans_of_the_function_with_any_workers_and_shards(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl")
    for number, (shard, workers) in enumerate([(1 << 20, 1), (3000, 1), (3000, 2)]):
        summary = deduplicate_corpus(job(source, shard), tmp_path / f"out{number}", workers=workers)
    outputs = [(tmp_path / f"out{n}/spans.jsonl").read_bytes() for n in range(3)]
    assert outputs[0] == outputs[1] == outputs[2]
    spans = read_spans(tmp_path / "out0/spans.jsonl")
    assert tuple(spans) == deduplicate(TEXTS, unit="span").spans
    assert (summary.spans, summary.repeated_places) == (len(spans), sum(len(span.copies) for span in spans))


def test_files_whose_texts_are_kept_give_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for key, text in TEXTS.items():
        (folder / f"{key}.txt").write_text(text, encoding="utf-8")
    deduplicate_corpus(job(folder), tmp_path / "out", workers=1)
    named = {f"{key}.txt": text for key, text in TEXTS.items()}
    assert tuple(read_spans(tmp_path / "out/spans.jsonl")) == deduplicate(named, unit="span").spans


def test_dropping_leaves_whole_sentences(tmp_path: Path) -> None:
    deduplicate_corpus(job(write(tmp_path / "in.jsonl")), tmp_path / "out", workers=1)
    lines = (tmp_path / "out/in.jsonl").read_text(encoding="utf-8").splitlines()
    rests = {row["id"]: row["text"] for row in map(json.loads, lines)}
    assert rests.keys() == TEXTS.keys()
    assert sum(map(len, rests.values())) < sum(map(len, TEXTS.values())) - 1000
    for key, text in TEXTS.items():
        remaining = iter(units(text))
        assert all(part in remaining for part in units(rests[key]))


def nested_texts() -> dict[str, str]:
    """A line that two texts have, and half of a long line of one in the middle of a longer one of another."""
    dice = random.Random("nested")
    line, long_line = "".join(sentences(dice, 150)), sentences(dice, 900)
    half = long_line[len(long_line) // 3 :]
    return {
        "a": "\n".join(["".join(sentences(dice, 300)), line, "".join(long_line)]),
        "b": "\n".join([line, "".join(sentences(dice, 300)) + "".join(half) + "".join(sentences(dice, 300))]),
    }


@pytest.mark.parametrize(
    ("unit", "passages", "windows", "spans"),
    [("near", 1, True, 0), ("span", 0, False, 2), ("both", 1, False, 1), ("all", 1, True, 2)],
)
def test_each_unit_finds_what_it_says(tmp_path: Path, unit: Unit, passages: int, windows: bool, spans: int) -> None:
    texts = nested_texts()
    sources, _, _ = plan_reading([str(write(tmp_path / "in.jsonl", texts))], None, (), "")
    job = DedupJob(sources, DedupOptions(unit=unit), Reading(), "flag", "0")
    summary = deduplicate_corpus(job, tmp_path / "out", workers=1)
    found = deduplicate(texts, unit=unit)
    lines = [text.split("\n") for text in texts.values()]
    whole = {line for text in lines for line in text}
    copies = [texts[pair.copy][pair.copy_span.start : pair.copy_span.stop] for pair in found.pairs]
    assert sum(copy in whole for copy in copies) == passages
    assert any(copy not in whole for copy in copies) == windows
    assert summary.spans == len(found.spans) == spans
    path = tmp_path / "out/spans.jsonl"
    assert (tuple(read_spans(path)) if path.exists() else ()) == found.spans
    pairs = (tmp_path / "out/duplicates.jsonl").read_bytes().splitlines()
    assert [msgspec.json.decode(pair, type=Pair) for pair in pairs] == list(found.pairs)


@pytest.mark.parametrize("unit", ["span", "both", "all"])
@pytest.mark.parametrize("place", ["--index", "tune"])
def test_spans_are_refused_where_there_are_no_anchors(unit: Unit, place: str) -> None:
    with pytest.raises(UsageError, match=f"unit '{unit}': {place} finds no repeated spans; give near, document or pas"):
        DedupOptions(unit=unit).refuse_spans(place)
    with pytest.raises(UsageError, match=rf"cleaner dedup INPUT\.\.\. --unit {unit}, without an index"):
        DedupOptions(unit=unit).refuse_spans(place)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_a_run_killed_twenty_times_gives_the_spans_of_an_uninterrupted_one(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", texts(600))
    command = [
        sys.executable,
        "-m",
        "cleaner",
        "dedup",
        str(source),
        "--unit",
        "span",
        "--action",
        "drop",
        "-q",
        "-j",
        "2",
    ]
    start = time.monotonic()
    subprocess.run([*command, "-o", str(tmp_path / "whole")], check=True)
    duration, dice = time.monotonic() - start, random.Random(21)
    kills = outputs = 0
    while kills < KILLS:
        process = subprocess.Popen([*command, "-o", str(tmp_path / f"killed{outputs}")], start_new_session=True)
        time.sleep(dice.uniform(0.1, 0.9) * duration)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        is_killed = process.wait() == -signal.SIGKILL
        assert is_killed or process.returncode == 0
        kills += is_killed
        outputs += not is_killed
    subprocess.run([*command, "-o", str(tmp_path / f"killed{outputs}")], check=True)
    for number in range(outputs + 1):
        for name in ("spans.jsonl", "in.jsonl"):
            assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / f"killed{number}" / name).read_bytes()
