"""The structure of a page as nested values: what its markup says, and what a CommonMark parser reads of its Markdown.

A block is a tuple: ("paragraph", inlines), ("heading", level, text), ("code", language, text), ("quote", blocks),
("list", first number or None, items of blocks), ("table", rows of texts). An inline is ("text", text), ("code", text),
("link", target, text), ("strong", text), ("emphasis", text), ("formula", text) or ("break",).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

Block = tuple[Any, ...]
Inline = tuple[Any, ...]

_TAGS = {"strong": "strong", "emphasis": "em", "code": "code"}
_CLOSED = {"strong_open": "strong", "em_open": "emphasis", "link_open": "link"}


def write_page(blocks: Sequence[Block], title: str = "") -> str:
    """A page of HTML with these blocks."""
    body = "\n".join(map(_write_block, blocks))
    return f"<!doctype html><html><head><title>{escape(title)}</title></head><body>\n{body}\n</body></html>"


def _write_block(block: Block) -> str:
    match block:
        case ("paragraph", inlines):
            return f"<p>{''.join(map(_write_inline, inlines))}</p>"
        case ("heading", level, text):
            return f"<h{level}>{escape(text)}</h{level}>"
        case ("code", language, text):
            name = f' class="language-{language}"' if language else ""
            return f"<pre><code{name}>{escape(text)}\n</code></pre>"
        case ("quote", blocks):
            return f"<blockquote>{''.join(map(_write_block, blocks))}</blockquote>"
        case ("list", first, items):
            tag, start = ("ul", "") if first is None else ("ol", f' start="{first}"')
            inner = "".join(f"<li>{''.join(map(_write_block, item))}</li>" for item in items)
            return f"<{tag}{start}>{inner}</{tag}>"
        case ("table", rows):
            lines = [
                "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
                for row, tag in zip(rows, ("th", *["td"] * len(rows)), strict=False)
            ]
            return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
    raise ValueError(block)


def _write_inline(inline: Inline) -> str:
    match inline:
        case ("text", text):
            return escape(text)
        case ("break",):
            return "<br>"
        case ("link", target, text):
            return f'<a href="{escape(target)}">{escape(text)}</a>'
        case ("formula", text):
            annotation = f'<annotation encoding="application/x-tex">{escape(text)}</annotation>'
            return f"<math><semantics><mi>x</mi>{annotation}</semantics></math>"
        case (kind, text):
            return f"<{_TAGS[kind]}>{escape(text)}</{_TAGS[kind]}>"
    raise ValueError(inline)


def read_markdown(markdown: str) -> list[Block]:
    """The blocks that a CommonMark parser, with tables and formulas, finds in Markdown."""
    parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, allow_space=False)
    return list(_read_blocks(iter(parser.parse(markdown))))


def _read_blocks(tokens: Iterator[Token]) -> Iterator[Block]:
    for token in tokens:
        match token.type:
            case "paragraph_open":
                yield ("paragraph", _read_inlines(next(tokens).children or []))
                next(tokens)
            case "heading_open":
                yield ("heading", int(token.tag[1]), _text(_read_inlines(next(tokens).children or [])))
                next(tokens)
            case "fence":
                yield ("code", token.info, token.content.removesuffix("\n"))
            case "math_block":
                yield ("paragraph", [("formula", token.content.strip())])
            case "table_open":
                yield ("table", list(_read_rows(tokens)))
            case "blockquote_open" | "bullet_list_open" | "ordered_list_open":
                yield _read_container(token, tokens)
            case "blockquote_close" | "list_item_close":
                return
            case other:
                raise AssertionError(f"{other} in the Markdown")


def _read_container(token: Token, tokens: Iterator[Token]) -> Block:
    if token.type == "blockquote_open":
        return ("quote", list(_read_blocks(tokens)))
    first = token.attrs.get("start", 1) if token.type == "ordered_list_open" else None
    return ("list", first, list(_read_items(tokens)))


def _read_items(tokens: Iterator[Token]) -> Iterator[list[Block]]:
    for token in tokens:
        if token.type != "list_item_open":
            return
        yield list(_read_blocks(tokens))


def _read_rows(tokens: Iterator[Token]) -> Iterator[list[str]]:
    row: list[str] = []
    for token in tokens:
        if token.type == "inline":
            row.append(_text(_read_inlines(token.children or [])))
        elif token.type == "tr_close":
            yield row
            row = []
        elif token.type == "table_close":
            return


def _read_inlines(tokens: Sequence[Token]) -> list[Inline]:
    inlines: list[Inline] = []
    stack: list[tuple[Token, int]] = []
    for token in tokens:
        if token.type in ("text", "text_special"):
            inlines.append(("text", token.content))
        elif token.type == "code_inline":
            inlines.append(("code", token.content))
        elif token.type == "math_inline":
            inlines.append(("formula", token.content))
        elif token.type == "hardbreak":
            inlines.append(("break",))
        elif token.type in _CLOSED:
            stack.append((token, len(inlines)))
        elif token.nesting < 0:
            opener, start = stack.pop()
            text = _text(inlines[start:])
            target = (opener.attrGet("href"),) if opener.type == "link_open" else ()
            inlines[start:] = [(_CLOSED[opener.type], *target, text)]
        else:
            raise AssertionError(f"{token.type} in the Markdown: {token.content}")
    return merge_texts(inlines)


def merge_texts(inlines: Sequence[Inline]) -> list[Inline]:
    """Neighbouring inlines of one kind, with one target, as one."""
    merged: list[Inline] = []
    for inline in inlines:
        if inline == ("text", ""):
            continue
        if merged and inline[0] in ("text", "code", "link") and merged[-1][:-1] == inline[:-1]:
            merged[-1] = (*inline[:-1], merged[-1][-1] + inline[-1])
        else:
            merged.append(inline)
    return merged


def _text(inlines: Sequence[Inline]) -> str:
    return "".join(inline[-1] if len(inline) > 1 else "\n" for inline in inlines)
