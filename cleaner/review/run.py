"""A review of an output: its questions, the answers, the pack that they make, and what each would change."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaner.config import Config
from cleaner.corpus.report.manifest import RunManifest, read_manifest
from cleaner.errors import UsageError
from cleaner.explain.language import Language
from cleaner.explain.pack_diff import VerdictChange, compare_packs
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import LEDGER, RUN_FOLDER
from cleaner.model import Document
from cleaner.normalization.script.folding import fold
from cleaner.normalization.steps import NORMALIZER
from cleaner.packs import loader, registry
from cleaner.pipeline import Pack
from cleaner.report.sampling.survey import survey_ledger
from cleaner.report.sampling.texts import convert_reading, read_texts
from cleaner.review import labels, pack_text
from cleaner.review.questions import Question, SampledDocument, find_questions
from cleaner.review.session import SUFFIX, Answer, Session, Verdict
from cleaner.rules.schema import RulePack
from cleaner.text import lines
from cleaner.text.host import find_host

LONGEST_DOCUMENT = 200_000
"""Characters of a document that questions are taken from."""
MOST_CHANGES = 20
"""Changes that are shown of an answer."""
OF_EACH_RULE = 2
"""Documents of the sample for each rule."""


class Effect(NamedTuple):
    """What an answer changes in the sample: `of_line` of its line, `others` of the first `other_count` others."""

    of_line: tuple[VerdictChange, ...]
    others: tuple[VerdictChange, ...]
    other_count: int


class Review:
    """One review. Its answers go to a file beside the pack; nothing of the corpus is touched.

    Attributes:
        questions: those of the sample, the most doubtful first.
        session: the answers.
    """

    def __init__(
        self, folder: Path, pack: Path, *, label_folder: Path | None = None, seed: int = 1, language: Language = "en"
    ) -> None:
        """Prepare a review.

        Args:
            folder: what `cleaner clean --output` wrote.
            pack: the file of rules to write.
            label_folder: gets labelled pages too.
            seed: of the sample.
            language: of the reasons.

        Raises:
            UsageError: the folder holds no finished run, or the pack is somebody's own.
        """
        refuse_foreign_pack(pack)
        manifest = read_manifest(folder)
        config = msgspec.convert(manifest.options, Config)
        self.pack_path, self.label_folder = pack, label_folder
        names = tuple(_extended_name(name, pack) for name in config.pack if Path(name).resolve() != pack.resolve())
        self.session = Session(pack.with_suffix(SUFFIX), names, str(folder))
        self._base = load_base(self.session.extends, config, pack)
        run_pack = self._combine(self.session.answers) if len(names) < len(config.pack) else self._base
        self._samples = list(sample_documents(folder, manifest, config, seed))
        self.questions = find_questions(self._samples, run_pack, config.judge, language)
        self._write()

    @property
    def documents(self) -> dict[str, Document]:
        """The documents of the sample, by id."""
        return {sample.document.id: sample.document for sample in self._samples}

    @property
    def pending(self) -> list[Question]:
        """The questions without an answer."""
        keys = {answer.key for answer in self.session.answers}
        return [question for question in self.questions if question.key not in keys]

    def answer(self, question: Question, verdict: Verdict, text: str = "", category: str = "") -> Effect:
        """Give an answer; it is written at once.

        Args:
            question: one of `questions`.
            verdict: "junk", "keep" or "skip".
            text: the part of the line that matters, where the line was edited.
            category: what kind of junk it is.

        Returns:
            What it changes in the sample.

        Raises:
            UsageError: the text is no part of the line, or the rule would not do.
        """
        part = text.strip()
        if part and fold(part) not in fold(question.text):
            raise UsageError(f"{part!r} is no part of the line; shorten the line to what all such lines have")
        is_part = bool(part) and part != question.text
        line_or_part = part or question.text
        answer = Answer(
            question.key, question.kind, verdict, question.document, line_or_part, question.rule, category, is_part,
            question.text if is_part else "",
        )  # fmt: skip
        effect = self._measure(answer, question)
        self.session.add(answer)
        self._write()
        return effect

    def undo(self) -> Answer | None:
        """Take the last answer back."""
        answer = self.session.undo()
        self._write()
        return answer

    def _measure(self, answer: Answer, question: Question) -> Effect:
        if not answer.changes_rules:
            return Effect((), (), 0)
        old, new = self._combine(self.session.answers), self._combine((*self.session.answers, answer))
        needle = fold(answer.text)
        documents = [s.document for s in self._samples if needle in fold(s.document.text)]
        changes = list(compare_packs(old, new, documents))
        of_line = [c for c in changes if (c.document, c.text) == (question.document, question.text)]
        others = [c for c in changes if c not in of_line]
        return Effect(tuple(of_line), tuple(islice(others, MOST_CHANGES)), len(others))

    def _combine(self, answers: Sequence[Answer]) -> Pack:
        """Build the pack of some answers with those that it extends. PackError where a rule would not do."""
        answer_pack = loader.check_pack(loader.parse_pack(self._text(answers), str(self.pack_path)))
        return Pack(loader.merge([self._base.data], answer_pack))

    def _text(self, answers: Sequence[Answer]) -> str:
        def is_left(text: str) -> bool:
            analysis = self._base.judging.analyze(lines.join([text]))
            return not self._base.judging.score(analysis).is_decided.any() and not self._base.judge(text)

        pack_id = "".join(c if c in _ID_CHARACTERS else "-" for c in self.pack_path.stem.lower()).strip("-") or "review"
        return pack_text.write_pack(answers, pack_id, self.session.extends, is_left)

    def _write(self) -> None:
        """Write pack and labels anew."""
        try:
            files.write_bytes(self.pack_path, self._text(self.session.answers).encode())
            if self.label_folder:
                labels.write_labels(self.label_folder, self.session.answers, self.documents)
        except OSError as error:
            raise UsageError(f"{error.filename or self.pack_path} cannot be written: {error.strerror}") from None


_ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"


def refuse_foreign_pack(pack: Path) -> None:
    """Raise UsageError for a file that no review wrote."""
    if pack.suffix != ".toml":
        raise UsageError(f"--pack {pack}: a pack's file ends in .toml")
    if pack.exists() and pack_text.MARK not in pack.read_text(encoding="utf-8", errors="replace"):
        raise UsageError(f"{pack} was not written by a review; choose another --pack, and let it extend this one")


def _extended_name(name: str, pack: Path) -> str:
    """Return how a pack names one that it extends: known ones by name, files beside it by stem, folders by path."""
    if name in registry.pack_names():
        return name
    if Path(name).is_dir():
        return _extended_folder(Path(name), pack)
    if not name.endswith(".toml"):
        return name
    if Path(name).resolve().parent != pack.resolve().parent:
        raise UsageError(f"the run used {name}: a pack extends files beside it, so give --pack {Path(name).parent}/…")
    return Path(name).stem


def _extended_folder(folder: Path, pack: Path) -> str:
    if folder.resolve() == pack.resolve().parent:
        raise UsageError(f"the run used all packs in {folder}: a pack in it cannot extend them; choose another --pack")
    return Path(os.path.relpath(folder.resolve(), pack.resolve().parent)).as_posix()


def load_base(extends: Sequence[str], config: Config, pack: Path) -> Pack:
    """Load the packs of a run, with the settings' overrides."""
    packs = [registry.load_rules(base) for name in extends for base in registry.resolve_base(pack, name)]
    head = RulePack(id="+".join(extends) or "none", version="0", title="")
    return Pack(loader.override(loader.merge(packs, head), config.rules))


def sample_documents(folder: Path, manifest: RunManifest, config: Config, seed: int) -> Iterator[SampledDocument]:
    """Yield documents in doubt, some of each rule, and any; their texts normalized, as rules see them."""
    path = folder / RUN_FOLDER / LEDGER
    survey = survey_ledger(path, seed)
    of_rules = [place.entry for places in survey.removals.values() for place in places.values[:OF_EACH_RULE]]
    for texts in read_texts(folder, path, [*survey.samples(), *of_rules], convert_reading(manifest.reading)):
        if texts.problem or len(texts.before) > LONGEST_DOCUMENT:
            continue
        text = NORMALIZER.normalize(texts.before, config.clean_options)
        host = texts.host or find_host(texts.entry.document, {})
        rest = frozenset(line.strip() for line in texts.after.split("\n"))
        yield SampledDocument(Document(texts.entry.document, text, texts.entry.source, host=host), rest)
