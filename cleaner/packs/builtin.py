"""Built-in rules: every id that the code itself emits, in one table.

Modules below this folder define theirs where they emit them; those of modules above it are defined here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cleaner.decode import flags as decoding
from cleaner.dedup import pairs
from cleaner.model import BuiltinRule
from cleaner.normalization import steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLACE = "core/judge/place"
NO_ARTICLE = "core/judge/no-article"
LIST = "core/judge/list"
SUSPECT = "core/judge/suspect"
UNSURE = "core/judge/unsure"
HEAVY_LOSS = "core/judge/heavy-loss"
RESTLESS = "core/judge/restless"
NOT_UTF8 = "encoding/not-utf8"
BOM = "encoding/bom"
UNREADABLE = "input/unreadable"
UNUSED_SUPPRESSION = "suppression/unused"
MARKDOWN = "format/markdown"

_CHECK_ONLY = "only `cleaner check` reports it: ignore it in [check] or with --ignore"
_ALWAYS_RUNS = "it always runs, as rules match normalized text"

_JUDGE = (
    BuiltinRule(
        PLACE,
        "By its looks and its place this line belongs to the page, not to the text.",
        fix="unsafe",
    ),
    BuiltinRule(NO_ARTICLE, "Little is left that reads as a text of its own.", "note", "off"),
    BuiltinRule(LIST, "Its lines are titles or links to other texts.", "note", "off"),
    BuiltinRule(SUSPECT, "This line looks like a page's furniture, on a page that shows no sure sign of any.", "note"),
    BuiltinRule(UNSURE, "Content and junk look alike in it: much that stayed or went may be wrong.", "note", "off"),
    BuiltinRule(HEAVY_LOSS, "Most of the text would go: it may be of a kind the rules do not know.", "note"),
    BuiltinRule(RESTLESS, "Each line that goes uncovers another, without end: so all stay.", "note"),
)
_FORMATS = (
    BuiltinRule(
        MARKDOWN,
        "The structure of a page is written as Markdown.",
        "note",
        "off",
        refusal='set text-format = "plain", which writes lines only',
    ),
)
_CHECK = (
    BuiltinRule(
        NOT_UTF8,
        "The file is not in UTF-8, which every tool of a corpus expects.",
        "error",
        refusal=_CHECK_ONLY,
        fix="safe",
    ),
    BuiltinRule(
        BOM,
        "A byte order mark before UTF-8 becomes a character of the text for most readers.",
        "error",
        refusal=_CHECK_ONLY,
        fix="safe",
    ),
    BuiltinRule(UNREADABLE, "What cannot be read cannot be checked.", "error", refusal=_CHECK_ONLY),
    BuiltinRule(
        UNUSED_SUPPRESSION, "A suppression that suppresses nothing hides the next finding.", refusal=_CHECK_ONLY
    ),
)


def _normalizing_rules() -> Iterator[BuiltinRule]:
    for step in steps.STEPS:
        setting = " and ".join(f"{name.replace('_', '-')} = false" for name in step.switches) or step.off
        refusal = f"set {setting}" if setting else _ALWAYS_RUNS
        yield BuiltinRule(step.rule, step.why, refusal=refusal, fix="safe" if step.keeps_meaning else "unsafe")
    yield from steps.FLAG_RULES


RULES: Mapping[str, BuiltinRule] = MappingProxyType(
    {rule.id: rule for rule in (*_normalizing_rules(), *decoding.RULES, *_JUDGE, *pairs.RULES, *_FORMATS, *_CHECK)}
)
"""Every built-in rule by id."""
