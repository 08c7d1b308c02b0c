"""Inputs and outputs at URLs, through fsspec: fetched before a run and sent after it, so that a run itself is local."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import Any

from cleaner.errors import UsageError
from cleaner.formats.storage.files import path_inside, temporary_prefix
from cleaner.formats.storage.folders import MANIFEST, is_name_included

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def is_url(name: str) -> bool:
    """Whether a name is the URL of a file system and not a local path."""
    return _URL.match(name) is not None


def fetch(url: str, spool: Path, include: tuple[str, ...]) -> Path:
    """Copy a file, a folder (the names that `include` has) or a glob to below `spool`; the path there.

    The copy lies under a name made of the URL and of what the file system says about its content, so that the same
    content is fetched once and a changed one is told apart. UsageError where there is nothing at the URL.
    """
    system, path = _system(url)
    try:
        names = _list_files(system, path, include)
        key = hashlib.sha256(repr([url, *(system.ukey(name) for name in names)]).encode()).hexdigest()[:16]
        base = path if system.isdir(path) else path.rpartition("/")[0]
        root = spool / key
        for name in names:
            target = path_inside(root, name.removeprefix(base).lstrip("/"))
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                part = target.with_name(f"{temporary_prefix(target)}part")
                system.get_file(name, str(part))
                part.replace(target)
    except FileNotFoundError:
        raise UsageError(f"{url}: no such file or folder") from None
    return root / PurePosixPath(names[0]).name if names == [path] else root


def send(folder: Path, url: str, skip: str) -> None:
    """Copy a folder to a URL, manifest last; folders called `skip` stay."""
    system, path = _system(url)
    files = [
        file for file in sorted(folder.rglob("*")) if file.is_file() and skip not in file.relative_to(folder).parts
    ]
    for file in sorted(files, key=lambda file: file.name == MANIFEST):
        target = f"{path.rstrip('/')}/{file.relative_to(folder).as_posix()}"
        system.makedirs(target.rpartition("/")[0], exist_ok=True)
        system.put_file(str(file), target)


def exists(url: str) -> bool:
    """Whether anything is at a URL."""
    system, path = _system(url)
    return bool(system.exists(path))


def _system(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise UsageError(f"{url}: needs fsspec; install it with: pip install 'webtext-cleaner[remote]'") from None
    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise UsageError(f"{url}: {error}") from error
    return system, path


def _list_files(system: Any, path: str, include: tuple[str, ...]) -> list[str]:
    if any(sign in path for sign in "*?["):
        names = [name for name in system.glob(path) if system.isfile(name)]
    elif system.isdir(path):
        names = [name for name in system.find(path) if is_name_included(PurePosixPath(name).name, include)]
    else:
        names = [path]
    if not names:
        raise FileNotFoundError(path)
    return sorted(names)
