"""Decide which recurring lines are the site's: dropped where place, words and the packs at hand agree, else flagged.

Novels, statutes, data sheets and refrains recur as well. What an author may have written is never dropped: prose
without a word of frames, values of sheets, numbered heads, and what stands between the lines of a page's own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from cleaner.learning.line_keys import VARIABLE
from cleaner.learning.observations import COLUMNS
from cleaner.learning.places import STEADY
from cleaner.normalization.script.folding import fold

if TYPE_CHECKING:
    from cleaner.learning.observations import Observations

Place = Literal["head", "side", "tail"]
PLACES: tuple[Place, ...] = ("head", "side", "tail")

SUPPORT = 0.5
"""The share of judged pages on which rules at hand must speak against a line to support dropping it. That the judge
drops it is no support: it mistakes data sheets for frames."""
OUTER = 0.8
"""The share of a line's places that must be the outermost, where nothing else speaks for a frame."""
BESIDE_VALUES = 0.2
"""The share of places beside a value from which a line may belong to a data sheet."""
PROSE_LENGTH, PROSE_CLAUSE = (6, 10), 30
"""Characters of a line that ends with a full stop or a colon, with another mark, and of one with a comma, from which
it is prose."""
REPEATED = 3
"""The places of a line on each of its pages, on the mean, from which it may be a value in a table."""
LONGEST_PROSE = 200
"""Characters of prose that a frame may hold."""

HEADLINE = 5
"""Characters from which a line without a word of frames may be the title of another text: only most pages have those
of a site, and one that few have is gone tomorrow, or stands on its own page as its title."""
FLAG_SHARE = 0.3
"""The share of the pages from which a doubtful line is worth a remark."""

PART_NUMBER = re.compile(
    r"第 ?[\d一二三四五六七八九十百千零〇两]+ ?[章节回卷集部篇条款编册期课讲幕场话]"
    r"|^[(\[]?\d+[)\].、]|^[一二三四五六七八九十]+、"
)
_ROW, _DIGIT = re.compile(r"\S \S+ \S+ \S"), re.compile(r"\d")
_LABEL = re.compile(r"^.{1,10}?[:：] ?\S.{0,11}$|\t")
_CONTACT = re.compile(
    r"电话|传真|地址|邮编|邮箱|热线|客服|备案|许可|举报|版权|编辑|责编|来源|作者|发布|更新|浏览|阅读|点击|评论|分享|"
    r"当前位置|您的位置|位置|上一|下一|标签|关键[字词]|字号|技术支持|主办|承办|网站|tel|fax|mail|copyright|icp"
)
FRAME_WORDS = re.compile(
    r"版权|转载|授权|本网|本站|本刊|免责|声明|侵权|联系我们|删除|关注|公众号|微信|微博|扫码|扫一扫|二维码|客户端|下载|"
    r"app\b|订阅|点击|投稿|登录|注册|评论|跟帖|举报|热线|客服|网站|网友|编辑|收藏|分享|打印|返回|首页|更多|[看读]全文|排行|字号|字体|复制链接|"
    r"共 ?\d+ ?页|[上下]一?[页篇章]|[尾末]页|"
    r"推荐阅读|相关阅读|热门|广告|copyright|all rights"
)
_SENTENCE_END = tuple("。!?…;.:")


class LearnedLine(Struct, frozen=True, order=True):
    """A line that a host prints on many pages.

    `texts`: as it stands there, one or two of its forms. `is_variable`: it differs in digits or a title. `pages`: those
    that have it, of `host_pages`. `reason`: why it is only flagged, "" where it is dropped.
    """

    host: str
    place: Place
    texts: tuple[str, ...]
    is_variable: bool
    pages: int
    host_pages: int
    reason: str = ""
    before: str = ""
    after: str = ""
    is_known: bool = False
    """Whether a shipped rule drops it by itself wherever it was looked at."""
    path: str = ""
    """The path to the element that it stands in on pages of HTML, where two of them agree."""


def decide(observations: Observations) -> Iterator[LearnedLine]:
    """Yield the learned lines of all hosts, in no order."""
    columns = {name: observations.number(name).tolist() for name in COLUMNS}
    is_variable = observations.counts.is_variable.tolist()
    pages = observations.counts.pages.tolist()
    for row, samples in observations.samples.items():
        host = observations.hosts[row]
        numbers = {name: columns[name][row] for name in COLUMNS}
        host_pages = observations.counts.hosts[host]
        sight = _Sight(**numbers, pages=pages[row], host_pages=host_pages, is_variable=is_variable[row])
        texts = tuple(dict.fromkeys(sample.text for sample in samples))
        reason = sight.doubt(fold(texts[0]))
        if reason is not None and (not reason or sight.share >= FLAG_SHARE):
            first, second = samples[0], samples[-1]
            yield LearnedLine(
                host,
                sight.place,
                texts,
                sight.is_variable and bool(VARIABLE.search(fold(texts[0]))),
                sight.pages,
                sight.host_pages,
                reason,
                first.before,
                first.after,
                sight.decisions == sight.sample > 0,
                first.path if first.path == second.path else "",
            )


class _Sight(Struct, frozen=True):
    """What was counted of one line."""

    places: int
    head: int
    tail: int
    outer: int
    values: int
    labels: int
    sample: int
    evidence: int
    decisions: int
    pages: int
    host_pages: int
    is_variable: bool

    @property
    def place(self) -> Place:
        """Where it stands most often."""
        counts = {"head": self.head, "side": self.places - self.head - self.tail, "tail": self.tail}
        return max(PLACES, key=lambda place: counts[place])

    @property
    def entropy(self) -> float:
        """The entropy of its place in bits, from 0 to log2(3)."""
        counts = (self.head, self.tail, self.places - self.head - self.tail)
        return -sum(count / self.places * math.log2(count / self.places) for count in counts if count)

    @property
    def steadiness(self) -> float:
        """The share of the most frequent place."""
        return max(self.head, self.tail, self.places - self.head - self.tail) / self.places

    @property
    def share(self) -> float:
        """The share of the host's pages that have it."""
        return self.pages / self.host_pages

    def doubt(self, text: str) -> str | None:
        """Say why a line, folded, is only flagged; "" where it is dropped, None where nothing is to be said of it."""
        is_prose = _is_prose(text)
        has_words = bool(FRAME_WORDS.search(text))
        is_backed = has_words or self.evidence >= SUPPORT * self.sample > 0
        if len(text) >= HEADLINE and not is_backed and self.share < STEADY:
            return None
        if PART_NUMBER.search(text) and not is_backed:
            return None if self.is_variable else "numbered as parts of a text are"
        if self.steadiness < STEADY and not is_backed:
            return "now here, now there on the pages"
        if self.places >= REPEATED * self.pages and not has_words:
            return "several times on a page, as values in a table"
        if is_prose:
            return self._doubt_prose(text, has_words=has_words, is_backed=is_backed)
        doubt = self._doubt_shape(text, has_words=has_words)
        return doubt or self._doubt_place(has_words=has_words, is_backed=is_backed)

    def _doubt_shape(self, text: str, *, has_words: bool) -> str:
        """Say what a line looks like that an author may have written."""
        if _ROW.search(text) and not has_words:
            return "a row of words, as the head of a table"
        if _LABEL.search(text) and not _CONTACT.search(text):
            return "a label with its value, as in data sheets"
        is_series = self.place == "head" and len(text) >= HEADLINE and _DIGIT.search(text)
        return "with a number, as the title of a series" if is_series and not (has_words or self.evidence) else ""

    def _doubt_place(self, *, has_words: bool, is_backed: bool) -> str:
        """Say why the place of a line does not speak for a frame."""
        is_outer = self.outer >= OUTER * self.places
        if has_words or (is_backed and (is_outer or self.labels <= BESIDE_VALUES * self.places)):
            return ""
        if self.is_variable:
            return "with numbers or a title of its own"
        if self.place == "side" or not is_outer:
            return "between lines of the page's own"
        return "beside values, as in data sheets" if self.values > BESIDE_VALUES * self.places else ""

    def _doubt_prose(self, text: str, *, has_words: bool, is_backed: bool) -> str | None:
        is_everywhere = self.share >= STEADY and len(text) <= LONGEST_PROSE
        if self.is_variable and not has_words:
            return "prose with numbers of its own"
        if self.place == "side" and not (is_everywhere and has_words):
            return None
        if not is_backed:
            return "prose without a word of frames"
        return "" if is_everywhere or has_words else "prose on few pages"


def _is_prose(text: str) -> bool:
    has_end = text.endswith(_SENTENCE_END) and len(text) >= PROSE_LENGTH[text[-1] not in "。:"]
    return has_end or (len(text) >= PROSE_CLAUSE and any(mark in text for mark in ",，。;"))
