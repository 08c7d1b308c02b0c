"""How a document is laid out: what each line is, where the body begins and ends. From the text alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.rules import characters, windows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.lines import Block

Column = Any


@dataclass(frozen=True)
class Layout:
    """The lines of a block. `codes` (text,) uint32: code points of the folded text.

    `looks`: columns (lines,) on each line by itself, by name. `prose` (lines,) bool: running text of any kind.
    `start`, `stop` (lines,) int64: rows of the body of each line's document, equal where there is none.
    `is_open` (lines,) bool: no body was found, only rules that decide alone may remove.
    `stands`: "head", "body" and "tail", each (lines,) bool; where there is no body a line stands in all three.
    """

    block: Block
    codes: NDArray[np.uint32]
    counted: characters.Characters
    rows: windows.Rows
    looks: Mapping[str, Column]
    prose: NDArray[np.bool_]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    is_open: NDArray[np.bool_]
    stands: Mapping[str, NDArray[np.bool_]]


def lay_out(block: Block, folded: str) -> Layout:
    """Find out what the lines of a block are; `folded` is its folded text."""
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    counted = characters.count(block, codes)
    rows = windows.rows(block.documents)
    looks = _line(block, codes, counted)
    prose, sentence = _prose(rows, looks, counted)
    looks = _as_sentences(looks, prose & ~sentence)
    start, stop = _body(rows, looks, counted.lengths, prose)
    return Layout(block, codes, counted, rows, looks, prose, start, stop, start == stop, _stands(rows, start, stop))


def _body(rows: windows.Rows, looks: Mapping[str, Column], lengths: Column, prose: Column) -> tuple[Column, Column]:
    """The stretch that gathers most prose for the fewest other lines."""
    gain = np.where(prose, np.minimum(np.log2(np.maximum(lengths, 1)), 8) - 2, -0.7)
    return rows.densest(np.where(~prose & (looks["line/ends"] > 0), 0.5, gain))


def _stands(rows: windows.Rows, start: Column, stop: Column) -> dict[str, Column]:
    at = np.arange(len(start))
    none = start == stop
    third = np.maximum((stop - start) // 4, 3)
    return {
        "head": none | (at < start + third) | (rows.position < 3),
        "body": none | ((at >= start) & (at < stop)),
        "tail": none | (at >= stop - third) | (at >= rows.high - 3),
    }


def _line(block: Block, codes: NDArray[np.uint32], counted: characters.Characters) -> dict[str, Column]:
    """What the line alone says."""
    n = np.maximum(counted.lengths, 1)
    of, at = counted.of, counted.classes
    last = at[block.stops - 1] if len(n) else at
    inner = at[np.maximum(block.stops - 2, block.starts)] if len(n) else at
    code = characters.CODE
    second = at[np.minimum(block.starts + 1, block.stops - 1)]
    ended = np.isin(np.arange(len(code)), [code["stop"], code["end"]])
    closed = (last == code["close"]) & ended[inner]
    final = codes[block.stops - 1] if len(n) else codes
    dotted = (final == ord(".")) & (of("latin") > 0.5 * n) & (counted.tokens >= 5)
    dots = (final == ord("…")) | ((final == ord(".")) & (codes[np.maximum(block.stops - 3, block.starts)] == ord(".")))
    ends = (ended[last] | closed | dotted) & ~dots
    table = (counted.tokens >= 3) & (of("digit") >= 3) & (n >= 15) & (of("period") + of("digit") >= 0.1 * n)
    letters = of("han", "function", "latin", "kana", "digit")
    han = of("han", "function") / n
    symbols = of("symbol")
    begins = codes[block.starts] if len(n) else codes
    return {
        "line/short": np.clip(1 - n / 12, 0, 1),
        "line/medium": np.clip(np.minimum(n, 40) / 20 - n.clip(40, 120) / 80 + 0.5, 0, 2) / 2,
        "line/long": np.clip(n / 100, 0, 1),
        "line/tiny": n <= 2,
        "line/ends": ends,
        "line/ends-cut": dots,
        "line/ends-colon": last == code["colon"],
        "line/sentences": np.minimum(of("end", "stop"), 3) / 3,
        "line/commas": np.minimum(of("comma"), 3) / 3,
        "line/function": np.minimum(of("function") / n, 0.12) / 0.12,
        "line/function-any": of("function") > 0,
        "line/separators": np.minimum((of("separator") + of("symbol")) / n, 0.2) / 0.2,
        "line/separator-any": of("separator", "symbol") > 0,
        "line/digits": of("digit") / n,
        "line/latin": of("latin") / n,
        "line/han": han,
        "line/code": (np.minimum(symbols / n, 0.1) / 0.1) * (han < 0.35) * ((of("latin") > 1) | (of("symbol") > 0)),
        "line/code-start": np.isin(begins, [ord(c) for c in "-$#/@{}<*"]) & ((of("latin") > 0) | (begins == ord("/")) | (begins == ord("}"))),
        "line/ends-comma": last == code["comma"],
        "line/ends-open": np.isin(final, [ord(c) for c in "\\{};=,"]) & (han < 0.35),
        "line/no-letters": letters == of("digit"),
        "line/no-han": of("han", "function") == 0,
        "line/brackets": np.minimum(of("open") / n, 0.1) / 0.1,
        "line/tokens": np.minimum(counted.tokens - 1, 6) / 6,
        "line/token-length": np.minimum(n / np.maximum(counted.tokens, 1), 20) / 20,
        "line/cut": ~ends & (n >= 30) & (n <= 220) & (of("stop") <= 2) & ((of("comma") >= 2) | (of("stop") > 0)) & (of("han") > 0.5 * n),
        "line/table": table,
        "line/stop-any": of("stop") > 0,
        "line/boxes": of("box") > 1,
        "line/numbered": (at[block.starts] == code["digit"]) & np.isin(second, [code["comma"], code["period"]]),
        "line/starts-mark": np.isin(at[block.starts], [code["separator"], code["close"], code["comma"], code["end"], code["period"]]),
    }


def _prose(rows: windows.Rows, line: Mapping[str, Column], counted: characters.Characters) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Running text of any kind: sentences, code, hard-wrapped paragraphs, rows of a table; and the sentences alone."""
    n = counted.lengths
    ends, comma = np.asarray(line["line/ends"]), line["line/commas"] > 0
    full = counted.of("stop") > 0
    sentence = full | (ends & comma & (n >= 30)) | ((line["line/commas"] > 0.6) & (n >= 40))
    sentence |= ends & (line["line/han"] < 0.2) & (counted.tokens >= 5)
    sentence &= ((n >= 10) | (comma & (n >= 8))) & (line["line/function-any"] | comma | (n >= 30))
    code = line["line/code"] > 0.6
    code |= line["line/code-start"]
    code = (code | (line["line/latin"] > 0.4)) & (rows.window(code, 5) >= 0.4)
    wide = np.maximum(n, 1)
    near = np.zeros(len(n), dtype=np.bool_)
    for by in (-1, 1):
        near |= np.abs(rows.shifted(n, by) - wide) <= np.maximum(2, 0.1 * wide)
    closed = rows.window(counted.of("stop"), 6) * 12
    wrapped = near & (n >= 18) & (closed >= 1) & (rows.window(line["line/commas"], 5) >= 0.25) & (line["line/separators"] < 0.2)
    box = (line["line/boxes"] > 0) & (rows.window(line["line/boxes"], 5) >= 0.5)
    table = line["line/table"] & (rows.window(line["line/table"], 3) >= 0.7)
    sentence &= ~line["line/ends-cut"]
    return sentence | code | wrapped | table | box, sentence


_SENTENCE = {"line/ends": 1.0, "line/sentences": 0.33, "line/commas": 0.33, "line/function": 0.5, "line/function-any": 1.0, "line/stop-any": 1.0, "line/han": 0.8}


def _as_sentences(line: Mapping[str, Column], which: NDArray[np.bool_]) -> dict[str, Column]:
    """The looks of an ordinary sentence for lines of code, tables and hard-wrapped text, so that they are judged as one.

    Lengths stay their own.
    """
    own = ("line/short", "line/medium", "line/long", "line/tiny", "line/starts-mark", "line/numbered")
    return {
        name: column if name in own else np.where(which, _SENTENCE.get(name, 0.0), column).astype(column.dtype)
        for name, column in line.items()
    }
