"""Make rules of the elements that hold links on most pages of a host: the links go, what else stands there stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from cleaner.features.elements import JOINT, LINKS, leads_inside, split_path
from cleaner.learning.cases import cut_case, limit_cases
from cleaner.learning.decisions import PART_NUMBER
from cleaner.learning.elements.counts import COLUMNS
from cleaner.learning.notes import Note
from cleaner.learning.places import STEADY
from cleaner.normalization.script.folding import fold
from cleaner.packs.testing import stands_inside
from cleaner.rules.schema import ELEMENT_PATH, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleaner.learning.elements.counts import ElementCounts, PlacedLine

VARYING = 0.3
"""The share of an element's pages on which some of its links must be others than elsewhere: what all pages have is
learned line by line."""
RARE, BESIDE, LONE = 0.05, 0.1, 0.3
"""The share of an element's characters that may be prose of the pages' own; of its pages where it may stand among
paragraphs of the text, and where there may be none, so that its rule does nothing; beyond them it is doubtful."""
MOST_PROSE = 1 / 3
"""The share of an element's characters that may be prose of the pages' own."""
TITLE_LENGTH = 8
"""Characters of a title of another page, on the mean of a list: names, tags and ingredients have fewer."""
MOST_SURE, MOST_DOUBTFUL = 20, 6
"""Elements of a pack, at most."""
LEAST_STEPS = 2
"""Steps that the path to an element and the last steps to a line must share, for the line to be in the element."""
LONGEST_LINK = 400
"""Characters of a link that goes: a teaser may be one."""
LINE_RULE, DOUBTFUL_RULE = "widget/links", "widget/elements-doubtful"

_PATH = re.compile(ELEMENT_PATH)


class LearnedElement(Struct, frozen=True):
    """An element that a host prints on many pages. `reason`: why it is only flagged, "" where its links go."""

    path: str
    pages: int
    varying: int
    size: int
    reason: str
    samples: tuple[PlacedLine, ...]


def find_elements(counts: ElementCounts, pages: Mapping[str, int]) -> Mapping[str, Sequence[LearnedElement]]:
    """Find the elements of all hosts; `pages`: those of each host."""
    return {host: list(_find(counts, host, pages[host])) for host in counts.numbers}


def _find(counts: ElementCounts, host: str, host_pages: int) -> Iterator[LearnedElement]:
    """Find the outermost elements of a host that hold links: first the sure ones, then doubtful ones beside them."""
    parents, samples = counts.parents[host], counts.samples.get(host, {})
    candidates = []
    for path, values in counts.numbers[host].items():
        numbers = dict(zip(COLUMNS, values, strict=True))
        lines = samples[path].lines if path in samples else ()
        if lines and _holds_links(path, numbers, host_pages):
            reason = _doubt(numbers, lines)
            candidates.append(
                LearnedElement(path, numbers["pages"], numbers["varying"], numbers["size"], reason, lines)
            )
    candidates.sort(key=lambda element: (bool(element.reason), -element.size, element.path))
    chosen: set[str] = set()
    outer: set[str] = set()
    for element in candidates:
        around = set(_around(element.path, parents))
        if element.path in outer or around & chosen:
            continue
        chosen.add(element.path)
        outer |= around
        yield element


def _around(path: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Yield the paths to the elements around one."""
    known = {path}
    while (path := parents.get(path, "")) and path not in known:
        known.add(path)
        yield path


def _holds_links(path: str, numbers: Mapping[str, int], host_pages: int) -> bool:
    """Tell whether an element holds links or what all pages have, on most pages of a host."""
    has_name = any(mark in step for step in path.split(JOINT)[-2:] for mark in ".#")
    is_frequent = numbers["filled"] >= STEADY * host_pages
    is_varying = numbers["varying"] >= VARYING * numbers["pages"]
    has_prose = numbers["prose"] > MOST_PROSE * numbers["size"]
    return bool(has_name and is_frequent and is_varying and not has_prose and _PATH.fullmatch(path))


def _doubt(numbers: Mapping[str, int], lines: Sequence[PlacedLine]) -> str:
    texts = [fold(line.text) for line in lines]
    if numbers["prose"] > RARE * numbers["size"]:
        return f"prose of their own on {numbers['prosy']} pages"
    if numbers["beside"] > BESIDE * numbers["pages"]:
        return f"among paragraphs of the text on {numbers['beside']} pages"
    if numbers["lone"] > LONE * numbers["pages"]:
        return f"no prose beside it on {numbers['lone']} pages"
    if 2 * sum(bool(PART_NUMBER.search(text)) for text in texts) >= len(texts):
        return "numbered as parts of a text are"
    return "words, no titles" if sum(map(len, texts)) < TITLE_LENGTH * len(texts) else ""


def build_element_rules(
    elements: Sequence[LearnedElement], host: str, host_pages: int, bodies: Sequence[PlacedLine]
) -> Iterator[tuple[Rule, Mapping[str, Note]]]:
    """Yield the rules of a host's elements, each with what is said of each path."""
    sure = [element for element in elements if not element.reason][:MOST_SURE]
    doubtful = [element for element in elements if element.reason][:MOST_DOUBTFUL]
    for name, members, end in ((LINE_RULE, sure, LINKS), (DOUBTFUL_RULE, doubtful, "")):
        if not members:
            continue
        start = "Links to other pages stand" if end else "May be lists of other pages: links stand"
        rule = Rule(
            id=name,
            why=f"{start} in these elements on most of {host_pages} pages of {host}, other ones on each.",
            elements=tuple(sorted(element.path + end for element in members)),
            action="drop" if end else "flag",
            longest=LONGEST_LINK,
            drops=limit_cases(_cases(line for element in members for line in element.samples)),
            keeps=_cases(bodies)[:1],
        )
        fits = all(stands_inside(rule, str(case)) for case in rule.drops)
        if fits and rule.keeps and not any(stands_inside(rule, case) for case in rule.keeps):
            yield rule, {element.path + end: _note(element) for element in members}


def covers_path(rule: Rule, path: str) -> bool:
    """Tell whether a rule drops the link to which the last steps of a path lead."""
    steps = path.removesuffix(LINKS).split(JOINT)
    outers = [split_path(element) for element in rule.elements]
    ends = (outer[-size:] == steps[:size] for outer in outers for size in range(LEAST_STEPS, len(outer) + 1))
    is_inside = any(ends) or any(leads_inside(path, element) for element in rule.elements)
    return path.endswith(LINKS) and is_inside


def _cases(lines: Iterable[PlacedLine]) -> tuple[str, ...]:
    """Write lines with their paths as cases, the shortest first."""
    cases = sorted({(len(line.path), len(line.text), cut_case(line.path, line.text)) for line in lines})
    return tuple(case for *_, case in cases)


def _note(element: LearnedElement) -> Note:
    remark = f"other links on {element.varying}{f': {element.reason}' if element.reason else ''}"
    return Note(element.pages, remark=remark)
