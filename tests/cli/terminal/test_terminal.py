"""Escape sequences of others never reach a terminal."""

from __future__ import annotations

import json
from pathlib import Path

from helpers.calls import Call
from helpers.format_cases import page

TITLE = "\x1b]0;title\x07\x9b31m"


def test_hosts_and_file_names_are_shown_as_pictures(call: Call, tmp_path: Path) -> None:
    rows = [{"id": str(n), "host": f"x{TITLE}.com", "text": page(n)} for n in range(6)]
    (tmp_path / f"rows{TITLE}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "{\n")
    for options in ([], ["-q", "--force"]):
        code, out, err = call("clean", f"rows{TITLE}.jsonl", "-o", "out", *options)
        assert code == 1
        assert "␛]0;title␇" in err
        assert not {"\x1b", "\x07", "\x9b"} & set(out + err)
    code, out, err = call("stats", "out")
    assert "x␛]0;title␇" in out
    assert not {"\x1b", "\x07", "\x9b"} & set(out + err)
    code, out, err = call("why", f"gone{TITLE}.txt")
    assert code == 2
    assert "␛]0;title␇" in err
