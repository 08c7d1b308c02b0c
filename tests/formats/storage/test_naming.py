"""Outputs have names of their own, made of where their inputs come from."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats.storage.naming import FoundFile, NameChoice, choose_names, put_below_folders

NAMES = st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map("/".join)


def found(*names: str) -> list[FoundFile]:
    """Files written as `folder:name`."""
    parts = [name.split(":") for name in names]
    return [FoundFile(Path("/", root), target, Path("/", root, target)) for root, target in parts]


def targets(*names: str) -> list[str]:
    return [file.target for file in put_below_folders(found(*names))]


def test_files_of_folders_without_a_shared_name_stay_where_they_are() -> None:
    assert targets("p:x.txt", "q:y/x.txt") == ["x.txt", "y/x.txt"]


def test_as_many_folders_are_taken_as_tell_them_apart() -> None:
    names = targets("2023/data:x.txt", "2024/data:x.txt", "2024/data:y.txt", "other:z.txt")
    assert names == ["2023/data/x.txt", "2024/data/x.txt", "2024/data/y.txt", "z.txt"]


def test_a_folder_that_has_the_name_of_another_already_is_told_apart_too() -> None:
    assert targets("p:x", "q:x", "r:p/x") == ["p/x", "q/x", "r/p/x"]


@given(st.lists(st.tuples(NAMES, NAMES), max_size=8))
def test_all_targets_differ_where_files_do(pairs: list[tuple[str, str]]) -> None:
    files = [FoundFile(Path("/r", root), target, Path("/r", root, target)) for root, target in pairs]
    named = put_below_folders(files)
    assert len({file.target for file in named}) == len(named)
    assert {file.path for file in named} == {file.path for file in files}


def test_the_input_that_has_the_name_keeps_it() -> None:
    choices = [NameChoice("p.txt", "p.html.txt", is_first=False), NameChoice("p.txt", "p.txt.txt", is_first=True)]
    assert choose_names(choices) == ["p.html.txt", "p.txt"]


def test_two_that_are_renamed_both_keep_their_suffixes() -> None:
    choices = [NameChoice("p.txt", f"p.{suffix}.txt", is_first=False) for suffix in ("htm", "html")]
    assert choose_names(choices) == ["p.htm.txt", "p.html.txt"]


def test_a_longer_name_that_is_taken_gets_a_number() -> None:
    choices = [
        NameChoice("p.txt", "p.html.txt", is_first=False),
        NameChoice("p.txt", "p.txt.txt", is_first=True),
        NameChoice("p.html.txt", "p.html.txt.txt", is_first=True),
    ]
    assert choose_names(choices) == ["p.html-2.txt", "p.txt", "p.html.txt"]


def test_a_file_with_the_name_of_a_folder_is_named_apart() -> None:
    choices = [NameChoice("a", "a.txt", is_first=True), NameChoice("a/b.txt", "a/b.txt.txt", is_first=True)]
    assert choose_names(choices) == ["a.txt", "a/b.txt"]


@given(st.lists(st.tuples(NAMES, st.booleans()), max_size=8))
def test_no_name_is_that_of_another_or_of_its_folder(rows: list[tuple[str, bool]]) -> None:
    owned: set[str] = set()
    choices = []
    for name, has_name in rows:
        choices.append(NameChoice(name, f"{name}.b", is_first=has_name and name not in owned))
        owned |= {name} if has_name else set()
    names = choose_names(choices)
    assert len(set(names)) == len(names)
    assert not set(names) & {str(folder) for name in names for folder in PurePosixPath(name).parents}
