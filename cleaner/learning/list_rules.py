"""Make rules of the lists that a host prints under a head: all from the head to the line that ends them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from cleaner.learning.cases import choose_keeps
from cleaner.learning.lists import MOST_LINES
from cleaner.normalization.script.folding import fold
from cleaner.packs.testing import find_matches
from cleaner.rules.schema import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleaner.learning.observations import Observations

_CASE_LINES = 1
"""Lines of a list in the case that its rule must hit, at most."""
_LONGEST_NAME = 16
"""Characters of the line that ends a list, where it is named."""
_SPECIAL = re.compile(r"([\\.^$*+?{}\[\]|()])")


class LearnedList(Struct, frozen=True, order=True):
    """A list of other texts that a host prints under a head. `sample`: one, from its head to the line that ends it."""

    head: str
    end: str
    pages: int
    sample: str


def find_lists(observations: Observations) -> Mapping[str, Sequence[LearnedList]]:
    """Find the lists of all hosts."""
    by_host: dict[str, list[LearnedList]] = {}
    for bounds, sample in observations.lists.find():
        head, *_, end = sample.text.strip().split("\n")
        pages = int(observations.counts.pages[bounds.head])
        learned_list = LearnedList(head.strip(), end.strip(), pages, sample.text)
        by_host.setdefault(observations.hosts[bounds.head], []).append(learned_list)
    return by_host


def build_list_rules(lists: Sequence[LearnedList], host_pages: int, bodies: Sequence[str]) -> Iterator[Rule]:
    """Yield a rule for each list; one that its own case does not fit is left out."""
    for number, learned_list in enumerate(sorted(lists), 1):
        head, end = escape(fold(learned_list.head)), escape(fold(learned_list.end))
        lines = learned_list.sample.split("\n")
        case = "\n".join((learned_list.head, *lines[1:-1][:_CASE_LINES], learned_list.end))
        rule = Rule(
            id="related/list" if len(lists) == 1 else f"related/list-{number}",
            why=(
                f"Under {learned_list.head} the site lists other texts, up to {learned_list.end[:_LONGEST_NAME]}, "
                f"on {learned_list.pages} of {host_pages} pages; the page's own text stands above."
            ),
            scope="block",
            literals=(learned_list.head,),
            match=rf"^[ \t]*{head}[ \t]*\n(?:[^\n]*\n){{0,{2 * MOST_LINES}}}?(?=[ \t]*{end}[ \t]*$)",
            drops=(case,),
        )
        if find_matches([rule], [case])[0]:
            yield msgspec.structs.replace(rule, keeps=choose_keeps(rule, bodies))


def escape(text: str) -> str:
    """Escape the signs of the pattern language in a text."""
    return _SPECIAL.sub(r"\\\1", text)
