"""Decide how much the judge may take from each document: nothing, what is sure, or all that is likely.

A page without a single sure piece of furniture is somebody's text; so is one in a script that the judge was not taught.
There only rules act. A document that would lose nearly all of its characters, or about which there is much doubt,
loses only what is sure. So does one of few lines; where too little of it would remain even so, only rules act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.judging.doubt import measure_doubt
from cleaner.judging.model.trees import UNIT
from cleaner.rules.schema import DROP_SCORE
from cleaner.text.segments import run_ids

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout
    from cleaner.judging.evidence import LineEvidence
    from cleaner.options import JudgeSetting
    from cleaner.text.lines import Batch

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

LIKELY, SURE = 0.6, 1.6
"""Log-odds of junk from which a line is likely to be furniture, and from which it is sure: a chance of 83 in 100."""
FEW_LINES, SURE_OF_FEW = 8, 3.0
"""Lines of a document below which a line must be surer still: a few lines by themselves are somebody's text."""
SHARE_OF_FEW = 0.7
"""The share of the characters of such a document that must remain; where less would, only rules act."""
BARE = -2.0
"""The log-odds of all lines of such a document of which no rule speaks: nothing else is asked."""
FRAME_PLACES = ("in-nav", "in-footer", "in-share", "in-ad")
"""Columns of markup that say that a line belongs to a page's frame."""
LEAST_SHARE = 0.1
"""The share of a document's characters that must remain; where less would, only sure lines are dropped."""
LONG_RUN, RUN_MEAN, RUN_LIMIT = 5, 2.0, 5.0
"""Lines of a long run to be dropped, the mean log-odds below which it is a list or table that is not understood (then
only sure lines of it are dropped), and the log-odds that a line counts at most there."""
SHORT_RUN, STAYING_SHARE, CLEAR = 3, 0.33, 2.0
"""Lines of a run of like lines, and the share of them that stays, from which it is not torn: all stay whose log-odds
are not clearly those of junk."""
INSIDE_SHARE, INSIDE = 0.35, 3.0
"""The share of the lines above and of those below a line that stay, from which it stands inside a text; and the
log-odds from which such a line goes, if no rule speaks of it."""
KNOWN_FRAME, OWN_SHARE = 3, 0.3
"""Lines that rules of a site call its frame, from which it is known; and the share of the characters beside a frame
that must remain where none of them is prose: where less would, only rules act, as a poem is no menu."""
DOUBTFUL = 0.2
"""The doubt from which a document loses only sure lines."""
NEVER = np.inf
"""A bar that no score reaches."""


@dataclass(frozen=True)
class Setting:
    """How far the judge goes.

    `bar`: log-odds from which a line is dropped on a page with a frame. `frame`: sure lines that make a frame.
    `drops_lists`: whether a list of a page in markup, half of which goes, goes whole.
    """

    bar: float
    frame: int
    drops_lists: bool = False


SETTINGS: dict[JudgeSetting, Setting | None] = {
    "off": None,
    "careful": Setting(bar=2.0, frame=2),
    "normal": Setting(bar=LIKELY, frame=1, drops_lists=True),
}


def set_bars(
    layout: Layout,
    log_odds: Numbers,
    evidence: LineEvidence,
    setting: Setting | None,
    is_first: Mask | None,
    markup: Mapping[str, NDArray[Any]] | None = None,
    is_known: Mask | None = None,
) -> Numbers:
    """Set the log-odds from which each line is dropped.

    Args:
        layout: the lines.
        log_odds: (lines,) of junk.
        evidence: what the rules say of them; a line that one or several decide on is a piece of a frame.
        setting: None lets only rules act.
        is_first: (documents,) whether a document is judged as it came; one that was judged before loses only sure
            lines, as its frame is gone. None: all are.
        markup: columns (lines,) by name; a line in a menu, a footer or the like is a piece of a frame.
        is_known: (lines,) whether a rule of the document's own site calls it a piece of its frame; None: none is.

    Returns:
        (lines,) float64.
    """
    documents = layout.batch.documents
    if setting is None:
        return np.full(len(documents), NEVER)
    is_decided = evidence.strongest >= DROP_SCORE
    is_few = np.diff(layout.batch.first_lines) < FEW_LINES
    sure = _set_sure_bars(layout, log_odds, is_decided, is_few, setting)
    # what rules call furniture is dropped in every round, else a second cleaning would find the frame again; markup is
    # gone by then
    is_marked = marks_frame(markup)
    if is_first is not None:
        is_marked = is_marked & is_first[documents]
    is_named = evidence.total >= DROP_SCORE
    is_furniture = (is_named | is_marked) & (log_odds >= setting.bar)
    frame = _sum_up(layout.batch, (log_odds >= sure[documents]) | is_decided | is_furniture)
    keeps_least = _remaining_share(layout, (log_odds >= setting.bar) | is_decided) >= LEAST_SHARE
    bars = np.where(keeps_least & ~is_few, setting.bar, sure)
    if is_first is not None:
        bars = np.where(is_first, bars, sure)
    leaves = (frame < setting.frame) | ~(layout.is_taught | has_markup(layout.batch, markup))
    if is_known is not None:
        leaves |= _has_known_frame(layout, is_known) & _would_go(
            layout, log_odds >= setting.bar, ~(is_known | is_decided), most_prose=0
        )
    bars = np.where(leaves, NEVER, bars)[documents]
    bars = np.where(_is_doubtful_run(layout, log_odds, bars), np.maximum(bars, sure[documents]), bars)
    bars = np.where(is_furniture & ~leaves[documents], setting.bar, bars)
    doubt = measure_doubt(layout.batch, layout.visible, log_odds, is_decided, is_decided | (log_odds >= bars))
    is_doubtful = (doubt >= DOUBTFUL)[documents] & ~(is_furniture & is_named)
    is_anchored = _sum_up(layout.batch, evidence.total > 0) > 0
    doubtful_bars = np.where(is_anchored, sure, NEVER)[documents]
    bars = np.where(is_doubtful, np.maximum(bars, doubtful_bars), bars)
    if is_known is not None:
        bars = np.where(_is_last_prose(layout, log_odds < bars, is_decided, is_known), np.maximum(bars, CLEAR), bars)
    bars = _keep_together(layout, log_odds, bars, evidence, is_furniture)
    is_eligible = ~has_markup(layout.batch, markup) & (True if is_first is None else is_first)
    return _spare(layout, log_odds, bars, evidence, is_eligible)


def _keep_together(
    layout: Layout, log_odds: Numbers, bars: Numbers, evidence: LineEvidence, is_furniture: Mask
) -> Numbers:
    """Raise the bars of lines whose neighbours stay: of a run of like lines, or inside a text."""
    is_decided = evidence.strongest >= DROP_SCORE
    bars = np.where(_is_torn(layout, log_odds, bars, is_decided), np.maximum(bars, CLEAR), bars)
    is_silent = (evidence.total <= 0) & ~is_decided & ~is_furniture
    is_inside = is_silent & _is_inside(layout, ~is_decided & (log_odds < bars))
    return np.where(is_inside, np.maximum(bars, INSIDE), bars)


def _spare(layout: Layout, log_odds: Numbers, bars: Numbers, evidence: LineEvidence, is_eligible: Mask) -> Numbers:
    """Leave to rules alone texts without prose that would go; with one line of it, only what is clear goes."""
    is_own = np.maximum(evidence.strongest, evidence.total) < DROP_SCORE
    is_spared = is_eligible & _would_go(layout, log_odds >= bars, is_own, most_prose=1)
    least = np.where(_sum_up(layout.batch, is_own & layout.prose) == 0, NEVER, INSIDE)
    return np.where(is_own & is_spared[layout.batch.documents], np.maximum(bars, least[layout.batch.documents]), bars)


def mark_bare_documents(
    layout: Layout, evidence: LineEvidence, is_first: Mask | None, markup: Mapping[str, NDArray[Any]] | None = None
) -> Mask:
    """Mark documents (documents,) of few lines, without markup, of which no rule speaks: somebody's text as it is.

    What is left of a page that was judged before is none; arguments as for `set_bars`.
    """
    is_few = np.diff(layout.batch.first_lines) < FEW_LINES
    has_rule = _sum_up(layout.batch, evidence.total != 0) > 0
    is_bare = np.asarray(is_few & ~has_rule & ~has_markup(layout.batch, markup))
    return is_bare if is_first is None else is_bare & is_first


def _set_sure_bars(layout: Layout, log_odds: Numbers, is_decided: Mask, is_few: Mask, setting: Setting) -> Numbers:
    """Set the log-odds (documents,) from which the lines of each document are sure to be furniture."""
    sure = np.where(is_few, SURE_OF_FEW, max(SURE, setting.bar))
    share = _remaining_share(layout, (log_odds >= sure[layout.batch.documents]) | is_decided)
    return np.where(is_few & (share < SHARE_OF_FEW), NEVER, sure)


def _would_go(layout: Layout, is_going: Mask, is_own: Mask, *, most_prose: int) -> Mask:
    """Mark documents (documents,) of whose own lines hardly one would stay; at most so many are prose, which stays."""
    own, is_prose = np.where(is_own, layout.visible, 0), is_own & layout.prose
    staying = _sum_up(layout.batch, np.where(is_going, 0, own))
    is_bare = (_sum_up(layout.batch, is_prose) <= most_prose) & (_sum_up(layout.batch, is_prose & is_going) == 0)
    return np.asarray(is_bare & (staying < OWN_SHARE * _sum_up(layout.batch, own)))


def _is_last_prose(layout: Layout, is_staying: Mask, is_decided: Mask, is_known: Mask) -> Mask:
    """Mark the prose (lines,) beside a frame that is known, where none of it would stay."""
    is_own = layout.prose & ~(is_known | is_decided)
    loses_all = _sum_up(layout.batch, is_own & is_staying) == 0
    return np.asarray(is_own & (_has_known_frame(layout, is_known) & loses_all)[layout.batch.documents])


def _has_known_frame(layout: Layout, is_known: Mask) -> Mask:
    return np.asarray(_sum_up(layout.batch, is_known) >= KNOWN_FRAME)


def _remaining_share(layout: Layout, is_dropped: Mask) -> Numbers:
    """Measure the share of each document's characters (documents,) that remain without some lines."""
    total = _sum_up(layout.batch, layout.visible)
    return _sum_up(layout.batch, np.where(is_dropped, 0, layout.visible)) / np.maximum(total, 1)


def _sum_up(batch: Batch, values: NDArray[np.generic]) -> Numbers:
    """Sum up values (lines,) of each document, (documents,)."""
    return np.bincount(batch.documents, weights=values, minlength=len(batch.texts)).astype(np.float64)


def marks_frame(markup: Mapping[str, NDArray[Any]] | None) -> Mask | bool:
    """Mark lines (lines,) that stand in a menu, a footer or the like by the page's markup; False without markup."""
    places = [markup[name] > 0 for name in FRAME_PLACES if name in markup] if markup else []
    return np.any(places, axis=0) if places else False


def _is_torn(layout: Layout, log_odds: Numbers, bars: Numbers, is_decided: Mask) -> Mask:
    """Mark the lines (lines,) of runs of like lines, such as verse, names or dates, some of which would stay."""
    is_clear = is_decided | (log_odds >= CLEAR)
    shapes = np.where(is_clear, -1 - np.arange(len(log_odds)), layout.shapes)
    runs = run_ids(shapes, layout.batch.documents)
    size, staying = np.bincount(runs), np.bincount(runs, weights=log_odds < bars)
    return np.asarray(((size >= SHORT_RUN) & (staying >= STAYING_SHARE * size))[runs] & ~is_clear)


def _is_inside(layout: Layout, is_staying: Mask) -> Mask:
    """Mark lines (lines,) between enough lines of their document that stay: lists are not taken in pieces."""
    segments, staying = layout.segments, is_staying.astype(np.float64)
    below = segments.size - segments.position - 1
    has_above = segments.sum_before(staying) >= INSIDE_SHARE * np.maximum(segments.position, 1)
    return np.asarray(has_above & (segments.sum_after(staying) >= INSIDE_SHARE * np.maximum(below, 1)))


def has_markup(batch: Batch, markup: Mapping[str, NDArray[Any]] | None) -> Mask:
    """Mark documents (documents,) that came with markup, which judges any language."""
    return np.asarray(_sum_up(batch, markup["known"]) > 0) if markup else np.zeros(len(batch.texts), dtype=bool)


def _is_doubtful_run(layout: Layout, log_odds: Numbers, bars: Numbers) -> Mask:
    """Mark lines (lines,) of long runs to be dropped of which hardly a line is sure: lists, tables, rosters."""
    is_dropped = log_odds >= bars
    runs = run_ids(is_dropped, layout.batch.documents)
    size = np.bincount(runs)
    # whole numbers: a sum must not hang on the documents before it
    total = np.bincount(runs, weights=np.rint(np.minimum(np.maximum(log_odds, -RUN_LIMIT), RUN_LIMIT) * UNIT))
    is_doubtful = (size >= LONG_RUN) & (total < RUN_MEAN * UNIT * size)
    return np.asarray(is_doubtful[runs] & is_dropped)
