"""How does cleaning pages of HTML compare with other extractors, on the same pages in one run?

    pip install trafilatura readability-lxml resiliparse jusText lxml_html_clean
    python benchmarks/extractors.py PAGES --output DIR [--english]

PAGES is a folder of pages; DIR/NAME gets the text of every page by each extractor that is installed, and CPU seconds
are printed. `score.py`, `english.py` and `blind.py` of the material beside a checkout score such folders; for blind.py
this script is a command, too: `blind.py --html --cleaner "python benchmarks/extractors.py --only NAME"`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

Extract = Callable[[bytes], str]


def decode_page(page: bytes) -> str:
    """Decode a page as Resiliparse does, for extractors that take text."""
    encoding = import_module("resiliparse.parse.encoding")
    return str(encoding.bytes_to_str(page, encoding.detect_encoding(page)))


def with_cleaner(page: bytes) -> str:
    """Clean a page, script and punctuation kept, as the scoring scripts want it."""
    import cleaner

    return cleaner.clean_html(page, script="keep", punctuation="keep").text


def with_trafilatura(page: bytes, **settings: Any) -> str:
    """Extract the text and the comments, as posts of threads count as content."""
    return import_module("trafilatura").extract(page, include_comments=True, **settings) or ""


def with_resiliparse(page: bytes) -> str:
    """Extract the main content."""
    return str(import_module("resiliparse.extract.html2text").extract_plain_text(decode_page(page), main_content=True))


def with_readability(page: bytes) -> str:
    """Extract the title and the article; Resiliparse turns that into text."""
    document = import_module("readability").Document(decode_page(page))
    to_text = import_module("resiliparse.extract.html2text").extract_plain_text
    return f"{document.title()}\n{to_text(document.summary(), main_content=False)}"


def with_justext(page: bytes, *, english: bool = False) -> str:
    """Extract good paragraphs; Chinese has no list of stop words, so that length and links alone count there."""
    justext = import_module("justext")
    bare: dict[str, Any] = {"stopwords_low": 0, "stopwords_high": 0, "length_low": 20, "length_high": 60}
    words = justext.get_stoplist("English") if english else frozenset()
    paragraphs = justext.justext(page, words, **({} if english else bare))
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


EXTRACTORS: dict[str, Extract] = {
    "cleaner": with_cleaner,
    "trafilatura": with_trafilatura,
    "trafilatura-precision": partial(with_trafilatura, favor_precision=True),
    "trafilatura-recall": partial(with_trafilatura, favor_recall=True),
    "resiliparse": with_resiliparse,
    "readability": with_readability,
    "justext": with_justext,
}


def run(name: str, extract: Extract, pages: list[Path], output: Path) -> None:
    """Write the text of each page, empty where an extractor fails, and print the time it took."""
    output.mkdir(parents=True, exist_ok=True)
    failures, start = 0, time.process_time()
    for path in pages:
        try:
            text = extract(path.read_bytes())
        except ImportError:
            print(f"| {name} | not installed | |")
            return
        except Exception:  # whatever other libraries raise on real pages is their result
            text, failures = "", failures + 1
        (output / f"{path.stem}.txt").write_text(text, encoding="utf-8", errors="replace")
    print(f"| {name} | {time.process_time() - start:.2f} | {failures} |")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("pages", type=Path)
    arguments.add_argument("--output", type=Path, required=True)
    arguments.add_argument("--only", choices=sorted(EXTRACTORS), help="this one, into --output itself")
    arguments.add_argument("--english", action="store_true", help="jusText with its English stop words")
    given, _ = arguments.parse_known_args([word for word in sys.argv[1:] if word != "clean"])
    pages = sorted(path for path in given.pages.iterdir() if path.is_file())
    extractors = EXTRACTORS | ({"justext": partial(with_justext, english=True)} if given.english else {})
    print("| extractor | CPU, s | pages it failed on |\n|---|---|---|")
    for name, extract in extractors.items():
        if given.only in (None, name):
            run(name, extract, pages, given.output if given.only else given.output / name)


if __name__ == "__main__":
    main()
