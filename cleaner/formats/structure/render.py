"""A clean text of a page as Markdown: one more pass of edits, which only insert marks and exchange white space."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import msgspec

from cleaner.formats.structure import escapes, inline, tables
from cleaner.formats.structure.blocks import BlockSequence
from cleaner.formats.structure.clean_lines import CleanLine, find_lines
from cleaner.formats.structure.inline import LineContext
from cleaner.formats.structure.layout import PageLayout
from cleaner.formats.structure.page import InlineRun, StructuredHints
from cleaner.formats.structure.tables import CellLine
from cleaner.formats.structure.writer import EditWriter
from cleaner.model import Edit, Span
from cleaner.text import edits
from cleaner.text.positions import PositionMap

if TYPE_CHECKING:
    from cleaner.model import Cleaned
    from cleaner.options import Links
    from cleaner.pipeline import PageHints

_FENCE = 3
"""Ticks of a fence, at least."""


def render(cleaned: Cleaned, hints: PageHints, links: Links) -> Cleaned:
    """Write the clean text of a page as Markdown; a text that is no page stays as it is.

    Args:
        cleaned: what cleaning left of the page's text.
        hints: those of the page, with its structure; of a document with seams, one for each of its texts.
        links: whether targets of links are written.
    """
    pages = hints if isinstance(hints, Sequence) else [hints]
    seam = cleaned.document.seam
    originals = cleaned.document.text.split(seam) if seam else [cleaned.document.text]
    texts = cleaned.text.split(seam) if seam else [cleaned.text]
    if not len(texts) == len(originals) == len(pages):
        return cleaned
    mapping, changes = PositionMap(cleaned.document.text, cleaned.passes), list[Edit]()
    origin = start = 0
    for text, original, page in zip(texts, originals, pages, strict=True):
        if isinstance(page, StructuredHints) and text.strip():
            layout, span = PageLayout(page.structure), Span(start, start + len(text))
            lines = find_lines(cleaned.text, span, layout, mapping, origin)
            context = LineContext(links == "inline", _join_addresses(cleaned.document.id, page.base))
            changes += _write_page(EditWriter(cleaned.text, span), lines, layout, context)
        origin += len(original) + len(seam)
        start += len(text) + len(seam)
    if not changes:
        return cleaned
    passes = (*cleaned.passes, tuple(changes))
    return msgspec.structs.replace(cleaned, text=edits.apply(cleaned.text, changes), passes=passes)


def _join_addresses(key: str, base: str) -> str:
    """Return the address that links are seen from: of the page, where that is its id, and what it says itself."""
    try:
        return urljoin(key if "://" in key else "", base)
    except ValueError:  # an address such as http://[
        return ""


def _write_page(writer: EditWriter, lines: Sequence[CleanLine], layout: PageLayout, context: LineContext) -> list[Edit]:
    blocks = BlockSequence()
    for _, members in groupby(lines, key=lambda line: (line.placement.kind, line.placement.block)):
        group = list(members)
        placement = group[0].placement
        writer.insert(blocks.open(placement))
        if placement.kind == "code":
            _write_code(writer, group, blocks, layout.language(placement.element))
        elif placement.kind == "row":
            cells = [cell for line in group for cell in _cells(line, layout, writer.text)]
            tables.write(writer, cells, blocks.line_break, context)
        else:
            _write_text(writer, group, blocks, context)
    writer.close()
    return writer.edits


def _write_code(writer: EditWriter, lines: Sequence[CleanLine], blocks: BlockSequence, language: str) -> None:
    content = writer.text[lines[0].start : lines[-1].stop]
    fence = "`" * max(_FENCE, inline.longest_ticks(content) + 1)
    writer.insert(f"{fence}{language}{blocks.line_break}")
    for number, line in enumerate(lines):
        if number:
            breaks = writer.text.count("\n", lines[number - 1].stop, line.start)
            writer.insert(blocks.blank_line * (breaks - 1) + blocks.line_break)
        writer.copy(line.start, line.stop, {})
    writer.insert(f"{blocks.line_break}{fence}")


def _write_text(writer: EditWriter, lines: Sequence[CleanLine], blocks: BlockSequence, context: LineContext) -> None:
    """Write the lines of a paragraph, a heading or a term."""
    is_heading = lines[0].placement.kind == "heading"
    context = context._replace(is_heading=is_heading)
    writer.insert("#" * lines[0].placement.level + " " * is_heading)
    for number, line in enumerate(lines):
        if number and is_heading:
            writer.insert(" ")
        elif number:
            writer.insert(f"\\{blocks.line_break}" if line.is_broken else f"{blocks.blank_line}{blocks.line_break}")
        text = writer.text[line.start : line.stop]
        if _is_formula(line, text):
            writer.insert("$$")
            writer.copy(line.start, line.stop, {})
            writer.insert("$$")
            continue
        runs = (
            [*line.runs, InlineRun("strong", "", line.start, line.stop)] if line.placement.kind == "term" else line.runs
        )
        marks = inline.mark(writer.text, line.start, line.stop, runs, context)
        positions = [] if number and is_heading else list(escapes.find_line_marks(text))
        positions += escapes.find_closing_marks(text) if is_heading else ()
        marks.escape(line.start + place for place in positions if not marks.is_marked(line.start + place))
        writer.copy(line.start, line.stop, marks.strings())


def _is_formula(line: CleanLine, text: str) -> bool:
    """Whether a line is nothing but a formula that stands by itself."""
    line_span = (line.start, line.stop)
    is_block = any(run.kind == "formula" and run.value == "block" and run[2:4] == line_span for run in line.runs)
    return is_block and line.placement.kind == "paragraph" and "$" not in text and not text.endswith("\\")


def _cells(line: CleanLine, layout: PageLayout, text: str) -> Iterator[CellLine]:
    """Cut a line of a row into cells; all of its text belongs to one."""
    runs = [run for run in line.runs if run.kind != "cell"]
    cells = [run for run in line.runs if run.kind == "cell" and text[run.start : run.stop].strip()]
    if not cells:
        yield CellLine(line.placement.element, layout.column(line.line), line.start, line.stop, runs)
    for number, cell in enumerate(cells):
        start = cell.start if number else line.start
        stop = cells[number + 1].start if number + 1 < len(cells) else line.stop
        stop = start + len(text[start:stop].rstrip())
        yield CellLine(line.placement.element, int(cell.value), start, stop, runs)
