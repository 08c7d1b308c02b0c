"""Scripts that text is converted to, each with its configuration, what is converted to it, and its quotation marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from cleaner.errors import UsageError

if TYPE_CHECKING:
    from cleaner.normalization.script.detect import ScriptName

QuoteStyle = Literal["corner", "curly"]


class Target(NamedTuple):
    """A script to convert to.

    Attributes:
        config: OpenCC's configuration, or one of ours.
        source: the script that is converted.
        quotes: the quotation marks that belong to it.
    """

    config: str
    source: ScriptName
    quotes: QuoteStyle


TARGETS = {
    "simplified": Target("any2s", "traditional", "curly"),
    "traditional": Target("s2t", "simplified", "corner"),
    "tw": Target("s2tw", "simplified", "corner"),
    "hk": Target("s2hk", "simplified", "corner"),
    "tw-phrases": Target("s2twp", "simplified", "corner"),
    "hk-phrases": Target("s2hkp", "simplified", "corner"),
    "simplified-phrases": Target("tw2sp", "traditional", "curly"),
}
KEEP = "keep"


def find(name: str) -> Target | None:
    """Return the target of this name, None for "keep".

    Raises:
        UsageError: for any other name.
    """
    if name == KEEP:
        return None
    if name not in TARGETS:
        raise UsageError(f"no script {name!r}: use {KEEP}, {', '.join(TARGETS)}")
    return TARGETS[name]
