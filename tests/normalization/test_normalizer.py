"""The machinery of steps, with the real steps and with steps that do nothing put between them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.model import Span
from cleaner.normalization.normalizer import Normalizer
from cleaner.normalization.prefilter import ALWAYS, NEVER, Trigger
from cleaner.normalization.step import Step
from cleaner.normalization.steps import INSPECTIONS, NORMALIZER, STEPS
from cleaner.options import CleanOptions
from cleaner.text import edits
from helpers.strategies import OPTIONS, PAGES


def idle(trigger: Trigger) -> Step:
    """A step that changes nothing."""
    return Step("test/idle", "It changes nothing.", run=lambda text, _: text, reads=lambda _: trigger, by_line=True)


IDLE = st.sampled_from([ALWAYS, NEVER, Trigger("[\u4e00-\u9fff]")]).map(idle)


@pytest.mark.slow
@given(PAGES, OPTIONS, IDLE, st.integers(0, len(STEPS)))
@settings(max_examples=300)
def test_an_idle_step_at_any_place_changes_neither_result_nor_attribution(
    text: str, options: CleanOptions, step: Step, place: int
) -> None:
    other = Normalizer((*STEPS[:place], step, *STEPS[place:]), INSPECTIONS)
    assert other.normalize(text, options) == NORMALIZER.normalize(text, options)
    [ours], [theirs] = (each.scan([text], options) for each in (NORMALIZER, other))
    assert other.run(text, options, theirs.bits) == NORMALIZER.run(text, options, ours.bits)
    assert other.flags(text, theirs.bits) == NORMALIZER.flags(text, ours.bits)
    assert theirs.size == ours.size


@pytest.mark.parametrize("place", range(len(STEPS) + 1))
def test_terminal_escapes_are_attributed_wherever_an_idle_step_stands(place: int) -> None:
    normalizer = Normalizer((*STEPS[:place], idle(ALWAYS), *STEPS[place:]), INSPECTIONS)
    text = "\x1b[31m河水退去之后\x1b[0m，田地露了出来。"
    [scan] = normalizer.scan([text], CleanOptions())
    passes = normalizer.run(text, CleanOptions(), scan.bits)
    assert [edit.rule for _, made in passes for edit in made] == ["normalize/terminal"]


def test_more_steps_than_a_narrow_table_has_bits_are_distinguished() -> None:
    steps = [Step(f"test/{char}", "", lambda text, _: text, lambda _, c=char: Trigger(f"[{c}]")) for char in "abcdefgh"]
    normalizer = Normalizer((*steps, *STEPS, idle(ALWAYS)), INSPECTIONS)
    scans = normalizer.scan(["c\ufffd", " 這", ""], CleanOptions())
    wanted = ("test/c", "test/idle", "repair/replaced"), ("normalize/script", "test/idle"), ("test/idle",)
    assert [scan.bits & ~normalizer.bit("normalize/ftfy") for scan in scans] == [
        sum(normalizer.bit(rule) for rule in rules) for rules in wanted
    ]
    assert [scan.size for scan in scans] == [2, 1, 0]


def test_a_step_that_is_switched_off_changes_nothing() -> None:
    text = r"\u4e2d 烟(yan)台"
    assert NORMALIZER.run(text, CleanOptions()) == []
    assert NORMALIZER.normalize(text, CleanOptions(unicode_escapes=True, pinyin=True)) == "中 烟台"


@given(PAGES, OPTIONS)
@settings(max_examples=200)
def test_each_pass_holds_the_edits_of_one_step(text: str, options: CleanOptions) -> None:
    for after, made in NORMALIZER.run(text, options):
        assert edits.apply(text, made) == after
        assert len({edit.rule for edit in made}) == 1
        text = after


@given(st.lists(PAGES, max_size=4), OPTIONS)
@settings(max_examples=200)
def test_texts_are_normalized_together_as_each_is_alone(texts: list[str], options: CleanOptions) -> None:
    bits = [scan.bits for scan in NORMALIZER.scan(texts, options)]
    alone = [NORMALIZER.run(text, options, mask) for text, mask in zip(texts, bits, strict=True)]
    assert NORMALIZER.run_batch(texts, options, bits) == alone
    assert NORMALIZER.normalize_batch(texts, options) == [NORMALIZER.normalize(text, options) for text in texts]


def test_inspections_without_a_bit_are_passed_over() -> None:
    text = "图\ue123，\ufffd"
    assert [(flag.rule, flag.span) for flag in NORMALIZER.flags(text)] == [
        ("repair/replaced", Span(3, 4)),
        ("characters/private-use", Span(1, 2)),
    ]
    only = NORMALIZER.bit("characters/private-use")
    assert [flag.rule for flag in NORMALIZER.flags(text, only)] == ["characters/private-use"]
    assert NORMALIZER.flags(text, 0) == []
