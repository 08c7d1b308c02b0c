"""Read the files of what the judge has learned: a shipped model by name, a user's by the path of its folder."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.errors import PackError
from cleaner.rules.schema import JudgeModel

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

PHRASES, TREES = "phrases.tsv", "trees.json"
"""The two files of a model."""


def read_model(name: str, beside: Path) -> JudgeModel:
    """Read a model.

    Args:
        name: of a shipped model, or with a slash the path of a folder.
        beside: the folder that a relative path starts from.

    Raises:
        PackError: there is no such model.
    """
    folder = beside / name if "/" in name or "\\" in name else shipped_models() / name
    phrases, trees = (_read(folder / file, name) for file in (PHRASES, TREES))
    digest = hashlib.sha256(f"{phrases}\0{trees}".encode()).hexdigest()
    return JudgeModel(name=name, hash=digest, phrases=phrases, trees=trees)


def shipped_models() -> Traversable:
    """Find the folder of the shipped models, in the package."""
    return resources.files("cleaner") / "data" / "judge"


def _read(file: Traversable, name: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"[judge] model {name!r} cannot be read: {error}") from None
