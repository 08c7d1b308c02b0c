"""Derive cleaner/data/frequency.txt: natural logarithms of character frequencies in Chinese text.

Han: the words of jieba 0.42.1's dict.txt (MIT licence) with their counts, and the same words in Traditional characters
by opencc-python-reimplemented (Apache-2.0); a character gets the greater of its two shares.
Punctuation and kana are not in a word list: their rates are set below by hand.

    pip install jieba opencc-python-reimplemented; python benchmarks/derive/frequencies.py
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from pathlib import Path

import jieba
from opencc import OpenCC

TARGET = Path(__file__).parents[2] / "cleaner" / "data" / "frequency.txt"
HAN = 8000
HAN_SHARE = 0.86

# occurrences in a thousand characters of running text, each character of a group alike
BY_HAND = {
    55.0: "，",
    24.0: "。",
    9.0: "、",
    4.0: "“”：",
    2.0: "「」（）《》；？！",
    1.0: "—…·",
    0.7: "─│┌┐└┘├┤┬┴┼━┃",
    0.3: "\u3000『』‘’【】〈〉～",
    0.06: "〔〕〇．／％￥＋－＝○●◎☆★■□◆◇▲△▼※→←↑↓×①②③④⑤⑥⑦⑧⑨⑩℃〖〗＂＇＆＊＠＃｜＿﹃﹄﹁﹂•°±",
    0.03: "".join(map(chr, (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)))),
}
HIRAGANA, KATAKANA = 0.55, 0.22  # occurrences in a thousand of each letter: kana next to Han, neither common nor odd


def word_counts() -> dict[str, int]:
    """Words and their counts in jieba's dictionary."""
    lines = (Path(jieba.__file__).parent / "dict.txt").read_text("utf-8").splitlines()
    return {word: int(count) for word, count, *_ in (line.split() for line in lines)}


def han_shares(counts: dict[str, int], words: list[str]) -> dict[str, float]:
    """Each Han character's share of all Han characters, words weighted by their counts."""
    seen: Counter[str] = Counter()
    for word, count in zip(words, counts.values(), strict=True):
        for char in word:
            if "\u4e00" <= char <= "\u9fff":
                seen[char] += count
    total = seen.total()
    return {char: count / total for char, count in seen.items()}


def frequencies() -> dict[str, float]:
    """Logarithms of the shares of Han, punctuation and kana."""
    counts = word_counts()
    simplified = list(counts)
    traditional = OpenCC("s2t").convert("\n".join(simplified)).split("\n")
    here, there = han_shares(counts, simplified), han_shares(counts, traditional)
    han = {c: HAN_SHARE * max(here.get(c, 0), there.get(c, 0)) for c in here.keys() | there.keys()}
    kept = dict(sorted(han.items(), key=lambda item: (-item[1], item[0]))[:HAN])
    kept |= {char: rate / 1000 for rate, chars in BY_HAND.items() for char in chars}
    kept |= {chr(code): HIRAGANA / 1000 for code in range(0x3041, 0x3094)}
    kept |= {chr(code): KATAKANA / 1000 for code in (*range(0x30A1, 0x30F5), 0x30FC)}
    return {char: math.log(share) for char, share in kept.items()}


def main() -> None:
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for char, value in frequencies().items():
        groups[round(-10 * value)].append(char)
    lines = [
        "# Negated natural logarithms of character frequencies in Chinese text, in tenths: value, TAB, characters.",
        "# Made by benchmarks/derive/frequencies.py from jieba 0.42.1's dict.txt (MIT, Copyright 2013 Sun Junyi)",
        "# and opencc-python-reimplemented 0.1.7 (Apache-2.0); rates of punctuation and kana are set by hand there.",
        *(f"{level}\t{''.join(sorted(groups[level]))}" for level in sorted(groups)),
    ]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{TARGET.name}: {sum(map(len, groups.values()))} characters, values {min(groups)} to {max(groups)}")


if __name__ == "__main__":
    main()
