from __future__ import annotations

import msgspec
import pytest

from cleaner.rules import schema


def test_the_json_schema_knows_every_key_and_refuses_others() -> None:
    made = schema.json_schema()["$defs"]
    assert set(made["Rule"]["properties"]) == set(schema.Rule.__struct_fields__)
    assert made["Rule"]["additionalProperties"] is False
    assert set(made["Rule"]["required"]) == {"id", "why"}
    assert made["Table"]["required"] == ["schema", "pack"]


def test_versions_of_msgspec_that_write_it_another_way_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    def written(indent: str, *options: str) -> object:
        part = {"description": f"One.\n\n{indent}Two.", "anyOf": [{"type": option} for option in options]}
        monkeypatch.setattr(msgspec.json, "schema", lambda kind: {"$defs": {"Table": part}})
        return schema.json_schema()

    assert written("", "null", "string") == written("    ", "string", "null")


def test_a_rule_is_a_value() -> None:
    rule = schema.Rule(id="a/nav/b", why="w", literals=("x",))
    assert rule == msgspec.convert(msgspec.to_builtins(rule), schema.Rule)
    assert msgspec.to_builtins(rule) == {"id": "a/nav/b", "why": "w", "literals": ("x",)}
