"""What stands below a page's title: when it was published, who wrote it, whom the text is from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.formats.metadata.dates import find_dates
from cleaner.formats.metadata.model import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST = 120
"""Characters of a line of a byline, at most."""
_SHORTEST_TITLE = 2
"""Letters of a title that is looked for, at least."""
_LINES_ABOVE, _LINES_BELOW = 3, 12
"""Lines above and below the title in which a byline is looked for."""
_LIST = 3
"""Lines with dates below a title from which they are a list."""
_PROSE = re.compile(r"[。！？；]")
_SIGN = re.compile(
    r"来\s?源|來\s?源|稿源|作\s?者|发布|發布|发表|發表|刊登|时间|時間|日期|编辑|編輯|责编|记者|記者|撰文|更新|浏览|瀏覽|阅读|閱讀|点击|點擊|"
    r"人气|字号|字體|评论|Posted|Published|Updated|\bBy\b",
    re.IGNORECASE,
)
_OTHER_DATE = re.compile(
    r"版权|版權|copyright|©|今天|现在是|當前|当前|截至|注册|註冊|备案|上次登录|最后登录", re.IGNORECASE
)
"""Words beside dates that are not the page's."""
_LABELS = "来源|來源|责任|责编|编辑|編輯|发布|發布|时间|時間|浏览|阅读|点击|字号|记者|作者"
_STOP = (
    r"(?=\s{2,}|\s*[|｜/·丨，,;；。]|\s+\S{1,6}[：:]|\s*(?:19|20)\d\d[-年/.]|\s*[（(\[\]【]"
    rf"|\s*(?:{_LABELS})|\s*$)"
)
"""What ends a name: white space, a mark, or what else a byline says."""
_NAME = rf"(?P<name>[^\s|｜：:，,。；;（(\[\]【<][^|｜：:，,。；;（(\[\]【<\n]{{0,29}}?){_STOP}"
_AUTHOR = (
    re.compile(rf"(?:作\s?者|撰文|撰稿)\s?[：:]\s*{_NAME}"),
    re.compile(rf"(?:本报|本網|本网|特约|通讯)?(?:记者|記者)\s?[：:]\s*{_NAME}"),
    re.compile(rf"(?:^|\s)文\s?[/／｜|：:]\s*{_NAME}"),
    re.compile(r"(?:^|\s)[Bb]y[ :]\s?(?P<name>[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3})"),
)
_SOURCE = re.compile(rf"(?:(?:文章|信息|稿件|新闻)?来\s?源(?:于)?|來\s?源|稿源|转自|轉自)\s?[：:]\s*{_NAME}")
_NO_NAME = re.compile(r"\d+$|(?:未知|佚名|不详|admin|管理员|本站|匿名|原创|网络|互联网|编辑|本网)$", re.IGNORECASE)


def read_byline(lines: Sequence[str], title: str) -> Iterator[tuple[str, Value]]:
    """Yield what a page's lines say below its title; a page whose title is no line is read from its beginning.

    Args:
        lines: the page, one block a line.
        title: of the page.
    """
    short_lines = list(filter(_is_short, lines))
    labelled_lines = [line for line in short_lines if _SIGN.search(line)]
    neighbours = list(filter(_is_short, _around_title(lines, title)))
    date = _find_date(neighbours) or _find_date(labelled_lines) or _find_lone_moment(short_lines)
    yield "date", Value(date, "byline")
    for line in [*neighbours, *labelled_lines]:
        for pattern in _AUTHOR:
            if (match := pattern.search(line)) and _is_name(match["name"]):
                yield "author", Value(match["name"].strip(), "byline")
        if (match := _SOURCE.search(line)) and _is_name(match["name"]):
            yield "source", Value(match["name"].strip(), "byline")


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST and not _PROSE.search(line)


def _is_name(name: str) -> bool:
    return not _NO_NAME.match(name.strip())


def _around_title(lines: Sequence[str], title: str) -> list[str]:
    """Return the lines below the title of a page, then those above."""
    place = _find_title(lines, title)
    if place is None:
        return []
    return [*lines[place + 1 : place + 1 + _LINES_BELOW], *lines[max(place - _LINES_ABOVE, 0) : place]]


def _find_title(lines: Sequence[str], title: str) -> int | None:
    """Find the first line that is the title of a page."""
    title_letters = _letters(title)
    if not title_letters:
        return None
    for number, line in enumerate(lines):
        letters = _letters(line)
        if letters and _are_alike(letters, title_letters):
            return number
    return None


def _are_alike(line: str, title: str) -> bool:
    """Whether one holds the other and is not much longer."""
    shorter, longer = sorted((line, title), key=len)
    return len(shorter) >= _SHORTEST_TITLE and len(shorter) * 2 >= len(longer) and shorter in longer


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _find_date(lines: Sequence[str]) -> str:
    """Find the first date; none in a list of dated lines of which none says what its date is."""
    dates = {line: date.iso for line in lines if not _OTHER_DATE.search(line) for date in [*find_dates(line)][:1]}
    labelled_date = next((date for line, date in dates.items() if _SIGN.search(line)), "")
    return labelled_date if len(dates) >= _LIST else next(iter(dates.values()), "")


def _find_lone_moment(lines: Sequence[str]) -> str:
    """Find the one line of a page that is a day with its time and nothing else."""
    moments = {
        date.iso
        for line in lines
        for date in find_dates(line)
        if "T" in date.iso and line == line[date.start : date.stop]
    }
    return moments.pop() if len(moments) == 1 else ""
