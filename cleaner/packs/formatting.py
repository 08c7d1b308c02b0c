"""Lay out the text of a pack file: one literal a line, sorted, and no line that cannot be read in a diff.

Literals that `cleaner learn` wrote stand in groups, several a line, under a remark on the pages that have them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator

from cleaner.errors import PackError
from cleaner.packs.arrays import TOKEN, Element, count_columns, read_elements, sort_groups, split_groups
from cleaner.rules.schema import PATTERNS, join_lines

WIDTH = 120
"""Characters of the longest line."""

_INDENT = "    "
_KEY = re.compile(r"([A-Za-z0-9_-]+)[ \t]*=[ \t]*")
_PATTERN_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|[|()]", re.DOTALL)
"""An escape, a class, a bracket of a group, or the bar before an alternative."""

_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_CONTROLS = re.compile(r"[\x7f-\x9f\u2028\u2029]")
"""What JSON leaves and TOML refuses, or no editor shows."""
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""What cannot stand in a string of TOML without escapes."""


def format_pack(text: str, source: str = "") -> str:
    """Lay out a pack: literals one a line, sorted, each once; lines over WIDTH are broken. Comments stay.

    Args:
        text: the TOML of a pack.
        source: named in errors.

    Raises:
        PackError: the text is not TOML, or the layout would change what it says.
    """
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{source or 'pack'}: not TOML: {error}") from None
    laid_out = "".join(_statements(text))
    if _content(before) != _content(tomllib.loads(laid_out)):
        raise PackError(f"{source or 'pack'}: cannot be laid out without changing it; please report the file")
    return laid_out


def quote(text: str) -> str:
    """Write a text as a TOML string."""
    source = json.dumps(text, ensure_ascii=False)
    return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", source)


def quote_pattern(pattern: str) -> str:
    """Write a pattern as a TOML string, as it is where that can be."""
    is_fit = "'" not in pattern and "\n" not in pattern and not _UNFIT.search(pattern)
    return f"'{pattern}'" if is_fit else quote(pattern)


def quote_all(texts: Iterable[str]) -> str:
    """Write texts as a TOML array on one line."""
    return f"[{', '.join(map(quote, texts))}]"


def _content(value: object, key: str = "") -> object:
    """Return the content of a parsed pack: literals as a set, patterns joined."""
    if isinstance(value, dict):
        return {name: _content(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return sorted(set(value)) if key == "literals" else [_content(inner, key) for inner in value]
    return join_lines(value) if isinstance(value, str) and key in PATTERNS else value


def _statements(text: str) -> Iterator[str]:
    """Yield each statement of the file, laid out."""
    position = 0
    while position < len(text):
        key = _KEY.match(text, position)
        end = _end(text, key.end() if key else position, is_value=key is not None)
        line = text[position:end]
        yield _assignment(key[1], text[key.end() : end]) if key else line
        position = end


def _end(text: str, position: int, *, is_value: bool) -> int:
    """Find the end of a statement: behind the line break that no bracket holds, or behind the next one."""
    depth = 0
    for token in TOKEN.finditer(text, position):
        if is_value:
            depth += (token[0] in "[{") - (token[0] in "]}")
        if token[0] == "\n" and not depth:
            return token.end()
    return len(text)


def _assignment(key: str, source: str) -> str:
    line = f"{key} = {source}"
    if source.startswith("["):
        elements = list(read_elements(source))
        if _is_long(line) or (key == "literals" and _is_loose(elements, source)):
            return _array(key, elements)
    elif _is_long(line) and source[:1] in ("'", '"'):
        string = TOKEN.match(source)
        if string and not source[string.end() :].strip():
            return f"{key} = {_string(key, string[0], '')}\n"
    return line


def _is_long(text: str) -> bool:
    return any(len(line) > WIDTH for line in text.split("\n"))


def _is_loose(elements: list[Element], source: str) -> bool:
    """Tell whether literals may be not one a line or not in groups, not sorted or not each once."""
    if any(element.head for element in elements):
        return True
    values = [str(element.value) for element in elements]
    one_a_line = source.rstrip().count("\n") == len(values) + 1 + sum(len(e.comments) for e in elements)
    return values != sorted(set(values)) or (len(values) > 1 and not one_a_line)


def _array(key: str, elements: list[Element]) -> str:
    if key == "literals":
        elements = sort_groups(elements)
    lines = (line for head, group in split_groups(elements) for line in _group_lines(key, head, group))
    return f"{key} = [\n{''.join(lines)}]\n"


def _group_lines(key: str, head: str, elements: list[Element]) -> Iterator[str]:
    """Yield the lines of elements under a head, as many a line as it takes; without a head one a line."""
    row = ""
    if head:
        yield f"{_INDENT}{head}\n"
    for element in elements:
        is_plain = head and not element.comments and not element.note
        if row and not (is_plain and count_columns(f"{row} {element.source},") <= WIDTH):
            yield f"{row}\n"
            row = ""
        if is_plain and "\n" not in element.source and not _is_long(f"{_INDENT}{element.source},"):
            row = f"{row} {element.source}," if row else f"{_INDENT}{element.source},"
        elif is_plain:
            width = WIDTH - 2 * len(_INDENT)
            lines = f"\\\n{2 * _INDENT}".join(_break_line(quote(str(element.value))[1:-1], width))
            yield f'{_INDENT}"""{lines}""",\n'
        else:
            yield from _element_lines(key, element)
    if row:
        yield f"{row}\n"


def _element_lines(key: str, element: Element) -> Iterator[str]:
    yield from (f"{_INDENT}{comment}\n" for comment in element.comments)
    note = f"  {element.note}" if element.note else ""
    line = f"{_INDENT}{element.source},{note}\n"
    if not _is_long(line):
        yield line
    elif element.source[:1] in ("'", '"') and "\n" not in element.source:
        yield f"{_INDENT}{_string(key, element.source, _INDENT)},{note}\n"
    else:
        texts = TOKEN.sub(lambda token: _continue_lines(token[0]), element.source)
        yield f"{_INDENT}{texts},{note}\n"


def _string(key: str, source: str, indent: str) -> str:
    """Write a string over several lines: a pattern broken before alternatives, a text where lines are full."""
    value = str(Element(source).value)
    width = WIDTH - len(indent) - len(_INDENT) - 4
    if key in PATTERNS and "'''" not in value and not value.endswith("'") and not _UNFIT.search(value):
        lines = _break_line(join_lines(value), width)
        return "".join(("'''\n", *(f"{indent}{_INDENT}{line}\n" for line in lines), f"{indent}'''"))
    lines = _break_line(quote(value)[1:-1], width)
    return '"""\\\n' + "\\\n".join(f"{indent}{_INDENT}{line}" for line in lines) + '"""'


def _continue_lines(token: str) -> str:
    """Break the long lines of a string of several lines; any other token stays as it is."""
    if not token.startswith('"""'):
        return token
    return "\n".join("\\\n".join(_break_line(line, WIDTH - 1)) for line in token.split("\n"))


def _break_line(text: str, width: int) -> Iterator[str]:
    """Break a text into lines of at most `width` characters, before an outer bar where there is one.

    No line begins or ends with a blank.
    """
    bars = list(_bars(text))
    start = 0
    while len(text) - start > width:
        full = start + width
        candidates = [
            (depth, -bar) for depth, bar in bars if start + width // 3 < bar <= full and not text[bar - 1].isspace()
        ]
        stop = -min(candidates)[1] if candidates else _breakable(text, start, full)
        yield text[start:stop]
        start = stop
    yield text[start:]


def _bars(pattern: str) -> Iterator[tuple[int, int]]:
    """Yield the number of groups around each bar that no blank stands before, and its position."""
    depth = 0
    for match in _PATTERN_TOKEN.finditer(pattern):
        depth += (match[0] == "(") - (match[0] == ")")
        if match[0] == "|" and not pattern[match.start() - 1 : match.start()].isspace():
            yield depth, match.start()


def _breakable(text: str, start: int, position: int) -> int:
    """Find the last position after `start` and up to `position` that parts no escape and stands beside no blank.

    Where there is none, it is `position` or, inside an escape, the end of that.
    """
    parted = [range(match.start() + 1, match.end()) for match in _ESCAPE.finditer(text, start, position + 5)]
    inner = {place for places in parted for place in places}
    for place in range(position, start, -1):
        if place not in inner and not any(map(str.isspace, text[place - 1 : place + 1])):
            return place
    return next(place for place in range(position, len(text) + 1) if place not in inner)
