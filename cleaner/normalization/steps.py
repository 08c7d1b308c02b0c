"""The normalizing steps in their order, and the inspections after them.

The order is not free: mojibake is repaired before ftfy, which would otherwise change most of GBK read as Latin-1 so
that it can no longer be repaired; script is judged after repair, punctuation last.
"""

from __future__ import annotations

from cleaner.normalization import characters, escapes, ftfy_step, lost_bytes, pinyin
from cleaner.normalization.mojibake import prefilter as mojibake
from cleaner.normalization.mojibake import repair
from cleaner.normalization.normalizer import Normalizer
from cleaner.normalization.prefilter import Trigger
from cleaner.normalization.punctuation import restore
from cleaner.normalization.script import gate, quotes
from cleaner.normalization.step import Inspection, Step
from cleaner.options import NormalizeOptions


def _decode_escapes(text: str, options: NormalizeOptions) -> str:
    text = escapes.unicode_escapes(text) if options.unicode_escapes else text
    return escapes.percent(text) if options.percent else text


STEPS = (
    Step(
        "normalize/newlines",
        "Line breaks are written in several ways.",
        run=lambda text, _: characters.newlines(text),
        reads=lambda _: Trigger(characters.BREAK),
        by_line=True,
    ),
    Step(
        "normalize/terminal",
        "Control sequences of a terminal are no text.",
        run=lambda text, _: characters.terminal_escapes(text),
        reads=lambda _: Trigger("[\x1b]"),
        by_line=True,
    ),
    Step(
        "normalize/mojibake",
        "Bytes were read in a wrong encoding.",
        run=lambda text, options: repair.repair(text, cross=options.cross),
        reads=lambda options: mojibake.trigger(cross=options.cross),
        by_line=True,
    ),
    Step(
        "normalize/escapes",
        "Escapes stand where the characters should.",
        run=_decode_escapes,
        reads=lambda _: Trigger(r"[\\%]"),
        switches=("unicode_escapes", "percent"),
        keeps_meaning=False,
    ),
    Step(
        "normalize/entities",
        "HTML entities stand where the characters should.",
        run=lambda text, _: escapes.entities(text),
        reads=lambda _: Trigger("[&]"),
        by_line=True,
    ),
    Step(
        "normalize/ftfy",
        "Broken or doubly encoded characters.",
        run=lambda text, _: ftfy_step.fix(text),
        reads=lambda _: ftfy_step.trigger(),
        by_line=True,
    ),
    Step(
        "normalize/characters",
        "Characters without meaning, or compatibility forms of ordinary ones.",
        run=lambda text, _: characters.normalize(text),
        reads=lambda _: characters.trigger(),
        by_line=True,
    ),
    Step(
        "normalize/pinyin",
        "Pinyin was printed between the characters.",
        run=lambda text, _: pinyin.remove(text),
        reads=lambda _: Trigger("[(（]"),
        switches=("pinyin",),
        keeps_meaning=False,
    ),
    Step(
        "normalize/quotes",
        "Quotation marks are not those of the script the corpus is written in.",
        run=lambda text, options: quotes.convert_quotes(text, options.quotes, options.script),
        reads=lambda options: quotes.trigger(options.quotes, options.script),
        keeps_meaning=False,
        off='quotes = "keep"',
    ),
    Step(
        "normalize/script",
        "The text mixes scripts, or is not in the script the corpus is written in.",
        run=lambda text, options: gate.to_script(text, options.script, overlay=options.overlay),
        reads=lambda options: gate.trigger(options.script),
        keeps_meaning=False,
        off='script = "keep"',
    ),
    Step(
        "normalize/punctuation",
        "Chinese punctuation was flattened to ASCII.",
        run=lambda text, options: restore.restore(text, options.punctuation),
        reads=lambda options: restore.trigger(options.punctuation),
        batch=lambda texts, options: restore.restore_batch(texts, options.punctuation),
        keeps_meaning=False,
        off='punctuation = "keep"',
    ),
)

INSPECTIONS = (
    Inspection(lost_bytes.RULES, lost_bytes.flag_lost_bytes, lost_bytes.TRIGGER),
    Inspection((characters.PRIVATE_USE,), characters.flag_private_use, Trigger(characters.PRIVATE)),
)

FLAG_RULES = tuple(rule for inspection in INSPECTIONS for rule in inspection.rules)
"""The rules of all inspections: with those of `STEPS` every id that normalizing emits."""

NORMALIZER = Normalizer(STEPS, INSPECTIONS)
