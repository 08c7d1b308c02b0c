"""Front matter and fenced code in Markdown, which are no prose and not judged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.check.suppressions import Suppression, remove_comments
from cleaner.model import Edit, Pass, Span

_FRONT = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n(?:.*\n)*? {0,3}\1[`~]*[ \t]*(?:\n|\Z)", re.MULTILINE)


def remove_non_prose(text: str, comments: Sequence[Suppression]) -> Pass:
    """Return edits that take out front matter, fenced code and the comments of suppressions that stand outside of them.

    A fence that is never closed is none.
    """
    front = _FRONT.match(text)
    spans = [Span(*front.span())] if front else []
    start = spans[0].stop if spans else 0
    spans += [Span(*code.span()) for code in _FENCE.finditer(text, start)]
    comment_edits = [
        edit
        for edit in remove_comments(text, comments)
        if not any(s.start < edit.span.stop and edit.span.start < s.stop for s in spans)
    ]
    return tuple(sorted([*(Edit(span, "", "check/markdown") for span in spans), *comment_edits]))
