"""A lazy pattern answers as the compiled one does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import lazy_patterns
from cleaner.lazy_patterns import lazy_pattern


@given(st.text("ab1 \n京"), st.sampled_from(["[a-z]+", "(?P<digit>1)|京", "^ *$"]), st.sampled_from([0, re.MULTILINE]))
def test_the_answers_are_those_of_the_pattern(text: str, pattern: str, flags: int) -> None:
    lazy, compiled = lazy_pattern(pattern, flags), re.compile(pattern, flags)
    assert [match.span() for match in lazy.finditer(text)] == [match.span() for match in compiled.finditer(text)]
    assert lazy.sub("-", text) == compiled.sub("-", text)
    assert (lazy.pattern, lazy.flags, dict(lazy.groupindex)) == (pattern, compiled.flags, dict(compiled.groupindex))


def test_bytes_are_searched_too() -> None:
    assert lazy_pattern(b"[\x80-\xff]").findall(b"a\x80") == [b"\x80"]


def test_nothing_is_compiled_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns: list[str] = []

    class Recorder:
        @staticmethod
        def compile(pattern: str, flags: int = 0) -> Any:
            patterns.append(pattern)
            return re.compile(pattern, flags)

    monkeypatch.setattr(lazy_patterns, "re", Recorder)
    lazy = lazy_pattern("[0-9]")
    assert patterns == []
    assert lazy.search("a1")
    assert lazy.search("2")
    assert patterns == ["[0-9]"]
