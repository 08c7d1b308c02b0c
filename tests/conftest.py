from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")


@pytest.fixture
def shared() -> Path:
    """The measuring material that lies beside a checkout; a user does not have it."""
    if not SHARED.is_dir():
        pytest.skip("the labelled pages lie beside the project's own checkouts only")
    return SHARED
