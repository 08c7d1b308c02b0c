"""Tables in all dialects of the csv module: cells in equal cells out."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.formats import delimited
from cleaner.formats.base import Item, Reading, Record, Rejection, file_source
from cleaner.formats.storage.streams import SEGMENT

CELLS = st.text(st.sampled_from("ab河，,;\"' \t\r\n\x0b\x85\u2028\0"), max_size=8)
ENDS = ("\n", "\r\n", "\r")


def write(path: Path, rows: list[list[str]], end: str, quoting: int = csv.QUOTE_MINIMAL) -> None:
    """Write rows quoted where a line break is in them, as later Pythons do by themselves."""
    text = io.StringIO(newline="")
    delimiter = "\t" if path.suffix == ".tsv" else ","
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line, delimiter=delimiter, lineterminator="\r\n", quoting=quoting).writerow(row)
        text.write(line.getvalue().removesuffix("\r\n") + end)
    path.write_bytes(text.getvalue().encode())


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


def items(path: Path, limit: int = 1 << 20) -> list[Item]:
    return [item for _, found in delimited.FORMAT.shards(file_source(path), Reading(limit=limit)) for item in found]


@settings(max_examples=150)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS).map(list), max_size=6),
    end=st.sampled_from(ENDS),
    suffix=st.sampled_from([".csv", ".tsv"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_cells_that_are_read_come_out_equal(rows: list[list[str]], end: str, suffix: str, quoting: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"in{suffix}")
        table = [["id", "text", "note"], *rows]
        write(path, table, end, quoting)
        assert [item.text for item in items(path) if isinstance(item, Record)] == [row[1] for row in rows]
        delimited.FORMAT.rewrite(path, {}, Reading())
        assert read(path) == table


@pytest.mark.parametrize("end", ENDS)
def test_a_line_over_the_limit_is_passed_over_whatever_its_break(end: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    write(path, [["id", "text"], ["a", "短"], ["b", "长" * SEGMENT], ["c", "尾"]], end)
    found = items(path, limit=1 << 20)
    assert [item.text for item in found if isinstance(item, Record)] == ["短", "尾"]
    (rejection,) = [item for item in found if isinstance(item, Rejection)]
    assert "longer than the limit" in rejection.reason


def test_a_file_far_over_the_limit_without_any_lf_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    write(path, [["id", "text"], *([str(n), "行" * 50] for n in range(20_000))], "\r")
    assert path.stat().st_size > 2 * SEGMENT
    assert len(items(path, limit=1000)) == 20_000
