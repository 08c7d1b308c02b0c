"""ftfy as the reference for the ftfy step, and fragments of text that its repairs act on."""

from __future__ import annotations

from random import Random

import ftfy

from cleaner.normalization import ftfy_step

CONFIG = ftfy.TextFixerConfig(**ftfy_step.OPTIONS, explain=False)

FRAGMENTS = (
    *"中文，。“”…—é×°·œŒÃÂâ€™ØÙà¡­® \t\n\r\x0b\x0c\x85\x1a\x90",
    *"\u2028\u0301\u1161\u11a8ﬁĳ\ufeff\u200d\ud83d\ude00\ufffd&;#<>?Ａ　",
    *("我们".encode().decode("cp1252", "replace"), "我们".encode().decode("latin-1"), "é".encode().decode("cp1252")),
    *("“好”".encode().decode("cp1252", "replace"), "ж".encode().decode("cp1251"), "ü".encode().decode("macroman")),
    *("&amp;", "&amp;amp;amp;", "&lt;", "&nbsp;", "&#20013;", "&#x4e2d;", "&#10;", "&#13;", "&Atilde;&sup3;", "&#38;"),
    *("\x1b[31m", "\x1b[0m", "voilÃ le", "schÃ¶n", "12:30", "abc", "it’s", "a &b; c", "\u0958", "金", "가", "각"),
)


def random_text(source: Random) -> str:
    """Join one to twelve fragments."""
    return "".join(source.choices(FRAGMENTS, k=source.randint(1, 12)))


def join_surrogates(text: str) -> str:
    """Join the halves of surrogate pairs, and leave those that stand alone, of which ftfy makes U+FFFD."""
    return ftfy.fixes.SURROGATE_PAIR_RE.sub(ftfy.fixes.convert_surrogate_pair, text)


def fix_by_line(text: str) -> str:
    """Call ftfy on each line by itself, until nothing changes."""
    while True:
        lines = text.split("\n")
        with_breaks = [line + "\n" for line in lines[:-1]] + [lines[-1]]
        better = "".join(ftfy.fix_text(join_surrogates(line), CONFIG) for line in with_breaks)
        if better == text:
            return text
        text = better
