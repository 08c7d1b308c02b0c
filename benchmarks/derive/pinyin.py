"""Write cleaner/data/pinyin.txt: for each syllable the code points that can be read so.

Source: the character readings of pypinyin (MIT licence), which come from the Unihan database and from dictionaries by
way of its project pinyin-data. A line is a syllable with its tone (1-4, 0 without one; ü is v), then code points in
hexadecimal, sorted, each as the distance from the one before.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from pypinyin.constants import PINYIN_DICT

from cleaner.normalization import pinyin


def _main() -> None:
    table: dict[str, set[int]] = defaultdict(set)
    for code, readings in PINYIN_DICT.items():
        if 0x3400 <= code < 0xA000:
            for reading in readings.split(","):
                letters, tones = pinyin.spell(reading)
                table[f"{letters}{max(tones)}"].add(code)
    lines = []
    for syllable, codes in sorted(table.items()):
        ordered = sorted(codes)
        steps = (code - before for before, code in zip([0, *ordered], ordered, strict=False))
        lines.append(f"{syllable} {' '.join(f'{step:x}' for step in steps)}\n")
    Path("cleaner/data/pinyin.txt").write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    _main()
