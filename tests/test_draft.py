"""A draft knows which of its lines are those of the last round."""

from __future__ import annotations

from cleaner.draft import Draft, known_rows, record_unchanged_lines
from cleaner.judging.verdicts import Judgment
from cleaner.model import Document, Span, Verdict
from cleaner.text import lines


def drafts(*texts: str) -> list[Draft]:
    return [Draft(Document(str(number), text)) for number, text in enumerate(texts)]


def judgment(text: str, **actions: str) -> Judgment:
    """Judge parts of a text: each named part gets an action; a replacement writes two lines."""
    verdicts = []
    for part, action in actions.items():
        start = text.index(part)
        new = "x\ny" if action == "replace" else ""
        verdicts.append(Verdict("p/ad/r", Span(start, start + len(part)), action, 1.0, (), new))  # type: ignore[arg-type]
    return Judgment(tuple(verdicts))


def rows_of_next_round(texts: tuple[str, ...], *judgments: Judgment, after: tuple[str, ...]) -> list[int]:
    pages, batch = drafts(*texts), lines.join(texts)
    record_unchanged_lines(pages, batch, judgments)
    return known_rows(pages, lines.join(after)).tolist()


def test_lines_that_stay_keep_their_rows() -> None:
    texts = ("aa\nbb\ncc", "dd\nee")
    judgments = judgment(texts[0], bb="drop"), judgment(texts[1])
    assert rows_of_next_round(texts, *judgments, after=("aa\ncc", "dd\nee")) == [0, 2, 3, 4]


def test_a_line_of_which_a_part_is_cut_is_new() -> None:
    texts = ("aab\ncc",)
    assert rows_of_next_round(texts, judgment(texts[0], aa="cut"), after=("b\ncc",)) == [-1, 1]


def test_all_lines_are_new_where_lines_are_joined_or_written() -> None:
    texts = ("aa\nbb\ncc",)
    assert rows_of_next_round(texts, judgment(texts[0], aa="cut"), after=("bb\ncc",)) == [-1, -1]
    assert rows_of_next_round(texts, judgment(texts[0], bb="replace"), after=("aa\nx\ny\ncc",)) == [-1] * 4
