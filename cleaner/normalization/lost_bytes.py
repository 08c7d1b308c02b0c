"""Places whose bytes are lost: they are flagged, and nothing is guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.lazy_patterns import lazy_pattern
from cleaner.model import BuiltinRule, Flag, Span
from cleaner.normalization.prefilter import Trigger

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RULES = {
    "replaced": BuiltinRule("repair/replaced", "U+FFFD: bytes were lost when the text was decoded.", "note"),
    "replaced_as_gbk": BuiltinRule("repair/replaced-as-gbk", "锟斤拷: lost bytes, decoded once more as GBK.", "note"),
    "unset_memory": BuiltinRule("repair/unset-memory", "烫烫烫 or 屯屯屯: memory that was never set.", "note"),
}
_LOSSES = lazy_pattern(
    "(?P<replaced>\ufffd+|(?:ï¿½)+)|(?P<replaced_as_gbk>(?:锟斤拷)+锟?|锟斤|斤拷)|(?P<unset_memory>烫{3,}|屯{3,})"
)
_EXCERPT = 12
"""Characters of a loss that a flag quotes."""

RULES = tuple(_RULES.values())


def flag_lost_bytes(text: str) -> list[Flag]:
    """Flag U+FFFD, and the characters that GBK makes of it or of unset memory."""
    if not any(sign in text for sign in _SIGNS):
        return []
    return [
        Flag(_RULES[loss.lastgroup or ""].id, Span(*loss.span()), loss[0][:_EXCERPT]) for loss in _LOSSES.finditer(text)
    ]


_SIGNS = ("\ufffd", "ï¿½", "锟斤", "斤拷", "烫烫烫", "屯屯屯")
"""One of these is in every loss: looking for them costs a tenth of looking for the pattern."""

_INNOCENT = {"拷": "斤", "烫": "烫", "屯": "屯"}
"""Characters of a loss that good text holds too, each with the one before it in a loss."""


def _may_be_loss(codes: NDArray[np.intp], positions: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell at which positions, each of a character of `TRIGGER`, a loss may be."""
    characters, before = codes[positions], codes[positions - 1]
    mask = characters > 0
    for character, predecessor in _INNOCENT.items():
        mask &= (characters != ord(character)) | (before == ord(predecessor))
    return mask


TRIGGER = Trigger("[\ufffd¿锟拷烫屯]", _may_be_loss)
"""One of these is in every loss."""
