"""Detect the encoding of bytes by how plausible the text is that each candidate makes of them."""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from cleaner.decode import alphabets, language_models
from cleaner.decode.charsets import find_charset
from cleaner.lazy_patterns import lazy_pattern
from cleaner.text.char_frequency import total, units

SAMPLE = 2048
"""Bytes that are read in each candidate: more change no verdict."""
_LIMIT = 128 * SAMPLE
"""Bytes of a file that are looked at for a sample."""
_DECLARED_BONUS = 80  # tenths of a nat: a declaration settles what three characters could not
PLAUSIBLE = 95  # the mean cost of a character between escapes; right ones cost 60 to 70
_CUT_COST = 60  # the cost of a byte cut off at an end


class Guess(Struct, frozen=True):
    """The encoding that explains a sample best.

    Attributes:
        encoding: a Python codec, or "" when nothing explains the bytes.
        confidence: 0 to 1, from the evidence against the runner-up.
        margin: that evidence in nats per byte that is not ASCII.
        cut_head, cut_tail: bytes of half characters at the ends.
    """

    encoding: str
    confidence: float
    margin: float
    cut_head: int = 0
    cut_tail: int = 0


class Candidate(Struct, frozen=True):
    """An encoding with the languages its text may be in. `unit`: bytes of the longest character.

    `prior`: its cost before anything is read, where it is seldom met. `clashes`: two characters that are rarely
    neighbours in its texts.
    """

    encoding: str
    costs: tuple[Callable[[], bytes], ...]
    unit: int = 2
    prior: int = 0
    clashes: re.Pattern[str] | None = None


_CHINESE, _JAPANESE, _KOREAN = (language_models.chinese,), (language_models.japanese,), (language_models.korean,)
_LATIN, _OTHERS = (language_models.latin,), (language_models.letters,)
_ANY = (*_CHINESE, *_JAPANESE, *_KOREAN, *_LATIN, *_OTHERS)

_ACCENTS_SIDE_BY_SIDE = lazy_pattern("[À-ÿ](?=[\x80-\uffff])|[\x80-\uffff](?=[À-ÿ])")
_ALPHABETS_MIXED = lazy_pattern("[A-Za-z](?=[\u0370-\u06ff])|[\u0370-\u06ff](?=[A-Za-z])")
_CLASH_COST = 25

CANDIDATES = (
    Candidate("utf-8", _ANY, 4),
    Candidate("gb18030", _CHINESE, 4),
    Candidate("big5hkscs", _CHINESE),
    Candidate("euc_jp", _JAPANESE, 3),
    Candidate("cp932", _JAPANESE),
    Candidate("cp949", _KOREAN),
    Candidate("cp1252", _LATIN, 1, clashes=_ACCENTS_SIDE_BY_SIDE),
    Candidate("johab", _KOREAN, prior=language_models.PRIOR),
    *(
        Candidate(encoding, costs, 1, language_models.PRIOR, _ALPHABETS_MIXED)
        for encodings, costs in (
            (("cp1251", "koi8_r", "cp866", "iso8859_5"), alphabets.CYRILLIC),
            (("cp1253", "iso8859_7"), alphabets.GREEK),
            (("cp1250", "iso8859_2"), alphabets.CENTRAL_EUROPEAN),
            (("cp1255",), alphabets.HEBREW),
            (("cp1256",), alphabets.ARABIC),
        )
        for encoding in encodings
    ),
)
WIDE = tuple(Candidate(f"utf-{width}-{end}", _ANY, width // 8) for width in (16, 32) for end in ("le", "be"))
STATEFUL = (
    Candidate("hz", _CHINESE, 1),
    Candidate("iso2022_jp_2", _JAPANESE, 1),
    Candidate("iso2022_kr", _KOREAN, 1),
)
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_FAMILY = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "x-x-big5": "big5hkscs",
    "big5": "big5hkscs", "cp950": "big5hkscs", "shift_jis": "cp932", "windows-31j": "cp932", "x-sjis": "cp932",
    "euc_kr": "cp949", "ks_c_5601-1987": "cp949", "iso8859-1": "cp1252", "ascii": "utf-8", "utf-16": "utf-16-le",
    "iso2022_jp": "iso2022_jp_2",
}  # fmt: skip
"""Names as pages declare them -> the superset that browsers read them with (WHATWG Encoding Standard)."""


class _Reading(Struct, frozen=True):
    cost: float
    encoding: str
    head: int = 0
    tail: int = 0


def canonical(name: str | None) -> str:
    """Return the codec for a declared name, or "" for none or one that Python does not know."""
    name = (name or "").strip().lower()
    codec = find_charset(_FAMILY.get(name, name))
    return _FAMILY.get(codec, codec)


def detect(data: bytes, declaration: str | None = None, *, cuts: bool = True) -> Guess:
    """Detect the encoding of a sample that may begin and end inside a character.

    Args:
        declaration: the charset that the page or its transport names; it counts like three characters of evidence, no
            more.
        cuts: whether bytes may be missing at the head.

    Warning:
        Wrong to trust on fewer than four characters that are not ASCII: look at `confidence`.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return Guess(encoding, 1.0, math.inf)
    if data.isascii() and b"\0" not in data:
        return Guess(_detect_seven_bit(data[:_LIMIT]), 1.0, math.inf)
    readings = sorted(_readings(data, canonical(declaration), cuts), key=lambda r: r.cost)
    return _decide(readings, data[:_LIMIT])


def _detect_seven_bit(data: bytes) -> str:
    """Detect the encoding of bytes below 0x80: escapes are believed where plausible text stands between them."""
    for candidate in STATEFUL if b"~{" in data or b"\x1b$" in data else ():
        try:
            text = codecs.getincrementaldecoder(candidate.encoding)().decode(data)
        except UnicodeError:
            continue
        letters = "".join(char for char in text if not char.isascii())
        if letters and total(units(letters), candidate.costs[0]()) < PLAUSIBLE * len(letters):
            return candidate.encoding
    return "utf-8"


def _compact(data: bytes) -> bytes:
    """Cut to SAMPLE bytes, with each word once, as repeats are no new evidence, and no long words of ASCII.

    Words end at ASCII below 0x40 but digits, which is no part of a character in any encoding that is tried. Where they
    are too many, those of ASCII go first, of which there may be thousands before the others.
    """
    words = _BREAKS.split(_REPEATS.sub(rb"\1", _window(data)))
    distinct = dict.fromkeys(word for word in words[:-1] if len(word) < _WORD or not word.isascii())
    sample = b"\n".join((*distinct, words[-1]))
    if len(sample) > SAMPLE and len(sample[:SAMPLE].translate(None, _ASCII)) < _FEW:
        sample = b"\n".join(word for word in (*distinct, words[-1]) if not word.isascii())
    return sample[:SAMPLE]


def _window(data: bytes) -> bytes:
    """Return the first bytes to take a sample from; those from the first that are not ASCII on, if it is far behind."""
    first = _HIGH.search(data)
    return data[first.start() :][:_LIMIT] if first and first.start() > _LIMIT // 2 else data[:_LIMIT]


_WORD = 16
_FEW = 64
_ASCII = bytes(range(0x80))
_HIGH = re.compile(rb"[\x80-\xff]")
_BREAKS = lazy_pattern(rb"[\x00-\x2f\x3a-\x3f]+")
_REPEATS = lazy_pattern(rb"([\x80-\xff][\x40-\xff])\1{2,}")  # rules of table boxes, rows of stars


def _readings(data: bytes, declaration: str, cuts: bool) -> Iterator[_Reading]:
    raw = data[:SAMPLE]
    words = raw if b"\0" in data else _compact(data)
    for candidate in _candidates(data, declaration):
        sample = raw if candidate in WIDE else words  # words cannot be told apart in UTF-16
        bonus = _DECLARED_BONUS * (candidate.encoding == declaration)
        for head in range(candidate.unit if cuts else 1):
            reading = _read(sample, candidate, head)
            yield _Reading(reading.cost * len(words) / len(sample) - bonus, reading.encoding, head, reading.tail)
    yield _Reading(language_models.unknown_alphabet(words), "")


def _candidates(data: bytes, declaration: str) -> tuple[Candidate, ...]:
    if b"\0" in data:
        return WIDE
    candidates = (*CANDIDATES, *WIDE[:2])
    if declaration and declaration not in {each.encoding for each in (*candidates, *WIDE, *STATEFUL)}:
        return (*candidates, Candidate(declaration, _OTHERS, 1))
    return candidates


def _read(data: bytes, candidate: Candidate, head: int) -> _Reading:
    """Decode from `head` on, damage replaced and paid for; the half character at the end is left out."""
    decoder = codecs.getincrementaldecoder(candidate.encoding)("replace")
    try:
        text = decoder.decode(data[head:])
        tail = len(decoder.getstate()[0])
    except UnicodeError:
        return _Reading(math.inf, candidate.encoding)
    data_units = units(text)
    cost = min(total(data_units, costs()) for costs in candidate.costs) + _CUT_COST * (head + tail)
    cost += candidate.prior
    if candidate.clashes:
        cost += _CLASH_COST * len(candidate.clashes.findall(text))
    return _Reading(cost, candidate.encoding, head, tail)


_TWINS = (frozenset({"cp1253", "iso8859_7"}), frozenset({"cp1250", "iso8859_2"}))
"""Encodings in which many a text has the same bytes, so that either is right."""


def _is_same_text(left: _Reading, right: _Reading) -> bool:
    return left.cost == right.cost and {left.encoding, right.encoding} in _TWINS


def _decide(readings: list[_Reading], data: bytes) -> Guess:
    best = readings[0]
    other = next(r for r in readings if r.encoding != best.encoding and not _is_same_text(r, best))
    evidence = (other.cost - best.cost) / 10
    size = len(data.translate(None, bytes(range(0x80)))) or len(data)
    # characters are not independent: a third of the summed evidence is taken for real
    return Guess(best.encoding, 1 / (1 + math.exp(-min(evidence / 3, 50))), evidence / size, best.head, best.tail)
