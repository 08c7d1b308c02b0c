"""Made-up Chinese-looking texts for tests of near-duplicates: the same seed gives the same text."""

from __future__ import annotations

import random

_HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 1200)]


def sentence(dice: random.Random) -> str:
    return "".join(dice.choices(_HAN, k=dice.randint(12, 34))) + "。"


def prose(seed: object, characters: int = 400, paragraph: int = 160) -> str:
    """Paragraphs of about `paragraph` characters each, until there are `characters`."""
    dice = random.Random(f"prose {seed}")
    text, line = "", ""
    while len(text) + len(line) < characters:
        line += sentence(dice)
        if len(line) >= paragraph:
            text, line = text + line + "\n", ""
    return text + line


def replace_characters(text: str, seed: object, rate: float = 0.01) -> str:
    """Replace a share of a text's characters."""
    dice = random.Random(f"edit {seed}")
    return "".join(dice.choice(_HAN) if c != "\n" and dice.random() < rate else c for c in text)
