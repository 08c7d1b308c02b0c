"""ASCII marks in Chinese context: found, told from code, numbers and Latin text, and made full-width."""

from __future__ import annotations

import re

from cleaner.normalize import sourcecode

_HAN = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_OPEN = "“‘「『《【〈（"
_CLOSE = "”’」』》】〉）"
_FLAT, _WIDE = ",;:?!()", "，；：？！（）"
_WIDEN = dict(zip(_FLAT, _WIDE, strict=True))
_WIDEN_ALL = str.maketrans(_WIDEN)


def widened(text: str) -> str:
    """Flat marks in Chinese context as full-width ones, whatever the rest of the document looks like. See `restore`."""
    lines = text.split("\n")
    new = lines.copy()
    periods = "。" not in text and any(map(_LAST_PERIOD.search, lines))
    for number in sourcecode.unfenced(lines):
        line = lines[number]
        if _ANY.search(line) is None or _HAN_CHARACTER.search(line) is None:
            continue
        if sourcecode.is_plain(line):
            new[number] = _restored(line, 0, True, periods)
        elif not sourcecode.is_code(lines, number):
            guarded = sourcecode.GUARDED.search(line) is not None
            new[number] = _restored(line, int(guarded), _is_chinese(line), periods)
    return "\n".join(new)


def _restored(line: str, guarded: int, chinese: bool, periods: bool) -> str:
    if ")" in line:
        line = _with_parentheses(line, _PARENTHESES[guarded])
    line = (_MARKS if chinese else _MARKS_IN_LATIN)[guarded].sub(_widened, line)
    return _PERIODS[guarded].sub(_stopped, line) if periods and chinese else line


def _is_chinese(line: str) -> bool:
    """Whether a line has at least one Han character for two Latin letters."""
    return 2 * (len(line) - len(_HAN_RUN.sub("", line))) >= len(line) - len(_LATIN_RUN.sub("", line))


def _widened(hit: re.Match[str]) -> str:
    """What is protected is matched as well, so that no mark is found inside: it has no group."""
    mark = hit["mark"]
    return _WIDEN.get(mark) or mark.translate(_WIDEN_ALL) if mark else hit[0]


def _stopped(hit: re.Match[str]) -> str:
    return "。" if hit["stop"] else hit[0]


def _with_parentheses(line: str, pattern: re.Pattern[str]) -> str:
    """Pairs around Han, or directly after Han and around a plain word or number, become full-width."""
    opened: list[int] = []
    found: list[tuple[int, str]] = []
    for hit in pattern.finditer(line):
        if hit[0] in "(（":
            opened.append(hit.start())
        elif hit[0] in ")）" and opened:
            start, stop = opened.pop(), hit.end()
            if _HAN_CHARACTER.search(line, start, stop) or _is_remark(line, start, stop):
                found += ((start, "（"), (stop - 1, "）"))
    pieces: list[str] = []
    at = 0
    for position, mark in sorted(found):
        pieces += (line[at:position], mark)
        at = position + 1
    return "".join((*pieces, line[at:]))


def _is_remark(line: str, start: int, stop: int) -> bool:
    return (
        _REMARK.fullmatch(line, start + 1, stop - 1) is not None
        and (start == 0 or _BEFORE_REMARK.match(line, start - 1) is not None)
        and (stop == len(line) or _AFTER_REMARK.match(line, stop) is not None)
    )


_ANY = re.compile(r"[,;:?!(.]")
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_HAN_RUN = re.compile(f"[{_HAN}]+")
_LATIN_RUN = re.compile("[A-Za-z]+")
_BEFORE_REMARK = re.compile(f"[{_HAN}{_CLOSE[:-1]}]")  # not a parenthesis: it counts alike in both widths
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
_NUMERAL = r"^\s*[一二三四五六七八九十甲乙丙丁戊]{1,3}\."
_STOP = rf"{_NUMERAL}|(?P<stop>\.(?<=[{_HAN}{_CLOSE}].)(?=[{_HAN}{_OPEN}{_CLOSE}\"\s]|$))"
_LAST_PERIOD = re.compile(rf"[{_HAN}]\.[{_CLOSE}\"]?\s*$")


def _both(pattern: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """For lines without and with something to protect."""
    return re.compile(pattern), re.compile(f"{sourcecode.PROTECTED}|{pattern}")


_MARKS = _both(f"(?P<mark>{_IN_CHINESE})")
_MARKS_IN_LATIN = _both(f"(?P<mark>{_IN_LATIN})")
_PARENTHESES = _both("[()（）]")
_PERIODS = _both(_STOP)
