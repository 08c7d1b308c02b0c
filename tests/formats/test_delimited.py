"""Tables in all dialects of the csv module: cells in equal cells out."""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.formats import delimited
from cleaner.formats.base import Item, Reading, Record, Rejection, file_source
from cleaner.formats.storage import csv_rows
from cleaner.formats.storage.streams import SEGMENT
from helpers.calls import Call

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
        before = path.read_bytes()
        assert [item.text for item in items(path) if isinstance(item, Record)] == [row[1] for row in rows]
        delimited.FORMAT.rewrite(path, {}, Reading())
        assert path.read_bytes() == before


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize(
    "lines",
    [
        ["id,text,n", "a,一,1", 'b,"二,",2'],
        ['"id","text","n"', '"a","一","1"'],
        ["id,text,n", '"a","一","1"', '"b","","2"'],
        ['"id","text","n"', '"a","一",-1.50', '"b","二",1e9'],
        ['"id","text","n"', "a,一,1", 'b,"一""二",'],
    ],
)
def test_a_table_keeps_its_dialect(lines: list[str], delimiter: str, end: str, mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    rows = [line.replace(",", delimiter) for line in lines]
    path.write_bytes(mark + end.join([*rows, ""]).encode())
    before = path.read_bytes()
    delimited.FORMAT.rewrite(path, {}, Reading())
    assert path.read_bytes() == before


@given(st.text(st.sampled_from("a1'=+-@\t\r\n.,"), max_size=6))
def test_a_guarded_cell_is_run_by_no_spreadsheet_and_comes_back(cell: str) -> None:
    guarded = csv_rows.guard(cell)
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert csv_rows.unguard(guarded) == cell
    assert guarded == cell or guarded == f"'{cell}"


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rz", "'=1", "plain", "'plain", "a=1"]


@pytest.mark.parametrize("command", [("clean", "--dedup", "off"), ("dedup", "--action", "drop")])
def test_formulas_are_guarded_only_where_that_is_asked_for(
    command: tuple[str, ...], tmp_path: Path, call: Call
) -> None:
    table = [["id", "text", "=note"], *([f"{cell}{n}", cell, cell] for n, cell in enumerate(FORMULAS))]
    write(tmp_path / "in.csv", table, "\n")
    assert call(*command, "in.csv", "-o", "plain", "-q")[0] == 0
    assert call(*command, "in.csv", "-o", "safe", "-q", "--csv-safe")[0] == 0
    plain, safe = read(tmp_path / "plain/in.csv"), read(tmp_path / "safe/in.csv")
    assert [(row[0], row[2]) for row in plain] == [(row[0], row[2]) for row in table]
    assert safe == [[csv_rows.guard(cell) for cell in row] for row in plain]
    assert [row[2] for row in safe[1:]] == [f"'{cell}" for cell in FORMULAS[:7]] + FORMULAS[7:]


def test_a_conversion_to_csv_can_be_guarded(tmp_path: Path, call: Call) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "a", "text": "河水。", "note": "=1+1"}\n')
    assert call("clean", "in.jsonl", "-o", "out", "-q", "--output-format", "csv", "--csv-safe")[0] == 0
    assert read(tmp_path / "out/in.csv")[1] == ["a", "'=1+1", "河水。"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_a_table_in_utf_16_without_a_mark_is_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("id,text\r\na,河水\r\nb,山\r\n".encode(encoding))
    assert [item.text for item in items(path) if isinstance(item, Record)] == ["河水", "山"]


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
