"""JSON Lines: what is read where, and files that appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.formats import jsonl_rows
from cleaner.formats.files import SkippedFile


def texts(path: Path, start: int = 0, stop: int | None = None) -> list[str]:
    return [
        row.text if isinstance(row, jsonl_rows.Row) else "skipped"
        for row in jsonl_rows.read(path, start=start, stop=stop)
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n \n", []),
        (b'{"text": "a"}', ["a"]),
        (b'\xef\xbb\xbf{"text": "a"}\r\n{"text": "b"}\r\n', ["a", "b"]),
        (
            b'{"text": "\\u4e00\\n"}\n\n{"text": 1}\nx\n\xff\xfe\n{"text": "b"}',
            ["一\n", "skipped", "skipped", "skipped", "b"],
        ),
    ],
)
def test_every_line_is_a_record_or_skipped(tmp_path: Path, data: bytes, expected: list[str]) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(data)
    assert texts(path) == expected


def test_a_line_belongs_to_the_part_in_which_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"text": "a"}\n{"text": "b"}\n')
    assert texts(path, 0, 1) == ["a"]
    assert texts(path, 1, 14) == []
    assert texts(path, 14, 15) == ["b"]
    assert texts(path, 15) == []


def test_a_row_knows_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"text": "a"}\n\n{"text": "b", "id": 7}\n')
    first, second = jsonl_rows.read(path)
    assert not isinstance(first, SkippedFile)
    assert not isinstance(second, SkippedFile)
    assert (first.id, second.id) == (None, "7")
    assert path.read_bytes()[second.start : second.stop] == b'{"text": "b", "id": 7}\n'


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "deep/out.jsonl"
    with pytest.raises(ZeroDivisionError):
        jsonl_rows.write(path, (1 / (2 - i) for i in range(5)))
    assert list(path.parent.iterdir()) == []
    jsonl_rows.write(path, [{"a": "一"}, [2]])
    assert path.read_text(encoding="utf-8") == '{"a":"一"}\n[2]\n'
