"""Near-duplicates in the rest of a repository, by an index of its files that is kept and brought up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaner.check import cleaning
from cleaner.check.cleaning import CheckSettings, CleanedSample
from cleaner.check.duplicates import add_matches, passage_span
from cleaner.check.findings import Counterpart
from cleaner.check.inputs import git
from cleaner.check.inputs.files import FileFilter, display_path, matching
from cleaner.errors import UsageError
from cleaner.index import build, query
from cleaner.index.query import Match
from cleaner.index.store import IndexedDocument, Store, scheme_of
from cleaner.options import DedupOptions
from cleaner.version import __version__

FOLDER = "cleaner"
"""The folder in the repository's own, which git never shows, that holds the index."""
MOST_STALE = 4
"""How many times the files of a repository the index may know, with those that are gone, before it is made anew."""

LEAST = 1000
"""Documents that an index may hold in any case."""

_OPTIONS = DedupOptions()


class _File(NamedTuple):
    """A file of a repository. `key`: of its content and of how it is read."""

    path: Path
    key: str


def add_repository_matches(samples: Sequence[CleanedSample], chosen: FileFilter, settings: CheckSettings) -> None:
    """Add near-duplicates of all other files that a repository tracks to the findings of samples.

    Files are cleaned when their content is new to the index, which lies in the repository's folder `.git`.
    """
    checked = {item.sample.path.resolve() for item in samples}
    paths = [path for path in matching(git.tracked_files(Path.cwd()), chosen) if path.resolve() not in checked]
    files = {file.key: file for file in _key_files(paths, settings)}
    store = _open(settings, len(files))
    try:
        _bring_up_to_date(store, files, settings)
        matches = query.query(store, {f"{number:09}": item.cleaned.text for number, item in enumerate(samples)})
    finally:
        store.close()
    present = [match for match in matches if _key_of(match.document) in files]
    places = _Places(files, settings)
    add_matches(samples, present, places)


def _key_files(paths: Sequence[Path], settings: CheckSettings) -> Iterator[_File]:
    blobs = git.blob_ids(Path.cwd())
    for path in paths:
        if not settings.exemption.kind_by_name(display_path(path)):
            blob = blobs.get(path) or _hash(path)
            yield _File(path, f"{blob}{''.join(path.suffixes[-2:])}")


def _hash(path: Path) -> str:
    """Hash a file as git does."""
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _key_of(document: str) -> str:
    return document.partition(":")[0]


def _open(settings: CheckSettings, count: int) -> Store:
    """Open the index for these settings; one that is damaged, or holds mostly files that are gone, is made anew."""
    facts = (__version__, settings.pack.data.hash, settings.options, settings.reading)
    name = hashlib.sha256(msgspec.json.encode(facts)).hexdigest()[:16]
    path = git.own_folder(Path.cwd()) / FOLDER / f"duplicates-{name}.db"
    path.parent.mkdir(exist_ok=True)
    with suppress(UsageError):
        store = build.open_store(str(path), scheme_of(_OPTIONS))
        if store.info().documents <= MOST_STALE * max(count, LEAST):
            return store
        store.close()
    path.unlink(missing_ok=True)
    return build.open_store(str(path), scheme_of(_OPTIONS))


def _bring_up_to_date(store: Store, files: dict[str, _File], settings: CheckSettings) -> None:
    """Add the texts of files that are new; those of files that are gone stay, and are passed over."""
    known = store.rows(list(files))
    new = [file for key, file in files.items() if key not in known]
    if not new:
        return
    documents = {file.key: IndexedDocument(file.key, "") for file in new}  # for those without a text, too
    key_of_path = {file.path: file.key for file in new}
    numbers = dict.fromkeys(documents, 0)
    for outcome in cleaning.clean_files([file.path for file in new], settings):
        if isinstance(outcome, CleanedSample):
            key = key_of_path[outcome.sample.path]
            numbers[key] += 1
            name = f"{key}:{numbers[key]}"
            documents[name] = IndexedDocument(name, outcome.cleaned.text)
    build.add_documents(store, list(documents.values()), _OPTIONS)


class _Places:
    """The places of matches in their files, which are cleaned again for it."""

    def __init__(self, files: dict[str, _File], settings: CheckSettings) -> None:
        self._files, self._settings = files, settings
        self._samples: dict[str, list[CleanedSample]] = {}

    def __call__(self, match: Match) -> Counterpart:
        """Find the place of the document or passage that matches."""
        key, _, number = match.document.partition(":")
        path = self._files[key].path
        if key not in self._samples:
            outcomes = cleaning.clean_files([path], self._settings)
            self._samples[key] = [outcome for outcome in outcomes if isinstance(outcome, CleanedSample)]
        item = self._samples[key][int(number) - 1]
        span = item.to_original(passage_span(item.cleaned.text, match.document_passage))
        (place,) = item.sample.locate([span])
        return Counterpart(display_path(path), place.line, "the other one")
