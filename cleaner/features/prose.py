"""Running text of all kinds. What has no sentences can still be a body: code, verse, tables, lists, wrapped lines.

Judges that know prose alone lose such pages whole; the limits here are hand-set on labelled pages of those kinds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features.list_items import items
from cleaner.features.lists import listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.counts import Characters
    from cleaner.features.line import Looks
    from cleaner.text.lines import Block
    from cleaner.text.segments import Rows

Mask = Any

_CODE_STARTS = np.array([chr(code) in "-$#/@{}<*" for code in range(128)])


def sentences(looks: Looks, counted: Characters) -> NDArray[np.bool_]:
    """Lines that hold a full stop, or several clauses and an end; a title that ends in `？` alone is none."""
    n, comma = counted.lengths, looks["commas"] > 0
    found = (counted.of("stop") > 0) | (looks["ends"] & comma & (n >= 30)) | ((looks["commas"] > 0.6) & (n >= 40))
    found |= looks["ends"] & (looks["han"] < 0.2) & (counted.tokens >= 5)
    found &= (n >= 10) | (comma & (n >= 8))
    return np.asarray(found & (looks["function-any"] | comma | (n >= 30)) & ~looks["ends-cut"])


def others(block: Block, codes: NDArray[np.uint32], looks: Looks, counted: Characters, rows: Rows) -> NDArray[np.bool_]:
    """Lines of code, tables, hard-wrapped paragraphs, verse and lists of a document's own."""
    found = _code(block, codes, looks, counted, rows) | _table(counted, rows) | _wrapped(block, looks, counted, rows)
    found |= listed(block, codes, counted, rows) | items(block, codes, looks, counted, rows)
    return np.asarray(found | _verse(looks, counted, rows))


def _code(block: Block, codes: NDArray[np.uint32], looks: Looks, counted: Characters, rows: Rows) -> Mask:
    """Symbols among Latin letters, or a mark that code and comments begin with, where much around it is code too."""
    first = codes[block.starts]
    alone = (first == ord("/")) | (first == ord("}"))
    begins = _CODE_STARTS.take(first, mode="clip") & ((counted.of("latin") > 0) | alone)
    code = (looks["code"] > 0.6) | begins
    return (code | (looks["latin"] > 0.4)) & (rows.window(code, 5) >= 0.4)


def _table(counted: Characters, rows: Rows) -> Mask:
    """Rows of figures, or of box-drawing characters, among their like."""
    of, n = counted.of, counted.lengths
    figures = (counted.tokens >= 3) & (of("digit") >= 3) & (n >= 15) & (of("period", "digit") >= 0.1 * n)
    boxes = of("box") > 1
    return (figures & (rows.window(figures, 3) >= 0.7)) | (boxes & (rows.window(boxes, 5) >= 0.5))


def _wrapped(block: Block, looks: Looks, counted: Characters, rows: Rows) -> Mask:
    """Lines about as wide on a screen as a neighbour, with full stops not far and commas all around."""
    n, width = counted.lengths, block.stops - block.starts + counted.of("han", "function", "kana", "stop")
    even = np.zeros(len(n), dtype=np.bool_)
    for by in (-1, 1):
        even |= np.abs(rows.shifted(width, by) - width) <= np.maximum(3, 0.1 * width)
    stops = rows.window(counted.of("stop") > 0, 6) > 0
    bare = counted.of("separator", "symbol") < 0.04 * n
    return even & bare & (width >= 36) & stops & (rows.window(looks["commas"], 5) >= 0.25)


def _verse(looks: Looks, counted: Characters, rows: Rows) -> Mask:
    """Short lines of Han alone, with as many particles as speech has; menus and titles have a third of that."""
    n = counted.lengths
    plain = (looks["han"] > 0.7) & (n <= 40) & ~looks["separator-any"]
    han = rows.window(counted.of("function", "han"), 8)
    spoken = rows.window(counted.of("function"), 8) >= 0.17 * np.maximum(han, 1)
    lively = (rows.window(looks["function-any"], 8) >= 0.65) & (rows.window(plain, 8) >= 0.7)
    return plain & (n >= 4) & spoken & lively
