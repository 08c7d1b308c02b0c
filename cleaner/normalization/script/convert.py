"""Convert scripts by OpenCC's dictionaries."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleaner.normalization.script import opencc_tables, phrases

if TYPE_CHECKING:
    from cleaner.normalization.script.phrases import Stage


def convert(text: str, config: str, *, overlay: bool = False) -> str:
    """Convert as `opencc.OpenCC(config).convert` of opencc-python-reimplemented does, to the byte.

    Its semantics: stages in a chain; in a stage the dictionaries in order, in a dictionary the longest key first,
    leftmost among equals, on text that is not yet covered.

    Args:
        config: one of its configurations (t2s, tw2s, tw2sp, hk2s, s2t, s2tw, s2twp, s2hk, t2tw, t2hk).
        overlay: whether to add the entries of `opencc-overlay.toml`, which mend its known slips (看著, 狼藉).

    Raises:
        UsageError: for another configuration.

    Warning:
        Wrong for text that already is in the target script (tw2s makes 什幺 of 什么) or that is Japanese:
        `gate.to_script` asks first.
    """
    for stage in _stages(config, overlay):
        text = phrases.replace(text, stage)
    return text


@cache
def _stages(config: str, overlay: bool) -> tuple[Stage, ...]:
    return tuple(_stage(names, overlay) for names in opencc_tables.chain(config))


@cache
def _stage(names: tuple[str, ...], overlay: bool) -> Stage:
    dictionaries = [opencc_tables.dictionary(name) for name in names]
    if overlay:
        from cleaner.normalization.script.overlay import amend

        dictionaries = amend(names, dictionaries)
    return phrases.prepare(dictionaries)
