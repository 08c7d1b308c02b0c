"""A review at the terminal: a line, its reasons, one key for an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cleaner.errors import CleanerError
from cleaner.explain.language import Language
from cleaner.report.page import read_words
from cleaner.review.page import describe_change, describe_question
from cleaner.review.questions import Question
from cleaner.review.run import Effect, Review
from cleaner.review.session import Verdict
from cleaner.text.printable import make_lines_printable

ANSWERS: dict[str, Verdict] = {"y": "junk", "n": "keep", "s": "skip"}
Write = Callable[[str], None]
Ask = Callable[[str], str | None]
"""Ask for a line of input; None where there is no more."""


def review_at_terminal(review: Review, write: Write, ask: Ask, language: Language = "en") -> None:
    """Ask all questions until there are none, or whoever answers ends it with q."""
    words = read_words(language)
    while pending := review.pending:
        question = pending[0]
        _show(question, write, words)
        key = ask("y n s e u q> ")
        if key is None or key.strip() == "q":
            return
        _take(review, question, key.strip(), (write, ask, words))
    write(words["review_done"])


def _take(review: Review, question: Question, key: str, terminal: tuple[Write, Ask, Mapping[str, str]]) -> None:
    write, ask, words = terminal
    if key == "u":
        review.undo()
        return
    part = ""
    if key == "e":
        part = ask(f"{words['review_edit_label']}> ") or ""
        key = (ask("y n s> ") or "").strip()
    if key not in ANSWERS:
        write(words["review_shortcuts"])
        return
    try:
        _show_effect(review.answer(question, ANSWERS[key], part), write, words)
    except CleanerError as error:
        write(make_lines_printable(str(error)))


def _show(question: Question, write: Write, words: Mapping[str, str]) -> None:
    texts = describe_question(question)
    write(f"\n{texts['document']}:{question.line} {texts['host']}".rstrip())
    for line in texts["before"]:
        write(f"    {line}")
    write(f"  > {texts['visible']}")
    for line in texts["after"]:
        write(f"    {line}")
    for reason in texts["reasons"]:
        write(f"  {reason}")
    write(words[f"review_question_{question.kind}"])


def _show_effect(effect: Effect, write: Write, words: Mapping[str, str]) -> None:
    if not effect.of_line and not effect.other_count:
        write(words["review_agreed"])
        return
    for change in effect.of_line:
        write(f"{words['review_own']} {change.before} → {change.after}")
    if not effect.other_count:
        write(words["review_effect_none"])
        return
    write(words["review_effect"].format(count=effect.other_count))
    for change in effect.others:
        write(f"  {describe_change(change)}")
