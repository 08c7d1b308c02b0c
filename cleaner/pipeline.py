"""Clean one text: normalize, judge, apply the verdicts, until nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cleaner.draft import Draft, known_rows, record_unchanged_lines
from cleaner.features import markup
from cleaner.judging.judge import Judge
from cleaner.model import Cleaned, Document
from cleaner.normalization.steps import NORMALIZER
from cleaner.options import CleanOptions
from cleaner.packs import loader
from cleaner.packs.builtin import NO_ARTICLE, SUSPECT
from cleaner.text import islands, lines, seams

if TYPE_CHECKING:
    from typing import Any, Unpack

    from cleaner.features.markup import Hints
    from cleaner.judging.analysis import Analysis
    from cleaner.judging.verdicts import Judgment
    from cleaner.model import Verdict
    from cleaner.options import CleanKeywords, JudgeSetting
    from cleaner.rules.schema import Rule, RulePack

PageHints = markup.Hints | Sequence[markup.Hints | None] | None
"""What the HTML of a page says about its lines; of a document with seams, of each of its texts."""
MAX_ROUNDS = 20
"""Rounds after which a text that still changes keeps its lines: each cut uncovers another, as in a list of words."""


class Pack:
    """A rule pack ready to use, equal to every pack of the same content.

    It can be shared between threads and pickled, as data; equal packs are compiled once in a process, when first used.
    """

    def __init__(self, data: RulePack) -> None:
        self.data = data if data.hash else loader.rehash(data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pack) and self.data.hash == other.data.hash

    def __hash__(self) -> int:
        return hash(self.data.hash)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules as data, those of extended packs included."""
        return self.data.rules

    @property
    def judging(self) -> Judge:
        """The compiled rules."""
        with _COMPILING:
            return _compile(self)

    def judge(self, text: str, *, host: str = "", hints: Hints | None = None) -> tuple[Verdict, ...]:
        """Judge one text as it stands, with all evidence; nothing is normalized or changed.

        `hints`: what the markup of a page says of its lines.
        """
        analysis = self.judging.analyze(lines.join([text]), hosts=[host], hints=[hints])
        columns = markup.combine([hints], [len(analysis.batch.starts)])
        return self.judging.judge(analysis, columns, explain=True)[0].verdicts

    def clean(self, text: str, *, host: str = "", **options: Unpack[CleanKeywords]) -> Cleaned:
        """Clean one text of a host; `options` are fields of `CleanOptions`."""
        return clean([Document("", text, host=host)], self, CleanOptions.of(**options))[0]


_COMPILING = Lock()
"""Held while a pack is compiled, so that threads wait for the first of them."""


@lru_cache(maxsize=8)
def _compile(pack: Pack) -> Judge:
    return Judge(pack.data)


def clean(
    documents: Sequence[Document],
    pack: Pack,
    options: CleanOptions,
    *,
    hints: Sequence[PageHints] = (),
    explain: bool = False,
) -> list[Cleaned]:
    """Clean documents as one batch; no document changes another's result.

    Args:
        hints: what each page's HTML says about its lines, or None; a document with islands has none.
        explain: keep every verdict with its evidence.
    """

    def clean_texts(texts: Sequence[Document], hints: Sequence[Any] = ()) -> list[Cleaned]:
        return _clean_texts(texts, pack, options, hints, explain=explain)

    if not any(document.seam for document in documents):
        return clean_texts(documents, hints)
    texts = [seams.split(document) if document.seam else [document] for document in documents]
    pages = zip(documents, texts, hints or [None] * len(documents), strict=True)
    text_hints = [of_text for document, group, value in pages for of_text in _hints_of_texts(document, group, value)]
    results = iter(clean_texts([text for group in texts for text in group], text_hints))
    return [
        seams.merge(document, [next(results) for _ in group]) if document.seam else next(results)
        for document, group in zip(documents, texts, strict=True)
    ]


def _hints_of_texts(document: Document, texts: Sequence[Document], hints: Any) -> Sequence[Hints | None]:
    if not document.seam:
        return [hints]
    return hints or [None] * len(texts)


def _clean_texts(
    documents: Sequence[Document], pack: Pack, options: CleanOptions, hints: Sequence[Hints | None], *, explain: bool
) -> list[Cleaned]:
    """Clean documents of one text each."""

    def clean_views(texts: Sequence[Document], hints: Sequence[Hints | None] = ()) -> list[Cleaned]:
        return _clean(texts, pack, options, hints, explain=explain)

    if not any(document.islands for document in documents):
        return clean_views(documents, hints)
    views = [islands.view_document(document) for document in documents]
    results = zip(documents, clean_views(views, hints), strict=True)
    return [
        _without_suspects(islands.lift(document, cleaned, lambda view: clean_views([view])[0]))
        if document.islands
        else cleaned
        for document, cleaned in results
    ]


def _without_suspects(cleaned: Cleaned) -> Cleaned:
    """Leave out what only looks like furniture: a heading or a lone link of a Markdown text often does."""
    flags = tuple(flag for flag in cleaned.flags if flag.rule != SUSPECT)
    return msgspec.structs.replace(cleaned, flags=flags)


def _clean(
    documents: Sequence[Document], pack: Pack, options: CleanOptions, hints: Sequence[Hints | None], *, explain: bool
) -> list[Cleaned]:
    pages = zip(documents, hints or [None] * len(documents), strict=True)
    drafts = [Draft(document, page_hints) for document, page_hints in pages]
    settle(drafts, pack.judging, options, explain=explain)
    off = pack.data.off
    if options.no_article == "drop" and NO_ARTICLE not in off:
        for draft in drafts:
            draft.empty_if_no_article()
    return [draft.result(options, off, explain=explain) for draft in drafts]


def settle(drafts: Sequence[Draft], judge: Judge, options: CleanOptions, *, explain: bool) -> None:
    """Normalize, judge and change drafts until none changes any more, or take back what does not come to rest."""
    pending, analysis = drafts, None
    for _ in range(MAX_ROUNDS):
        normalize(pending, options)
        pending = [draft for draft in pending if draft.needs_judging]
        if not pending:
            return
        analysis = analyze(pending, judge, analysis)
        judgments = judge_drafts(pending, judge, analysis, options.judge, explain=explain)
        record_unchanged_lines(pending, analysis.batch, judgments)
        for draft, judgment in zip(pending, judgments, strict=True):
            draft.apply(judgment)
    for draft in pending:
        draft.take_back_verdicts(MAX_ROUNDS)
    calm(pending, options)


def calm(drafts: Sequence[Draft], options: CleanOptions) -> None:
    """Normalize drafts that are not to be judged until none changes any more; one that always does stays as it came."""
    pending = drafts
    for _ in range(MAX_ROUNDS):
        for draft in pending:
            draft.needs_judging = False
        normalize(pending, options)
        pending = [draft for draft in pending if draft.needs_judging]
        if not pending:
            return
    for draft in pending:
        draft.take_back(0)


def normalize(drafts: Sequence[Draft], options: CleanOptions) -> None:
    """Scan the texts that nobody has looked at, then run the normalizing steps that texts ask for."""
    unseen = [draft for draft in drafts if draft.scan is None]
    for draft, scan in zip(unseen, NORMALIZER.scan([draft.text for draft in unseen], options), strict=True):
        draft.note_scan(scan)
    changes = NORMALIZER.run_batch([draft.text for draft in drafts], options, [draft.scan or 0 for draft in drafts])
    for draft, change in zip(drafts, changes, strict=True):
        draft.normalize(change)


def analyze(drafts: Sequence[Draft], judge: Judge, previous: Analysis | None) -> Analysis:
    """Analyze the texts as one batch; matches in lines that stood in the previous one are taken from there."""
    batch = lines.join([draft.text for draft in drafts])
    hosts = [draft.document.host for draft in drafts]
    line_starts = [batch.starts_in_document[first:last] for first, last in pairwise(batch.first_lines.tolist())]
    hints = [draft.hints(starts) for draft, starts in zip(drafts, line_starts, strict=True)]
    earlier = previous.reuse(known_rows(drafts, batch)) if previous and len(previous.batch.starts) else None
    return judge.analyze(batch, earlier, hosts=hosts, hints=hints)


def judge_drafts(
    drafts: Sequence[Draft], judge: Judge, analysis: Analysis, setting: JudgeSetting, *, explain: bool
) -> list[Judgment]:
    """Judge the texts by their analysis, by what their markup says, and by the size they came with."""
    columns = markup.combine(analysis.hints, np.diff(analysis.batch.first_lines).tolist())
    sizes = np.array([draft.original_size for draft in drafts], dtype=np.int64)
    is_first = np.array([not draft.was_judged for draft in drafts], dtype=np.bool_)
    return judge.judge(analysis, columns, setting=setting, is_first=is_first, sizes=sizes, explain=explain)
