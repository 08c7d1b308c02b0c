"""Pages lead to files and headings that exist, every page can be reached, and the issue forms ask for what is needed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpers.paths import ROOT

DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", *DOCS, *sorted((ROOT / "benchmarks").glob("*.md"))]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("line_*.yml"))
LINK = re.compile(r"\]\((?!http)([^)#]*)(?:#([^)]+))?\)")


def anchors(page: Path) -> set[str]:
    """Compute the names that GitHub gives to a page's headings."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target, heading in LINK.findall(prose):
        linked = page.parent / target if target else page
        assert linked.exists(), target
        assert not heading or heading in anchors(linked), f"{target}#{heading}"


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_the_readme_links_every_page_of_the_docs(page: Path) -> None:
    assert f"](docs/{page.name})" in PAGES[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_form_asks_for_what_shows_the_defect(form: Path) -> None:
    text = form.read_text(encoding="utf-8")
    assert re.findall(r"^    id: (\w+)$", text, flags=re.MULTILINE)[:5] == ["version", "pack", "lines", "why", "text"]
    assert text.count("required: true") == 5
