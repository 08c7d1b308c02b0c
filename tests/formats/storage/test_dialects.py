"""Tables as spreadsheets save them: any delimiter, GBK and UTF-16."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest

from cleaner.corpus import clean
from cleaner.formats.storage import dialects
from helpers.format_cases import job, page, read_rejects, rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
@pytest.mark.parametrize(("suffix", "delimiter"), [(".csv", ","), (".csv", ";"), (".csv", "\t"), (".tsv", "\t")])
def test_tables_are_read_whatever_saved_them(suffix: str, delimiter: str, encoding: str, tmp_path: Path) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows(1)[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows(30))
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    path = tmp_path / f"in{suffix}"
    path.write_bytes((mark + text.getvalue()).encode(encoding))
    clean.clean_corpus(job([path], tmp_path / "out", dedup="off"), tmp_path / "out")
    assert not list(read_rejects(tmp_path / "out"))
    output = (
        (tmp_path / "out" / path.name).read_bytes().decode("utf-8" if encoding in ("utf-8", "gb18030") else "utf-8-sig")
    )
    cleaned = list(csv.DictReader(io.StringIO(output, newline=""), delimiter=delimiter))
    assert [row["id"] for row in cleaned] == [f"d{number}" for number in range(30)]
    assert not any("首页" in row["text"] for row in cleaned)
    assert all("第二天清早" in row["text"] for row in cleaned)


def test_a_table_without_the_column_is_divided_as_its_name_tells(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("n;m\n1;2\n")
    assert dialects.detect(tmp_path / "a.csv", ["text"])[:2] == (dialects.UTF_8, ",")
    (tmp_path / "b.csv").write_text(f'text;m\n"{page(1)}";2\n', encoding="utf-8")
    assert dialects.detect(tmp_path / "b.csv", ["text"])[:2] == (dialects.UTF_8, ";")


def test_a_long_line_without_an_end_takes_no_time(tmp_path: Path) -> None:
    for text in ("text,n\n" + "x" * 70_000, 'text,n\n"' + "x" * 70_000, "text,n\n" + '",' * 35_000, '"' * 70_000):
        (tmp_path / "a.csv").write_text(text)
        start = time.process_time()
        dialects.detect(tmp_path / "a.csv", "text")
        assert time.process_time() - start < 1
