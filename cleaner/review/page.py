"""The page of a review, and what it is told of each question."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple, get_args

import msgspec

from cleaner.explain.language import Language
from cleaner.explain.pack_diff import VerdictChange
from cleaner.report.alignment.visible import make_visible, shorten
from cleaner.report.page import open_templates, read_part, read_words
from cleaner.review.pack_text import DEFAULT_CATEGORY
from cleaner.review.questions import Question
from cleaner.review.run import Effect, Review
from cleaner.rules.schema import Category

LONGEST_SHOWN = 200
"""Characters of a text in a list."""


class ServedPage(NamedTuple):
    """A page with the security policy that lets nothing but its own script and style run."""

    text: str
    policy: str


def write_review_page(review: Review, name: str, language: Language = "en") -> ServedPage:
    """Write the page of a review."""
    words = read_words(language)
    style, style_hash = read_part("style.css")
    script, script_hash = read_part("review.js")
    categories = [DEFAULT_CATEGORY, *sorted(set(get_args(Category)) - {DEFAULT_CATEGORY})]
    text = (
        open_templates()
        .get_template("review.html")
        .render(
            name=name,
            words=SimpleNamespace(**words),
            word_keys=[key for key in words if key.startswith("review_")],
            categories=categories,
            next=words["review_next"].format(pack=review.pack_path),
            style=style,
            script=script,
        )
    )
    policy = (
        f"default-src 'none'; script-src '{script_hash}'; style-src '{style_hash}'; img-src data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return ServedPage(text, policy)


def describe_state(review: Review, effect: dict[str, Any] | None = None) -> dict[str, Any]:
    """Describe the next question, how many there are, and what the last answer changed."""
    pending = review.pending
    return {
        "question": describe_question(pending[0]) if pending else None,
        "answers": len(review.session.answers),
        "pending": len(pending),
        "effect": effect,
    }


def describe_question(question: Question) -> dict[str, Any]:
    """Describe a question; what is shown of it is visible, what is edited is as it is."""
    plain: dict[str, Any] = msgspec.to_builtins(question)
    texts = {
        "visible": make_visible(question.text),
        "document": shorten(question.document, LONGEST_SHOWN),
        "host": shorten(question.host, LONGEST_SHOWN),
        "before": [make_visible(line) for line in question.before],
        "after": [make_visible(line) for line in question.after],
        "reasons": [make_visible(reason) for reason in question.reasons],
    }
    return plain | texts


def describe_effect(effect: Effect) -> dict[str, Any]:
    """Describe what an answer changes in the sample."""
    return {
        "own": [f"{change.before} → {change.after}" for change in effect.of_line],
        "others": [describe_change(change) for change in effect.others],
        "count": effect.other_count,
    }


def describe_change(change: VerdictChange) -> str:
    """Write one line whose verdict changes."""
    place = f"{shorten(change.document, LONGEST_SHOWN)}:{change.line}"
    return f"{place}: {change.before} → {change.after}: {shorten(change.text, LONGEST_SHOWN)}"
