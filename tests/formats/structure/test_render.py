"""What becomes of structures of pages in Markdown that other tests do not compare."""

from __future__ import annotations

import pytest

import cleaner

WRITTEN: dict[str, tuple[str, str]] = {
    "terms": (
        "<dl><dt>界石</dt><dd>量地时的记号。</dd></dl>",
        "**界石**\n\n量地时的记号。",
    ),
    "a figure": (
        "<figure><img src=a.png alt=x><figcaption>图一：河边的*界石*</figcaption></figure>",
        "图一：河边的\\*界石\\*",
    ),
    "two lists": (
        "<ul><li>甲</li></ul><ul><li>乙</li></ul><ol><li>丙</li></ol><ol><li>丁</li></ol>",
        "- 甲\n\n* 乙\n\n1. 丙\n\n1) 丁",
    ),
    "numbers": (
        "<ol start=9><li>九</li><li value=20>二十</li><li>二十一</li></ol><ol><li value=-1>负</li></ol>",
        "9. 九\n20. 二十\n21. 二十一\n\n- 负",
    ),
    "cells over rows and columns": (
        "<table><tr><th>名</th><th colspan=2>尺寸</th></tr><tr><td rowspan=2>甲</td><td>长</td><td>3</td></tr><tr><td>宽</td><td>4</td></tr></table>",
        "| 名 | 尺寸 | |\n| --- | --- | --- |\n| 甲 | 长 | 3 |\n| | 宽 | 4 |",
    ),
    "lines in a cell": (
        "<table><tr><th>名<th>注<tr><td>甲<td>一<br>二|三<tr><td>乙<td><ul><li>四<li>五</ul></table>",
        "| 名 | 注 |\n| --- | --- |\n| 甲 | 一<br>二\\|三 |\n| 乙 | 四<br>五 |",
    ),
    "a page laid out by a table": (
        "<table><tr><td><h2>题</h2><p>文</p></td><td>边栏</td></tr><tr><td>一</td><td>二</td></tr></table>",
        "## 题\n\n文\n\n边栏\n\n一\t二",
    ),
    "a table in a quote": (
        "<blockquote><p>看：</p><table><tr><th>甲<th>乙<tr><td>1<td>2</table></blockquote>",
        "> 看：\n>\n> | 甲 | 乙 |\n> | --- | --- |\n> | 1 | 2 |",
    ),
    "code in an item": (
        "<ul><li>跑：<pre class='brush: js;'>a\n\n  b</pre></li><li>好</li></ul>",
        "- 跑：\n\n  ```js\n  a\n\n    b\n  ```\n- 好",
    ),
    "languages of code": (
        "<div class='highlight-source-python'><pre>x</pre></div><pre lang=go>y</pre><pre class=prettyprint>z</pre>",
        "```python\nx\n```\n\n```go\ny\n```\n\n```\nz\n```",
    ),
    "fences in code": (
        "<pre>```\ncode\n````\n</pre>",
        "`````\n```\ncode\n````\n`````",
    ),
    "a link around a block": (
        "<a href=/b><div>一</div><div>二</div></a>",
        "[一](http://x.example/b)\n\n[二](http://x.example/b)",
    ),
    "links": (
        "<p><a href='a b.html'>甲</a><a href=#x>乙</a><a href='javascript:x()'>丙</a>!<a href=http://x.example/?a=1&amp;lt;=2>丁</a></p>",
        "[甲](http://x.example/d/a%20b.html)乙丙！[丁](http://x.example/?a=1&amp;lt;=2)",
    ),
    "strong with a colon": (
        "<p><b>注：</b>请看</p>",
        "**注**：请看",
    ),
    "strong in a word": (
        "<p>甲<b>乙</b>丙<em>丁</em>戊 <b><i>己</i></b></p>",
        "甲**乙**丙*丁*戊 **己**",
    ),
    "line marks": (
        "<p># 甲</p><p>1. 乙</p><p>- 丙</p><p>+ 丁</p><p>> 戊</p><p>---</p><p>===</p><p>| a |</p><p>~~~</p><p>2023. 年</p>",
        "\\# 甲\n\n1\\. 乙\n\n\\- 丙\n\n\\+ 丁\n\n\\> 戊\n\n\\---\n\n\\===\n\n| a |\n\n\\~~~\n\n2023\\. 年",
    ),
    "deep quotes": (
        "<blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote><blockquote>深</blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote></blockquote>",
        "> > > > > > > > 深",
    ),
    "a heading with a break": (
        "<h2>上<br>下 #</h2>",
        "## 上 下 \\#",
    ),
    "breaks": (
        "<p>一<br>二<br><br>三</p>",
        "一\\\n二\n\n三",
    ),
    "an item of paragraphs": (
        "<ol><li><p>一</p><p>二</p><ul><li>三</li></ul><p>四</p></li></ol>",
        "1. 一\n\n   二\n   - 三\n\n   四",
    ),
    "heading in item": (
        "<ul><li><h3>题</h3>文</li></ul>",
        "- ### 题\n\n  文",
    ),
    "formula in heading": (
        "<h2>面积 <math alttext='a_1'></math></h2>",
        "## 面积 $a_1$",
    ),
}


@pytest.mark.parametrize(("markup", "markdown"), WRITTEN.values(), ids=WRITTEN)
def test_structures_are_written(markup: str, markdown: str) -> None:
    address = "http://x.example/d/p.html"
    cleaned = cleaner.clean_html(markup, url=address, judge="off", text_format="markdown", links="inline")
    assert cleaned.text == f"{markdown}\n"


def test_links_are_seen_from_where_the_page_says() -> None:
    page = "<base href='http://y.example/e/'><p><a href='b'>甲</a></p>"
    assert (
        cleaner.clean_html(page, judge="off", text_format="markdown", links="inline").text
        == "[甲](http://y.example/e/b)\n"
    )
    assert cleaner.clean_html(page, judge="off", text_format="markdown").text == "甲\n"
