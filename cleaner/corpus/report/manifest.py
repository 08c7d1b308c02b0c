"""The manifest: what was run on what, with checksums, so that a result can be told apart and made again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from cleaner.config import Config
from cleaner.corpus.report.summary import Summary
from cleaner.packs import registry
from cleaner.pipeline import Pack


class File(Struct, frozen=True):
    """One input and its output."""

    source: str
    output: str
    encoding: str
    input_sha256: str
    output_sha256: str


def manifest(
    version: str, pack: Pack, chosen: Config, reading: dict[str, Any], found: Summary, files: Iterable[File]
) -> dict[str, Any]:
    """The manifest as plain data; it holds no time, so equal runs give equal ones.

    `reading`: how inputs were read. `rules_sha256`: of the packs together, with the user's overrides. `silent`: rules
    of the packs that changed and flagged nothing.
    """
    fired = {*found.edits, *found.flags}
    return {
        "cleaner": version,
        "packs": [{"id": p.id, "version": p.version, "sha256": p.hash} for p in registry.family(chosen.pack)],
        "rules_sha256": pack.data.hash,
        "options": msgspec.to_builtins(chosen),
        "reading": reading,
        "counts": found.as_dict(),
        "silent": sorted(rule.id for rule in pack.rules if rule.id not in fired),
        "files": [msgspec.to_builtins(file) for file in files],
    }


def encode(data: dict[str, Any]) -> bytes:
    """Indented JSON, keys in the order given."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"
