"""Write the report of an output in a format, and never more than a page of 5 MB."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import msgspec

from cleaner.explain.language import Language
from cleaner.report.build import Budget, build_report, survey_run
from cleaner.report.card import write_card
from cleaner.report.page import write_page

ReportFormat = Literal["html", "markdown", "json"]

MOST_BYTES = 5_000_000
"""Bytes of a page: what a browser shows at once, and a mail takes."""
MOST_TRIALS = 8
"""Times that a page over the limit is written anew, each with half of the samples."""


def write_report(folder: Path, kind: ReportFormat = "html", language: Language = "en", *, seed: int = 1) -> str:
    """Write the report of an output.

    Args:
        folder: what `cleaner clean --output` wrote.
        kind: a page for a browser, the block of a dataset card, or all that they are made from.
        language: of what the report says by itself, and of what rules are for.
        seed: of the samples.

    Raises:
        UsageError: the folder holds no finished run, or its ledger was altered.
    """
    budget = Budget()
    survey = survey_run(folder, seed)
    report = build_report(survey, budget, language)
    if kind == "markdown":
        return write_card(report, language)
    if kind == "json":
        return json.dumps(msgspec.to_builtins(report), ensure_ascii=False, indent=2) + "\n"
    page = write_page(report, language)
    for _ in range(MOST_TRIALS):
        if len(page.encode()) <= MOST_BYTES:
            break
        budget = budget.halve()
        page = write_page(build_report(survey, budget, language), language)
    return page
