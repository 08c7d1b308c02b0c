"""Near-duplicates of a run: groups searched one by one give what one search over all gives, in little memory."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from cleaner.corpus import near_duplicates, sketch_store
from cleaner.corpus.row_store import ENCODING, Places, Row, Rows, encoded, together
from cleaner.corpus.sketch_store import Stored
from cleaner.corpus.writing import COMPARED
from cleaner.dedup import bucket_groups, find, jaccard, passages, sketches
from cleaner.dedup.find import Collection
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.pairs import Pair
from cleaner.local.checkpoints import Parts, Shard
from cleaner.local.events import Event, Stepped, Turned
from helpers import runner_job
from helpers.dedup_texts import edited, prose


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Every third text is an edited copy of the one before, every tenth holds a paragraph that many share."""
    made: list[str] = []
    for number in range(120):
        text = edited(made[-1], number, 0.005) if number % 3 == 2 else prose(number)
        made.append(f"{text}\n{prose('shared', 120)}" if number % 10 == 0 else text)
    return made


def shards(texts: list[str], folder: Path, sizes: tuple[int, ...] = (50, 1, 0, 69)) -> tuple[Rows, Stored]:
    parts, made, at = Parts(folder), [], 0
    for number, size in enumerate(sizes):
        own, places = texts[at : at + size], Places()
        with parts.draft(0, number) as draft:
            sketch_store.save(
                draft.files["sketch"], sketches.sketch_batches([own] if own else [], derive_scheme(COMPARED), "passage")
            )  # type: ignore[arg-type]
            for index, text in enumerate(own):
                line = encoded(Row(f"d{(at + index) % 100}", "in", at + index, ""))
                places.add(f"d{(at + index) % 100}", len(line), len(text))
                draft.write("rows", line)
            draft.write("texts", together(own))
            draft.write("places", places.data())
            draft.counts = {}
        made.append(Shard(0, number))
        at += size
    rows = Rows(parts, made)
    return rows, Stored([parts.path(*shard, "sketch") for shard in made], rows.firsts, derive_scheme(COMPARED).bands)


def test_rows_are_read_where_they_lie(texts: list[str], tmp_path: Path) -> None:
    rows, _ = shards(texts, tmp_path)
    assert len(rows) == 120
    assert [rows.text(row) for row in (3, 50, 119)] == [texts[3], texts[50], texts[119]]
    part = rows.part(np.array([119, 3, 50]), np.array([7, 0, 7]), np.array([9, 2, 20]))
    assert part.tobytes().decode(ENCODING) == texts[119][7:9] + texts[3][:2] + texts[50][7:20]
    assert [row.line for row in rows.read(np.array([3, 50, 119]))] == [3, 50, 119]
    assert rows.repeated == {100 + i: i for i in range(20)}
    assert [name for name, _ in rows.named(np.array([3, 50, 103]))] == ["d3", "d50", "d3 (in:103)"]


@pytest.mark.parametrize("part", [1 << 22, 100])
@pytest.mark.parametrize("group", [1 << 18, 40])
def test_groups_searched_alone_give_what_a_search_over_all_gives(
    texts: list[str], tmp_path: Path, monkeypatch: Any, part: int, group: int
) -> None:
    monkeypatch.setattr(bucket_groups, "KEYS_PER_SORT", part)
    monkeypatch.setattr(bucket_groups, "GROUP_ITEMS", group)
    _, kept = shards(texts, tmp_path)
    ids = [f"{number:03}" for number in range(len(texts))]
    none = np.zeros(len(ids), dtype=np.int64)
    every = Collection(
        ids, none, lambda name: "", jaccard.shingle_fetcher(lambda rows: [texts[row] for row in rows], COMPARED.shingle)
    )
    whole = find.find_pairs(kept.take(np.arange(len(kept))), every, COMPARED)
    items, starts = bucket_groups.candidate_groups(kept)
    assert len(items) < len(kept)
    assert (len(starts) > 2) == (group == 40)
    found = []
    for start, stop in pairwise(starts.tolist()):
        found += find.find_pairs(kept.take(items[start:stop]), every, COMPARED)
    assert len(whole) > 50
    assert sorted(found) == whole


def test_what_nothing_meets_is_in_no_group(tmp_path: Path) -> None:
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


@pytest.mark.parametrize(("group", "workers"), [(1 << 18, 1), (20, 1), (20, 2)])
def test_windows_are_compared_with_passages_of_other_shards(
    quoting: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: int, workers: int
) -> None:
    monkeypatch.setattr(bucket_groups, "GROUP_ITEMS", group)
    (tmp_path / "in.jsonl").write_bytes(b"")
    job = runner_job.job([str(tmp_path / "in.jsonl")], tmp_path / "out")
    rows, kept = shards(quoting, tmp_path, (11, 0, 29, 20))
    events: list[Event] = []
    output = tmp_path / "pairs.jsonl"
    places = near_duplicates.find(
        job, Parts(tmp_path), rows, output, workers, lambda worker, event: events.append(event)
    )
    every = np.arange(len(rows))
    ids = [name for name, _ in rows.named(every)]
    fetch = jaccard.shingle_fetcher(lambda rows: [quoting[row] for row in rows], COMPARED.shingle)
    collected = Collection(ids, np.zeros(len(ids), dtype=np.int64), lambda name: "", fetch)
    whole = find.find_pairs(kept.take(np.arange(len(kept))), collected, COMPARED)
    found = [msgspec.json.decode(line, type=Pair) for line in output.read_bytes().splitlines()]
    assert sorted(found) == whole
    assert {(p.copy, p.keeper) for p in found} == {(f"d{number + 1}", f"d{number}") for number in range(0, 60, 2)}
    data = output.read_bytes()
    parts = [data[a:b].splitlines() for a, b in pairwise(places.tolist())]
    copies = [{ids.index(msgspec.json.decode(line, type=Pair).copy) for line in part} for part in parts]
    assert [part <= set(rows.of(shard)) for shard, part in enumerate(copies)] == [True] * 4
    assert sum(isinstance(event, Stepped) for event in events) == [e.steps for e in events if isinstance(e, Turned)][-1]
