"""Try models on pages of sites that they were fitted without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from cleaner.judging.bars import LIKELY, SURE
from cleaner.judging.tuning.fitting import column_names, divide_sites, fit_model, predict, score_phrases, stands_alone

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.judging.judge import Model
    from cleaner.judging.tuning.training import TrainingSet

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]


class Trial(Struct, frozen=True):
    """The errors of a model on pages it was not fitted on, in characters.

    Lines that may stay or go count nowhere; spans inside lines count as content.

    Attributes:
        content: characters to keep.
        lost_content: those of them that were dropped.
        junk: characters to drop.
        remaining_junk: those of them that stayed.
    """

    group: str
    content: int
    lost_content: int
    junk: int
    remaining_junk: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall over characters, 0..1; 1.0 where there is nothing to get wrong."""
        if not self.content:
            return float(self.remaining_junk == 0)
        correct = self.content - self.lost_content
        return 2 * correct / max(2 * correct + self.lost_content + self.remaining_junk, 1)


def run_trials(training_set: TrainingSet, prior: Model | None = None, parts: int = 5) -> Iterator[Trial]:
    """Try models on pages of sites they were fitted without: one trial for each site."""
    part = divide_sites(training_set.sites, parts, seed=0)
    names = column_names(training_set)
    for number in range(parts):
        rows = part != number
        model = fit_model(training_set, rows, prior=prior)
        phrases = score_phrases(model.phrases, training_set.excerpts)
        log_odds = predict(model.trees, names, training_set.matrix(names, phrases))
        for site in np.unique(training_set.sites[~rows]).tolist():
            in_group = (training_set.sites == site) & stands_alone(training_set)
            yield _try(training_set, site, in_group, log_odds)


def _try(training_set: TrainingSet, group: str, in_group: Mask, log_odds: Numbers) -> Trial:
    """Count the errors on the lines of a group, where a page without a sure line is left alone."""
    is_sure = (log_odds >= SURE) | training_set.is_decided
    frame = np.bincount(training_set.page, weights=is_sure, minlength=len(training_set.pages))[training_set.page]
    is_dropped = training_set.is_decided | ((log_odds >= LIKELY) & (frame > 0))
    content, junk = in_group & training_set.is_content, in_group & training_set.is_junk
    masks = (content, content & is_dropped, junk, junk & ~is_dropped)
    return Trial(group, *(int(training_set.visible[mask].sum()) for mask in masks))
