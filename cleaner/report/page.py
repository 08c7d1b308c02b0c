"""Write a report as one file of HTML: no server, no request, nothing in it runs but its own script."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from cleaner.explain.language import Language
from cleaner.report.alignment.rows import AlignedRow
from cleaner.report.alignment.visible import make_visible
from cleaner.report.facts import DocumentFacts, RunReport
from cleaner.report.sampling.survey import DOCUMENTS, REMOVALS

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = Path(__file__).parents[1] / "data" / "report"
_LABEL, _LONG_LABEL = 100, 210
"""Units of a chart's width for its labels."""


@cache
def read_words(language: Language) -> Mapping[str, str]:
    """Read what a page says in a language."""
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def open_templates() -> Environment:
    """Open the templates, which escape all that is put into them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "n": lambda number: f"{number:,}",
        "share": lambda share: f"{share:.1%}",
        "fill": lambda text, **values: text.format(**values),
        "visible": make_visible,
        "reasons": write_reasons,
    }
    return environment


def write_reasons(rules: Sequence[str], whys: Mapping[str, str]) -> str:
    """Write rules with what each is for."""
    return "; ".join(f"{rule}: {whys[rule]}" if whys.get(rule) else rule for rule in rules)


def read_part(name: str) -> tuple[Any, str]:
    """Read our own style or script; return it as markup with its hash for the page's security policy."""
    from markupsafe import Markup

    text = (_FOLDER / name).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"sha256-{digest}"


def write_page(report: RunReport, language: Language = "en") -> str:
    """Write the whole page."""
    words = read_words(language)
    style, style_hash = read_part("style.css")
    script, script_hash = read_part("script.js")
    return (
        open_templates()
        .get_template("page.html")
        .render(
            report=report,
            words=SimpleNamespace(**words),
            sentence=write_sentence(report, words),
            charts=_charts(report, words),
            used_rules=sorted({*(rule.id for rule in report.rules), *_rules_of(report.documents)}),
            used_hosts=sorted({document.host for document in report.documents}),
            sample_sizes={"documents": DOCUMENTS, "removals": REMOVALS},
            style=style,
            style_hash=style_hash,
            script=script,
            script_hash=script_hash,
        )
    )


def write_fragment(
    rows: Sequence[AlignedRow], sentence: str, whys: Mapping[str, str], language: Language = "en"
) -> str:
    """Write two texts side by side as a part of a page, with a list of the rules that are named in the rows."""
    style, _ = read_part("fragment.css")
    rules = dict.fromkeys(rule for row in rows for rule in row.rules)
    return (
        open_templates()
        .get_template("fragment.html")
        .render(
            rows=rows,
            sentence=sentence,
            words=SimpleNamespace(**read_words(language)),
            whys=whys,
            reasons=[(rule, whys.get(rule, "")) for rule in rules],
            style=style,
        )
    )


def _rules_of(documents: Sequence[DocumentFacts]) -> set[str]:
    return {rule for document in documents for rule in (*document.rules, *document.flags)}


def _charts(report: RunReport, words: Mapping[str, str]) -> list[tuple[str, Any, int]]:
    widths = {"encodings": _LONG_LABEL, "flags": _LONG_LABEL}
    names = ("losses", "doubts", "kinds", "lengths", "encodings", "scripts", "flags")
    return [(words[f"chart_{name}"], getattr(report, name), widths.get(name, _LABEL)) for name in names]


def write_sentence(report: RunReport, words: Mapping[str, str]) -> str:
    """Say in a few sentences what was done."""
    run = report.run
    sentences = [fill(words["sentence"], report)]
    counts = {
        "duplicates": run.duplicates,
        "script": run.script_conversions,
        "quarantined": run.quarantines,
        "rejected": run.rejections,
    }
    sentences += [words[f"sentence_{name}"].format(count=f"{count:,}") for name, count in counts.items() if count]
    return ("" if words["language"] == "zh" else " ").join(sentences)


def fill(text: str, report: RunReport) -> str:
    """Fill the counts of a run into a sentence."""
    run = report.run
    return text.format(
        cleaner=run.cleaner,
        packs=", ".join(run.packs),
        documents=f"{run.documents:,}",
        changed=f"{run.changed_documents:,}",
        characters=f"{run.characters_in:,}",
        removed=f"{run.removed_share:.1%}",
    )
