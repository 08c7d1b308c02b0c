"""Ships this package to executors."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import cleaner
from cleaner.packs import registry

NAME = "webtext-cleaner.zip"


def ship(session: Any) -> None:
    """Send the package to the executors of a session."""
    session.sparkContext.addPyFile(str(package(Path(mkdtemp(prefix="cleaner-")))))


def package(folder: Path) -> Path:
    """Zip the package for Python to import from.

    The zip has code, data, and the shipped packs where a wheel has them.
    """
    path, root = folder / NAME, Path(cleaner.__file__).parent
    code = [file for file in sorted(root.rglob("*")) if file.is_file() and "__pycache__" not in file.parts]
    rules = [file for file in sorted(registry.shipped_folder().glob("*.toml")) if file.parent != root / "rules"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for file in code:
            out.write(file, f"cleaner/{file.relative_to(root).as_posix()}")
        for file in rules:
            out.write(file, f"cleaner/data/packs/{file.name}")
    return path
