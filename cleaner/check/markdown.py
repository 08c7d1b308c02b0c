"""What in Markdown is no prose: front matter and fenced code, which are not judged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.check.suppressions import Suppression, stripped
from cleaner.model import Edit, Pass, Span

_FRONT = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n(?:.*\n)*? {0,3}\1[`~]*[ \t]*(?:\n|\Z)", re.MULTILINE)


def apart(text: str, found: Sequence[Suppression]) -> Pass:
    """Edits that take out front matter, fenced code and the comments of suppressions that stand outside of them.

    A fence that is never closed is none.
    """
    front = _FRONT.match(text)
    spans = [Span(*front.span())] if front else []
    start = spans[0].stop if spans else 0
    spans += [Span(*code.span()) for code in _FENCED.finditer(text, start)]
    comments = [
        edit
        for edit in stripped(text, found)
        if not any(s.start < edit.span.stop and edit.span.start < s.stop for s in spans)
    ]
    return tuple(sorted([*(Edit(span, "", "check/markdown") for span in spans), *comments]))
