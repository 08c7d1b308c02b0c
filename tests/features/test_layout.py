from __future__ import annotations

from helpers.layouts import MENU, PROSE, TITLES, lay_out_texts


def test_the_body_lies_between_menu_and_titles() -> None:
    layout = lay_out_texts("\n".join([MENU, *[PROSE] * 4, TITLES]))
    assert (layout.start[0], layout.stop[0]) == (8, 12)
    assert layout.zones["tail"][-1]
    assert not layout.zones["tail"][8]
    assert layout.zones["head"][0]
