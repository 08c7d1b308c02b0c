"""The index behind a real Redis server, which the test starts on loopback."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cleaner.corpus.dedup.job import DedupJob
from cleaner.corpus.dedup.report import DedupSummary
from cleaner.corpus.plan import plan_reading
from cleaner.dedup import deduplicate, sketches
from cleaner.errors import CleanerError, UsageError
from cleaner.formats.base import Reading
from cleaner.index import build, query, search
from cleaner.index.store import scheme_of
from cleaner.options import DedupOptions
from helpers.dedup_texts import prose, replace_characters

SHARED = prose("shared", 150, 9999)
TEXTS = {
    f"{i}": replace_characters(prose(i % 5, 400), i, 0.004) + "\n" + (SHARED if i % 4 == 0 else "") for i in range(20)
} | {"empty": ""}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("redis", reason="the Redis client is not installed")
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("redis-server is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def add(texts: dict[str, str], url: str, folder: Path, options: DedupOptions = DedupOptions()) -> DedupSummary:  # noqa: B008
    lines = [json.dumps({"id": key, "text": text}) + "\n" for key, text in texts.items()]
    (folder / "in.jsonl").write_text("".join(lines), encoding="utf-8")
    sources, _, _ = plan_reading([str(folder / "in.jsonl")], None, ())
    job = DedupJob(sources, options, Reading(shard=3000), "flag", "0", url)
    return build.add_corpus(job, folder / "out", force=True)


@pytest.mark.slow
def test_an_index_built_in_several_runs_has_the_clusters_of_one_search(server: str, tmp_path: Path) -> None:
    url = f"{server}?name=parts"
    for i in range(4):
        add(dict(list(TEXTS.items())[i::4]), url, tmp_path)
    store = build.open_store(url)
    assert store.info().documents == len(TEXTS)
    assert (
        tuple(search.pairs_of_rows(store, DedupOptions(), list(store.rows(list(TEXTS)).values())))
        == deduplicate(TEXTS).pairs
    )


def test_redis_and_sqlite_give_the_same_answers(server: str, tmp_path: Path) -> None:
    asked = {"same": TEXTS["3"], "part": prose(77) + "\n" + SHARED, "other": prose(78), "empty": ""}
    found = []
    for name in (f"{server}?name=alike", str(tmp_path / "i.db")):
        add(TEXTS, name, tmp_path)
        with closing(build.open_store(name)) as store:
            found.append(query.query(store, asked))
    assert found[0]
    assert found[0] == found[1]


@pytest.mark.slow
def test_removed_documents_leave_nothing_behind(server: str, tmp_path: Path) -> None:
    url = f"{server}?name=removed"
    add(TEXTS, url, tmp_path)
    store = build.open_store(url)
    assert store.remove([*TEXTS, "nobody"]) == len(TEXTS)
    assert (store.info().documents, store.info().items) == (0, 0)
    assert query.query(store, {"a": TEXTS["3"]}) == []


def test_an_error_removes_the_documents_of_its_run(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sketches, "BATCH_CHARACTERS", 1000)
    url = f"{server}?name=undone"
    add({"a": TEXTS["1"]}, url, tmp_path)
    with pytest.raises(UsageError, match="another text under the id 'a'"):
        add({f"{i}": prose(i, 1500) for i in range(2)} | {"a": TEXTS["2"]}, url, tmp_path)
    assert build.open_store(url).info().documents == 1


@pytest.mark.slow
def test_another_scheme_is_an_error_that_says_what_differs(server: str, tmp_path: Path) -> None:
    url = f"{server}?name=scheme"
    add(TEXTS, url, tmp_path)
    with pytest.raises(UsageError, match=r"shingle 5 \(this run: 4\)"):
        build.open_store(url, scheme_of(DedupOptions(shingle=4)))


def test_a_database_that_is_no_index_is_an_error(server: str) -> None:
    with pytest.raises(UsageError, match="no such index"):
        build.open_store(f"{server}?name=never")
    with pytest.raises(UsageError, match="not a Redis address"):
        build.open_store("redis:///x")


@pytest.mark.slow
def test_an_unreachable_server_is_an_error() -> None:
    pytest.importorskip("redis", reason="the Redis client is not installed")
    with pytest.raises(CleanerError, match="cannot be reached"):
        build.open_store("redis://127.0.0.1:1/0")
