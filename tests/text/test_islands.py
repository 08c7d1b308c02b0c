"""Cleaning around islands: what stands in them stays, and lifted passes lead from text to text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.model import Cleaned, Document, Edit, Island, Span
from cleaner.text import edits, islands, views

LINES = st.lists(st.text("ab中，c ", max_size=5), min_size=1, max_size=8)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A text some lines of which are islands, and in others some words; each island stands there once."""
    text, blocks, parts = "", [], []
    lines = draw(LINES)
    for number, line in enumerate(lines):
        start, end = len(text), "\n" if number < len(lines) - 1 or draw(st.booleans()) else ""
        kind = draw(st.sampled_from(["", "", "lines", "heading", "word", "mark"]))
        if kind in ("lines", "heading"):
            text += f"<{number}>{end}"
            (blocks if kind == "lines" else parts).append(Island(Span(start, len(text)), kind))
            continue
        text += line
        for count in range(draw(st.integers(0, 2)) if kind else 0):
            start = len(text)
            text += f"({number}.{count})"
            parts.append(Island(Span(start, len(text)), kind))
            text += draw(st.text("ab", max_size=2))
        text += end
    merged = islands.merge_lines(text, [island.span for island in blocks])
    return Document("d", text, islands=tuple(sorted((*merged, *parts))))


def drawn_edits(draw: st.DrawFn, text: str) -> tuple[Edit, ...]:
    """Removals of whole lines, and other edits."""
    if draw(st.booleans()):
        starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\n")]
        picked = sorted(draw(st.sets(st.sampled_from(starts))))
        ends = {start: text.find("\n", start) + 1 or len(text) for start in starts}
        return tuple(Edit(Span(start, ends[start]), "", "r") for start in picked if start < ends[start])
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [Span(left, right) for left, right in zip(cuts[::2], cuts[1::2], strict=False)]
    return tuple(Edit(span, draw(st.text("xy\n", max_size=3)), "r") for span in spans)


@given(documents(), st.data())
def test_islands_come_out_as_they_are_whatever_is_done_to_the_view(document: Document, data: st.DataObject) -> None:
    def clean(view: Document) -> Cleaned:
        passes, text = [], view.text
        for _ in range(data.draw(st.integers(0, 3))):
            made = drawn_edits(data.draw, text)
            passes.append(made)
            text = edits.apply(text, made)
        return Cleaned(view, text, tuple(passes))

    cleaned = islands.lift(document, clean(islands.view_document(document)), clean)
    text = document.text
    for made in cleaned.passes:
        text = edits.apply(text, made)
    assert text == cleaned.text
    position = 0
    for island in document.islands:
        content = document.text[island.span.start : island.span.stop]
        if island.kind == "mark":
            continue
        position = text.index(content, position)
        if island.kind != "word":
            assert not position or text[position - 1] == "\n"
        position += len(content)


@given(documents())
def test_a_view_is_as_long_as_what_is_seen(document: Document) -> None:
    view = views.see(document.text, document.islands)
    assert view.full(len(view.text)) <= len(document.text)
    lifted, after = view.lift(())
    assert (lifted, after.text) == ((), view.text)


def test_edits_that_come_back_in_other_lines_do_not_keep_all_others_away() -> None:
    text = "".join(f"甲`{number}`\n乙\n" for number in range(20))
    words = [Span(start := text.index(f"`{number}`"), start + len(f"`{number}`")) for number in range(20)]
    document = Document("d", text, islands=tuple(Island(span, "word") for span in words))

    def clean(view: Document) -> Cleaned:
        """Remove the first line with a word that is seen, and the last line."""
        starts = [0, *(at + 1 for at, char in enumerate(view.text[:-1]) if char == "\n")]
        first = next((start for start in starts if view.text.startswith("甲", start)), None)
        spans = [Span(start, view.text.index("\n", start) + 1) for start in (first, starts[-1]) if start is not None]
        made = tuple(Edit(span, "", "r") for span in sorted(set(spans)))
        return Cleaned(view, edits.apply(view.text, made), (made,))

    cleaned = islands.lift(document, clean(islands.view_document(document)), clean)
    assert cleaned.text == text.removesuffix("乙\n")
