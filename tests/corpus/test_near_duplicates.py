"""Near-duplicates of a run: groups searched one by one give what one search over all gives, in little memory."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from cleaner.corpus import near_duplicates, sketch_store
from cleaner.corpus.row_store import OFFSETS, ROWS, TEXTS, RowStore, RowWriter
from cleaner.corpus.run import Run
from cleaner.corpus.sketch_store import SketchStore
from cleaner.corpus.writing import PASSAGE_OPTIONS
from cleaner.dedup import bucket_groups, find, jaccard, passages, sketches
from cleaner.dedup.find import Collection
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.pairs import Pair
from cleaner.formats.base import Record
from cleaner.local.checkpoints import Checkpoints, Shard
from cleaner.local.events import Event, PhaseStart, StepEnd
from cleaner.local.pool import Pool
from cleaner.text import codepoints
from helpers import planted_spans, runner_job
from helpers.dedup_texts import prose, replace_characters


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Every third text is an edited copy of the one before, every tenth holds a paragraph that many share."""
    made: list[str] = []
    for number in range(120):
        text = replace_characters(made[-1], number, 0.005) if number % 3 == 2 else prose(number)
        made.append(f"{text}\n{prose('shared', 120)}" if number % 10 == 0 else text)
    return made


def shards(texts: list[str], folder: Path, sizes: tuple[int, ...] = (50, 1, 0, 69)) -> tuple[RowStore, SketchStore]:
    checkpoints, made, at = Checkpoints(folder), [], 0
    folder.mkdir(parents=True, exist_ok=True)
    for number, size in enumerate(sizes):
        own = texts[at : at + size]
        with checkpoints.draft(Shard(0, number), (ROWS, OFFSETS, TEXTS, sketch_store.SKETCH)) as draft:
            batches = [own] if own else []
            found = sketches.sketch_batches(batches, derive_scheme(PASSAGE_OPTIONS), "passage")
            sketch_store.write_sketches(draft.files[sketch_store.SKETCH], found)  # type: ignore[arg-type]
            writer = RowWriter(draft)
            writer.add([Record(f"d{(at + i) % 100}", "in", at + i) for i in range(size)], own)
            writer.close()
            draft.counts = {}
        made.append(Shard(0, number))
        at += size
    rows = RowStore(checkpoints, made)
    paths = [checkpoints.path(shard, sketch_store.SKETCH) for shard in made]
    return rows, SketchStore(paths, rows.firsts, derive_scheme(PASSAGE_OPTIONS).bands)


def test_texts_of_stored_rows_are_read_by_row_and_span(texts: list[str], tmp_path: Path) -> None:
    rows, _ = shards(texts, tmp_path)
    assert len(rows) == 120
    assert [rows.text(row) for row in (3, 50, 119)] == [texts[3], texts[50], texts[119]]
    part = rows.code_points(np.array([119, 3, 50]), np.array([7, 0, 7]), np.array([9, 2, 20]))
    assert codepoints.to_text(part) == texts[119][7:9] + texts[3][:2] + texts[50][7:20]
    assert [row.line for row in rows.read(np.array([3, 50, 119]))] == [3, 50, 119]
    assert rows.repeated_ids == {100 + i: i for i in range(20)}
    assert [name for name, _ in rows.with_names(np.array([3, 50, 103]))] == ["d3", "d50", "d3 (in:103)"]


@pytest.mark.parametrize("part", [1 << 22, 100])
@pytest.mark.parametrize("group", [1 << 18, 40])
def test_groups_searched_separately_give_the_pairs_of_one_search(
    texts: list[str], tmp_path: Path, monkeypatch: Any, part: int, group: int
) -> None:
    monkeypatch.setattr(bucket_groups, "KEYS_PER_SORT", part)
    monkeypatch.setattr(bucket_groups, "GROUP_ITEMS", group)
    _, kept = shards(texts, tmp_path)
    ids = [f"{number:03}" for number in range(len(texts))]
    none = np.zeros(len(ids), dtype=np.int64)
    every = Collection(
        ids,
        none,
        [""] * len(ids),
        jaccard.shingle_fetcher(lambda rows: [texts[row] for row in rows], PASSAGE_OPTIONS.shingle),
    )
    whole = find.find_pairs(kept.take(np.arange(len(kept))), every, PASSAGE_OPTIONS)
    items, starts = bucket_groups.candidate_groups(kept)
    assert len(items) < len(kept)
    assert (len(starts) > 2) == (group == 40)
    found = []
    for start, stop in pairwise(starts.tolist()):
        found += find.find_pairs(kept.take(items[start:stop]), every, PASSAGE_OPTIONS)
    assert len(whole) > 50
    assert sorted(found) == whole


def test_windows_go_by_passages_that_share_no_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_groups, "GROUP_ITEMS", 10)
    dice = random.Random(5)
    parts = ["".join(planted_spans.sentences(dice, size)) for size in (90, 160, 300)]
    texts = [
        "".join([*planted_spans.sentences(dice, 300), dice.choice(parts), *planted_spans.sentences(dice, 200)])
        for _ in range(30)
    ]
    _, store = shards(texts, tmp_path, (30,))
    ids = [f"{number:03}" for number in range(len(texts))]
    fetch = jaccard.shingle_fetcher(lambda rows: [texts[row] for row in rows], PASSAGE_OPTIONS.shingle)
    collection = Collection(ids, np.zeros(len(ids), dtype=np.int64), [""] * len(ids), fetch)
    items, starts = bucket_groups.candidate_groups(store)
    groups = [items[start:stop] for start, stop in pairwise(starts.tolist())]
    pairs = [pair for group in groups for pair in find.find_pairs(store.take(group), collection, PASSAGE_OPTIONS)]
    assert len(groups) > 1
    assert len(pairs) > 20
    assert sorted(pairs) == find.find_pairs(store.take(np.arange(len(store))), collection, PASSAGE_OPTIONS)


def test_items_that_share_no_bucket_are_in_no_group(tmp_path: Path) -> None:
    rows, kept = shards(["一二三四五六七八九十" * 5, "天地玄黄宇宙洪荒" * 8], tmp_path, (2,))
    items, starts = bucket_groups.candidate_groups(kept)
    assert (len(rows), len(items), starts.tolist()) == (2, 0, [0])


@pytest.fixture(scope="module")
def quoting() -> list[str]:
    """Pairs of texts: one long paragraph, and prose with a part of that as a paragraph of its own."""
    made: list[str] = []
    for number in range(30):
        long = prose(number, 900).replace("\n", "")
        part = next(found.text for found in passages.split("", long) if len(found.text) < len(long))
        made += [long, f"{prose(f'{number} beside')}\n{part}"]
    return made


@pytest.mark.slow
@pytest.mark.parametrize(("group", "workers"), [(1 << 18, 1), (20, 1), (20, 2)])
def test_windows_are_compared_with_passages_of_other_shards(
    quoting: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: int, workers: int
) -> None:
    monkeypatch.setattr(bucket_groups, "GROUP_ITEMS", group)
    (tmp_path / "in.jsonl").write_bytes(b"")
    (tmp_path / "out/_cleaner").mkdir(parents=True)
    run = Run.open(runner_job.job([str(tmp_path / "in.jsonl")], tmp_path / "out"), tmp_path / "out")
    rows, kept = shards(quoting, run.checkpoints.folder, (11, 0, 29, 20))
    events: list[Event] = []
    with Pool(workers, lambda worker, event: events.append(event)) as pool:
        places = near_duplicates.find_near_duplicates(run, pool)
    output = run.folder / near_duplicates.DUPLICATES
    every = np.arange(len(rows))
    ids = [name for name, _ in rows.with_names(every)]
    fetch = jaccard.shingle_fetcher(lambda rows: [quoting[row] for row in rows], PASSAGE_OPTIONS.shingle)
    collected = Collection(ids, np.zeros(len(ids), dtype=np.int64), [""] * len(ids), fetch)
    whole = find.find_pairs(kept.take(np.arange(len(kept))), collected, PASSAGE_OPTIONS)
    found = [msgspec.json.decode(line, type=Pair) for line in output.read_bytes().splitlines()]
    assert sorted(found) == whole
    assert {(p.copy, p.keeper) for p in found} == {(f"d{number + 1}", f"d{number}") for number in range(0, 60, 2)}
    data = output.read_bytes()
    parts = [data[a:b].splitlines() for a, b in pairwise(places.tolist())]
    copies = [{ids.index(msgspec.json.decode(line, type=Pair).copy) for line in part} for part in parts]
    assert [part <= set(rows.of_shard(shard)) for shard, part in enumerate(copies)] == [True] * 4
    assert (
        sum(isinstance(event, StepEnd) for event in events)
        == [e.steps for e in events if isinstance(e, PhaseStart)][-1]
    )
