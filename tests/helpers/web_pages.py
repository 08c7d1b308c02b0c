"""Pages that we write, read as a browser reads them, and a hostile corpus to write them from."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

BIDI = "\u202e\u202d\u2066\u2067\u2068\u200f\u061c"
CONTROLS = "".join(map(chr, [*range(0x20), 0x7F, *range(0x80, 0xA0)])).replace("\n", "")
ATTACKS = (
    "<script>document.title='owned'</script>",
    "</td></table></details><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    '" onmouseover="document.title=1" x="',
    "{{ 7 * 7 }}{% raw %}",
    "--></style></title><svg/onload=document.title='owned'>",
    "javascript:document.title='owned'",
    "&lt;script&gt;&#60;&amp;",
    BIDI + "moc.elpmaxe",
    CONTROLS,
    "z" + "\u0301" * 500,
    "\U000e0041\ufeff\u2028\u2029",
)
"""Texts that would run, or break a page, if it took them for its own."""
NAV = "首页|新闻|图片|视频|论坛"
FOOT = "版权所有 京ICP备12345678号-1"
PROSE = "河水退去之后，村里的人开始重新丈量田地。老人说，三十年前的界石还在，只是埋在了两尺深的淤泥下面。"


def write_hostile_corpus(path: Path, longest: int = 1_000_000) -> None:
    """Records of which ids, hosts and texts are hostile, one of them with a line of a million characters."""
    texts = [f"{NAV}\n\n{PROSE}{attack}\n{PROSE}\n\n{FOOT}{attack}\n{FOOT}\n" for attack in ATTACKS]
    texts.append(f"{NAV}\n\n{'长' * longest}\n{PROSE}\n\n{FOOT}\n")
    rows = [
        {"id": f"{attack}{number}", "host": attack, "text": text}
        for number, (attack, text) in enumerate(zip((*ATTACKS, "long"), texts, strict=True))
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


class Page(HTMLParser):
    """The elements of a page with their attributes, and its texts without scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.code: dict[str, str] = {}
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.code[self._inside] = data
        else:
            self.text += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)

    @property
    def policy(self) -> str:
        return next(a["content"] or "" for t, a in self.elements if t == "meta" and "http-equiv" in a)


def assert_harmless(text: str) -> Page:
    """A page has one script and one style of its own, no handler, no address elsewhere, no character that turns it."""
    page = Page(text)
    assert page.count("script") == page.count("style") == 1
    for tag, attributes in page.elements:
        assert tag not in ("img", "iframe", "object", "embed", "form", "base")
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "src", "action")], tag
        assert re.match(r"#|data:,|$", attributes.get("href") or ""), attributes
    assert not set(BIDI + CONTROLS.replace("\t", "")) & set(text)
    assert "default-src 'none'" in page.policy
    assert "unsafe" not in page.policy
    return page
