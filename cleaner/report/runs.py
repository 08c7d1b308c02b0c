"""A run in figures and words: its settings, histograms, hosts, and what its rules are for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from cleaner import ledger
from cleaner.corpus.report import stats
from cleaner.corpus.report.manifest import RunManifest
from cleaner.corpus.report.summary import RunSummary
from cleaner.errors import CleanerError
from cleaner.explain.language import Language, read_wording
from cleaner.packs import registry
from cleaner.packs.builtin import RULES
from cleaner.report.alignment.visible import shorten
from cleaner.report.facts import Bar, DocumentFacts, HostFacts, RunFacts
from cleaner.report.sampling.excerpts import LONGEST_ID
from cleaner.report.sampling.survey import TENTHS, LedgerSurvey
from cleaner.report.sampling.texts import DocumentTexts

OPTIONS = ("script", "quotes", "punctuation", "judge", "dedup", "no-article", "max-loss")
"""Settings that a report names."""
LONGEST_WHY = 300
"""Characters of what a rule is for."""
MOST_BARS = 24
"""Bars of a histogram of names."""
DEDUP = "dedup/"
"""What the ids of rules begin with that remove copies."""


def list_whys(manifest: RunManifest, language: Language = "en") -> dict[str, str]:
    """List what each rule is for, by id; those of packs that are not there any more are left out."""
    whys = {rule.id: rule.why for rule in RULES.values()}
    for name in manifest.options.get("pack", ()):
        try:
            whys |= {rule.id: rule.why for rule in registry.load_rules(name).rules}
        except CleanerError:
            continue
    return {rule: shorten(why, LONGEST_WHY) for rule, why in read_wording(language).translate(whys).items()}


def describe_run(manifest: RunManifest, counts: RunSummary) -> RunFacts:
    """Describe what was run on what."""
    version_of = {pack.id: pack.version for pack in manifest.packs}
    names = [Path(name).stem or name for name in manifest.options.get("pack", ())]
    return RunFacts(
        cleaner=manifest.cleaner,
        packs=tuple(f"{name} {version_of[name]}" if name in version_of else name for name in names),
        all_packs=tuple(f"{pack.id} {pack.version}" for pack in manifest.packs),
        options={name: _write_option(manifest.options[name]) for name in OPTIONS if name in manifest.options},
        documents=counts.documents,
        changed_documents=counts.changed_documents,
        characters_in=counts.characters_in,
        characters_out=counts.characters_out,
        removed_share=counts.removed_share,
        duplicates=counts.duplicates,
        quarantines=counts.quarantines,
        rejections=counts.rejections,
        script_conversions=counts.script_conversions,
    )


def _write_option(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def bars(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """Return bars of names, the highest first."""
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:MOST_BARS]
    return tuple(Bar(shorten(name, LONGEST_ID), count) for name, count in rows)


def bars_of_losses(survey: LedgerSurvey, counts: RunSummary) -> tuple[Bar, ...]:
    """Return the documents that lost nothing, then those by the tenth that their loss lies in."""
    nothing = counts.documents - survey.losses.total()
    shares = [Bar(_write_tenth(tenth / TENTHS), survey.losses[tenth]) for tenth in range(TENTHS)]
    return (Bar("0 %", max(nothing, 0)), *shares)


def bars_of_tenths(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """Return documents by the tenth that their doubt lies in."""
    return tuple(Bar(f"{tenth / TENTHS:.1f}", counts.get(f"{tenth / TENTHS:.1f}", 0)) for tenth in range(TENTHS))


def _write_tenth(share: float) -> str:
    return f"{share:.0%}–{share + 1 / TENTHS:.0%}".replace("%", " %", 1).replace(" %–", "–").replace("%", " %")


def bars_of_lengths(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """Return documents by the bits of their number of characters."""
    rows = sorted((int(bits), count) for bits, count in counts.items())
    return tuple(Bar(f"{1 << max(bits - 1, 0) if bits else 0:,}+", count) for bits, count in rows)


def list_hosts(counts: RunSummary, limit: int) -> tuple[HostFacts, ...]:
    """List the largest hosts and all unusual ones, the largest first, no more than `limit` of each."""
    unusual = dict(stats.unusual(counts.hosts)[:limit])
    largest = sorted(counts.hosts.items(), key=lambda row: (-row[1].characters_in, row[0]))[:limit]
    rows = sorted({**dict(largest), **unusual}.items(), key=lambda row: (-row[1].characters_in, row[0]))
    return tuple(
        HostFacts(shorten(name, LONGEST_ID), host.documents, host.characters_in, host.removed_share, name in unusual)
        for name, host in rows
    )


def number_documents(documents: list[DocumentFacts]) -> tuple[DocumentFacts, ...]:
    """Give documents numbers, those of the greatest loss and doubt first."""
    ranking = sorted(documents, key=lambda document: (-max(document.loss, document.doubt), document.id))
    return tuple(msgspec.structs.replace(document, number=number) for number, document in enumerate(ranking, 1))


def text_before_dropping(texts: DocumentTexts) -> str:
    """Return the clean text of a document as near-duplicates were looked for in it, before copies were dropped."""
    passes = texts.entry.passes
    if passes and all(change.rule.startswith(DEDUP) for change in passes[-1]):
        return ledger.undo(texts.after, passes[-1:])
    return texts.after
