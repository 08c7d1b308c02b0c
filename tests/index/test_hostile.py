"""Indexes that somebody forged, damaged or holds: nothing in them is executed or unpickled, each is an error in words."""

from __future__ import annotations

import json
import os
import pickle
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from cleaner.dedup import deduplicate
from cleaner.errors import CleanerError
from cleaner.index import build, query, search
from cleaner.index.guarded import GuardedStore, explained
from cleaner.index.store import MOST_BYTES, IndexedDocument, Store, scheme_of
from cleaner.options import DedupOptions
from helpers.calls import Call
from helpers.dedup_texts import prose
from helpers.fake_redis import array, bulk, fake_redis

TEXTS = {f"{i}": prose(i % 5, 300) for i in range(10)}


def write(path: Path, texts: dict[str, str]) -> None:
    path.write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in texts.items()))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    write(tmp_path / "more.jsonl", {"new": TEXTS["1"]})
    (tmp_path / "ask.txt").write_text(TEXTS["3"])
    with closing(build.open_store(str(tmp_path / "i.db"), scheme_of(DedupOptions()))) as store:
        build.add_documents(store, [IndexedDocument(*text) for text in TEXTS.items()], DedupOptions())
    return tmp_path / "i.db"


class Executed:
    """What leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.path,)


def use(name: str) -> list[str]:
    """Use an index in all ways; the errors of it in words."""
    options = DedupOptions()
    new = [IndexedDocument("new", TEXTS["1"])]
    ways: list[Callable[[Store], object]] = [
        lambda store: store.info(),
        lambda store: query.query(store, {"ask": TEXTS["3"]}),
        lambda store: build.add_documents(store, new, options),
        lambda store: search.pairs_of_rows(store, options, list(store.rows(["1", "2"]).values())),
        lambda store: store.remove(["1"]),
    ]
    said = []
    for way in ways:
        try:
            with closing(build.open_store(name)) as store, explained(name):
                way(store)
        except CleanerError as error:
            said.append(str(error))
    return said


FORGERIES = {
    "a pickle as document": "update document set data = :pickle",
    "a bomb as document": "update document set data = :bomb",
    "another thing as document": "update document set data = :other",
    "a text as document": "update document set data = 'text'",
    "half a document": "update document set data = substr(data, 1, 20)",
    "no document": "delete from document",
    "half a key": "update band set keys = substr(keys, 1, length(keys) - 3)",
    "fewer keys than items": "update band set keys = substr(keys, 1, 8)",
    "no keys": "update band set keys = x''",
    "items of other documents": "update band set items = zeroblob(length(items))",
    "a text as keys": "update band set keys = 'text'",
    "no bands": "delete from band",
    "fewer bands": "delete from band where band > 3",
    "no scheme": "delete from scheme",
    "a pickle as scheme": "update scheme set json = :pickle",
    "another scheme": 'update scheme set json = \'{"unit": "near"}\'',
    "a vast scheme": "update scheme set json = replace(json, '\"permutations\":128', '\"permutations\":99999999999')",
    "no table": "drop table band",
    "a view": "alter table document rename to d; create view document as select row, id, hex(data) data from d",
    "a trigger": "create trigger t before insert on document begin select raise(abort, 'no'); end",
}


@pytest.mark.parametrize("statements", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_index_is_an_error_and_executes_nothing(statements: str, index: Path) -> None:
    mark = index.with_name("executed")
    values = {
        "pickle": pickle.dumps(Executed(mark)),
        "bomb": zlib.compress(bytes(MOST_BYTES + 1), 1) if ":bomb" in statements else b"",
        "other": zlib.compress(msgspec.msgpack.encode([1, 2])),
    }
    base = sqlite3.connect(index)
    for statement in statements.split(";") if "trigger" not in statements else [statements]:
        base.execute(statement, {name: value for name, value in values.items() if f":{name}" in statement})
    base.commit()
    base.close()
    use(str(index))
    assert not mark.exists()


ANSWERS: dict[str, Callable[[bytes], bytes]] = {
    "a pickle": bulk,
    "pickles": lambda data: array(bulk(data), bulk(data)),
    "pickles of the length of a key": lambda data: array(bulk(data[:12])),
    "nothing": lambda _: b"_\r\n",
    "a number": lambda _: b":7\r\n",
    "numbers": lambda _: array(b":1\r\n", b":2\r\n"),
    "an error": lambda _: b"-ERR no\r\n",
    "no protocol": lambda _: b"HTTP/1.1 200 OK\r\n\r\n",
    "nested arrays": lambda _: b"*1\r\n" * 40 + b":1\r\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("has_scheme", [False, True])
def test_a_hostile_redis_is_an_error_and_executes_nothing(
    answer: Callable[[bytes], bytes], has_scheme: bool, tmp_path: Path
) -> None:
    pytest.importorskip("redis", reason="the Redis client is not installed")
    data = pickle.dumps(Executed(tmp_path / "executed"))
    scheme = msgspec.json.encode(scheme_of(DedupOptions()))

    def respond(words: list[bytes]) -> bytes:
        is_scheme = any(b"scheme" in word for word in words)
        return array(bulk(scheme)) if has_scheme and is_scheme else answer(data)

    with fake_redis(respond) as name:
        said = use(name)
    assert said or has_scheme
    assert not (tmp_path / "executed").exists()


@pytest.mark.slow
def test_a_redis_that_never_ends_its_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("redis", reason="the Redis client is not installed")
    monkeypatch.setattr("cleaner.index.redis.PATIENCE", 0.1)
    with fake_redis(lambda _: b"$100\r\nhalf") as name, pytest.raises(CleanerError, match="cannot be reached"):
        build.open_store(name)


def test_an_index_in_use_is_an_error_after_which_the_run_resumes(
    index: Path, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sqlite3, "connect", lambda path, isolation_level: CONNECT(path, timeout=0.1, isolation_level=None)
    )
    holder = CONNECT(index, isolation_level=None)
    holder.execute("begin immediate")
    command = ("dedup", "more.jsonl", "-o", "out", "--index", "i.db", "-q")
    code, _, err = call(*command)
    assert (code, "i.db: in use by another run; wait for it, and give the same command again" in err) == (2, True)
    assert (tmp_path / "out/_dedup/checkpoints").is_dir()
    assert call("index", "remove", "i.db", "1")[0] == 2
    assert call("index", "info", "i.db")[0] == 0
    holder.execute("rollback")
    holder.close()
    assert call(*command)[0] == 0
    assert '"new"' in (tmp_path / "out/duplicates.jsonl").read_text()


CONNECT = sqlite3.connect


def test_an_index_that_cannot_be_written_is_read_and_else_an_error(
    index: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a user who is root can write files whatever their mode
    monkeypatch.setattr(sqlite3, "connect", lambda path, isolation_level: CONNECT(
        f"file:{path}?mode=ro", isolation_level=None, uri=True))  # fmt: skip
    code, _, err = call("dedup", "more.jsonl", "-o", "out", "--index", "i.db", "-q")
    assert (code, "i.db: cannot be written; make it writable" in err) == (2, True)
    assert call("index", "query", "i.db", "ask.txt")[0] == 0


@pytest.mark.slow
def test_two_runs_that_make_one_index_both_end_in_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / f"{name}.jsonl", {f"{name}{key}": text for key, text in TEXTS.items()})
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "cleaner", "dedup", f"{name}.jsonl", "-o", name, "--index", "i.db", "-q"],
            cwd=tmp_path,
            env=dict(os.environ),
        )
        for name in ("a", "b")
    ]
    assert [run.wait(60) for run in runs] == [0, 0]
    store = build.open_store(str(tmp_path / "i.db"))
    assert store.info().documents == 2 * len(TEXTS)
    store.close()


@pytest.mark.parametrize("kill", ["add", "flush", "__exit__"])
def test_a_run_that_ended_anywhere_is_counted_once(
    kill: str, index: Path, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "more.jsonl", {f"new{key}": text for key, text in TEXTS.items()})
    write(tmp_path / "all.jsonl", TEXTS | {f"new{key}": text for key, text in TEXTS.items()})
    command = ("dedup", "more.jsonl", "-o", "out", "--index", "i.db", "-q")
    method = getattr(GuardedStore, kill)

    def end(store: GuardedStore, *arguments: object) -> None:
        method(store, *arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(GuardedStore, kill, end)
        assert call(*command)[0] == 130
    assert call(*command)[0] == 0
    store = build.open_store("i.db")
    assert store.info().documents == 2 * len(TEXTS)
    store.close()
    pairs = [json.loads(line) for line in (tmp_path / "out/duplicates.jsonl").read_text().splitlines()]
    texts = TEXTS | {f"new{key}": text for key, text in TEXTS.items()}
    expected = [pair for pair in deduplicate(texts).pairs if "new" in pair.copy + pair.keeper]
    assert [(pair["copy"], pair["keeper"]) for pair in pairs] == [(pair.copy, pair.keeper) for pair in expected]


def test_an_index_whose_making_was_broken_off_is_made_again(tmp_path: Path, call: Call) -> None:
    base = sqlite3.connect(tmp_path / "i.db")
    base.close()
    write(tmp_path / "in.jsonl", TEXTS)
    assert call("dedup", "in.jsonl", "-o", "out", "--index", "i.db", "-q")[0] == 0


def test_a_document_too_large_to_be_unpacked_again_is_refused(
    index: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.index.store.MOST_BYTES", 100)
    code, _, err = call("dedup", "more.jsonl", "-o", "out", "--index", "i.db", "-q")
    assert (code, "an index holds documents up to 100 bytes" in err) == (2, True)
