"""The normalizing steps in their order, each a function `str -> str`; what one changed becomes edits under its rule.

The order is not free: mojibake is repaired before ftfy, which would otherwise change most of GBK read as Latin-1 so
that it can no longer be repaired; script is judged after repair, punctuation last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from cleaner import edits
from cleaner.model import Flag, Pass

if TYPE_CHECKING:
    from cleaner.normalize.signs import Reader, Set, Signs

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

_FLAGS = 1 << len(STEPS)
EVERY = 2 * _FLAGS - 1
"""The signs of a text that was not looked at: every step may change it."""

BY_LINE = sum(1 << at for at, step in enumerate(STEPS) if step.by_line)


def _needs(options: Options) -> Sequence[Set]:
    """For each step the characters of which a text that it changes holds one; then those that `flags` tells of."""
    from cleaner.normalize import characters, fixes, punctuation, repair, script

    return (
        characters.BREAK,
        "[\x1b]",
        "[^\0-\x7f]" if options.cross else repair.opening(),
        r"[\\%]" if options.unicode_escapes or options.percent else "",
        "[&]",
        fixes.touched(),
        characters.touched(),
        "[(（]" if options.pinyin else "",
        script.evidence(options.script),
        punctuation.NEEDS.get(options.punctuation, "(?s:.)"),
        f"{repair.SIGN}|{characters.PRIVATE}",
    )


@lru_cache(maxsize=32)
def _reader(options: Options) -> Reader:
    from cleaner.normalize import repair, signs

    return signs.Reader(_needs(options), {} if options.cross else {2: repair.opens})


def look(texts: Sequence[str], options: Options) -> list[Signs]:
    """What each text holds that a step may change; as `bits` for `run` and `flags`. Fewer lines have no more of it."""
    return _reader(options).read(texts)


def run(text: str, options: Options, signs: int = EVERY) -> Iterator[tuple[str, Pass]]:
    """Text and edits after each step that changed something; steps that `signs` has no bit of rest."""
    for rule, after in _changes(text, options, signs):
        yield after, edits.between(text, after, rule)
        text = after


def _changes(text: str, options: Options, signs: int) -> Iterator[tuple[str, str]]:
    for at, step in enumerate(STEPS):
        if signs >> at & 1:
            after = step.run(text, options)
            if after != text:
                yield step.rule, after
                text, signs = after, EVERY


def normalize(text: str, options: Options) -> str:
    """The text after all steps, repeated until none changes it, without edits."""
    for _ in range(ROUNDS):
        before = text
        for _rule, after in _changes(text, options, look([text], options)[0].bits):
            text = after
        if text == before:
            break
    return text


ROUNDS = 4


def flags(text: str, signs: int = EVERY) -> list[Flag]:
    """What normalizing saw and left alone: lost bytes, private-use characters."""
    if not signs & _FLAGS:
        return []
    from cleaner.normalize import characters, repair

    return [*repair.flags(text), *characters.flags(text)]
