"""All that a report tells, as frozen values: what a page, a block of Markdown and JSON are written from."""

from __future__ import annotations

from msgspec import Struct

from cleaner.report.alignment.rows import AlignedRow
from cleaner.report.sampling.excerpts import Excerpt
from cleaner.report.sampling.near_duplicates import ClusterFacts


class Bar(Struct, frozen=True):
    """A bar of a histogram."""

    label: str
    count: int


class RuleFacts(Struct, frozen=True):
    """What a rule did. `share`: of all characters, what it removed."""

    id: str
    category: str
    why: str
    edits: int
    characters: int
    share: float
    excerpts: tuple[Excerpt, ...] = ()


class SilentRule(Struct, frozen=True):
    """A rule that decided nothing."""

    id: str
    why: str


class HostFacts(Struct, frozen=True):
    """What went from a host. `is_unusual`: the share of its characters lies far from that of others."""

    name: str
    documents: int
    characters: int
    share: float
    is_unusual: bool


class DocumentFacts(Struct, frozen=True):
    """A sampled document, before and after. `samples`: why it is shown, "loss", "doubt" or "random".

    `kinds`: what was done: "removed" lines, "changed" ones, "flagged", or "same". `number` counts from 1 on the page.
    """

    number: int
    id: str
    source: str
    host: str
    encoding: str
    loss: float
    doubt: float
    characters: int
    samples: tuple[str, ...]
    kinds: tuple[str, ...]
    rules: tuple[str, ...]
    flags: tuple[str, ...]
    rows: tuple[AlignedRow, ...]
    problem: str = ""


class RunFacts(Struct, frozen=True, kw_only=True):
    """The counts of the whole run. `packs`: those that were named, `all_packs` with those that they extend."""

    cleaner: str
    packs: tuple[str, ...]
    all_packs: tuple[str, ...]
    options: dict[str, str]
    documents: int
    changed_documents: int
    characters_in: int
    characters_out: int
    removed_share: float
    duplicates: int
    quarantines: int
    rejections: int
    script_conversions: int


class RunReport(Struct, frozen=True, kw_only=True):
    """The whole report. `others`: numbers of rules and hosts that are not listed. `whys`: what rules are for.

    `name`: of the folder.
    """

    seed: int
    run: RunFacts
    losses: tuple[Bar, ...]
    doubts: tuple[Bar, ...]
    kinds: tuple[Bar, ...]
    lengths: tuple[Bar, ...]
    encodings: tuple[Bar, ...]
    scripts: tuple[Bar, ...]
    flags: tuple[Bar, ...]
    rules: tuple[RuleFacts, ...]
    silent: tuple[SilentRule, ...]
    hosts: tuple[HostFacts, ...]
    documents: tuple[DocumentFacts, ...]
    others: dict[str, int]
    whys: dict[str, str]
    name: str = ""
    clusters: tuple[ClusterFacts, ...] = ()
