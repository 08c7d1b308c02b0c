"""What of a Markdown text is no prose, as a CommonMark parser reads it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from cleaner.formats.commonmark import parts as markdown_parts
from cleaner.formats.commonmark.parts import Blocks, Content
from cleaner.model import Island, Span
from cleaner.text.islands import merge_lines, outside

_MARKS = ("autolink", "html_inline", "entity")
"""Rules for parts of a line that go with it where it falls; a line with any other stays, unless it is a link."""
_CODE = ("backticks", "math_inline")
_CODE_BLOCKS = ("fence", "code_block", "front_matter", "math_block", "math_block_label")
_TO_MARKDOWN = re.compile(r"\]\((?!\w+:|//)[^\s)]*\.(?:md|markdown)(?:#[^\s)]*)?\)", re.IGNORECASE)
"""The target of a link that leads to another page of the same documents; no site prints such links."""


def find(text: str) -> tuple[Island, ...]:
    """Find the islands of a text: whole lines that are no prose, and parts of lines that are."""
    blocks = markdown_parts.parse(text)
    hidden = {number for number, line in enumerate(blocks.lines) if text[line.start : line.stop].strip()}
    parts: list[Island] = []
    for content in markdown_parts.contents(blocks):
        if content.is_prose and content.shifts:
            hidden -= set(content.lines) - set(_broken_lines(content))
            parts += _islands_of(text, content)
    parts, wordless = _sort_out(blocks, parts)
    headings = _headings(blocks)
    hidden_lines = _whole_lines(blocks, (hidden | wordless) - headings)
    seen = sorted({Island(_to_line_feeds(text, blocks.lines[number]), "heading") for number in headings})
    lines = [*hidden_lines, *outside(hidden_lines, seen)]
    return tuple(sorted((*lines, *outside(sorted(lines), parts))))


def find_code(text: str) -> list[Span]:
    """Find the spans of code: blocks, front matter, formulas and code within lines."""
    blocks = markdown_parts.parse(text)
    codes = [token.map for token in blocks.tokens if token.type in _CODE_BLOCKS and token.map]
    spans = [Span(blocks.lines[first].start, blocks.lines[stop - 1].stop) for first, stop in codes if first < stop]
    for content in markdown_parts.contents(blocks):
        parts = (part for part in content.parts if part.rule in _CODE and content.shifts)
        spans += [Span(content.span(p.start, p.start).start, content.span(p.stop - 1, p.stop).stop) for p in parts]
    return sorted(spans)


def _headings(blocks: Blocks) -> set[int]:
    """Return the lines of headings behind `#`; a line over another of `=` would become text where a blank line goes."""
    openers = (token for token in blocks.tokens if token.type == "heading_open" and token.markup.startswith("#"))
    return {opener.map[0] for opener in openers if opener.map}


def _islands_of(text: str, content: Content) -> Iterator[Island]:
    """Yield the parts of a content as islands; of a link the marks around its text."""
    for part in content.parts:
        if content.line_of(part.start) != content.line_of(part.stop - 1):
            continue
        if part.rule == "link":
            target = content.span(part.inner, part.stop)
            is_own = _TO_MARKDOWN.fullmatch(text[target.start : target.stop])
            yield Island(content.span(part.start, part.start + 1), "mark")
            yield Island(target, "word" if is_own else "mark")
        else:
            yield Island(content.span(part.start, part.stop), "mark" if part.rule in _MARKS else "word")


def _broken_lines(content: Content) -> Iterator[int]:
    """Yield the numbers of lines with parts that go on in the next."""
    for part in content.parts:
        first, last = content.line_of(part.start), content.line_of(part.stop - 1)
        yield from content.lines[first : last + 1] if first < last else ()


def _sort_out(blocks: Blocks, parts: Sequence[Island]) -> tuple[list[Island], set[int]]:
    """Return the parts to leave out, and the numbers of lines that hold nothing else.

    Lines that would be seen as copies but are none, as links of one name to several targets, are seen as they are.
    """
    starts = [line.start for line in blocks.lines]
    by_line: defaultdict[int, list[Island]] = defaultdict(list)
    for part in sorted(parts):
        by_line[bisect_right(starts, part.span.start) - 1].append(part)
    seen = {number: _without(blocks.text, blocks.lines[number], group) for number, group in by_line.items()}
    wordless = {number for number, line in seen.items() if not any(map(str.isalnum, line))}
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for number, line in seen.items():
        span = blocks.lines[number]
        sources[line].add(blocks.text[span.start : span.stop])
    survivors = [
        part
        for number, group in by_line.items()
        for part in group
        if part.kind == "word" or len(sources[seen[number]]) == 1
    ]
    return survivors, wordless


def _without(text: str, line: Span, parts: Sequence[Island]) -> str:
    """Return a line without some parts of it."""
    starts = [line.start, *(part.span.stop for part in parts)]
    stops = [*(part.span.start for part in parts), line.stop]
    return "".join(text[start:stop] for start, stop in zip(starts, stops, strict=True)).strip()


def _whole_lines(blocks: Blocks, numbers: set[int]) -> list[Island]:
    return merge_lines(blocks.text, (_to_line_feeds(blocks.text, blocks.lines[number]) for number in sorted(numbers)))


def _to_line_feeds(text: str, span: Span) -> Span:
    """Return a span with all of the lines that line feeds end."""
    stop = span.stop if text[span.start : span.stop].endswith("\n") else text.find("\n", span.stop) + 1 or len(text)
    return Span(text.rfind("\n", 0, span.start) + 1, stop)
