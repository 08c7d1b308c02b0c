"""Chinese punctuation that was flattened to ASCII: told from ASCII punctuation that was meant, and restored."""

from __future__ import annotations

import re
from typing import Literal

from cleaner.errors import UsageError
from cleaner.normalize import sourcecode

Mode = Literal["auto", "keep", "cjk", "ascii"]

_HAN = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_OPEN = "“‘「『《【〈（"
_CLOSE = "”’」』》】〉）"
_FLAT, _WIDE = ",;:?!()", "，；：？！（）"
_WIDEN = str.maketrans(_FLAT, _WIDE)
_EVIDENCE = 3
"""A document is flattened when it has this many times more flat marks than wide ones."""


def restore(text: str, mode: Mode = "auto") -> str:
    """Chinese punctuation as `mode` says: "auto" restores flattened documents only, "cjk" any, "keep" none.

    Restored to full width are `, ; : ? !` in Chinese context (after a Han character or closing mark, or between a word
    and a Han character on a mostly Chinese line), parentheses around Han or a remark directly after Han, and, where a
    document ends lines with `.` after Han and has no 。 at all, periods after Han. Numbers, times, URLs, code, tags and
    Latin sentences stay. "ascii" goes the other way, for all CJK punctuation. The number of lines stays.

    Raises UsageError for another mode.
    WRONG ("auto", "cjk") for texts whose author typed ASCII punctuation on purpose, for Japanese with Western marks and
    for aligned tables, whose columns move; ("ascii") for everything that is to be read as Chinese.
    """
    if mode == "keep":
        return text
    if mode == "ascii":
        return text.translate(_ASCII)
    if mode == "cjk":
        return _restored(text)
    if mode != "auto":
        raise UsageError(f"punctuation mode {mode!r} is unknown: use auto, keep, cjk or ascii")
    if not _may_be_flattened(text):
        return text
    new = _restored(text)
    return new if _outweighs(text, new) else text


def is_flattened(text: str) -> bool:
    """Whether Chinese punctuation was flattened: in Chinese context far more `, ; ? !` than their wide forms.

    WRONG as a test of one line: the marks of a whole document decide.
    """
    return _may_be_flattened(text) and _outweighs(text, _restored(text))


def _may_be_flattened(text: str) -> bool:
    flat = sum(map(text.count, ",;?!"))
    return flat > 0 and flat >= _EVIDENCE * _wide(text)


def _outweighs(text: str, new: str) -> bool:
    wide = _wide(text)
    return _wide(new) - wide >= max(1, _EVIDENCE * wide)


def _wide(text: str) -> int:
    return sum(map(text.count, "，；？！"))


def _restored(text: str) -> str:
    lines = text.split("\n")
    prose = sourcecode.prose(lines)
    periods = "。" not in text and any(map(_LAST_PERIOD.search, lines))
    for number in prose:
        lines[number] = _restored_line(lines[number], periods)
    return "\n".join(lines)


def _restored_line(line: str, periods: bool) -> str:
    """Lines without letters have nothing to protect: a pattern that begins with the marks themselves serves them."""
    if _ANY.search(line) is None:
        return line
    plain = _LATIN.search(line) is None and "`" not in line
    if ")" in line:
        line = _with_parentheses(line, _PARENTHESIS if plain else _PARENTHESIS_OR_PROTECTED)
    if plain:
        line = _MARK.sub(_widened, line)
        return _PERIOD.sub(_stopped, line) if periods else line
    chinese = 2 * (len(line) - len(_HAN_RUN.sub("", line))) >= len(_LATIN.findall(line))
    line = (_MARK_OR_PROTECTED if chinese else _MARK_IN_LATIN).sub(_widened, line)
    return _PERIOD_OR_PROTECTED.sub(_stopped, line) if periods and chinese else line


def _widened(hit: re.Match[str]) -> str:
    """The pattern matches what is protected as well, so that no mark is found inside: it has no group."""
    return hit[0].translate(_WIDEN) if hit.lastgroup else hit[0]


def _stopped(hit: re.Match[str]) -> str:
    return "。" if hit.lastgroup else hit[0]


def _with_parentheses(line: str, pattern: re.Pattern[str]) -> str:
    """Pairs around Han, or directly after Han and around a plain word or number, become full-width."""
    opened: list[int] = []
    wide = list(line)
    for hit in pattern.finditer(line):
        if hit[0] in "(（":
            opened.append(hit.start())
        elif hit[0] in ")）" and opened:
            start, stop = opened.pop(), hit.end()
            if _HAN_CHARACTER.search(line, start, stop) or _is_remark(line, start, stop):
                wide[start], wide[stop - 1] = "（", "）"
    return "".join(wide)


def _is_remark(line: str, start: int, stop: int) -> bool:
    return (
        _REMARK.fullmatch(line, start + 1, stop - 1) is not None
        and (start == 0 or _BEFORE_REMARK.match(line, start - 1) is not None)
        and (stop == len(line) or _AFTER_REMARK.match(line, stop) is not None)
    )


_ANY = re.compile(r"[,;:?!(.]")
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_HAN_RUN = re.compile(f"[{_HAN}]+")
_LATIN = re.compile("[A-Za-z]")
_BEFORE_REMARK = re.compile(f"[{_HAN}{_CLOSE}]")
_AFTER_REMARK = re.compile(rf"[{_HAN}{_OPEN}{_CLOSE}{_FLAT}{_WIDE}。、\s]")
_REMARK = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,/%:+&'’–—-]{0,60}")

_BEFORE_HAN = f"(?=[{_HAN}{_OPEN}])"
_NO_SYMBOL = rf"(?![{_FLAT[:3]}{_WIDE[:3]}.=/\\_&|<>~*^])"
_NO_FACE = r"(?!\)|[(DPp](?:\s|$))"
_RUN = "[?!？！]*"
_IN_CHINESE = (
    f"[,;:?!？！](?:"
    f"(?<=[{_HAN}{_CLOSE}…—％℃].)(?:(?<=,){_NO_SYMBOL}|(?<=[;:]){_NO_SYMBOL}{_NO_FACE}|(?<=[?!？！]){_RUN}(?![=&_/]))"
    rf"|(?<=[A-Za-z0-9%\"')\]].)(?:(?<=[,;:]){_BEFORE_HAN}|(?<=[?!？！]){_RUN}(?=[{_HAN}{_OPEN}{_CLOSE}]|\s*$))"
    f")"
)
_IN_LATIN = f"[,;:?!？！](?<=[{_HAN}{_CLOSE}].)(?:(?<=[,;:])|{_RUN}){_BEFORE_HAN}"
_MARK = re.compile(f"(?P<mark>{_IN_CHINESE})")
_MARK_OR_PROTECTED = re.compile(f"{sourcecode.PROTECTED}|(?P<mark>{_IN_CHINESE})")
_MARK_IN_LATIN = re.compile(f"{sourcecode.PROTECTED}|(?P<mark>{_IN_LATIN})")
_PARENTHESIS = re.compile("[()（）]")
_PARENTHESIS_OR_PROTECTED = re.compile(f"{sourcecode.PROTECTED}|[()（）]")

_LAST_PERIOD = re.compile(rf"[{_HAN}]\.[{_CLOSE}\"]?\s*$")
_NUMERAL = r"^\s*[一二三四五六七八九十甲乙丙丁戊]{1,3}\."
_STOP = rf"{_NUMERAL}|(?P<stop>\.(?<=[{_HAN}{_CLOSE}].)(?=[{_HAN}{_OPEN}{_CLOSE}\"\s]|$))"
_PERIOD = re.compile(_STOP)
_PERIOD_OR_PROTECTED = re.compile(f"{sourcecode.PROTECTED}|{_STOP}")

_ASCII = str.maketrans(
    {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F) if not chr(wide).isalnum()}
    | dict.fromkeys("“”《》「」『』〈〉", '"')
    | {
        "。": ".",
        "、": ",",
        "‘": "'",
        "’": "'",
        "【": "[",
        "】": "]",
        "〔": "[",
        "〕": "]",
        "…": "...",
        "—": "-",
        "～": "~",
    }
)
