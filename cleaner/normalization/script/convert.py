"""Convert scripts by OpenCC's dictionaries."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleaner.normalization.script import layer, opencc_tables, phrases
from cleaner.normalization.script import overlay as own

if TYPE_CHECKING:
    from cleaner.normalization.script.phrases import Stage


def convert(text: str, config: str, *, overlay: bool = False) -> str:
    """Convert by one of OpenCC's configurations.

    The semantics are those of opencc-python-reimplemented: stages in a chain; in a stage the dictionaries in order, in
    a dictionary the longest key first, leftmost among equals, on text that is not yet covered.

    Args:
        config: t2s, tw2s, tw2sp, hk2s, s2t, s2tw, s2twp, s2hk, t2tw, t2hk; with the overlay also hk2sp and s2hkp; or
            any2s, Traditional of any region to Simplified.
        overlay: whether to use OpenCC's dictionaries of today and the entries of `opencc-overlay.toml`, which mend
            what is wrong in them; without, the result is that of the library, to the byte.

    Raises:
        UsageError: for another configuration.

    Warning:
        Wrong for text that already is in the target script (tw2s makes 什幺 of 什么) or that is Japanese:
        `gate.to_script` asks first.
    """
    for stage in stages(config, overlay):
        text = phrases.replace(text, stage)
    return text


def find_words(text: str, config: str, *, overlay: bool = False) -> list[tuple[str, str]]:
    """Find the words of dictionaries that decide more in a conversion than single characters do, with their values."""
    words: dict[tuple[str, str], None] = {}
    for stage in stages(config, overlay):
        for start, stop in stage.islands(text):
            matches = stage.find_changes(text[start:stop])
            words |= {(text[start + m.start : start + m.stop], m.phrase.value): None for m in matches}
        text = phrases.replace(text, stage)
    return list(words)


@cache
def stages(config: str, overlay: bool) -> tuple[Stage, ...]:
    """Prepare the stages of a configuration, with or without the overlay."""
    base = own.load().configs.get(config, config)
    if not overlay:
        return tuple(_library_stage(names) for names in opencc_tables.chain(base))
    first, *others = layer.chain(base)
    return (
        _layered_stage(first, own.select(first, config), is_first=True),
        *(_layered_stage(names, own.select(names, config)) for names in others),
    )


@cache
def _library_stage(names: tuple[str, ...]) -> Stage:
    return phrases.prepare([opencc_tables.dictionary(name) for name in names])


@cache
def _layered_stage(names: tuple[str, ...], mends: tuple[str, ...], *, is_first: bool = False) -> Stage:
    """Build a stage of today's dictionaries and our mends; the first also replaces compatibility ideographs."""
    dictionaries = own.amend(names, [layer.dictionary(name) for name in names], mends)
    if is_first:
        characters = dictionaries[-1]
        plain = {key: characters.get(value, value) for key, value in layer.compatibility().items()}
        dictionaries.append({key: value for key, value in plain.items() if key not in characters})
    return phrases.prepare(dictionaries)
