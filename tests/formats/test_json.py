"""JSON: records of an array or after each other, cleaned, refused, restored and mended in their places."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.corpus import clean, restore
from cleaner.formats.storage import json_units
from cleaner.formats.storage.json_units import Unit
from cleaner.formats.storage.streams import OpenStream
from helpers.calls import Call
from helpers.format_cases import job, page, read_rejects, rows

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), max_size=5)


def units(data: bytes, limit: int = 1 << 20) -> list[Unit]:
    return list(json_units.read_units(OpenStream(io.BytesIO(data), lambda: 0), limit))


def values(data: bytes) -> list[Any]:
    return [json.loads(unit.data[unit.glue :]) for unit in units(data) if not unit.is_end]


@given(OBJECTS, st.sampled_from([None, 1]), st.booleans(), st.sampled_from([1, 2, 7, 1 << 20]))
def test_units_are_the_records_of_an_array_and_make_up_the_file(
    objects: list[Any], indent: int | None, is_ascii: bool, block: int
) -> None:
    data = (json.dumps(objects, ensure_ascii=is_ascii, indent=indent) + "\n").encode("utf-8", "replace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_units, "BLOCK", block)
        assert values(data) == json.loads(data)
        assert b"".join(unit.data for unit in units(data)) == data


@given(OBJECTS)
def test_objects_after_each_other_are_records_too(objects: list[Any]) -> None:
    data = "\n".join(json.dumps(value, indent=1) for value in objects).encode()
    assert values(data) == objects


@pytest.mark.parametrize("block", [1, 2, 3, 50])
def test_a_record_that_is_too_long_is_passed_over(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_units, "BLOCK", block)
    data = rb'[{"a":"' + rb"x\\\"]" * 99 + rb'"}, {"a":1}]'
    first, second, end = units(data, 60)
    assert (first.data, first.is_too_long) == (b"", True)
    assert (second.data, second.number, end.data) == (b', {"a":1}', 2, b"]")
    assert data[second.offset :].startswith(second.data)


@pytest.mark.parametrize(
    ("data", "reason", "count"),
    [
        (b'[{"a":1}, {"a', "it ends inside a record", 1),
        (b'[{"a":1}', "the array has no end", 1),
        (b'[{"a":1} {"a":2}]', "neither a comma nor the end", 1),
        (b'[{"a":1}] x', "something follows the end", 1),
        (b"hello", "neither an object nor an array", 0),
        (b"[" * 100_000, "it ends inside a record", 0),
    ],
)
def test_damage_ends_a_file_and_is_named(data: bytes, reason: str, count: int) -> None:
    *records, last = units(data)
    assert len(records) == count
    assert reason in last.reason
    assert b"".join(unit.data for unit in units(data)) == data


FILES = {
    "array.json": json.dumps(rows(3), ensure_ascii=False, indent=2),
    "escaped.json": "\ufeff" + json.dumps(rows(3)) + "\n",
    "one.json": json.dumps(rows(1)[0], ensure_ascii=False, indent=2),
    "other.json": json.dumps([1, {"note": "x"}, [{}], *rows(2)], ensure_ascii=False),
    "cut.json": json.dumps(rows(4), ensure_ascii=False, indent=2)[:-900],
    "settings.json": '{"name": "x"}\n',
    "empty.json": "[]",
    "no.json": "河水",
}


def test_every_file_comes_back_and_no_output_is_broken(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, content in FILES.items():
        (tmp_path / "in" / name).write_text(content, encoding="utf-8", newline="")
    clean.clean_corpus(job([tmp_path / "in"], tmp_path / "out"), tmp_path / "out")
    for name in FILES.keys() - {"no.json"}:
        texts = json.loads((tmp_path / "out" / name).read_text(encoding="utf-8-sig"))
        for record in texts if isinstance(texts, list) else [texts]:
            assert "首页" not in record.get("text", "")
    assert not [outcome for outcome in restore.restore(tmp_path / "out", tmp_path / "back") if outcome.reason]
    for name in FILES:
        assert (tmp_path / "back" / name).read_bytes() == (tmp_path / "in" / name).read_bytes(), name


def test_quarantined_records_leave_whole_files_and_come_back(tmp_path: Path) -> None:
    text = json.dumps([{"id": "nav", "text": "首页|新闻|图片\n" * 9}, *rows(2)], ensure_ascii=False, indent=1)
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    planned = job([tmp_path / "a.json"], tmp_path / "out")._replace(quarantine=tmp_path / "aside", quarantine_doubt=0.0)
    clean.clean_corpus(planned, tmp_path / "out")
    aside = json.loads((tmp_path / "aside/a.json").read_text(encoding="utf-8"))
    rest = json.loads((tmp_path / "out/a.json").read_text(encoding="utf-8"))
    assert len(aside) + len(rest) == 3
    assert aside
    assert not [outcome for outcome in restore.restore(tmp_path / "out", tmp_path / "back") if outcome.reason]
    assert (tmp_path / "back/a.json").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_file_of_records_without_the_field_is_listed_once(name: str, tmp_path: Path) -> None:
    data = json.dumps([{"body": page(n)} for n in range(3)]) if name == "a.json" else '{"body": "x"}\n' * 3
    (tmp_path / name).write_text(data)
    clean.clean_corpus(job([tmp_path / name], tmp_path / "out"), tmp_path / "out")
    (row,) = read_rejects(tmp_path / "out")
    assert row["reason"].startswith("no field 'text'; there are body: name one with --field")
    assert (tmp_path / "out" / name).read_text() == data


def test_check_finds_and_mends_records_and_passes_settings_over(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FILES["array.json"].replace("首页", "ＡＢＣ首页"), encoding="utf-8")
    (tmp_path / "settings.json").write_text(FILES["settings.json"])
    code, out, err = call("check", str(tmp_path))
    assert code == 1
    assert "a.json:5:13:" in out
    assert "1 exempt" in out + err
    call("check", "--fix", "--unsafe-fixes", "--max-loss", "1", str(tmp_path))
    mended = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "ＡＢＣ" not in mended
    assert [row["n"] for row in json.loads(mended)] == [0, 1, 2]
