"""Formulas of a page, of whatever kind: each becomes an element that holds nothing but its source in TeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

TAG = "x-formula"
"""The element that a formula becomes; `display` is `block` for one that stands by itself."""
BLOCK = "block"

_ELEMENTS = "math, script[type^='math/tex'], [data-tex], img[eeimg]"
_RENDERERS = "script[src*='mathjax' i], script[src*='katex' i], script[type^='text/x-mathjax' i]"
"""What a page with sources of formulas in its text loads."""
_SIGNS = f"{_ELEMENTS}, {_RENDERERS}"
_INNER = r"(?:[^\\]|\\[^()\[\]])+?"
_SOURCE = re.compile(rf"\\\((?P<inline>{_INNER})\\\)|\\\[(?P<display>{_INNER})\\\]|\$\$(?P<dollars>[^$]+?)\$\$")
"""A formula that a script would render, as MathJax and KaTeX look for them."""
_WRAPPERS = frozenset(("katex", "katex-display", "mwe-math-element"))
"""Classes of KaTeX and Wikipedia for what holds a formula in several forms, only one of which shows."""
_OUTER = 4
"""Elements around a formula that are asked."""
_FORMS = 2
"""Forms of a formula in one wrapper: MathML, and what shows."""
_DISPLAY_STYLE = re.compile(r"\{\\displaystyle\s*(.*)\}", re.DOTALL)
_CODE = frozenset(("code", "pre", "script", "style", "textarea", "xmp", TAG))


def replace_formulas(tree: LexborHTMLParser, markup: str) -> None:
    """Replace the formulas of a page whose sources are there; all others stay."""
    if not tree.css_first(_SIGNS):
        return
    _replace_elements(tree)
    if tree.body and tree.css_first(_RENDERERS) and _SOURCE.search(markup):
        for text in list(_texts(tree.body)):
            _replace_in_text(tree, text)


def _replace_elements(tree: LexborHTMLParser) -> None:
    inner_nodes: set[int] = set()  # elements that are gone with one around them
    for node in tree.css(_ELEMENTS):
        if node.mem_id in inner_nodes:
            continue
        outermost, source, is_block = node, "", False
        if node.tag == "math":
            outermost, source, is_block = _read_math(node)
        elif node.tag == "script":
            source, is_block = node.text(), "display" in (node.attributes.get("type") or "")
            _drop_preview(node)
        else:
            source = node.attributes.get("data-tex") or node.attributes.get("alt") or ""
        if source := " ".join(source.split()):
            inner_nodes.update(inner.mem_id for inner in outermost.css(_ELEMENTS))
            outermost.replace_with(_element(tree, source, is_block=is_block))


def _read_math(node: LexborNode) -> tuple[LexborNode, str, bool]:
    """Return what shows a formula in MathML, in this and other forms; its source; whether it stands by itself."""
    annotation = node.css_first("annotation[encoding*='tex' i]")
    source = (annotation.text() if annotation else "") or node.attributes.get("alttext") or ""
    if match := _DISPLAY_STYLE.fullmatch(source.strip()):
        source = match[1]
    is_block = node.attributes.get("display") == BLOCK
    outer, outermost = node.parent, node
    for _ in range(_OUTER):
        if outer is None or not _holds_little(outer):
            break
        classes = (outer.attributes.get("class") or "").split()
        if not _WRAPPERS.isdisjoint(classes):
            outermost = outer
            is_block = is_block or "katex-display" in classes
        outer = outer.parent
    return outermost, source, is_block


def _holds_little(element: LexborNode) -> bool:
    """Whether an element has no text of its own and two elements at most: a formula, and its other form."""
    child, count = element.first_child, 0
    while child is not None and count <= _FORMS:
        if child.tag == "-text" and (child.text_content or "").strip():
            return False
        count += child.tag != "-text"
        child = child.next
    return count <= _FORMS


def _drop_preview(script: LexborNode) -> None:
    """Remove what MathJax put before the source of a formula: a preview, and the formula as it shows."""
    while (before := script.prev) is not None and (before.attributes.get("class") or "").startswith("MathJax"):
        before.decompose()


def _element(tree: LexborHTMLParser, source: str, *, is_block: bool) -> LexborNode:
    formula = tree.create_node(TAG)
    formula.insert_child(source)
    if not is_block:
        return formula
    formula.attrs["display"] = BLOCK
    line = tree.create_node("div")
    line.insert_child(formula)
    return line


def _texts(body: LexborNode) -> Iterator[LexborNode]:
    """Yield the text nodes that a script would look for formulas in."""
    for node in body.traverse(include_text=True):
        if node.tag == "-text" and (node.parent is None or node.parent.tag not in _CODE):
            yield node


def _replace_in_text(tree: LexborHTMLParser, node: LexborNode) -> None:
    text, start = node.text_content or "", 0
    for match in _SOURCE.finditer(text):
        source = " ".join((match["inline"] or match["display"] or match["dollars"]).split())
        if source:
            node.insert_before(text[start : match.start()])
            node.insert_before(_element(tree, source, is_block=not match["inline"]))
            start = match.end()
    if start:
        node.insert_before(text[start:])
        node.decompose()
