"""The labelled pages that lie beside a checkout, and their scorer."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any


def load_scorer(folder: Path) -> Any:
    """Import `score.py` of a folder of labelled pages."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
