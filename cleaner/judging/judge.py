"""Which lines fall: rules decide alone or give evidence, what was learned from labelled pages weighs the rest.

A line's log-odds of junk are the sum of symmetric trees over columns: rules, phrases, the line, its neighbours, its
place, its markup. Text judged by its neighbours is jusText's model (Pomikálek 2011); how much may be dropped from a
page at all is decided by `judging.bars`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from cleaner.errors import PackError
from cleaner.judging import columns, flags, verdicts
from cleaner.judging.analysis import Analysis
from cleaner.judging.bars import BARE, NEVER, SETTINGS, has_markup, mark_bare_documents, set_bars
from cleaner.judging.evidence import CompiledRules
from cleaner.judging.function_words import weigh_function_words
from cleaner.judging.model import phrases, trees
from cleaner.judging.page.lists import lower_bars
from cleaner.judging.page.main_element import weigh_main_element
from cleaner.judging.scores import ScoredLines
from cleaner.judging.verdicts import Judgment
from cleaner.packs.builtin import PLACE
from cleaner.packs.models import PHRASES, TREES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.markup import Hints
    from cleaner.judging.analysis import Earlier
    from cleaner.judging.evidence import LineEvidence
    from cleaner.judging.model.phrases import Phrases
    from cleaner.judging.model.trees import Trees
    from cleaner.options import JudgeSetting
    from cleaner.rules.schema import JudgeModel, RulePack
    from cleaner.text.lines import Batch

    Columns = Mapping[str, NDArray[Any]]

HEAD = (
    "# Weights of n-grams of characters: positive for boilerplate, negative for content. The first row is the bias.\n"
    "# \\u0002 begins a line, \\u0003 ends it, \\u0001 stands for the middle of a long one, 0 for any digit.\n"
    "# Fitted on labelled pages; only n-grams of several sites are in it.\n"
)


class Model(NamedTuple):
    """What was fitted on labelled pages."""

    phrases: Phrases
    trees: Trees


@lru_cache(maxsize=4)
def parse_model(model: JudgeModel) -> Model:
    """Parse the texts of a model.

    Raises:
        PackError: they are damaged.
    """
    try:
        return Model(phrases.read(model.phrases), trees.from_table(msgspec.json.decode(model.trees)))
    except (ValueError, KeyError, TypeError, msgspec.DecodeError) as error:
        raise PackError(f"[judge] model {model.name!r} is damaged: {error}") from None


def write_model(model: Model) -> dict[str, str]:
    """Write a model as the texts of its files, by name."""
    table = msgspec.json.encode(trees.to_table(model.trees)).decode()
    return {PHRASES: phrases.write(model.phrases, HEAD), TREES: table.replace("],[", "],\n[")}


class Judge:
    """A rule pack ready to judge."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        self.rules = CompiledRules(pack.rules)

    @cached_property
    def model(self) -> Model | None:
        """What was learned; None for a pack of rules alone."""
        return parse_model(self.pack.judge) if self.pack.judge else None

    def analyze(
        self,
        batch: Batch,
        earlier: Earlier | None = None,
        *,
        hosts: Sequence[str] = (),
        hints: Sequence[Hints | None] = (),
    ) -> Analysis:
        """Analyze a batch for this pack; matches and phrases in lines of an `earlier` one are taken from there.

        Args:
            hosts: that of each document, for rules that are bound to some; empty where none is known.
            hints: what the markup of each says of its lines, for rules that name elements.
        """
        return Analysis(batch, self.rules.matcher, self._score_phrases, earlier, tuple(hosts), hints)

    def judge(
        self,
        analysis: Analysis,
        markup: Columns | None = None,
        *,
        setting: JudgeSetting = "normal",
        is_first: NDArray[np.bool_] | None = None,
        sizes: NDArray[np.int64] | None = None,
        explain: bool = False,
    ) -> list[Judgment]:
        """Judge all documents of a batch together; none changes the result of another.

        Args:
            analysis: the batch.
            markup: columns (lines,) by name from a reader that saw the markup.
            setting: how far the judge goes.
            is_first: (documents,) whether a document is judged as it came; None: all are.
            sizes: (documents,) characters that are not white space of each document before anything was removed from
                it, for the flags on whole documents.
            explain: list the evidence of every verdict.
        """
        if not len(analysis.batch.starts):
            return [Judgment(flags=(flags.flag_no_article(len(text)),)) for text in analysis.batch.texts]
        scores = self.score(analysis, markup, setting=setting, is_first=is_first)
        tells_kinds = is_first is None or bool(is_first.any())
        return verdicts.decide(replace(scores, sizes=sizes), explain=explain, tells_kinds=tells_kinds)

    def score(
        self,
        analysis: Analysis,
        markup: Columns | None = None,
        *,
        setting: JudgeSetting = "normal",
        is_first: NDArray[np.bool_] | None = None,
    ) -> ScoredLines:
        """Score all lines of a batch; arguments as for `judge`."""
        layout, matches = analysis.layout, self.rules.find_in_zones(analysis)
        evidence = self.rules.weigh_lines(matches, len(analysis.batch.starts))
        scores = ScoredLines(layout=layout, rules=self.rules.rules, matches=matches, evidence=evidence)
        if self.model is None or PLACE in self.pack.off or setting == "off":
            return scores
        # what only one site's rules say was not among what the judge learned from: it must not make it bolder
        unbound = self.rules.without_bound(matches)
        general = evidence if unbound is matches else self.rules.weigh_lines(unbound, len(analysis.batch.starts))
        scores = replace(scores, trees=self.model.trees, phrases=self.model.phrases)
        is_bare = mark_bare_documents(layout, general, is_first, markup)
        if is_bare.all():
            log_odds = np.full(len(analysis.batch.starts), BARE)
            return replace(scores, log_odds=log_odds, bars=np.full(len(log_odds), NEVER))
        values = self.measure(analysis, general, markup)
        log_odds = self.model.trees.scores(values)
        main_element = weigh_main_element(layout, markup, general.total) if markup else None
        if main_element:
            log_odds = np.where(main_element.is_alone, main_element.rules, log_odds) + main_element.log_odds
        function_words = weigh_function_words(layout, general, ~has_markup(layout.batch, markup))
        log_odds = log_odds + function_words
        log_odds = np.where(is_bare[analysis.batch.documents], BARE, log_odds)
        is_known = None if general is evidence else evidence.total > general.total
        how_far = SETTINGS[setting]
        bars = set_bars(layout, log_odds, general, how_far, is_first, markup, is_known)
        scores = replace(
            scores,
            values=values,
            main_element=main_element,
            function_words=function_words,
            log_odds=log_odds,
            bars=bars,
        )
        return lower_bars(scores, analysis.lists, is_first) if markup and how_far and how_far.drops_lists else scores

    def measure(self, analysis: Analysis, evidence: LineEvidence, markup: Columns | None = None) -> NDArray[np.float32]:
        """Measure the columns that the trees ask about, (columns, lines)."""
        assert self.model
        batch = analysis.batch
        measured = columns.measure(analysis.layout, evidence, analysis.phrase_scores, markup)
        return trees.arrange(self.model.trees.names, measured, len(batch.starts))

    def _score_phrases(
        self, codes: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        assert self.model
        return self.model.phrases.scores(codes, starts, stops)
