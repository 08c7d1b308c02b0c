from __future__ import annotations

from cleaner.features import repetition
from cleaner.features.line_view import view_lines
from cleaner.text import lines


def test_equal_lines_are_earlier_and_later_copies_in_their_document_only() -> None:
    view = view_lines(lines.join(["甲乙\n丙丁\n甲 乙", "甲乙"]))
    keys = repetition.hash_lines(view.characters)
    earlier, later = repetition.count_repeats(keys, view.batch.documents)
    assert earlier.tolist() == [0, 0, 1, 0]
    assert later.tolist() == [1, 0, 0, 0]
