from __future__ import annotations

import pytest

from cleaner.features.markup_words import BITS, places_of


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"class": "mainNav"}, {"nav", "content"}),
        ({"class": "dqwz"}, {"nav"}),
        ({"id": "newsfooter"}, {"footer"}),
        ({"class": "ad"}, {"ad"}),
        ({"class": "header-ad"}, {"header", "ad"}),
        ({"class": "shadow loaded"}, set()),
        ({"style": "color: red; display:none"}, {"unseen"}),
        ({"hidden": None}, {"unseen"}),
        ({"href": "/nav/ad"}, set()),
        ({"class": None}, set()),
    ],
)
def test_words_announce_places(attributes: dict[str, str | None], expected: set[str]) -> None:
    bits = places_of("span", attributes)
    assert {name for name, bit in BITS.items() if bits & bit} == expected


def test_element_names_announce_places() -> None:
    assert places_of("nav", {}) == BITS["nav"]
    assert places_of("p", {}) == 0
