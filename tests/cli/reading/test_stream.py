"""Standard input as any format: one filter for pages, lines, tables and texts."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from helpers.format_cases import page, rows
from helpers.paths import ROOT

LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(3))


def run(data: str, *options: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "cleaner", "clean", "-", *options]
    result = subprocess.run(command, input=data.encode(), capture_output=True, check=False, cwd=ROOT)
    return result.returncode, result.stdout.decode(), result.stderr.decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "options"),
    [
        (page(1), ()),
        ("<html><body>" + "".join(f"<p>{line}</p>" for line in page(1).split("\n")) + "</body></html>", ()),
        (LINES, ()),
        (LINES, ("--format", "jsonl")),
        (json.dumps(rows(2), ensure_ascii=False), ()),
        ('id,text\nd1,"' + page(1) + '"\n', ("--input-format", "csv")),
    ],
    ids=["text", "page", "lines", "lines by name", "array", "csv"],
)
def test_standard_input_is_told_by_its_content(data: str, options: tuple[str, ...]) -> None:
    code, out, err = run(data, *options)
    assert (code, err) == (0, "")
    assert "首页" not in out
    assert "京ICP备" not in out
    assert "第二天清早" in out


def test_each_line_is_written_before_the_next_is_read() -> None:
    command = [sys.executable, "-m", "cleaner", "clean", "-", "--format", "jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin
        assert process.stdout
        for line in LINES.splitlines(keepends=True):
            process.stdin.write(line.encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == json.loads(line)["id"]


@pytest.mark.slow
def test_what_cannot_be_read_is_named_and_the_exit_code_says_so() -> None:
    code, out, err = run('{"x": 1}\n\nbad\n{"text": "河水"}\n', "--format", "jsonl")
    assert (code, out) == (1, '{"text": "河水"}\n')
    assert err.count("standard input: record ") == 2
    code, out, err = run("id\n1\n", "--format", "csv")
    assert (code, out) == (1, "id\n1\n")
    assert "name one with --field" in err


def test_an_unknown_format_is_refused_with_the_nearest() -> None:
    code, _, err = run("", "--input-format", "jsnl")
    assert code == 2
    assert "no such format; did you mean" in err
