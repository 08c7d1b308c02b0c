from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.features.counts import read_characters
from cleaner.text import lines

TEXTS = st.lists(st.text(alphabet="的书山水，。:a1| \n", max_size=40), min_size=1, max_size=5)


@given(TEXTS)
def test_characters_are_counted_by_line_and_class(texts: list[str]) -> None:
    batch = lines.join(texts)
    characters = read_characters(batch)
    for row, (start, stop) in enumerate(zip(batch.starts, batch.stops, strict=True)):
        line = batch.text[start:stop]
        assert characters.visible[row] == len("".join(line.split()))
        assert characters.tokens[row] == len(line.split())
        assert characters.count("function")[row] == line.count("的")
        assert characters.count("stop", "comma")[row] == line.count("。") + line.count("，")
        assert characters.count("han")[row] == sum(line.count(c) for c in "书山水")
