"""Near-duplicates in the rest of a repository: found by an index that is kept, and that follows the files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cleaner.check import cleaning
from helpers.calls import Call
from helpers.check_texts import ARTICLE, OTHER, UNLIKE

FIRST = ARTICLE.split("\n")[0]


def git(*arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments], check=True, capture_output=True)


@pytest.fixture
def cleaned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all files that are cleaned."""
    names: list[str] = []
    original = cleaning.clean_files

    def spy(paths: object, settings: object) -> object:
        paths = list(paths)  # type: ignore[call-overload]
        names.extend(path.name for path in paths)
        return original(paths, settings)  # type: ignore[arg-type]

    monkeypatch.setattr(cleaning, "clean_files", spy)
    return names


def test_only_new_contents_are_cleaned(call: Call, cleaned: list[str]) -> None:
    git("init", "-q")
    for name, text in {
        "old.txt": ARTICLE,
        "b.txt": OTHER,
        "empty.txt": "",
        "c.jsonl": '{"text": "一句话。"}\n',
    }.items():
        Path(name).write_text(text)
    git("add", "-A")
    Path("new.txt").write_text(f"{UNLIKE['left']}\n\n{FIRST}\n")
    code, out, _ = call("check", "new.txt", "--against-repo")
    assert code == 1
    assert "new.txt:3:1: dedup/passage" in out
    assert "100% as in old.txt:1" in out
    assert sorted(set(cleaned)) == ["b.txt", "c.jsonl", "empty.txt", "new.txt", "old.txt"]
    cleaned.clear()
    assert call("check", "new.txt", "--against-repo")[1] == out
    assert sorted(cleaned) == ["new.txt", "old.txt"]  # the second one for its place
    cleaned.clear()
    Path("old.txt").write_text(f"{UNLIKE['right']}\n\n{ARTICLE}")
    assert "as in old.txt:3" in call("check", "new.txt", "--against-repo")[1]
    assert cleaned.count("b.txt") == 0
    Path("old.txt").write_text(OTHER.replace("橘子", "苹果"))
    assert call("check", "new.txt", "--against-repo")[0] == 0
    git("mv", "b.txt", "moved.txt")
    Path("new.txt").write_text(OTHER)
    assert "as in moved.txt:1" in call("check", "new.txt", "--against-repo")[1]


def test_files_that_are_checked_are_compared_with_one_another_once(call: Call) -> None:
    git("init", "-q")
    Path("a.txt").write_text(ARTICLE)
    Path("b.txt").write_text(ARTICLE)
    git("add", "-A")
    out = call("check", ".", "--against-repo")[1]
    assert "1 finding in 2 files" in out


def test_a_damaged_index_is_made_anew_and_settings_have_their_own(call: Call) -> None:
    git("init", "-q")
    Path("old.txt").write_text(ARTICLE)
    git("add", "-A")
    Path("new.txt").write_text(ARTICLE)
    for options in ([], ["--script", "keep"]):
        assert call("check", "new.txt", "--against-repo", *options)[0] == 1
    stored = sorted(Path(".git/cleaner").glob("*.db"))
    assert len(stored) == 2
    for path in stored:
        path.write_bytes(b"not a database at all" * 100)
    assert call("check", "new.txt", "--against-repo")[0] == 1
    assert (
        subprocess.run(["git", "status", "--short"], capture_output=True, text=True, check=True).stdout.count("\n") == 2
    )
