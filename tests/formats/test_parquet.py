"""Columnar files as no writer should leave them: each bad value costs its row at most."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaner.formats import registry
from cleaner.formats.base import Reading, Record, file_source
from cleaner.formats.shared import row_bounds
from helpers.calls import Call

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

GOOD = "河水退去之后，村里的人开始重新丈量田地。"
LONG = GOOD * 30


def raw_column(values: list[bytes]) -> Any:
    """Texts whose bytes nobody looked at."""
    offsets = [0]
    for value in values:
        offsets.append(offsets[-1] + len(value))
    places = b"".join(offset.to_bytes(4, "little") for offset in offsets)
    buffers = [None, arrow.py_buffer(places), arrow.py_buffer(b"".join(values))]
    return arrow.Array.from_buffers(arrow.string(), len(values), buffers)


def write(path: Path, columns: dict[str, Any]) -> None:
    parquet.write_table(arrow.table(columns), path)


def read_texts(path: Path) -> list[str]:
    return list(parquet.read_table(path).column("text").to_pylist())


def list_reasons(output: Path) -> list[str]:
    return [json.loads(line)["reason"] for line in (output / "_cleaner/rejected.jsonl").read_text().splitlines()]


def test_bytes_that_are_no_utf8_cost_their_row_at_most(tmp_path: Path, call: Call) -> None:
    damaged = LONG.encode()[:-3] + b"\xe3\x80"
    write(tmp_path / "a.parquet", {"id": list("abc"), "text": raw_column([GOOD.encode(), damaged, b"\xff" * 40])})
    write(tmp_path / "b.parquet", {"id": ["d"], "text": [GOOD]})
    assert call("clean", "a.parquet", "b.parquet", "-o", "out", "-q", "--dedup", "off")[0] == 1
    assert read_texts(tmp_path / "out/a.parquet") == [GOOD, LONG[:-1] + "\ufffd"]
    assert read_texts(tmp_path / "out/b.parquet") == [GOOD]
    assert list_reasons(tmp_path / "out") == ["row 3: 'text' is not UTF-8"]
    code, out, _ = call("check", "a.parquet", "--no-duplicates")
    assert (code, out.count("decode/damaged"), out.count("is not UTF-8")) == (1, 1, 1)
    assert call("clean", "a.parquet", "-o", "strict", "-q", "--damaged", "refuse")[0] == 1
    assert read_texts(tmp_path / "strict/a.parquet") == [GOOD]


@pytest.mark.parametrize("name", ["id", "url", "other"])
def test_bytes_that_are_no_utf8_in_other_columns_stay(name: str, tmp_path: Path, call: Call) -> None:
    write(tmp_path / "a.parquet", {"text": [GOOD, GOOD[::-1]], name: raw_column([b"\xff", b"x"])})
    assert call("clean", "a.parquet", "-o", "out", "-q", "--dedup", "off")[0] == 0
    column = parquet.read_table(tmp_path / "out/a.parquet").column(name)
    assert [value.as_buffer().to_pybytes() for value in column] == [b"\xff", b"x"]
    assert call("clean", "a.parquet", "-o", "lines", "-q", "--dedup", "off", "--output-format", "jsonl")[0] == 0
    assert json.loads((tmp_path / "lines/a.jsonl").read_text().splitlines()[0])[name] == "\ufffd"
    assert call("dedup", "a.parquet", "-o", "pairs", "-q")[0] == 0


KINDS = {
    "large": arrow.large_string(),
    "view": arrow.string_view() if hasattr(arrow, "string_view") else arrow.string(),
    "dictionary": arrow.dictionary(arrow.int32(), arrow.string()),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_texts_of_every_type_are_read_and_written_in_it(kind: Any, tmp_path: Path, call: Call) -> None:
    texts = [GOOD, "", None, LONG, "版权所有 © 2019 某某网\n" + GOOD]
    write(tmp_path / "a.parquet", {"text": arrow.array(texts).cast(kind)})
    assert call("clean", "a.parquet", "-o", "out", "-q", "--dedup", "off")[0] == 1
    table = parquet.read_table(tmp_path / "out/a.parquet")
    assert table.column("text").type == parquet.read_table(tmp_path / "a.parquet").column("text").type
    assert table.column("text").to_pylist()[:3] == [GOOD, "", LONG]
    assert list_reasons(tmp_path / "out") == ["row 3: 'text' is NoneType, not text"]
    assert call("check", "a.parquet", "--fix", "-q")[0] == 1
    assert read_texts(tmp_path / "a.parquet")[3] == LONG


def test_columns_of_one_name_are_listed(tmp_path: Path, call: Call) -> None:
    table = arrow.table([arrow.array(["a"]), arrow.array([GOOD])], names=["text", "text"])
    parquet.write_table(table, tmp_path / "a.parquet")
    code, _, err = call("clean", "a.parquet", "-o", "out", "-q")
    assert (code, "two columns are named 'text'" in err) == (1, True)
    assert call("dedup", "a.parquet", "-o", "pairs", "-q")[0] == 1


def batch_sizes(path: Path) -> set[int]:
    source = file_source(path, "parquet")
    items = (item for _, items in registry.BY_NAME["parquet"].shards(source, Reading(limit=100)) for item in items)
    return {item.rest[0].num_rows for item in items if isinstance(item, Record)}


@pytest.mark.slow
def test_a_file_that_unfolds_is_read_in_few_rows(tmp_path: Path) -> None:
    write(tmp_path / "plain.parquet", {"text": [f"{GOOD}{number}" for number in range(3000)]})
    assert max(batch_sizes(tmp_path / "plain.parquet")) == row_bounds.MOST
    # a dictionary of 40 MB, each value of which stands in many rows
    values = ["x" * (20 << 20), "y" * (20 << 20), "山"]
    indices = arrow.array([number % 2 for number in range(40)] + [2] * 5, arrow.int32())
    write(tmp_path / "bomb.parquet", {"text": arrow.DictionaryArray.from_arrays(indices, values)})
    assert (tmp_path / "bomb.parquet").stat().st_size < 10 << 20
    assert max(batch_sizes(tmp_path / "bomb.parquet")) <= row_bounds.FEWEST
    # values that are compressed ten thousand times
    table = arrow.table({"text": [GOOD, *("z" * (40 << 20) for _ in range(7))]})
    parquet.write_table(table, tmp_path / "squeezed.parquet", use_dictionary=False, compression="zstd")
    assert batch_sizes(tmp_path / "squeezed.parquet") == {1}
