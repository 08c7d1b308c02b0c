"""What a regular expression cannot say: detectors that know junk by its shape, its repetition and its place.

A pack names a detector in a rule and gives it parameters; the judge calls it once per block.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cleaner.detectors.abstracts import abstract_copy
from cleaner.detectors.api import Detector, Found, Params
from cleaner.detectors.copies import outline_copy, repeated_lines, repeated_paragraph, repeated_title
from cleaner.detectors.insertions import injected_anchor, pinyin_gloss, substituted_name, title_insertion
from cleaner.detectors.keywords import keyword_insertion, permuted_keywords
from cleaner.detectors.links import cut_lines, dated_links
from cleaner.detectors.menus import menu_bar, menu_run, menu_words
from cleaner.detectors.page_numbers import page_lines, page_numbers
from cleaner.detectors.scrambles import scramble

DETECTORS: Mapping[str, Detector] = MappingProxyType(
    {
        "abstract-copy": abstract_copy,
        "cut-lines": cut_lines,
        "dated-links": dated_links,
        "injected-anchor": injected_anchor,
        "keyword-insertion": keyword_insertion,
        "menu-bar": menu_bar,
        "menu-run": menu_run,
        "menu-words": menu_words,
        "outline-copy": outline_copy,
        "page-lines": page_lines,
        "page-numbers": page_numbers,
        "permuted-keywords": permuted_keywords,
        "pinyin-gloss": pinyin_gloss,
        "repeated-lines": repeated_lines,
        "repeated-paragraph": repeated_paragraph,
        "repeated-title": repeated_title,
        "scramble": scramble,
        "substituted-name": substituted_name,
        "title-insertion": title_insertion,
    }
)

__all__ = ["DETECTORS", "Detector", "Found", "Params"]
