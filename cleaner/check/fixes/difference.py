"""What `--fix` would change, as a unified diff."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from cleaner.check.fixes.fix import FixedFile, FixedText
from cleaner.packs.builtin import BOM, NOT_UTF8
from cleaner.text.printable import make_encodable, make_printable


def render(file: FixedFile) -> str:
    """Write the diff of a file, of each record by itself; the texts of compressed and binary files, too."""
    return "".join(line for text in file.texts for line in _lines(file, text))


def _lines(file: FixedFile, text: FixedText) -> Iterator[str]:
    record = text.before.read.record
    name = f"{file.name}:{record.line} [{make_printable(record.id)}]" if text.before.is_record else file.name
    before, after = (_split_lines(make_encodable(side)) for side in (text.before.text, text.text))
    if rules := sorted(text.rules & {BOM, NOT_UTF8}):
        yield f"# {name}: {text.before.read.decoded.encoding} to UTF-8 without a byte order mark ({', '.join(rules)})\n"
    for line in unified_diff(before, after, name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _split_lines(text: str) -> list[str]:
    """Split a text at its line feeds alone, and keep them."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return [line for line in lines if line]
