"""The normalizing steps in their order, each a function `str -> str`; what one changed becomes edits under its rule.

The order is not free: mojibake is repaired before ftfy, which would otherwise change most of GBK read as Latin-1 so
that it can no longer be repaired; script is judged after repair, punctuation last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cleaner.model import Flag, Pass
from cleaner.options import CleanOptions
from cleaner.text import edits

if TYPE_CHECKING:
    from cleaner.normalization.prefilter import Reader, Set, Signs


class Step(NamedTuple):
    """One step: the rule id its edits carry, the function, and whether it looks at each line by itself.

    `run_all`: the same function for many texts at once, where that costs less.
    """

    rule: str
    run: Callable[[str, CleanOptions], str]
    by_line: bool = False
    run_all: Callable[[Sequence[str], CleanOptions], list[str]] | None = None

    def apply(self, texts: Sequence[str], options: CleanOptions) -> list[str]:
        """Each text after this step."""
        return self.run_all(texts, options) if self.run_all else [self.run(text, options) for text in texts]


def _newlines(text: str, options: CleanOptions) -> str:
    from cleaner.normalization import characters

    return characters.newlines(text)


def _terminal(text: str, options: CleanOptions) -> str:
    from cleaner.normalization import characters

    return characters.terminal_escapes(text)


def _mojibake(text: str, options: CleanOptions) -> str:
    from cleaner.normalization.mojibake import repair

    return repair.repair(text, cross=options.cross)


def _escapes(text: str, options: CleanOptions) -> str:
    if not (options.unicode_escapes or options.percent):
        return text
    from cleaner.normalization import escapes

    if options.unicode_escapes:
        text = escapes.unicode_escapes(text)
    return escapes.percent(text) if options.percent else text


def _entities(text: str, options: CleanOptions) -> str:
    from cleaner.normalization import escapes

    return escapes.entities(text)


def _fix(text: str, options: CleanOptions) -> str:
    from cleaner.normalization import ftfy_step

    return ftfy_step.fix(text)


def _characters(text: str, options: CleanOptions) -> str:
    from cleaner.normalization import characters

    return characters.normalize(text)


def _pinyin(text: str, options: CleanOptions) -> str:
    if not options.pinyin:
        return text
    from cleaner.normalization import pinyin

    return pinyin.remove(text)


def _script(text: str, options: CleanOptions) -> str:
    from cleaner.normalization.script import detect

    return detect.to_script(text, options.script, overlay=options.overlay)


def _punctuation(text: str, options: CleanOptions) -> str:
    from cleaner.normalization.punctuation import restore

    return restore.restore(text, options.punctuation)


def _punctuation_all(texts: Sequence[str], options: CleanOptions) -> list[str]:
    from cleaner.normalization.punctuation import restore

    return restore.restore_all(texts, options.punctuation)


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
    Step("normalize/punctuation", _punctuation, run_all=_punctuation_all),
)

_LOSSES, _PRIVATE = (1 << len(STEPS) + more for more in range(2))
EVERY = 2 * _PRIVATE - 1
"""The signs of a text that was not looked at: every step may change it."""

BY_LINE = sum(1 << at for at, step in enumerate(STEPS) if step.by_line)


def _needs(options: CleanOptions) -> Sequence[Set]:
    """For each step the characters of which a text that it changes holds one; then those that `flags` tells of."""
    from cleaner.normalization import characters, ftfy_step, lost_bytes
    from cleaner.normalization.mojibake import prefilter
    from cleaner.normalization.punctuation import restore
    from cleaner.normalization.script import detect

    return (
        characters.BREAK,
        "[\x1b]",
        "[^\0-\x7f]" if options.cross else prefilter.opening(),
        r"[\\%]" if options.unicode_escapes or options.percent else "",
        "[&]",
        ftfy_step.touched(),
        characters.touched(),
        "[(（]" if options.pinyin else "",
        detect.evidence(options.script),
        restore.NEEDS.get(options.punctuation, "(?s:.)"),
        lost_bytes.SIGN,
        characters.PRIVATE,
    )


@lru_cache(maxsize=32)
def _reader(options: CleanOptions) -> Reader:
    from cleaner.normalization import lost_bytes, prefilter
    from cleaner.normalization.mojibake.prefilter import opens

    narrowed = {len(STEPS): lost_bytes.signs} | ({} if options.cross else {2: opens})
    return prefilter.Reader(_needs(options), narrowed)


def look(texts: Sequence[str], options: CleanOptions) -> list[Signs]:
    """What each text holds that a step may change; as `bits` for `run` and `flags`. Fewer lines have no more of it."""
    return _reader(options).read(texts)


def run(text: str, options: CleanOptions, signs: int = EVERY) -> Sequence[tuple[str, Pass]]:
    """Text and edits after each step that changed something; steps that `signs` has no bit of rest."""
    return run_all([text], options, [signs])[0]


def run_all(texts: Sequence[str], options: CleanOptions, signs: Sequence[int]) -> list[list[tuple[str, Pass]]]:
    """`run` for each of many texts with its own signs, at less cost."""
    made: list[list[tuple[str, Pass]]] = [[] for _ in texts]
    for rule, changed in _changes(texts, options, signs):
        found = edits.between_all(list(changed.values()), rule)
        for (number, (_before, after)), edited in zip(changed.items(), found, strict=True):
            made[number].append((after, edited))
    return made


def _changes(
    texts: Sequence[str], options: CleanOptions, signs: Sequence[int]
) -> Iterator[tuple[str, dict[int, tuple[str, str]]]]:
    """Rules of steps that changed something, with the changed texts by number, as they were before and after."""
    now, held = list(texts), list(signs)
    for at, step in enumerate(STEPS if any(held) else ()):
        if due := [number for number, bits in enumerate(held) if bits >> at & 1]:
            after = step.apply([now[number] for number in due], options)
            made = zip(due, after, strict=True)
            changed = {number: (now[number], new) for number, new in made if new != now[number]}
            if changed:
                yield step.rule, changed
            for number, (_before, new) in changed.items():
                now[number], held[number] = new, EVERY


def normalize(text: str, options: CleanOptions) -> str:
    """The text after all steps, repeated until none changes it, without edits."""
    return normalize_all([text], options)[0]


def normalize_all(texts: Sequence[str], options: CleanOptions) -> list[str]:
    """`normalize` for each of many texts, at less cost."""
    done, restless = list(texts), list(range(len(texts)))
    for _ in range(ROUNDS):
        now = [done[number] for number in restless]
        found: dict[int, str] = {}
        for _rule, changed in _changes(now, options, [held.bits for held in look(now, options)]):
            found |= {restless[at]: after for at, (_before, after) in changed.items()}
        for number, text in found.items():
            done[number] = text
        if not (restless := sorted(found)):
            break
    return done


ROUNDS = 4


def flags(text: str, signs: int = EVERY) -> list[Flag]:
    """What normalizing saw and left alone: lost bytes, private-use characters."""
    found: list[Flag] = []
    if signs & _LOSSES:
        from cleaner.normalization import lost_bytes

        found += lost_bytes.flags(text)
    if signs & _PRIVATE:
        from cleaner.normalization import characters

        found += characters.flags(text)
    return found
