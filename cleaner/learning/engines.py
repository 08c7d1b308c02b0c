"""Frames that several hosts share, as sites made with one engine do: written once, as a pack bound to all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from cleaner.dedup import deduplicate
from cleaner.learning.cases import limit_cases
from cleaner.learning.notes import Note
from cleaner.learning.site_packs import EXACT, SitePack
from cleaner.normalization.script.folding import fold
from cleaner.rules.schema import Rule

LEAST_HOSTS = 3
"""Hosts that must share a frame."""
SIMILAR = 0.4
"""The similarity of the lines of two hosts from which they may be of one engine."""
COMMON = 0.8
"""The share of these hosts that must have a line."""
LEAST_LINES = 5
"""Lines that an engine prints, at least."""
ENGINES = ("discuz", "phpwind", "wordpress", "dedecms", "z-blog", "typecho", "hexo", "mediawiki", "ecshop", "phpcms")
"""Engines that name themselves in what they print."""


def share_frames(packs: Sequence[SitePack]) -> list[SitePack]:
    """Move the lines that hosts of one engine share into a pack of their own, which comes before theirs.

    Packs that have no line left are left out.
    """
    by_id = {pack.id: pack for pack in packs}
    texts = {pack.id: "\n".join(sorted({line for rule in _fixed(pack) for line in rule.literals})) for pack in packs}
    engines = []
    for cluster in deduplicate(texts, unit="document", threshold=SIMILAR).clusters:
        members = [by_id[name] for name in sorted((cluster.keeper, *cluster.copies))]
        if len(members) >= LEAST_HOSTS and (engine := _build_engine(members)):
            engines.append(engine)
            by_id |= {pack.id: without_lines(pack, engine) for pack in members}
    return [*sorted(engines, key=lambda pack: pack.id), *(pack for pack in by_id.values() if pack.rules)]


def settle_names(packs: Sequence[SitePack], known: Sequence[SitePack]) -> list[SitePack]:
    """Give packs of engines the ids of known ones that are bound to half of their hosts, and more.

    Packs of frames get those of known ones whose frame their lines show.

    The packs of single hosts leave out what the known ones of their host drop.
    """
    settled = [_settle_name(pack, known) for pack in packs]
    return [pack for pack in settled if pack.rules]


def _settle_name(pack: SitePack, known: Sequence[SitePack]) -> SitePack:
    for engine in known:
        if pack.frame or engine.frame:
            lines = {fold(line) for line in (*pack.frame, *(line for rule in _fixed(pack) for line in rule.literals))}
            if 2 * len(lines & {fold(line) for line in engine.frame}) > len(engine.frame) > 0 < len(pack.frame):
                pack = msgspec.structs.replace(pack, id=engine.id)
        elif pack.host in engine.hosts:
            pack = without_lines(pack, engine)
        elif 2 * len({*pack.hosts} & {*engine.hosts}) > len(engine.hosts):
            pack = msgspec.structs.replace(pack, id=engine.id)
    return pack


def without_lines(pack: SitePack, engine: SitePack) -> SitePack:
    """Leave out the lines that an engine's pack drops, too."""
    shared = {rule.id: {fold(line) for line in rule.literals} for rule in engine.rules}
    rules = []
    for rule in pack.rules:
        lines = tuple(line for line in rule.literals if fold(line) not in shared.get(rule.id, ()))
        if rule.match != EXACT or len(lines) == len(rule.literals):
            rules.append(rule)
        elif lines:
            drops = tuple(case for case in rule.drops if case in lines) or lines[:1]
            rules.append(msgspec.structs.replace(rule, literals=lines, drops=drops))
    return msgspec.structs.replace(pack, rules=tuple(rules))


def _fixed(pack: SitePack) -> list[Rule]:
    """List the rules of a pack that drop lines which are always the same."""
    return [rule for rule in pack.rules if rule.match == EXACT and rule.action == "drop"]


def _build_engine(members: Sequence[SitePack]) -> SitePack | None:
    """Build the pack of what most of some hosts print at the same place; None where that is too little."""
    hosts: Counter[tuple[str, str]] = Counter()
    models: dict[str, Rule] = {}
    for pack in members:
        for rule in _fixed(pack):
            models.setdefault(rule.id, rule)
            hosts.update({(rule.id, line) for line in rule.literals})
    common = sorted(place for place, count in hosts.items() if count >= COMMON * len(members))
    if len(common) < LEAST_LINES:
        return None
    rules, notes = [], {}
    for name in sorted({name for name, _ in common}):
        lines = tuple(line for rule_id, line in common if rule_id == name)
        why = f"Sites of one engine print it: {COMMON:.0%} and more of {len(members)} hosts have it at this place."
        rules.append(msgspec.structs.replace(models[name], literals=lines, drops=limit_cases(lines), why=why))
        notes[name] = {line: Note(hosts[name, line], unit="hosts") for line in lines}
    title = _name([line for _, line in common])
    names = tuple(pack.host for pack in members)
    return SitePack(f"engine-{title}", title, sum(pack.pages for pack in members), tuple(rules), notes, hosts=names)


def _name(lines: Sequence[str]) -> str:
    """Name an engine as it names itself, else by its lines."""
    text = fold("\n".join(lines))
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return next((engine for engine in ENGINES if engine in text), digest)
