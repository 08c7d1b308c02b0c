"""What a regular expression cannot say: detectors that know junk by its shape, its repetition and its place.

A pack names a detector in a rule and gives it parameters; the judge calls it once per block.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cleaner.rules.detectors.found import Detector, Found, Params
from cleaner.rules.detectors.keywords import keyword_insertion, permuted_keywords
from cleaner.rules.detectors.pages import page_numbers

DETECTORS: Mapping[str, Detector] = MappingProxyType(
    {
        "keyword-insertion": keyword_insertion,
        "page-numbers": page_numbers,
        "permuted-keywords": permuted_keywords,
    }
)

__all__ = ["DETECTORS", "Detector", "Found", "Params"]
