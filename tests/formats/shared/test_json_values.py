"""Values found in lines of JSON, however often they stand there, in one go."""

from __future__ import annotations

import json
import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats.shared import json_values

NAMES = st.text(st.sampled_from('at"\\{}[]:, 广'), max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=6)


def encode(pairs: list[tuple[str, Any]], *, is_ascii: bool) -> bytes:
    members = (f"{json.dumps(name)} :{json.dumps(value, ensure_ascii=is_ascii)}" for name, value in pairs)
    return f"{{ {', '.join(members)}}}\n".encode()


@given(before=PAIRS, after=PAIRS, text=NAMES, is_ascii=st.booleans())
def test_another_value_in_its_place_changes_that_field_alone(
    before: list[tuple[str, Any]], after: list[tuple[str, Any]], text: str, is_ascii: bool
) -> None:
    after = [(name, value) for name, value in after if name != "text"]
    line = encode([*before, ("text", text), *after], is_ascii=is_ascii)
    raw = bytes(json_values.decode_object(line)["text"])
    start, stop = json_values.find_value(line, raw, "text")
    assert line[start:stop] == raw
    changed = json.loads(line[:start] + b'"changed"' + line[stop:])
    assert changed == {**json.loads(line), "text": "changed"}


def measure(line: bytes) -> float:
    raw = bytes(json_values.decode_object(line)["text"])
    start = time.process_time()
    json_values.find_value(line, raw, "text")
    return time.process_time() - start


def test_a_value_that_is_repeated_in_its_line_is_found_in_time() -> None:
    links = json.dumps({"links": ["广告"] * 100_000, "text": "广告"}, ensure_ascii=False).encode()
    quotes = json.dumps({"title": '"' * 400_000, "text": '"' * 400_001}).encode()
    tail = json.dumps({"text": "", "links": [""] * 100_000}).encode()
    assert max(map(measure, (links, quotes, tail))) < 1.5
