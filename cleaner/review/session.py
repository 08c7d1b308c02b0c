"""The answers of a review, kept line by line, so that it can be broken off and gone on with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from cleaner.errors import UsageError
from cleaner.review.questions import QuestionKind

Verdict = Literal["junk", "keep", "skip"]

SUFFIX = ".answers.jsonl"


class Answer(Struct, frozen=True, omit_defaults=True):
    """An answer to a question. `text`: the line, or the part of it that an edit left (`is_part`).

    `rule`: the one that had decided; `category`: what kind of junk it is.
    """

    key: str
    kind: QuestionKind
    verdict: Verdict
    document: str
    text: str
    rule: str = ""
    category: str = ""
    is_part: bool = False
    line: str = ""

    @property
    def changes_rules(self) -> bool:
        """Whether it says that cleaning was wrong."""
        return (self.kind, self.verdict) in (("removal", "keep"), ("stay", "junk"))


class _Head(Struct, frozen=True):
    """The first line of a file of answers."""

    extends: tuple[str, ...]
    output: str


class _Step(Struct, frozen=True, omit_defaults=True):
    """A line of the file: an answer, or the taking back of the last one."""

    answer: Answer | None = None


class Session:
    """Answers in the order they were given, each in the file at once.

    Attributes:
        path: the file.
        extends: the packs that the run was made with.
    """

    def __init__(self, path: Path, extends: tuple[str, ...], output: str) -> None:
        self.path, self.extends = path, extends
        self._answers: list[Answer] = []
        if path.exists():
            self._read()
        else:
            self._append(_Head(extends, output))

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers that hold, in order."""
        return tuple(self._answers)

    def add(self, answer: Answer) -> None:
        """Add an answer."""
        self._append(_Step(answer))
        self._answers.append(answer)

    def undo(self) -> Answer | None:
        """Take the last answer back; None where there is none."""
        if not self._answers:
            return None
        self._append(_Step())
        return self._answers.pop()

    def _append(self, step: Struct) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                file.write(msgspec.json.encode(step) + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise UsageError(f"{self.path} cannot be written: {error.strerror}; choose another --pack") from None

    def _read(self) -> None:
        """Read the file; a last line that was broken off is no answer, and is cut off."""
        data = self.path.read_bytes()
        complete_lines = data[: data.rfind(b"\n") + 1]
        rows = complete_lines.splitlines()
        try:
            self.extends = msgspec.json.decode(rows[0], type=_Head).extends
            for row in rows[1:]:
                step = msgspec.json.decode(row, type=_Step)
                if step.answer:
                    self._answers.append(step.answer)
                elif self._answers:
                    self._answers.pop()
        except (msgspec.DecodeError, IndexError) as error:
            raise UsageError(f"{self.path}: not the answers of a review ({error}); choose another --pack") from None
        if len(complete_lines) < len(data):
            with self.path.open("r+b") as file:
                file.truncate(len(complete_lines))
