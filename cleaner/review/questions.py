"""Questions to ask of a run: the lines of some documents on which the judge is least sure, and one of each rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from msgspec import Struct

from cleaner.explain import wording
from cleaner.explain.language import Language
from cleaner.explain.trace import Reason
from cleaner.judging.verdicts import list_evidence
from cleaner.model import Document, Line
from cleaner.normalization.script.folding import fold
from cleaner.packs.builtin import PLACE
from cleaner.rules.schema import DROP_SCORE
from cleaner.text import lines
from cleaner.text.printable import is_encodable

if TYPE_CHECKING:
    from cleaner.judging.scores import ScoredLines
    from cleaner.options import JudgeSetting
    from cleaner.pipeline import Pack

QuestionKind = Literal["removal", "stay"]

MOST_QUESTIONS = 300
"""Questions of one review."""
LONGEST = 300
"""Characters of a line that is asked about: a longer one is a paragraph, and no rule is made of it."""
CONTEXT = 2
"""Lines before and after."""
LEAST_SCORE = 0.3
"""The score from which a line that stays is in doubt."""
RULE_DISTANCE, STEP = 0.25, 0.1
"""How far from the bar a line counts that a rule decides on, and each further line of the same rule."""


class SampledDocument(Struct, frozen=True):
    """A document of the sample: its normalized text, and the lines that are left of it."""

    document: Document
    rest: frozenset[str]


class Question(Struct, frozen=True):
    """A line that went, or one that stays: is it junk?

    `line` counts from 1 in the normalized text. `rule`: the one that decided, "" of a line that stays. `count`: how
    often the line stands in the sample.
    """

    key: str
    kind: QuestionKind
    document: str
    host: str
    line: int
    text: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    rule: str
    score: float
    reasons: tuple[str, ...]
    count: int


class _Candidate(NamedTuple):
    """A line with its distance from the bar, its document and its place among the lines of the batch."""

    distance: float
    row: int
    document: int
    text: str
    kind: QuestionKind
    rule: str


def find_questions(
    samples: Sequence[SampledDocument], pack: Pack, setting: JudgeSetting = "normal", language: Language = "en"
) -> list[Question]:
    """Find the lines in doubt, the most doubtful first; of equal lines one.

    Args:
        samples: documents of the run.
        pack: that it was run with.
        setting: how far the judge went.
        language: of the reasons.
    """
    if not any(sample.document.text.strip() for sample in samples):
        return []
    batch = lines.join([sample.document.text for sample in samples])
    analysis = pack.judging.analyze(batch, hosts=[sample.document.host for sample in samples])
    scores = pack.judging.score(analysis, setting=setting)
    candidates = sorted(_list_candidates(samples, scores))
    counts = Counter(fold(candidate.text) for candidate in candidates)
    rationales = wording.list_rationales(pack, language)
    questions: dict[str, Question] = {}
    for candidate in candidates:
        key = fold(candidate.text)
        if key not in questions and len(questions) < MOST_QUESTIONS:
            questions[key] = _ask(candidate, samples, scores, counts[key], (rationales, language))
    return list(questions.values())


def _list_candidates(samples: Sequence[SampledDocument], scores: ScoredLines) -> Iterator[_Candidate]:
    batch = scores.batch
    lines_of_rule: Counter[str] = Counter()
    columns = (batch.documents, batch.starts, batch.stops, scores.score, scores.is_decided)
    for row, (document, start, stop, score, is_decided) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        text = batch.text[start:stop]
        if stop - start > LONGEST or not is_encodable(text):
            continue
        stays = text in samples[document].rest
        if stays and (score < LEAST_SCORE or is_decided):
            continue
        rule = "" if stays else _deciding_rule(scores, row)
        distance = abs(score - DROP_SCORE)
        if is_decided:
            distance = RULE_DISTANCE + STEP * lines_of_rule[rule]
            lines_of_rule[rule] += 1
        yield _Candidate(distance, row, document, text, "stay" if stays else "removal", rule)


def _deciding_rule(scores: ScoredLines, row: int) -> str:
    """Return the rule with the greatest weight on a line, that of the judge where none speaks for dropping it."""
    index = (scores.matches.line == row).nonzero()[0] if scores.is_decided[row] else np.array([], dtype=np.int64)
    drops = [i for i in index.tolist() if scores.rules[int(scores.matches.rule[i])].action == "drop"]
    if not drops:
        return PLACE
    return scores.rules[int(scores.matches.rule[max(drops, key=lambda i: float(scores.matches.weight[i]))])].id


def _ask(
    candidate: _Candidate,
    samples: Sequence[SampledDocument],
    scores: ScoredLines,
    count: int,
    explanation: tuple[Mapping[str, str], Language],
) -> Question:
    document = samples[candidate.document].document
    start = int(scores.batch.starts[candidate.row] - scores.batch.offsets[candidate.document])
    number = document.text.count("\n", 0, start) + 1
    score = round(float(scores.score[candidate.row]), 3)
    reason = Reason(candidate.rule or PLACE, score, list_evidence(scores, candidate.row))
    sentences = list(wording.describe_reason(reason, *explanation))
    around = [line for line in lines.split(document.text) if line.text.strip()]
    place = next(index for index, line in enumerate(around) if line.number == number)
    return Question(
        key=make_key(document.id, candidate.text),
        kind=candidate.kind,
        document=document.id,
        host=document.host,
        line=number,
        text=candidate.text,
        before=_texts(around[max(place - CONTEXT, 0) : place]),
        after=_texts(around[place + 1 : place + 1 + CONTEXT]),
        rule=candidate.rule,
        score=score,
        reasons=tuple(sentences if candidate.rule else sentences[1:]),
        count=count,
    )


def _texts(around: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line.text[:LONGEST] for line in around)


def make_key(document: str, text: str) -> str:
    """Make the key of a question: the same for the same line of a document, in any run."""
    data = f"{document}\n{text}".encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=8).hexdigest()
