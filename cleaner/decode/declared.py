"""Read the encoding that a page declares itself."""

from __future__ import annotations

import re

from cleaner.decode.detection import BOMS

_DECLARATION = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]+)|<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w:.-]+)""",
    re.IGNORECASE,
)


def declared_in(head: bytes) -> str | None:
    """Find the encoding that the first bytes of a page declare by BOM, XML declaration or `<meta charset>`.

    Returns:
        The name as it is written, in lower case, or None. Pages lie: treat it as evidence.

    Warning:
        Wrong to use on text about HTML.
    """
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return encoding
    if not (declaration := _DECLARATION.search(head)):
        return None
    return (declaration[1] or declaration[2]).decode("ascii").lower()
