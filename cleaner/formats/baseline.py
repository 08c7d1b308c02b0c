"""The baseline as a file: JSON, one finding an object, in a stable order."""

from __future__ import annotations

from pathlib import Path

import msgspec

from cleaner.checking.baseline import VERSION, Baseline
from cleaner.errors import UsageError
from cleaner.formats import files


def read(path: Path) -> Baseline:
    """A baseline. UsageError where there is none, where it is damaged or of a newer version."""
    try:
        data = path.read_bytes()
        version = msgspec.json.decode(data, type=_Head).version
        if version > VERSION:
            raise UsageError(
                f"{path}: a baseline of version {version}, this cleaner knows {VERSION}: update cleaner, or "
                "make the baseline anew with 'cleaner baseline create --force'"
            )
        return msgspec.json.decode(data, type=Baseline)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({error.strerror}); 'cleaner baseline create' makes a baseline"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a baseline ({error})") from error


class _Head(msgspec.Struct):
    version: int


def write(path: Path, baseline: Baseline) -> None:
    """Write a baseline, whole or not at all. UsageError where that cannot be."""
    try:
        files.write(path, msgspec.json.format(msgspec.json.encode(baseline), indent=1) + b"\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
