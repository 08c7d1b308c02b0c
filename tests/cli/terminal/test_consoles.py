"""No command ends in an error of encoding, whatever the console and the locale; names of files cannot move a cursor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import ROOT

TEXT = "首页 | 新闻 | 联系我们\n河水退去之后，村里的人开始重新丈量田地。😀 ñ\n上一篇：没有了\n"
NAME = "中 文/页\x1b[31m面.txt"
PLAIN = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
CONSOLES = [PLAIN, {"PYTHONIOENCODING": "gbk"}]
MORE = [{"PYTHONIOENCODING": name} for name in ("big5", "cp1252", "ascii")] + [{"LC_ALL": "C"}]
CALLS = [
    ("clean", "中 文", "-o", "输出"),
    ("check", "中 文", "--select", "*"),
    ("why", NAME, "--all"),
    ("rules", "show", "zh-web/nav/section"),
]
MORE_CALLS = [
    ("--help",),
    ("clean", "没有", "-o", "x"),
    ("clean", "中 文", "-o", "其他", "--log-json", "--json"),
    ("check", "中 文", "--format", "sarif"),
    ("check", "中 文", "--diff"),
    ("dedup", "中 文", "-o", "相似"),
    ("dedup", "tune", "中 文"),
    ("rules", "list"),
    ("rules", "schema"),
    ("rules", "show", "没有"),
]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no locale of ASCII there")
@pytest.mark.parametrize("console", [*CONSOLES, *MORE])
@pytest.mark.parametrize("call", [*CALLS, *MORE_CALLS])
def test_every_command_prints_on_any_console(console: dict[str, str], call: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    line = json.dumps({"id": "甲\x1b]0;x\x07", "text": TEXT}, ensure_ascii=False)
    (path.parent / "b.jsonl").write_text(f"{line}\nbad\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *call],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **console},
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == (
        2
        if "没有" in call
        else int(call[0] in ("clean", "check", "dedup") and "--diff" not in call and call[1] != "tune")
    )
    assert not [word for word in (b"Traceback", b"a defect", b"codec can") if word in said]
    assert b"\x1b" not in said
    if call[:2] == ("clean", "中 文"):
        assert (tmp_path / call[3] / Path(NAME).name).exists()
