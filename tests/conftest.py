from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from cleaner import cli
from helpers.browser_fixtures import axe, browser, visit
from helpers.paths import SHARED

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.calls import Call

__all__ = ["axe", "browser", "visit"]

settings.register_profile(
    "default",
    deadline=None,
    max_examples=int(os.environ.get("CLEANER_EXAMPLES", "25")),
    derandomize=True,  # a change is not refused for an example that any other run might have found; fuzzing looks on
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("default")


@pytest.fixture
def shared() -> Path:
    """The measuring material that lies beside a checkout; a user does not have it."""
    if not SHARED.is_dir():
        pytest.skip("the labelled pages lie beside the project's own checkouts only")
    return SHARED


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Call:
    """`cleaner` in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["cleaner", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run
