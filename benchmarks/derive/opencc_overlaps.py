"""Write cleaner/data/opencc-overlaps.txt: three characters in which the wrong two would make a word.

    pip download --no-deps jieba==0.42.1; tar xzf jieba-0.42.1.tar.gz
    python benchmarks/derive/opencc_overlaps.py jieba-0.42.1/jieba/dict.txt

Of two words of equal length that overlap the left one wins, as in OpenCC: 被发 (as in 被髮左衽) in 被发展. Here are the
cases A|BC in which counts of words say that BC is the word: jieba 0.42.1's dict.txt (MIT licence), one word's
chance independent of the next. Kept are those where A and BC are `MARGIN` (natural logarithm) likelier than AB and C,
the `COUNT` most frequent ones. A line has BC, then all A.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from cleaner.normalization.script import layer

TARGET = Path("cleaner/data/opencc-overlaps.txt")
MARGIN, COUNT, LEAST = 4.0, 10_000, 20
UNSEEN = 0.3
"""The count of a word that is not in the list."""


def _words(path: Path) -> dict[str, int]:
    rows = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {word: int(count) for word, count, *_ in rows}


def _by_characters(word: str, characters: dict[str, str]) -> str:
    return "".join(characters.get(character, character) for character in word)


def _overlaps(counts: dict[str, int]) -> Iterator[tuple[float, str, str]]:
    """Yield the likelihood of A and BC, A, and BC."""
    phrases, characters = layer.dictionary("STPhrases"), layer.dictionary("STCharacters")
    total = sum(counts.values())

    def chance(word: str) -> float:
        return math.log((counts.get(word) or UNSEEN) / total)

    by_first = defaultdict(list)
    for word, count in counts.items():
        if len(word) == 2 and count >= LEAST:
            by_first[word[0]].append(word)
    for key, value in phrases.items():
        if len(key) != 2 or len(value) != 2:
            continue
        for word in by_first[key[1]]:
            right = characters.get(key[0], key[0]) + (phrases.get(word) or _by_characters(word, characters))
            likelihood = chance(key[0]) + chance(word)
            is_likelier = likelihood - chance(key) - chance(word[1]) > MARGIN
            is_other = right != value + characters.get(word[1], word[1])
            if is_likelier and is_other and key[0] + word not in phrases:
                yield likelihood, key[0], word


def _main() -> None:
    lines: dict[str, str] = defaultdict(str)
    for _, character, word in sorted(_overlaps(_words(Path(sys.argv[1]))), reverse=True)[:COUNT]:
        lines[word] += character
    text = "".join(f"{word}\t{''.join(sorted(lines[word]))}\n" for word in sorted(lines))
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _main()
