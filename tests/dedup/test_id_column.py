"""Ids and hosts in a column are those that were put in, and ids sort as Python sorts them."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.dedup.id_column import HostColumn, IdColumn
from cleaner.dedup.keeper import id_order
from cleaner.errors import UsageError

CHARACTERS = st.one_of(st.sampled_from("ab\0é一\uff0e\ud800\udfff\U0001f600"), st.characters())
TEXTS = st.lists(st.one_of(st.text(CHARACTERS, max_size=5), st.text("ab", min_size=6, max_size=30)), max_size=30)


@given(TEXTS)
def test_a_column_holds_its_texts(texts: list[str]) -> None:
    column = IdColumn(texts)
    assert len(column) == len(texts)
    assert list(column) == [column[row] for row in range(len(texts))] == texts


@given(TEXTS)
def test_a_column_holds_its_hosts(hosts: list[str]) -> None:
    column = HostColumn(["", *hosts, ""])
    assert list(column) == ["", *hosts, ""]


def test_documents_take_few_bytes_of_a_column_of_hosts() -> None:
    tracemalloc.start()
    try:
        column = HostColumn(f"www.site{number % 100}.example" for number in range(100_000))
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(column) == 100_000
    assert size < 6 * len(column)


@given(TEXTS)
def test_a_column_sorts_as_a_list_does(texts: list[str]) -> None:
    column = IdColumn(texts)
    rows, is_tied = column.sort()
    ordered = [column[row] for row in rows.tolist()]
    assert ordered == sorted(texts)
    assert sorted(rows.tolist()) == list(range(len(texts)))
    assert is_tied.tolist() == [bool(n) and ordered[n] == ordered[n - 1] for n in range(len(ordered))]


@given(TEXTS)
def test_ids_are_ranked_alike_in_a_column_and_in_a_list(texts: list[str]) -> None:
    ids = list(dict.fromkeys(texts))
    assert id_order(IdColumn(ids)).tolist() == id_order(ids).tolist()


@pytest.mark.parametrize("kind", [list, IdColumn])
def test_an_id_that_is_there_twice_is_named(kind: type) -> None:
    with pytest.raises(UsageError, match="two documents have the id 'bb'"):
        id_order(kind(["bb", "a", "bb"]))
