"""Convert scripts where that is called for: texts, or sentences of mixed texts, in the other script."""

from __future__ import annotations

from cleaner.normalization.prefilter import ALWAYS, NEVER, Trigger
from cleaner.normalization.script import classes as script_classes
from cleaner.normalization.script import convert, passages, targets
from cleaner.normalization.script.classes import SIMPLIFIED_ONLY, TRADITIONAL_ONLY


def to_script(text: str, target: str, *, overlay: bool = True) -> str:
    """Convert a text to a script where that is called for.

    Only text that the survey calls by the other script's name is converted; of a text with evidence of both only the
    sentences in the other script; Japanese and Korean never, nor their lines and titles in a Chinese text, nor
    addresses, code and single characters in quotation marks. With the overlay, doing it twice changes nothing more.

    Args:
        target: simplified, traditional, tw, hk, or keep; with words of the region, too: tw-phrases, hk-phrases,
            simplified-phrases.
        overlay: whether to use today's dictionaries and mend slips in them; hk-phrases needs it.

    Raises:
        UsageError: for another target.

    Warning:
        Wrong where the script is the subject: dictionaries, lists of variants, personal names that must stay as
        registered.
    """
    goal = targets.find(target)
    if goal is None:
        return text
    return "".join(
        convert.convert(text[start:stop], goal.config, overlay=overlay) if is_source else text[start:stop]
        for start, stop, is_source in passages.split(text, goal.source)
    )


def trigger(target: str) -> Trigger:
    """Return the characters of which a text holds one if `to_script` changes it; of an unknown target it complains."""
    if target not in targets.TARGETS:
        return NEVER if target == targets.KEEP else ALWAYS
    kind = TRADITIONAL_ONLY if targets.TARGETS[target].source == "traditional" else SIMPLIFIED_ONLY
    return Trigger((script_classes.table() == kind).nonzero()[0])
