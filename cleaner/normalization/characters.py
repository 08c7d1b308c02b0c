"""Map single characters: widths, radicals, compatibility forms, invisible characters, line breaks."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, cached_property
from importlib import resources

import numpy as np

from cleaner.lazy_patterns import lazy_pattern
from cleaner.model import BuiltinRule, Flag, Span
from cleaner.normalization import ftfy_classes
from cleaner.normalization.prefilter import Trigger, basic_members
from cleaner.text.codepoints import BASIC

_WIDE = "０-９Ａ-Ｚａ-ｚ"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x9f"
_INVISIBLE = "\xad\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffc"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_JOINERS = "\u200c\u200d"
_KANA = "\uff66-\uff9d"
_KANA_MARKS = "\uff61-\uff65\uff9e\uff9f"
_EMOJI = "\xa9\xae\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
_RIGHT_TO_LEFT = "\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_JOINING = "\u0600-\u109f\u1780-\u18af\ua840-\ua8ff\uaa60-\uaa7f"
"""Scripts that shape letters by joiners: Arabic to Myanmar, Khmer, Mongolian, Phags-pa and some of their extensions."""


def newlines(text: str) -> str:
    r"""Write every line break as `\n`. The only step here that changes the number of lines.

    CR LF is one break, and so is CR CR LF, the mark of a file written twice through text mode. CR, U+2028, U+2029,
    vertical tab (a break within a paragraph in word processors) and form feed (a page break) are one each. U+0085 is
    one unless it touches U+0080-U+00FF: there it is a byte of mojibake, which a later step repairs.

    Warning:
        Wrong for formats in which such a character is data (a CR that overprints in terminal recordings).
    """
    return _BREAKS.sub("\n", text)


BREAK = r"[\r\x0b\x0c\u2028\u2029\x85]"
_BREAKS = lazy_pattern(BREAK + r"(?:(?<=\r)\r?\n|(?<!\x85)|(?<![\x80-\xff]\x85)(?<=\x85)(?![\x80-\xff]))")


def terminal_escapes(text: str) -> str:
    """Remove ANSI escape sequences: colours, cursor movements, window titles. An escape by itself stays.

    Belongs before `ftfy_step.fix`, which knows colours only and drops the escape of all others, so that their text
    stays.

    Warning:
        Wrong for text in which ESC is data, such as ISO-2022 that is not decoded yet.
    """
    return _ANSI.sub("", text) if "\x1b" in text else text


_ANSI = lazy_pattern(r"\x1b+(?:\[[0-?]*[ -/]*[@-~]?|\](?:[^\x07\x1b\n]*(?:\x07|\x1b\\))?)")


def normalize(text: str) -> str:
    """Map characters that stand for others, and drop those that stand for nothing. The number of lines stays.

    - full-width letters and digits become ASCII, and so does one ideographic space between them; full-width punctuation
      stays;
    - Kangxi and other CJK radicals, compatibility ideographs and private-use code points of GBK become the characters
      that they stand for; half-width kana become kana with marks (without kana a mark is part of a face and stays);
    - ANSI escapes, control characters, NUL, soft hyphens, zero-width spaces, word joiners and byte-order marks go;
    - bidirectional controls go from lines without letters of a right-to-left script;
    - joiners go, except between emoji and in scripts that shape letters by them;
    - surrogate pairs are joined.

    Non-breaking spaces, ideographic spaces (indents, verse), variation selectors, tabs and all line breaks stay.
    Sources of the map: see benchmarks/derive/characters.py.

    Warning:
        Wrong before mojibake is repaired (C1 controls and soft hyphens are its bytes), for texts about radicals or
        widths, and for Thai or Khmer, where a zero-width space separates words.
    """
    maps = _maps()
    if maps.any.search(text) is None:
        return text
    text = terminal_escapes(text)
    text = _WIDE_SPACE.sub(" ", text)
    text = maps.single.sub(lambda match: match[0].translate(maps.table), text)
    text = _drop_bidi(text)
    text = _join_surrogates(_LOOSE_JOINER.sub("", _join_surrogates(text)))
    return _HALF_KANA.sub(_widen_kana, text)


def trigger() -> Trigger:
    """Return the characters of which a text holds one if `normalize` changes it."""
    return Trigger(_maps().characters)


class _Maps:
    """`table`: for str.translate. `characters`: all that `normalize` may change, as a regular expression's set."""

    def __init__(self) -> None:
        lines = (resources.files("cleaner") / "data" / "characters.txt").read_text("ascii").splitlines()
        pairs = (line.split() for line in lines)
        mapping = {int(code, 16): chr(int(new, 16)) for code, new in pairs}
        self.table: dict[int, str | None] = dict(mapping)
        self.table |= {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF10, 0xFF5B)}
        for unprintable in basic_members(f"[{_CONTROLS}{_INVISIBLE}]"):
            self.table |= dict.fromkeys(np.arange(BASIC)[unprintable].tolist())
        self._keys = f"{ftfy_classes.as_set(mapping)}{_WIDE}{_CONTROLS}{_INVISIBLE}"
        self.characters = f"[{self._keys}{_BIDI}{_JOINERS}{_KANA}\ud800-\udfff]"

    @cached_property
    def single(self) -> re.Pattern[str]:
        """Runs of the table's keys."""
        return re.compile(f"[{self._keys}]+")

    @cached_property
    def any(self) -> re.Pattern[str]:
        """One of `characters`."""
        return re.compile(self.characters)


_maps = cache(_Maps)

_WIDE_SPACE = lazy_pattern(f"(?<=[{_WIDE}])\u3000(?=[0-9A-Za-z{_WIDE}])|(?<=[0-9A-Za-z])\u3000(?=[{_WIDE}])")


def _drop_bidi(text: str) -> str:
    if _BIDI_RUN.search(text) is None:
        return text
    lines = text.split("\n")
    return "\n".join(line if _RTL.search(line) else _BIDI_RUN.sub("", line) for line in lines)


_BIDI_RUN = lazy_pattern(f"[{_BIDI}]+")
_RTL = lazy_pattern(f"[{_RIGHT_TO_LEFT}]")


def _join_surrogates(text: str) -> str:
    return _PAIR.sub(lambda match: match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)


_PAIR = lazy_pattern("[\ud800-\udbff][\udc00-\udfff]")
_LOOSE_JOINER = lazy_pattern(f"[{_JOINERS}](?<![{_JOINING}].)(?!(?<=[{_EMOJI}]\u200d)[{_EMOJI}])")


def _widen_kana(match: re.Match[str]) -> str:
    """Widen kana and their marks, but leave a mark that composes with nothing: NFKC would make it a combining one."""
    return unicodedata.normalize("NFKC", match[0]).replace("\u3099", "\uff9e").replace("\u309a", "\uff9f")


_HALF_KANA = lazy_pattern(f"[{_KANA}][{_KANA}{_KANA_MARKS}]*")


PRIVATE_USE = BuiltinRule("characters/private-use", "Private-use characters mean something in one font only.", "note")


def flag_private_use(text: str) -> list[Flag]:
    """Flag each run of private-use characters; nothing is changed."""
    return [
        Flag(PRIVATE_USE.id, Span(*run.span()), " ".join(f"U+{ord(char):04X}" for char in run[0][:_LISTED_CODES]))
        for run in _PRIVATE.finditer(text)
    ]


# the other ranges, negated: a Han character is then decided by the first
PRIVATE = "[^\0-\udfff\uf900-\U000effff\U000ffffe\U000fffff\U0010fffe\U0010ffff]"
_PRIVATE = lazy_pattern(f"{PRIVATE}+")
_LISTED_CODES = 8
"""Characters of a run whose code points a flag lists."""
