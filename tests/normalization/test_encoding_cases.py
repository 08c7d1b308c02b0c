"""The shared encoding cases, each by default or with the option its kind names."""

from __future__ import annotations

import json

import pytest

import cleaner
from cleaner.normalization.steps import NORMALIZER
from helpers.paths import SHARED

FILE = SHARED / "cases" / "encoding_cases.json"
CASES = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else []

OPTIONS = {
    "big5_as_gbk": {"cross": True},
    "u_escape": {"unicode_escapes": True},
    "pct_utf8": {"percent": True},
    "pct_u": {"percent": True},
}
"""What is off by default because it can destroy meaning; every other case passes by default."""


@pytest.mark.skipif(not CASES, reason="the shared cases lie beside the project's own checkouts only")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_an_encoding_case_is_normalized_as_expected(case: dict[str, str]) -> None:
    text = case["input"]
    done = cleaner.normalize(text, script="keep", **OPTIONS.get(case["id"], {}))
    assert done == case["expected"]
    if case["kind"] == "detect":
        assert NORMALIZER.flags(done)
