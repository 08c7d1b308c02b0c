"""Formulas of a page are read as their sources in TeX, once, whatever shows them."""

from __future__ import annotations

import time

import pytest

import cleaner
from cleaner.formats import html

_ANNOTATED = "<math{}><semantics><mi>x</mi><annotation encoding='application/x-tex'>{}</annotation></semantics></math>"
_KATEX = "<span class='katex'><span class='katex-mathml'>{}</span><span class='katex-html' aria-hidden='true'>xx</span></span>"
FORMULAS = {
    "MathML": (f"甲{_ANNOTATED.format('', 'x^2')}乙", ["甲x^2乙"], "甲$x^2$乙"),
    "block": (f"甲{_ANNOTATED.format(' display=block', 'x^2')}乙", ["甲", "x^2", "乙"], "甲\n\n$$x^2$$\n\n乙"),
    "KaTeX": (f"甲{_KATEX.format(_ANNOTATED.format('', 'x_1'))}乙", ["甲x_1乙"], "甲$x_1$乙"),
    "KaTeX block": (
        f"甲<span class='katex-display'>{_KATEX.format(_ANNOTATED.format('', 'x_1'))}</span>乙",
        ["甲", "x_1", "乙"],
        "甲\n\n$$x_1$$\n\n乙",
    ),
    "MathJax 2": (
        "甲<span class=MathJax_Preview>[x]</span><span class=MathJax>x2</span><script type='math/tex'>x_2</script>乙",
        ["甲x_2乙"],
        "甲$x_2$乙",
    ),
    "MathJax sources": (
        r"<script src=MathJax.js></script>甲\(a_b\)乙\[c\]丙$$d$$",
        ["甲a_b乙", "c", "丙", "d"],
        "甲$a_b$乙\n\n$$c$$\n\n丙\n\n$$d$$",
    ),
    "no MathJax": (r"甲\(a\)乙", [r"甲\(a\)乙"], r"甲\\(a\\)乙"),
    "Wikipedia": (
        r"甲<span class='mwe-math-element'><span style='display:none'><math alttext='{\displaystyle x}'><mi>x</mi></math>"
        "</span><img alt=x></span>乙",
        ["甲x乙"],
        "甲$x$乙",
    ),
    "Zhihu": ("甲<img eeimg=1 alt='x+y'>乙<span data-tex='z'>zz</span>", ["甲x+y乙z"], "甲$x+y$乙$z$"),
    "no source": ("甲<math><mi>x</mi><mo>+</mo></math>乙", ["甲x+乙"], "甲x+乙"),
    "code": (r"<script src=katex.js></script><code>\(a\)</code>", [r"\(a\)"], r"`\(a\)`"),
    "digits beside": (f"3{_ANNOTATED.format('', 'x')}4", ["3x4"], "3 $x$ 4"),
    "a dollar in it": (f"甲{_ANNOTATED.format('', 'a$b')}乙", ["甲a$b乙"], r"甲a\$b乙"),
}


@pytest.mark.parametrize(("markup", "lines", "markdown"), FORMULAS.values(), ids=FORMULAS)
def test_formulas_become_their_sources(markup: str, lines: list[str], markdown: str) -> None:
    page = f"<p>{markup}</p>"
    assert html.parse_page(page).text.split("\n")[:-1] == lines
    assert cleaner.clean_html(page, judge="off", text_format="markdown").text == f"{markdown}\n"


HOSTILE = [
    "<math alttext=x>" * 3000,
    "<span class=katex>" * 3 + "<math alttext=x></math><math><math alttext=y></math>" * 1000,
    "<span class=MathJax><math alttext=x></math></span><script type=math/tex>y</script>" * 1000,
    "<script src=katex.js></script>" + r"\(" * 10000,
    "<script src=katex.js></script>" + r"$$a\]\[" * 5000,
    "<span data-tex=a>" * 5000,
]


@pytest.mark.parametrize("markup", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_formulas_take_no_time(markup: str) -> None:
    start = time.process_time()
    html.parse_page(markup)
    assert time.process_time() - start < 2
