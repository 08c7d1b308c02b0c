"""Streams that are closed or full, disks without room, requests to end: each an error in words, nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from helpers.dedup_texts import prose
from helpers.format_cases import page, rows, tree

if sys.platform == "win32":
    pytest.skip("signals and limits of POSIX", allow_module_level=True)

import resource

SMALL = 20_000
"""Bytes that a file may have where the disk is full."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(page(1), encoding="utf-8")
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows(3)))
    texts = {f"{number}": prose(number % 20, 300) for number in range(60)}
    (tmp_path / "big.jsonl").write_text("".join(json.dumps({"id": k, "text": t}) + "\n" for k, t in texts.items()))
    (tmp_path / "big.txt").write_text("".join(f"&ldquo;{prose(n, 200)}\n" for n in range(60)), encoding="utf-8")
    return tmp_path


def start(folder: Path, *command: str, **options: Any) -> subprocess.Popen[bytes]:
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([sys.executable, "-m", "cleaner", *command], cwd=folder, **options)


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, err = process.communicate(timeout=60)
    return process.returncode, err.decode()


PRINTING = ["why a.txt", "check a.txt --no-duplicates --format json", "clean -", "rules export zh-structure"]


@pytest.mark.slow
@pytest.mark.parametrize("command", PRINTING)
def test_an_output_that_is_closed_or_full_is_an_error_in_words(command: str, folder: Path) -> None:
    ends = []
    for name in ("full", "closed", "pipe"):
        read, write = os.pipe()
        os.close(read)
        with Path("/dev/full").open("wb") as full, (folder / "a.txt").open("rb") as text:
            out = {"full": full, "closed": None, "pipe": write}[name]
            close = (lambda: os.close(1)) if name == "closed" else None
            ends.append(finish(start(folder, *command.split(), stdin=text, stdout=out, preexec_fn=close)))
        os.close(write)
    assert [code for code, _ in ends] == [2, 2, 1]
    assert "No space left on device; mend that and give the same command again" in ends[0][1]
    assert "Bad file descriptor" in ends[1][1]
    assert ends[2][1] == ""  # whoever reads has enough, as in `| head`


@pytest.mark.slow
def test_the_next_file_is_not_taken_for_a_closed_stream(folder: Path) -> None:
    process = start(folder, "clean", "a.txt", "-o", "out", preexec_fn=lambda: (os.close(0), os.close(1), os.close(2)))
    assert finish(process)[0] == 0
    assert (folder / "out/a.txt").read_text(encoding="utf-8").startswith("河水退去之后")


WRITING = [
    "clean big.jsonl -o out",
    "clean big.jsonl -o out -j 2",
    "dedup big.jsonl -o out --action drop",
    "dedup big.jsonl -o out --index i.db",
]


@pytest.mark.slow
@pytest.mark.parametrize("command", WRITING)
def test_a_full_disk_is_an_error_after_which_the_run_resumes(command: str, folder: Path) -> None:
    code, err = finish(start(folder, *command.split(), "-q", preexec_fn=limit_files))
    assert code == 2
    assert "a defect" not in err
    assert "mend that" in err or "free some" in err
    assert finish(start(folder, *command.split(), "-q"))[0] == 0
    assert finish(start(folder, *command.replace("out", "whole").replace("i.db", "w.db").split(), "-q"))[0] == 0
    left, right = tree(folder / "out"), tree(folder / "whole")
    assert sorted(left) == sorted(right)
    assert [name for name in left if left[name] != right[name] and "manifest" not in name] == []


def limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))


@pytest.mark.slow
def test_a_full_disk_leaves_files_as_they_are(folder: Path) -> None:
    assert finish(start(folder, "clean", "big.jsonl", "-o", "out", "-q"))[0] == 0
    before = tree(folder)
    commands = [
        ("check", "big.txt", "--fix", "--no-duplicates"),
        ("check", "big.jsonl", "--format", "json", "--output-file", "report.json"),
        ("restore", "out", "--to", "back"),
        ("clean", "big.txt", "-o", ".", "--force", "-q"),
    ]
    for command in commands:
        code, err = finish(start(folder, *command, preexec_fn=limit_files))
        assert code in (1, 2)
        assert "a defect" not in err
        assert "File too large" in err, command
        assert {name: data for name, data in tree(folder).items() if not name.startswith("_cleaner")} == before
    assert not list((folder / "back").glob("*")) if (folder / "back").exists() else True


ENDED = [
    "dedup big.jsonl -o out",
    "dedup big.jsonl -o out --index i.db",
    "check big.jsonl big.txt --fix --unsafe-fixes",
    "clean big.jsonl -o out",
]


@pytest.mark.slow
@pytest.mark.parametrize("command", ENDED)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_request_to_end_leaves_nothing_half_written(command: str, number: int, folder: Path) -> None:
    with (folder / "big.jsonl").open("w") as file:
        for row in range(12_000):
            file.write(json.dumps({"id": str(row), "text": prose(row, 300)}) + "\n")
    process = start(folder, *command.split(), "-q")
    time.sleep(1.5)
    process.send_signal(number)
    code, err = finish(process)
    assert code in (128 + number, -number, 0, 1)  # it may have been faster, or the interpreter just begins
    assert code in (0, 1, -number) or "interrupted" in err
    assert [name for name in tree(folder) if name.endswith(".part")] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_requests_to_end_are_interrupts_but_under_nohup(number: int, folder: Path) -> None:
    program = (
        "import os, sys, signal, time\n"
        "from cleaner.cli.terminal.signals import as_interrupts, exit_code\n"
        "try:\n"
        "    with as_interrupts():\n"
        f"        os.kill(os.getpid(), {int(number)})\n"
        "        print('on')\n"
        "except KeyboardInterrupt as interrupt:\n"
        "    print(exit_code(interrupt))\n"
    )
    plain = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert plain.stdout == f"{128 + number}\n"
    program = f"import signal\nsignal.signal({int(number)}, signal.SIG_IGN)\n{program}"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "on\n"
