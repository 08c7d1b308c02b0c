"""Paths of elements say tag, id and classes, as all pages of a site have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.features.elements import JOINT, STEPS, leads_inside, write_step
from helpers.elements import page_elements


@pytest.mark.parametrize(
    ("tag", "name", "classes", "expected"),
    [
        ("div", "", "", "div"),
        ("div", "main", "wide left", "div#main.left.wide"),
        ("li", "post-10442", "post item", "li.item.post"),
        ("div", "7", "css-1x93a col2 a/b", "div.col2.css-1x93a"),
        ("p", "", "d c b a", "p.a.b.c"),
    ],
)
def test_a_step_holds_what_other_pages_have_too(tag: str, name: str, classes: str, expected: str) -> None:
    assert write_step(tag, name, classes) == expected


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(1, STEPS))
def test_a_path_leads_to_the_element_whose_last_steps_it_has(choices: list[int], count: int) -> None:
    parents = [-1, *(choice % (number + 1) for number, choice in enumerate(choices))]
    steps = [f"{'pq'[number % 2]}" for number in range(len(parents))]
    rows = list(range(len(parents)))
    elements = page_elements(steps, parents, rows, [row + 1 for row in rows], rows)

    def chain(element: int) -> list[str]:
        return [*(chain(parents[element]) if parents[element] >= 0 else []), steps[element]]

    path = JOINT.join(chain(rows[-1])[-count:])
    expected = [chain(row)[-STEPS:][-path.count(JOINT) - 1 :] == path.split(JOINT) for row in rows]
    assert elements.mark(path).tolist() == expected
    assert all(leads_inside(elements.paths[row], path) for row in rows if expected[row])
    assert leads_inside(f"{path} > p a", path)
    assert not leads_inside(f"{path} > p", f"{path} a")
