"""Lines of JSON that some reader or other stumbles over: each costs itself at most, in every command."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.calls import Call

GOOD = '{"id": "good", "text": "河水退去之后，村里的人开始重新丈量田地。"}\n'
DEEP = 3000
VALUES = {
    "half a pair": '"\\ud800"',
    "half a pair in an address": '"http://www.\\ud800.example/"',
    "a pair the wrong way round": '"\\ude00\\ud83d"',
    "deep arrays": "[" * DEEP + "]" * DEEP,
    "deep objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "no end of arrays": "[" * DEEP,
    "a number that is infinite": "1e999",
    "a number of many digits": "1" * 5000,
    "not a number": "NaN",
    "a NUL": '"\\u0000"',
}
COMMANDS = {
    "clean": "clean in.jsonl -o out -q",
    "as csv": "clean in.jsonl -o out -q --output-format csv",
    "as parquet": "clean in.jsonl -o out -q --output-format parquet",
    "dedup": "dedup in.jsonl -o out -q",
    "earliest": "dedup in.jsonl -o out -q --keep earliest",
    "drop": "dedup in.jsonl -o out -q --action drop",
    "index": "dedup in.jsonl -o out -q --index i.db",
    "check": "check in.jsonl --no-duplicates",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_bad_value_costs_its_line_at_most(value: str, tmp_path: Path, call: Call) -> None:
    pytest.importorskip("pyarrow")
    fields = ("id", "url", "date", "note", "text")
    lines = [f'{{"id": "{field}", "text": "第二天清早{field}", "{field}": {value}}}\n' for field in fields]
    (tmp_path / "in.jsonl").write_text("".join([GOOD, *lines, '{"id": "last", "date": 1, "text": "山。"}\n']))
    for name, command in COMMANDS.items():
        code, _, err = call(*command.split())
        assert code in (0, 1), (name, err)
        assert "a defect" not in err, name
        assert "ends its worker" not in err, name
        if name == "clean":
            assert len((tmp_path / "out/in.jsonl").read_text().splitlines()) >= 2
            assert call("restore", "out", "--to", "back", "-q")[0] == 0
            assert (tmp_path / "back/in.jsonl").read_bytes() == (tmp_path / "in.jsonl").read_bytes()
        for path in sorted((tmp_path / "out").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
