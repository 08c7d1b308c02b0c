"""Weigh where a line stands to the element that holds a page's text.

Labelled pages in markup are too few for trees to learn it: three weights, set by sites left out, are added to their
sum.
Pages in a language the judge was not taught are judged by this alone, as Readability judges all pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.features.markup import MOSTLY_LINK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

LINE, INSIDE, LINKED = -0.6, -1.0, 0.3
"""Log-odds of junk of any line of a page in markup; of one in the main element, and the share of it in links from which
these do not count."""
AWAY = 4.0
"""Log-odds of junk of a line as far from the main element as can be; less by the step."""
ALONE = 4.0
"""Log-odds, for or against, where nothing but markup judges."""
RULES = 6.0
"""Log-odds, to a weight of one, of what rules say of a line where markup judges."""
LEAST_SHARE = 0.1
"""The share of a document's characters that the main element must hold to judge alone."""


class MainElement(NamedTuple):
    """What the main element says of lines.

    Attributes:
        log_odds: (lines,) of junk, to be added to those of the trees; where it judges alone, all there is.
        is_alone: (lines,) whether it judges, with rules, alone.
        rules: (lines,) log-odds that rules add there.
    """

    log_odds: Numbers
    is_alone: Mask
    rules: Numbers


def weigh_main_element(layout: Layout, markup: Mapping[str, NDArray[Any]], rule_total: Numbers) -> MainElement:
    """Weigh the lines of a batch.

    Args:
        markup: columns (lines,) by name, zeros for documents without any.
        rule_total: (lines,) the weight of all that rules say.
    """
    is_known, is_inside, is_title = (markup[name] > 0 for name in ("known", "inside", "title"))
    alone = np.where((is_inside & (markup["link"] < MOSTLY_LINK)) | is_title, -ALONE, ALONE)
    is_alone = is_known & _is_judged_alone(layout, alone < 0)[layout.batch.documents]
    nearness = LINE + np.where(is_inside & (markup["link"] < LINKED), INSIDE, 0.0)
    distance = np.where(is_title, 0.0, AWAY * np.asarray(markup["away"], dtype=np.float64))
    log_odds = np.where(is_alone, alone, np.where(is_known, nearness + distance, 0.0))
    return MainElement(log_odds, is_alone, np.where(is_alone, RULES * rule_total, 0.0))


def _is_judged_alone(layout: Layout, stays: Mask) -> Mask:
    """Mark documents (documents,) in other languages of which enough would stay."""
    documents, count = layout.batch.documents, len(layout.batch.texts)
    total = np.bincount(documents, weights=layout.visible, minlength=count)
    remaining = np.bincount(documents, weights=np.where(stays, layout.visible, 0), minlength=count)
    return np.asarray(~layout.is_chinese & (remaining >= LEAST_SHARE * total))
