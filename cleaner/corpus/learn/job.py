"""A job of learning: what is read, and from how many pages of a host a pack is made."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from cleaner.corpus.plan import own_format
from cleaner.formats.base import Format, Reading, Source
from cleaner.formats.storage.folders import SkippedFile
from cleaner.local.resume import file_stamp
from cleaner.pipeline import Pack

FOLDER = "_learn"
"""The folder that holds the checkpoints of a run while it goes on."""
MIN_PAGES = 5
"""Pages of a host from which on a pack is made."""
RECURRING = 3
"""Pages that a line must stand on, at least, and the share of its host's pages."""
RECURRING_SHARE = 0.05


class LearnJob(NamedTuple):
    """All that a worker needs to know. `pack`: the rules at hand, whose evidence is asked for."""

    sources: tuple[Source, ...]
    reading: Reading
    pack: Pack
    min_pages: int
    version: str
    skips: tuple[SkippedFile, ...] = ()

    @property
    def folder_name(self) -> str:
        """The name of the run's own folder."""
        return FOLDER

    @property
    def size(self) -> int:
        """Bytes of all sources as stored."""
        return sum(source.size for source in self.sources)

    def format(self, source: Source) -> Format:
        """Return the format of a source."""
        return own_format(source)

    def identity(self) -> dict[str, Any]:
        """Return what decides what is learned, as plain data."""
        return {
            "cleaner": self.version,
            "pack": self.pack.data.hash,
            "min pages": self.min_pages,
            "reading": msgspec.to_builtins(self.reading),
            "inputs": {str(file.path): file_stamp(file.path) for source in self.sources for file in source.files},
        }

    def refusal(self, output: object) -> str:
        """Say why a run would overwrite something: its folder is its own."""
        return ""


class LearnSummary(Struct, frozen=True):
    """What was learned: pages and hosts that were read, hosts with too few pages, and the packs by name.

    `framed_pages`: of the pages without a host, those that show a frame.
    """

    pages: int
    hosts: int
    small_hosts: int
    pages_without_host: int
    framed_pages: int
    packs: dict[str, PackSummary]
    skips: list[SkippedFile] = []


class PackSummary(Struct, frozen=True):
    """One pack: host, pages, lines that it drops and that it flags; what came and went since it was last written."""

    host: str
    pages: int
    drops: int
    flags: int
    additions: int = 0
    removals: int = 0
