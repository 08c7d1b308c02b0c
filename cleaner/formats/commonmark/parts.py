"""Markdown as a CommonMark parser reads it: blocks with their lines, and what stands in lines with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from cleaner.model import Span

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    InlineRule = Callable[[StateInline, bool], bool]

RULES = (
    "backticks",
    "math_inline",
    "image",
    "footnote_ref",
    "footnote_inline",
    "link",
    "autolink",
    "html_inline",
    "entity",
)
"""Rules of the parser for parts of a line that are noted."""
_OPENERS = frozenset("`$![^<&")
"""Characters that the parts begin with."""
_PARTS = "cleaner"
"""The key of the parser's environment under which the rules note what they find."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")
"""A line as the parser counts them."""


class Part(NamedTuple):
    """What a rule found in a paragraph's content, from `start` to `stop`; the text of a link ends at `inner`."""

    rule: str
    start: int
    stop: int
    inner: int


class Content(NamedTuple):
    """Content that the parser read part by part, with its lines and whether it is a paragraph's or an item's.

    `begins`: where each line begins in the content; `shifts`: how far each stands from there in the text, empty where
    that cannot be told.
    """

    lines: range
    is_prose: bool
    parts: Sequence[Part]
    begins: Sequence[int]
    shifts: Sequence[int]

    def line_of(self, position: int) -> int:
        """Return the number of the line, from 0, that a position of the content stands in."""
        return bisect_right(self.begins, position) - 1

    def span(self, start: int, stop: int) -> Span:
        """Return where a range of one line stands in the text."""
        shift = self.shifts[self.line_of(start)]
        return Span(start + shift, stop + shift)


class Blocks(NamedTuple):
    """A text with its lines as the parser counts them, its blocks, and what the parser notes of links and footnotes."""

    text: str
    lines: Sequence[Span]
    tokens: Sequence[Token]
    environment: dict[str, Any]


def parse(text: str) -> Blocks:
    """Parse the blocks of a text."""
    environment: dict[str, Any] = {_PARTS: []}
    lines = [Span(*match.span()) for match in _LINE.finditer(text)]
    return Blocks(text, lines, _parser().parse(text, environment), environment)


class _Parser(MarkdownIt):
    """A parser that takes the targets of links as they are; to encode them takes a fifth of its time."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("commonmark").enable("table").disable("inline")
    parser.use(front_matter_plugin).use(footnote_plugin, move_to_end=False)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_blank_lines=False)
    for rule in parser.inline.ruler.__rules__:
        if rule.name in RULES:
            parser.inline.ruler.at(rule.name, _note_parts(rule.name, rule.fn))
    return parser


def _note_parts(name: str, rule: InlineRule) -> InlineRule:
    """Make a rule of the parser note where it found something."""

    def run(state: StateInline, silent: bool) -> bool:
        start, parts = state.pos, state.env[_PARTS]
        known = len(parts)
        is_link = name == "link" and not silent and state.src[start] == "["
        inner = state.md.helpers.parseLinkLabel(state, start, True) if is_link else start
        is_found = rule(state, silent)
        if is_found and not silent:
            if name != "link":
                del parts[known:]  # of a label, whose positions are not the content's
            if state.src[start : state.pos].strip("`$"):  # else marks that nothing closes
                parts.append(Part(name, start, state.pos, inner))
        return is_found

    return run


def contents(blocks: Blocks) -> Iterator[Content]:
    """Yield what the parser reads part by part: of paragraphs and items, of headings and of cells."""
    environment, depth = blocks.environment, 0
    for opener, token in pairwise(blocks.tokens):
        depth += (opener.type == "footnote_reference_open") - (opener.type == "footnote_reference_close")
        if token.type != "inline" or not token.map:
            continue
        environment[_PARTS] = []
        if not _OPENERS.isdisjoint(token.content):
            _parser().inline.parse(token.content, _parser(), environment, [])
        is_prose = opener.type == "paragraph_open" and not depth
        begins = [0, *accumulate(len(line) + 1 for line in token.content.split("\n"))][:-1]
        rows = range(*token.map)
        shifts = list(_shifts(blocks.text, [blocks.lines[row] for row in rows], token.content.split("\n"), begins))
        parts = sorted(environment[_PARTS], key=lambda part: part.start)
        yield Content(rows, is_prose, parts, begins, shifts if len(shifts) == len(rows) else ())


def _shifts(text: str, lines: Sequence[Span], content: Sequence[str], begins: Sequence[int]) -> Iterator[int]:
    """Yield how far each line of a content stands in the text from where it stands there, while that can be told."""
    if len(lines) != len(content):
        return
    for line, row, begin in zip(lines, content, begins, strict=True):
        source, inner = text[line.start : line.stop], row.strip()
        at = source.rfind(inner)
        if at < 0:
            return
        yield line.start + at - (len(row) - len(row.lstrip())) - begin
