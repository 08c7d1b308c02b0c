"""Texts of sentences with spans planted in them, and what a cut may never do."""

from __future__ import annotations

import random
import re

_HAN = [chr(code) for code in range(0xAC00, 0xAC00 + 1200)]
"""Characters that no table folds, so that texts can be compared as they are."""
ENDS = "。！？"


def sentence(dice: random.Random, shortest: int = 8, longest: int = 34) -> str:
    body = "".join(dice.choices(_HAN, k=dice.randint(shortest, longest)))
    middle = dice.randrange(1, len(body))
    return body[:middle] + dice.choice(["", "，", "3.5", "、"]) + body[middle:] + dice.choice(ENDS)


def sentences(dice: random.Random, characters: int) -> list[str]:
    """Sentences of at least so many characters together."""
    result: list[str] = []
    while sum(map(len, result)) < characters:
        result.append(sentence(dice))
    return result


def paragraphs(dice: random.Random, parts: list[str]) -> str:
    """Sentences as running text: some end a line, some a paragraph."""
    return "".join(part + dice.choice(["", "", "", "", "\n", "\n\n"]) for part in parts)


def plant(dice: random.Random, span: str, characters: int = 600) -> str:
    """Put a span somewhere into a text: between two sentences, on lines of its own, or into the middle of a sentence."""
    parts = sentences(dice, characters)
    place = dice.randrange(len(parts) + 1)
    before, after = paragraphs(dice, parts[:place]), paragraphs(dice, parts[place:])
    if dice.random() < 0.25 and after:
        cut = dice.randrange(1, len(parts[place]))
        return before + after[:cut] + span + after[cut:]
    gap = dice.choice(["", "\n", "\n\n"])
    return before + gap + span + gap + after


def near_copies(dice: random.Random) -> tuple[list[str], dict[str, str]]:
    """Return two spans, and six texts in which these stand beside parts that some of the texts share."""
    spans = [paragraphs(dice, sentences(dice, dice.choice([55, 90, 300]))) for _ in range(2)]
    parts = [paragraphs(dice, sentences(dice, 60)) for _ in range(3)]
    texts = {}
    for number in range(6):
        blocks = [dice.choice(spans), *dice.sample(parts, dice.randrange(3)), plant(dice, dice.choice(spans), 150)]
        dice.shuffle(blocks)
        texts[f"d{number}"] = dice.choice(["\n", ""]).join(blocks)
    return spans, texts


def units(text: str) -> list[str]:
    """Return the sentences of a text, without blanks around: up to an end mark or a line's end."""
    parts = re.split(rf"(?<=[{ENDS}])|\n", text)
    return [part.strip() for part in parts if part.strip()]
