"""Places whose bytes are lost: they are flagged, and nothing is guessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.model import Flag, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def flags(text: str) -> list[Flag]:
    """U+FFFD, and what GBK makes of it or of unset memory."""
    if not any(sign in text for sign in _SIGNS):
        return []
    return [Flag(_RULE[found.lastgroup or ""], Span(*found.span()), found[0][:12]) for found in _LOSSES.finditer(text)]


_SIGNS = ("\ufffd", "ï¿½", "锟斤", "斤拷", "烫烫烫", "屯屯屯")
"""One of these is in every loss: looking for them costs a tenth of looking for the pattern."""

SIGN = "[\ufffd¿锟拷烫屯]"
"""One of these is in every loss."""

_BEFORE = {"拷": "斤", "烫": "烫", "屯": "屯"}
"""Those that stand in good text too, and what stands before them in a loss."""


def signs(codes: NDArray[np.intp], places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """At which of these places in code points, where a `SIGN` stands, a loss may be."""
    own, before = codes[places], codes[places - 1]
    found = own > 0
    for sign, first in _BEFORE.items():
        found &= (own != ord(sign)) | (before == ord(first))
    return found


_RULE = {
    "replaced": "repair/replaced",
    "replaced_as_gbk": "repair/replaced-as-gbk",
    "unset_memory": "repair/unset-memory",
}
_LOSSES = re.compile(
    "(?P<replaced>\ufffd+|(?:ï¿½)+)|(?P<replaced_as_gbk>(?:锟斤拷)+锟?|锟斤|斤拷)|(?P<unset_memory>烫{3,}|屯{3,})"
)
