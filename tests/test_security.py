"""What .github/SECURITY.md promises is held by tests that are there."""

from __future__ import annotations

import re

from helpers.paths import ROOT

PAGE = (ROOT / ".github/SECURITY.md").read_text(encoding="utf-8")


def test_each_promise_names_tests_that_exist() -> None:
    promises = [line for line in PAGE.splitlines() if line.startswith("| ") and "held by" not in line]
    assert len(promises) > 10
    for promise in promises:
        tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", promise)
        assert tests, promise
        for path, test in tests:
            assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{test}"
