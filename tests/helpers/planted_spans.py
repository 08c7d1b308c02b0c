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


def units(text: str) -> list[str]:
    """Return the sentences of a text, without blanks around: up to an end mark or a line's end."""
    parts = re.split(rf"(?<=[{ENDS}])|\n", text)
    return [part.strip() for part in parts if part.strip()]
