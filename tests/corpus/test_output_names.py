"""Inputs whose outputs would share a name are all cleaned, named in the manifest and restored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.calls import Call

TEXT = "河水退去之后，村里的人开始重新丈量田地。\n"
PAGE = f"<html><body><p>{TEXT}</p></body></html>"


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def outputs(folder: Path) -> list[str]:
    files = json.loads((folder / "_cleaner/manifest.json").read_bytes())["files"]
    there = sorted(
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and "_cleaner" not in p.parts
    )
    assert sorted(file["output"] for file in files) == there
    return there


def test_a_page_beside_a_text_keeps_its_suffix(tmp_path: Path, call: Call) -> None:
    write(tmp_path / "in", page_txt=TEXT, page_html=PAGE, page_htm=PAGE, other_html=PAGE)
    assert call("clean", tmp_path / "in", "-o", tmp_path / "out", "-q")[0] == 0
    assert outputs(tmp_path / "out") == ["other.txt", "page.htm.txt", "page.html.txt", "page.txt"]
    assert call("restore", tmp_path / "out", "--to", tmp_path / "back")[0] == 0
    for path in (tmp_path / "in").iterdir():
        assert (tmp_path / "back" / path.name).read_bytes() == path.read_bytes()


def test_two_folders_keep_their_names(tmp_path: Path, call: Call) -> None:
    write(tmp_path, old__a_txt=TEXT, old__sub__b_txt=TEXT, new__a_txt=f"{TEXT}新的一行说明了原因。\n", lone__c_txt=TEXT)
    folders = [tmp_path / name for name in ("old", "new", "lone")]
    assert call("clean", *folders, "-o", tmp_path / "out", "-q")[0] == 0
    assert outputs(tmp_path / "out") == ["c.txt", "new/a.txt", "old/a.txt", "old/sub/b.txt"]
    assert call("restore", tmp_path / "out", "--to", tmp_path / "back")[0] == 0
    assert (tmp_path / "back/new/a.txt").read_bytes() == (tmp_path / "new/a.txt").read_bytes()
    assert (tmp_path / "back/old/sub/b.txt").read_bytes() == (tmp_path / "old/sub/b.txt").read_bytes()


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("jsonl", ["rows.json.jsonl", "rows.jsonl"]),
        ("parquet", ["rows.json.parquet", "rows.jsonl.parquet"]),
        ("text", ["rows.json/00000001.txt", "rows.jsonl/00000001.txt"]),
    ],
)
def test_files_of_records_keep_their_suffix_where_another_format_is_written(
    kind: str, names: list[str], tmp_path: Path, call: Call
) -> None:
    first, second = (json.dumps({"id": key, "text": TEXT}, ensure_ascii=False) for key in "ab")
    write(tmp_path / "in", rows_jsonl=f"{first}\n", rows_json=f"[\n{second}\n]\n")
    assert call("clean", tmp_path / "in", "-o", tmp_path / "out", "--output-format", kind, "-q")[0] == 0
    there = [p.relative_to(tmp_path / "out").as_posix() for p in sorted((tmp_path / "out").rglob("*"))]
    assert [name for name in there if name in names] == names


def test_a_quarantine_holds_both(tmp_path: Path, call: Call) -> None:
    write(tmp_path / "in", page_txt=TEXT, page_html=PAGE)
    kept = tmp_path / "kept"
    arguments = ("--quarantine", kept, "--max-loss", "0.0", "--quarantine-doubt", "0.0", "-q")
    call("clean", tmp_path / "in", "-o", tmp_path / "out", *arguments)
    assert {path.name for path in kept.iterdir()} == {"page.txt", "page.html", "quarantine.jsonl"}
