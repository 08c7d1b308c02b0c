"""What a page says of its own encoding."""

from __future__ import annotations

import re

from cleaner.decode.detection import BOMS

_SAID = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]+)|<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w:.-]+)""",
    re.IGNORECASE,
)


def declared_in(head: bytes) -> str | None:
    """The encoding that the first bytes of a page declare by BOM, XML declaration or `<meta charset>`; None without.

    The name is returned as written, lower case. Pages lie: treat it as evidence. Wrong to use on text about HTML.
    """
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return encoding
    if not (found := _SAID.search(head)):
        return None
    return (found[1] or found[2]).decode("ascii").lower()
