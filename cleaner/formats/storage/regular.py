"""Regular files opened for reading; pipes, sockets and devices, which may have no end, are refused."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import cast

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_OWN_STREAMS = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
"""Beginnings of the names by which a shell hands over a stream that somebody writes to."""


def special_kind(path: Path) -> str:
    """Name what a path is that is no regular file; "" for files, folders, a shell's streams and what is not there."""
    if str(path).startswith(_OWN_STREAMS):
        return ""
    try:
        return _kind(path.stat().st_mode)
    except OSError:
        return ""


def special_reason(path: Path) -> str:
    """Say why a path that is no regular file is not read; "" for one that may be."""
    kind = special_kind(path)
    return f"{kind}, not a file; copy what it gives to one" if kind else ""


def open_regular(path: Path, buffering: int = -1) -> BufferedReader:
    """Open a file to read, without waiting for anybody to write. OSError for one that is not regular."""
    if str(path).startswith(_OWN_STREAMS):
        return cast(BufferedReader, path.open("rb", buffering))
    file = cast(BufferedReader, open(path, "rb", buffering, opener=_open_at_once))  # noqa: SIM115 - Path.open takes no opener
    if kind := _kind(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, f"{kind}, not a file", str(path))
    return file


def _kind(mode: int) -> str:
    return _KINDS.get(stat.S_IFMT(mode), "")


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
