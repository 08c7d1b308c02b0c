"""Write a report as the block of a dataset card that says how the data was processed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.explain.language import Language
from cleaner.report.facts import RunReport
from cleaner.report.page import fill, read_words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~$&!])")


def write_card(report: RunReport, language: Language = "en") -> str:
    """Write the block in Markdown. It names no document, host or text."""
    return "\n".join(_card(report, language)) + "\n"


def _card(report: RunReport, language: Language) -> Iterator[str]:
    words = read_words(language)
    yield f"### {words['card_title']}\n"
    yield f"{fill(words['card_text'], report)}\n"
    yield f"{words['card_options']}: " + ", ".join(f"`{name} = {value}`" for name, value in report.run.options.items())
    rows: dict[str, list[int]] = {}
    for rule in report.rules:
        row = rows.setdefault(rule.category, [0, 0])
        row[0] += rule.edits
        row[1] += rule.characters
    if rows:
        yield f"\n| {words['card_category']} | {words['edits']} | {words['characters']} |"
        yield "|---|---:|---:|"
        for category, (edits, characters) in sorted(rows.items(), key=lambda row: (-row[1][1], row[0])):
            yield f"| {_escape(category)} | {edits:,} | {characters:,} |"
    yield f"\n{words['card_restore']}"


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
