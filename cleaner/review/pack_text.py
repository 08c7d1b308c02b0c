"""Write answers as the text of a rule pack: lines to keep, and lines or parts of lines that are junk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from cleaner.packs.formatting import format_pack, quote, quote_all
from cleaner.review.session import Answer

MARK = "# Written by `cleaner review` from the answers beside it; each answer writes it anew."
DEFAULT_CATEGORY = "artefact"
PLAIN_SENTENCE = "这是文章里的一句话，谁也没有要求去掉它。"
"""A text that every rule leaves."""

_HEAD = """\
{mark}
schema = 1

[pack]
id = {id}
version = "0.1.0"
title = "Answers of a review"
languages = ["zh"]
extends = {extends}
"""
_RULE = """
[[rule]]
id = {id}
why = {why}
action = "{action}"
literals = {literals}
match = '{match}'
longest = 2000
drops = {drops}
keeps = {keeps}
"""


class _Group(NamedTuple):
    """Answers that one rule is made of."""

    action: str
    is_part: bool
    category: str


def write_pack(answers: Iterable[Answer], pack_id: str, extends: Sequence[str], is_left: Callable[[str], bool]) -> str:
    """Write the text of a pack; without an answer that changes rules it has none.

    Args:
        answers: those that hold.
        pack_id: the pack's id.
        extends: the packs that it adds to.
        is_left: whether the rules of those leave a text.
    """
    head = _HEAD.format(mark=MARK, id=quote(pack_id), extends=quote_all(extends))
    deciding = sorted({_group(answer): None for answer in answers if answer.changes_rules})
    rules = [_write_rule(group, list(_texts(answers, group)), is_left) for group in deciding]
    return format_pack(head + "".join(rules))


def _group(answer: Answer) -> _Group:
    if answer.verdict == "keep":
        return _Group("keep", answer.is_part, DEFAULT_CATEGORY)
    return _Group("drop", answer.is_part, answer.category or DEFAULT_CATEGORY)


def _texts(answers: Iterable[Answer], group: _Group) -> Iterator[tuple[str, str]]:
    """Yield the texts of a group, each once, with the line that it stood in."""
    line_of = {answer.text: answer.line or answer.text for answer in answers if _is_in(answer, group)}
    yield from sorted(line_of.items())


def _is_in(answer: Answer, group: _Group) -> bool:
    return answer.changes_rules and _group(answer) == group


def _write_rule(group: _Group, texts: list[tuple[str, str]], is_left: Callable[[str], bool]) -> str:
    literals = [text for text, _ in texts]
    cases = [line for _, line in texts]
    others = [_find_other(literals, is_left)]
    name = ("kept" if group.action == "keep" else "reviewed") + ("-part" if group.is_part else "")
    whys = {
        "keep": "A review said that these lines belong to the text.",
        "drop": "A review said that these lines are junk.",
    }
    matching, missing = cases, others
    drops, keeps = (missing, matching) if group.action == "keep" else (matching, missing)
    return _RULE.format(
        id=quote(f"{group.category}/{name}"),
        why=quote(whys[group.action]),
        action=group.action,
        literals=quote_all(literals),
        match=r"\L<literals>" if group.is_part else r"^\L<literals>$",
        drops=quote_all(drops),
        keeps=quote_all(keeps),
    )


def _find_other(literals: Sequence[str], is_left: Callable[[str], bool]) -> str:
    """Find a text that quotes a literal and that all rules leave; else a plain sentence."""
    for literal in literals[:5]:
        text = f"他在文章里写道：“{literal}”，没有人要求去掉这句话。"
        if not set('“”"\n') & set(literal) and is_left(text):
            return text
    return PLAIN_SENTENCE
