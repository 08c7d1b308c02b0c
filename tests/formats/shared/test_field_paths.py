"""Paths of fields: what they mean, in lines of JSON and in nested values alike."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats.shared import field_paths, json_paths
from cleaner.formats.shared.field_paths import Steps

NAMES = st.sampled_from(["a", "b", "text", "a.b", '"', "\\", "[", "广", ""])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.sampled_from('a"\\{}[]:, 广\ud83d')),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
STEPS = st.lists(NAMES | st.none() | st.integers(0, 2), min_size=1, max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("text", ("text",)),
        ("data.text", ("data", "text")),
        ("messages[].content", ("messages", None, "content")),
        ("turns[0].value", ("turns", 0, "value")),
        ("texts[]", ("texts", None)),
        ("grid[][1]", ("grid", None, 1)),
        ("标题.正文", ("标题", "正文")),
        ("a..b", ("a..b",)),
        ("a[x]", ("a[x]",)),
        ("[].text", ("[].text",)),
        ("no path at all, really [1] ", ("no path at all, really [1] ",)),
        ("", ("",)),
    ],
)
def test_a_path_is_names_and_lists_and_all_else_a_name(path: str, steps: Steps) -> None:
    assert field_paths.parse(path) == steps
    assert field_paths.describe(steps) == path


def test_a_name_that_is_there_wins_over_the_path() -> None:
    assert field_paths.resolve(["a.b", "c"], ["a", "a.b"]) == [("a.b",)]
    assert field_paths.resolve(["a.b"], ["a"]) == [("a", "b")]
    assert not field_paths.is_joined(["a.b"], ["a.b"])
    assert field_paths.is_joined(["a.b"], ["a"])
    assert field_paths.is_joined(["a", "b"], ["a"])


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.lists(STEPS, min_size=1, max_size=3), st.sampled_from([None, 1]))
def test_lines_and_values_are_searched_alike(values: dict[str, Any], paths: list[Steps], indent: int | None) -> None:
    line = json.dumps(values, ensure_ascii=indent is None, indent=indent).encode("utf-8", "backslashreplace")
    slots = json_paths.find_values(line, paths)
    expected: dict[Steps, Any] = {}
    for path in paths:
        expected |= {steps: value for steps, value in field_paths.locate(values, path) if steps not in expected}
    found = {slot.steps: json.loads(line[slot.start : slot.stop]) for slot in slots}
    assert repr(found) == repr(expected)
    assert len(slots) == len(found)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_fields_are_found_where_they_stand(values: dict[str, Any]) -> None:
    line = json.dumps(values).encode()
    found = {name: json.loads(line[start:stop]) for name, (start, stop) in json_paths.find_fields(line).items()}
    assert repr(found) == repr(values)


@pytest.mark.slow
def test_deep_lines_are_searched_without_recursion() -> None:
    depth = 100_000
    line = b'{"a":' * depth + b'"x"' + b"}" * depth
    (slot,) = json_paths.find_values(line, [("a", "a")])
    assert (slot.start, slot.stop) == (10, len(line) - 2)
