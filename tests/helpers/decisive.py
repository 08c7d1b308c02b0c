"""Which rules decide alone on a text, wherever they look."""

from __future__ import annotations

import cleaner
from cleaner.rules.schema import DROP_SCORE
from cleaner.text import lines


def list_decisive_rules(text: str, pack: str = "zh-web") -> list[str]:
    """List the ids of the rules that remove or change part of a text without any other evidence."""
    judge = cleaner.load_pack(pack).judging
    matches = judge.rules.find_in_zones(judge.analyze(lines.join([text])))
    rules = [judge.rules.rules[rule] for rule in matches.rule[matches.weight >= DROP_SCORE].tolist()]
    return [rule.id for rule in rules if rule.action != "flag"]
