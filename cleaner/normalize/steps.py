"""The normalizing steps in their order, each a function `str -> str`; what one changed becomes edits under its rule.

The order is not free: mojibake is repaired before ftfy, which would otherwise change most of GBK read as Latin-1 so
that it can no longer be repaired; script is judged after repair, punctuation last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from cleaner import edits
from cleaner.model import Flag, Pass

Script = Literal["simplified", "keep", "traditional", "tw", "hk"]
Punctuation = Literal["auto", "keep", "cjk", "ascii"]
NoArticle = Literal["keep", "drop"]


class Options(Struct, frozen=True):
    """What cleaning may do. The defaults are safe for Chinese web text; what is off can destroy meaning.

    `no_article`: whether a document flagged as holding no article keeps what the rules leave of it, or is emptied.
    `max_loss`: the share of a document's characters, blanks aside, whose removal is flagged as a heavy loss.
    """

    script: Script = "simplified"
    punctuation: Punctuation = "auto"
    overlay: bool = True
    cross: bool = False
    unicode_escapes: bool = False
    percent: bool = False
    pinyin: bool = False
    no_article: NoArticle = "keep"
    max_loss: float = 0.9


class Step(NamedTuple):
    """One step: the rule id its edits carry, the function, and whether it looks at each line by itself."""

    rule: str
    run: Callable[[str, Options], str]
    by_line: bool = False


def _newlines(text: str, options: Options) -> str:
    from cleaner.normalize import characters

    return characters.newlines(text)


def _terminal(text: str, options: Options) -> str:
    from cleaner.normalize import characters

    return characters.terminal_escapes(text)


def _mojibake(text: str, options: Options) -> str:
    from cleaner.normalize import repair

    return repair.repair(text, cross=options.cross)


def _escapes(text: str, options: Options) -> str:
    if not (options.unicode_escapes or options.percent):
        return text
    from cleaner.normalize import escapes

    if options.unicode_escapes:
        text = escapes.unicode_escapes(text)
    return escapes.percent(text) if options.percent else text


def _entities(text: str, options: Options) -> str:
    from cleaner.normalize import escapes

    return escapes.entities(text)


def _fix(text: str, options: Options) -> str:
    from cleaner.normalize import fixes

    return fixes.fix(text)


def _characters(text: str, options: Options) -> str:
    from cleaner.normalize import characters

    return characters.normalize(text)


def _pinyin(text: str, options: Options) -> str:
    if not options.pinyin:
        return text
    from cleaner.normalize import pinyin

    return pinyin.remove(text)


def _script(text: str, options: Options) -> str:
    from cleaner.normalize import script

    return script.to_script(text, options.script, overlay=options.overlay)


def _punctuation(text: str, options: Options) -> str:
    from cleaner.normalize import punctuation

    return punctuation.restore(text, options.punctuation)


STEPS = (
    Step("normalize/newlines", _newlines, by_line=True),
    Step("normalize/terminal", _terminal, by_line=True),
    Step("normalize/mojibake", _mojibake, by_line=True),
    Step("normalize/escapes", _escapes),
    Step("normalize/entities", _entities, by_line=True),
    Step("normalize/ftfy", _fix, by_line=True),
    Step("normalize/characters", _characters, by_line=True),
    Step("normalize/pinyin", _pinyin),
    Step("normalize/script", _script),
    Step("normalize/punctuation", _punctuation),
)


def run(text: str, options: Options, *, cut: bool = False) -> Iterator[tuple[str, Pass]]:
    """Text and edits after each step that changed something.

    `cut`: the text is one that no step changed, less whole lines. Steps that look at lines by themselves rest then.
    """
    for step in STEPS:
        after = text if cut and step.by_line else step.run(text, options)
        if after != text:
            yield after, edits.between(text, after, step.rule)
            text = after


def normalize(text: str, options: Options) -> str:
    """The text after all steps, repeated until none changes it, without edits."""
    due: Sequence[Step] = STEPS
    for _ in range(ROUNDS):
        changed = []
        for step in due:
            after = step.run(text, options)
            if after != text:
                changed.append(step.rule)
                text = after
        if not changed:
            break
        due = STEPS if set(changed) != {"normalize/script"} else _AFTER_SCRIPT
    return text


_AFTER_SCRIPT = tuple(s for s in STEPS if s.rule in ("normalize/mojibake", "normalize/script", "normalize/punctuation"))
"""Conversion turns ideographs into ideographs only, which the other steps do not look at."""

ROUNDS = 4


def flags(text: str) -> list[Flag]:
    """What normalizing saw and left alone: lost bytes, private-use characters."""
    from cleaner.normalize import characters, repair

    return [*repair.flags(text), *characters.flags(text)]
