"""The manifest: what was run on what, with checksums, so that a result can be told apart and made again."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from cleaner.config import Config
from cleaner.corpus.report.summary import RunSummary
from cleaner.errors import UsageError
from cleaner.formats.storage.folders import MANIFEST, RUN_FOLDER
from cleaner.packs import registry
from cleaner.pipeline import Pack


class ManifestFile(Struct, frozen=True):
    """One input and its output."""

    source: str
    output: str
    encoding: str
    input_sha256: str
    output_sha256: str


class PackVersion(Struct, frozen=True):
    """A pack as it was used."""

    id: str
    version: str
    sha256: str


class RunManifest(Struct, frozen=True, kw_only=True):
    """The manifest of a finished run without its files, of which there may be millions."""

    cleaner: str
    packs: tuple[PackVersion, ...]
    options: dict[str, Any]
    reading: dict[str, Any]
    counts: dict[str, Any]
    silent: tuple[str, ...]


def build_manifest(
    version: str, pack: Pack, config: Config, reading: dict[str, Any], counts: RunSummary, files: Iterable[ManifestFile]
) -> dict[str, Any]:
    """Build the manifest as plain data; it holds no time, so equal runs give equal ones.

    Args:
        version: of cleaner.
        pack: the packs together, with the user's overrides.
        config: the settings.
        reading: how inputs were read.
        counts: of the whole run.
        files: inputs with their outputs.
    """
    active = {*counts.edits, *counts.flags}
    return {
        "cleaner": version,
        "packs": [{"id": p.id, "version": p.version, "sha256": p.hash} for p in registry.load_family(config.pack)],
        "rules_sha256": pack.data.hash,
        "options": msgspec.to_builtins(config),
        "reading": reading,
        "counts": counts.as_dict(),
        "silent": sorted(rule.id for rule in pack.rules if rule.id not in active),
        "files": [msgspec.to_builtins(file) for file in files],
    }


def encode_manifest(data: dict[str, Any]) -> bytes:
    """Return the manifest as indented JSON, keys in the order given."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"


def read_manifest(folder: Path) -> RunManifest:
    """Read the manifest of an output; UsageError where the folder holds no finished run."""
    path = folder / RUN_FOLDER / MANIFEST
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return msgspec.json.decode(data, type=RunManifest)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({error.strerror}); name a folder that 'cleaner clean' wrote"
        ) from error
    except (msgspec.DecodeError, ValueError) as error:
        raise UsageError(f"{path}: not the manifest of this version of cleaner ({error})") from error
