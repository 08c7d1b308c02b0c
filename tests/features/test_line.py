from __future__ import annotations

from helpers.layouts import lay_out_texts


def test_a_flat_period_after_han_ends_a_sentence() -> None:
    ends = lay_out_texts("他把信折好放进了口袋.\n下一页.\n他把信折好...\n版本 2.0.1 说明").features["ends"]
    assert ends.tolist() == [True, False, False, False]
