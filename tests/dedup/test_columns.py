"""Near-duplicates as columns: of any list, of pandas, polars and datasets."""

from __future__ import annotations

import random

import pytest

from cleaner.dedup.columns import COLUMNS, CopyRow, find_rows
from cleaner.errors import UsageError
from cleaner.integrations.huggingface import add_near_duplicates
from helpers.dedup_texts import prose, replace_characters
from helpers.planted_spans import paragraphs, plant, sentences

TEXT = prose(1, 400)
TEXTS = [TEXT + "尾。", None, replace_characters(TEXT, 1, 0.004), prose(2)]


def test_a_copy_has_its_keeper_and_two_similarities() -> None:
    first, missing, copy, other = find_rows(TEXTS)
    assert first == missing == other == CopyRow()
    assert copy.keeper == 0
    assert copy.jaccard
    assert copy.containment
    assert 0.8 <= copy.jaccard <= copy.containment <= 1
    assert copy.repeated == 1.0


def test_the_share_in_repeated_spans_is_told() -> None:
    dice = random.Random(3)
    span = paragraphs(dice, sentences(dice, 200))
    texts = [plant(dice, span, 400) for _ in range(3)]
    rows = find_rows(texts, unit="span")
    shares = sorted(row.repeated or 0 for row in rows)
    assert shares[0] == 0
    assert all(0.1 < share < 0.5 for share in shares[1:])
    assert all(row.keeper is None for row in rows)


def test_an_empty_column_has_no_rows() -> None:
    assert find_rows([]) == []
    assert find_rows([None]) == [CopyRow()]


def test_pandas_names_the_keeper_by_its_label() -> None:
    pandas = pytest.importorskip("pandas")
    from cleaner.integrations.pandas import near_duplicates

    column = pandas.Series(TEXTS, index=["a", "b", "c", "d"])
    frame = near_duplicates(column)
    assert list(frame.columns) == ["keeper", "jaccard", "containment", "repeated"]
    assert frame.loc["c", "keeper"] == "a"
    assert frame["jaccard"].isna().tolist() == [True, True, False, True]
    with pytest.raises(UsageError, match="holds int64, not text"):
        near_duplicates(pandas.Series([1, 2]))


def test_polars_names_the_keeper_by_its_number() -> None:
    polars = pytest.importorskip("polars")
    from cleaner.integrations.polars import near_duplicates

    frame = near_duplicates(polars.Series("text", TEXTS))
    assert frame["keeper"].to_list() == [None, None, 0, None]
    assert frame["containment"][2] == find_rows(TEXTS)[2].containment


def test_datasets_get_the_columns() -> None:
    datasets = pytest.importorskip("datasets")
    rows = datasets.Dataset.from_dict({"text": TEXTS})
    result = add_near_duplicates(rows)
    assert result["keeper"][2] == 0
    with pytest.raises(UsageError, match="column 'keeper' is there; rename it first"):
        add_near_duplicates(result)
    with pytest.raises(UsageError, match="no column 'body'; there are text"):
        add_near_duplicates(rows, "body")
    assert add_near_duplicates(rows.select([])).column_names == ["text", *COLUMNS]
