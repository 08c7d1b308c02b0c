"""Names and docstrings say what a thing is, by the rules of docs/contributing.md and the terms of docs/glossary.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import names, structure
from helpers.paths import ROOT

PACKAGE = ROOT / "cleaner"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
FORBIDDEN = structure.forbidden_words(GLOSSARY)
TERMS = (
    "document record line span batch shard checkpoint rule pack case match detection evidence verdict edit pass flag "
    "ledger manifest passage shingle signature permutation band row bucket candidate cluster keeper copy template "
    "threshold similarity quarantine finding baseline suppression encoding mojibake script engine boilerplate frame doubt"
)


def test_few_names_are_vague() -> None:
    vague = structure.vague_names(PACKAGE)
    places = [f"{binding.path.relative_to(ROOT)}:{binding.line}: {binding.name}" for binding in vague]
    assert len(vague) < 0.01 * len(structure.bindings(PACKAGE)), "\n".join(places)


def test_no_name_holds_a_forbidden_synonym() -> None:
    assert structure.forbidden_names(PACKAGE, FORBIDDEN) == []


def test_no_public_class_name_stands_in_two_modules() -> None:
    assert structure.repeated_classes(PACKAGE) == {}


def test_every_docstring_begins_in_the_imperative() -> None:
    assert structure.ruff(PACKAGE, "D401") == []


@pytest.mark.parametrize("term", TERMS.split())
def test_the_glossary_gives_a_term_one_meaning(term: str) -> None:
    assert len([line for line in GLOSSARY.splitlines() if line.startswith(f"| {term} |")]) == 1


def test_participles_adverbs_and_hidden_synonyms_are_recognized(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("def _folded(at, left, right):\n    text_chunks, seed = at, left\n", encoding="utf-8")
    assert [binding.name for binding in structure.vague_names(tmp_path)] == ["_folded", "at"]
    assert structure.forbidden_names(tmp_path, {"chunk": "batch"}) == [
        "module.py:2: text_chunks: write 'batch'",
    ]
    assert not names.is_vague("cleaned")
