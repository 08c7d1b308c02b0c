"""Names and docstrings say what a thing is, by the rules of docs/contributing.md and the terms of docs/glossary.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import names, structure
from helpers.paths import ROOT

PACKAGE = ROOT / "cleaner"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
FORBIDDEN = structure.forbidden_words(GLOSSARY)
UNFINISHED = {
    "cli",
    "config.py",
    "integrations",
    "judging",
    "ledger.py",
    "model.py",
    "options.py",
    "packs",
    "spark",
    "text",
}
"""Folders whose words are still being rewritten; whoever is through takes his folder out. None is added."""
FINISHED = sorted(path for path in PACKAGE.iterdir() if path.name not in UNFINISHED and path.suffix in ("", ".py"))
TERMS = (
    "document record line span batch shard checkpoint rule pack case match detection evidence verdict edit pass flag "
    "ledger manifest passage shingle signature permutation band row bucket candidate cluster keeper copy template "
    "threshold similarity quarantine finding baseline suppression encoding mojibake script engine boilerplate frame doubt"
)


@pytest.mark.parametrize("folder", FINISHED, ids=lambda path: path.name)
def test_few_names_are_vague(folder: Path) -> None:
    every = [binding for binding in structure.bindings(PACKAGE) if binding.path.is_relative_to(folder)]
    vague = [binding for binding in every if names.is_vague(binding.name)]
    places = [f"{binding.path.relative_to(ROOT)}:{binding.line}: {binding.name}" for binding in vague]
    assert len(vague) <= 0.01 * len(every), "\n".join(places)


def test_names_with_a_forbidden_synonym_do_not_increase() -> None:
    forbidden = structure.forbidden_names(PACKAGE, FORBIDDEN)
    assert len(forbidden) <= 13, forbidden


def test_public_class_names_in_two_modules_do_not_increase() -> None:
    repeated = structure.repeated_classes(PACKAGE)
    assert len(repeated) <= 11, repeated


def test_every_docstring_begins_in_the_imperative() -> None:
    places = structure.ruff(PACKAGE, "D401")
    assert [place for place in places if place.split("/")[0].split(":")[0] not in UNFINISHED] == []


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
