"""A document takes time in proportion to its size, whatever is in it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from cleaner.corpus import clean
from helpers.format_cases import job

SIZE = 1 << 17
"""Characters of a document."""
SECONDS = 10.0
"""Of processor time for such a document: prose takes a tenth, the square of its size would take minutes."""
TEXTS = {
    "entities": "&amp;" * (SIZE // 5),
    "entities of entities": "&" + "amp;" * (SIZE // 4),
    "entities without an end": "&#" * (SIZE // 2),
    "escapes": "\\u4f60" * (SIZE // 6),
    "percents": "%E4%BD%A0" * (SIZE // 9),
    "one line": "河水退去之后" * (SIZE // 6),
    "blank lines": "\n" * SIZE,
    "spaces": " " * SIZE,
    "brackets": "（" * SIZE,
    "quotation marks": "“”" * (SIZE // 2),
    "bars": "首页|" * (SIZE // 3),
    "numbers": "".join(f"{n}、\n" for n in range(SIZE // 8)),
    "mojibake": "ä½\xa0" * (SIZE // 3),
    "half pairs": "鎴戜滑" * (SIZE // 3),
    "links": "http://a.b/" * (SIZE // 11),
    "suppressions": "<!-- cleaner: ignore -->" * (SIZE // 24),
    "combining marks": "e" + "\u0301" * SIZE,
    "one word": "a" * SIZE,
    "fences": "```\n" * (SIZE // 4),
    "quotes of Markdown": "> " * (SIZE // 2),
    "brackets of Markdown": "[" * SIZE,
    "stars": "*a " * (SIZE // 3),
}
PAGES = {
    "tags that are closed": "<b></b>" * (SIZE // 7),
    "tags that are not": "<li>" * (SIZE // 4),
    "a million nested tags": "<div>" * 1_000_000,
    "attributes": "<p " + "a=b " * (SIZE // 4) + ">",
    "comments": "<!--" * (SIZE // 4),
    "a table": "<table>" + "<tr><td>a" * (SIZE // 9),
    "a charset": f"<meta charset='{'x' * SIZE}'>",
    "charsets": "<meta charset=hex>" * (SIZE // 18),
    "formatting": "<b><i>" * 5000 + "x",
}
DEFAULT = ("entities", "half pairs", "a charset")
CASES = [(name, text, ".txt") for name, text in TEXTS.items()]
CASES += [
    (f"{name} as Markdown", text, ".md") for name, text in TEXTS.items() if "Markdown" in name or name == "fences"
]
CASES += [(name, f"<html><body>{text}", ".html") for name, text in PAGES.items()]
CASES += [(f"{name} in JSON", json.dumps({"text": text}) + "\n", ".jsonl") for name, text in list(TEXTS.items())[:3]]


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        pytest.param(text, suffix, id=name, marks=() if name in DEFAULT else pytest.mark.slow)
        for name, text, suffix in CASES
    ],
)
def test_a_document_takes_time_in_proportion_to_its_size(text: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    start = time.process_time()
    clean.clean_corpus(job([path], tmp_path / "out"), tmp_path / "out", workers=1)
    assert time.process_time() - start < SECONDS
