"""Sizes and state of the code stay within the bars that benchmarks/structure.py prints."""

from __future__ import annotations

from helpers import structure
from helpers.paths import ROOT

PACKAGE = ROOT / "cleaner"


def test_no_folder_holds_more_than_seventeen_modules() -> None:
    assert {folder: size for folder, size in structure.folder_sizes(PACKAGE).items() if size > 17} == {}


def test_no_module_is_longer_than_250_lines() -> None:
    assert structure.long_modules(PACKAGE) == {}


def test_few_functions_take_more_than_five_parameters() -> None:
    places = structure.many_parameters(PACKAGE)
    assert len(places) <= 8, places


def test_few_comparisons_are_with_a_number_that_has_no_name() -> None:
    places = structure.ruff(PACKAGE, "PLR2004")
    assert len(places) <= 60, places


def test_no_line_of_a_pack_is_too_long_for_a_diff() -> None:
    assert {pack: length for pack, length in structure.longest_lines(ROOT / "rules").items() if length > 120} == {}


def test_no_value_hides_state_and_one_global_is_rebound() -> None:
    assert structure.hidden_writes(PACKAGE) == []
    assert len(structure.rebound_globals(PACKAGE)) <= 1
