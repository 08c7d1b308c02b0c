"""What notebooks show: a cleaned document before and after, with the reasons, and two texts side by side."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from cleaner.errors import CleanerError
from cleaner.model import Cleaned
from cleaner.packs import registry
from cleaner.packs.builtin import RULES
from cleaner.report.alignment.comparison import compare_texts
from cleaner.report.alignment.rows import AlignedRow, list_rows
from cleaner.report.page import read_words, write_fragment

BUDGET = 300_000
"""Bytes of what is shown, about: more makes a notebook slow."""


class Comparison(Struct, frozen=True):
    """Two texts side by side: `rows` of lines, with what differs within each. Notebooks show it."""

    before: str
    after: str
    rows: tuple[AlignedRow, ...]

    def to_html(self) -> str:
        """Write it as a part of a page; it needs no script."""
        return write_fragment(self.rows, _describe(self.before, self.after, self.rows), {})

    def _repr_html_(self) -> str:
        return self.to_html()


def compare(before: str | Cleaned, after: str | Cleaned) -> Comparison:
    """Compare two texts by lines, and lines that are alike by characters.

    Args:
        before: a text, or a result of cleaning, which stands for its clean text.
        after: the same.
    """
    old, new = (text.text if isinstance(text, Cleaned) else text for text in (before, after))
    return Comparison(old, new, tuple(compare_texts(old, new, BUDGET)))


def show_cleaned(cleaned: Cleaned) -> str:
    """Write a cleaned document before and after, with the reason of every change."""
    rows = list_rows(cleaned.document.text, cleaned.passes, BUDGET)
    sentence = _describe(cleaned.document.text, cleaned.text, rows)
    return write_fragment(rows, sentence, _list_whys(rule for row in rows for rule in row.rules))


def _list_whys(rules: Iterable[str]) -> dict[str, str]:
    """List what rules are for, those of packs that can be found by the name in an id."""
    names = set(rules)
    whys = {name: RULES[name].why for name in names if name in RULES}
    for pack in {name.split("/")[0] for name in names - whys.keys()} & set(registry.pack_names()):
        try:
            whys |= {rule.id: rule.why for rule in registry.load_rules(pack).rules if rule.id in names}
        except CleanerError:
            continue
    return whys


def _describe(before: str, after: str, rows: Iterable[AlignedRow]) -> str:
    words = read_words("en")
    changes = sum(row.kind in ("removed", "changed", "rest") for row in rows)
    if not changes:
        return words["fragment_equal"]
    share = max(len(before) - len(after), 0) / max(len(before), 1)
    return words["fragment"].format(removed=f"{share:.1%}", characters=f"{len(before):,}", changes=changes)
