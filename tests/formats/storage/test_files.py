"""Folders walked, and files written whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from cleaner.formats.storage import files, folders
from cleaner.formats.storage.files import Input
from cleaner.formats.storage.folders import SkippedFile


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def targets(inputs: list[Input]) -> list[str]:
    return [file.target for file in inputs]


def test_folders_are_searched_by_pattern_and_named_files_always_read(tmp_path: Path) -> None:
    write(tmp_path, "b/c.txt", "b/a.txt", "b/x.bin", "b/.hidden.txt", "b/.git/d.txt", "e.bin")
    inputs, skips = files.find_inputs([tmp_path / "b", tmp_path / "e.bin"], None, ("*.txt",))
    assert targets(inputs) == ["a.txt", "c.txt", "e.bin"]
    assert skips == []


def test_the_output_and_the_records_of_runs_are_no_inputs(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "out/b.txt", "old/c.txt", "old/_cleaner/notes.txt")
    inputs, skips = files.find_inputs([tmp_path], tmp_path / "out", ("*.txt",))
    assert targets(inputs) == ["a.txt", "old/c.txt"]
    assert skips == [SkippedFile(str(tmp_path / "out"), "the output folder")]


def test_a_link_back_to_a_folder_above_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "a/b.txt")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    inputs, skips = files.find_inputs([tmp_path], None, ("*.txt",))
    assert targets(inputs) == ["a/b.txt"]
    assert skips == [SkippedFile(str(tmp_path / "a/loop"), folders.LOOP)]


def test_folders_that_share_a_name_keep_their_own(tmp_path: Path) -> None:
    write(tmp_path, "a/x.txt", "a/y.txt", "b/x.txt", "c/z.txt")
    inputs, _ = files.find_inputs([tmp_path / name for name in "abc"], None, ("*.txt",))
    assert targets(inputs) == ["a/x.txt", "a/y.txt", "b/x.txt", "z.txt"]
    assert targets(files.find_inputs([tmp_path / "a", tmp_path / "a/x.txt"], None, ("*.txt",))[0]) == ["x.txt", "y.txt"]


def test_a_file_gets_its_name_when_it_is_whole_and_the_mode_of_others(tmp_path: Path) -> None:
    path = tmp_path / "deep/a.txt"
    with files.atomic_writer(path) as file:
        file.write(b"1")
        assert not path.exists()
    (tmp_path / "other").touch()
    assert path.read_bytes() == b"1"
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode
    assert list(path.parent.iterdir()) == [path]


def test_two_writers_of_one_file_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with files.atomic_writer(path) as first, files.atomic_writer(path) as second:
        first.write(b"1" * 9)
        second.write(b"2")
    assert path.read_bytes() == b"1" * 9
    assert list(tmp_path.iterdir()) == [path]


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / f"{'河' * 80}.txt"
    files.write_bytes(path, b"1")
    assert path.read_bytes() == b"1"


def test_drafts_of_a_killed_process_are_removed(tmp_path: Path) -> None:
    write(tmp_path, ".a.txt.k3j2h1.part", "b/.c.x.part", "a.txt", "c.part", ".hidden")
    files.remove_temporaries(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [".hidden", "a.txt", "c.part"]


def test_drafts_of_some_files_are_removed_and_no_others(tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), files.atomic_writer(tmp_path / "a.txt"):
        for path in list(tmp_path.iterdir()):  # as a killed process leaves them
            (tmp_path / path.name.replace("a.txt", "b.txt")).touch()
            path.with_name(path.name.replace(path.name.split(".")[3], "left")).touch()
        raise KeyboardInterrupt
    others = [".a.txt.part", "a.txt.part", ".a.txt.left.tmp", "a.txt"]
    for name in others:
        (tmp_path / name).touch()
    files.remove_drafts([tmp_path / "a.txt", tmp_path / "none/b.txt"])
    left = {path.name for path in tmp_path.iterdir()}
    assert left >= set(others)
    assert {name.split(".")[1] for name in left - set(others)} == {"b"}
