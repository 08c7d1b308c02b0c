"""Formats say by themselves what they can do; hooks, documents and conversions say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from cleaner.formats import convert, text
from cleaner.formats.base import Format, Item, Reading, Record, RecordKey, Source
from cleaner.formats.registry import BY_NAME, FORMATS, format_of, source_of
from helpers.format_cases import CASES, COMPRESSORS, Case, docs_table, rows
from helpers.paths import ROOT


def names(format_: Format) -> list[str]:
    """File names of a format, compressed ones too."""
    return [f"a{suffix}{packed}" for suffix in format_.suffixes for packed in ("", *format_.compressions)]


def test_names_and_suffixes_are_unique() -> None:
    assert len(BY_NAME) == len(FORMATS)
    suffixes = [suffix for format_ in FORMATS for suffix in format_.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    for format_ in FORMATS:
        assert {format_of(Path(name)) for name in names(format_)} == {format_}
        assert {format_of(Path(name.upper())) for name in names(format_)} == {format_}


def test_a_file_with_any_other_name_is_one_text() -> None:
    assert format_of(Path("README")) is text.FORMAT
    assert format_of(Path("a.html.gz")) is text.FORMAT


@pytest.mark.parametrize("hook", yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()), ids=lambda h: h["id"])
def test_the_hooks_take_the_files_of_all_formats_and_no_others(hook: dict[str, str]) -> None:
    pattern = re.compile(hook["files"])
    refused = [name for form in FORMATS if form.is_hooked for name in names(form) if not pattern.search(name)]
    assert not refused, f"add {refused} to the hook {hook['id']} in .pre-commit-hooks.yaml"
    assert not any(map(pattern.search, ("a.py", "a.json", "a.txt.gz", "a.gz", "a.parquet.gz", "txt", "a.warc.zst")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_abilities_of_formats_agree_with_the_cases_of_the_corpus(case: Case) -> None:
    format_ = format_of(Path(case.file))
    assert case.fixed.startswith("yes") == format_.editable
    assert set(case.compressions) == set(format_.compressions)
    assert (case.restored != "no") == format_.restorable
    assert set(filter(None, case.extra.split(", "))) <= set(format_.extras)
    assert bool(format_.extras) == bool(case.extra)
    if case.suffix:
        assert format_.output_name(f"a{case.suffix}") == f"a{case.target}"


def test_the_table_of_formats_in_the_docs_is_current() -> None:
    page = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    for row in docs_table().splitlines(keepends=True):
        assert row in page, f"add to the table in docs/formats.md: {row}"
    assert docs_table() in page


def test_every_format_has_cases() -> None:
    missing = set(BY_NAME) - {format_of(Path(case.file)).name for case in CASES}
    assert not missing, f"add a case of {', '.join(missing)} to CASES in tests/helpers/format_cases.py"


def test_any_format_can_be_written_as_any_output_format() -> None:
    for output in get_args(convert.OutputFormat):
        for format_ in FORMATS:
            converted = convert.convert_to(output, format_)
            assert (converted is format_) == (output in ("same", format_.output_format))
    assert {f.output_format for f in FORMATS} - {""} <= set(get_args(convert.OutputFormat))


def records(format_: Format, source: Source, reading: Reading) -> list[tuple[RecordKey, Item]]:
    return [
        (RecordKey(shard, number, item.line, item.offset, len(item.data)), item)
        for shard, items in format_.shards(source, reading)
        for number, item in enumerate(items)
        if isinstance(item, Record)
    ]


@pytest.mark.parametrize("compression", ["", ".gz"])
@pytest.mark.parametrize("case", [case for case in CASES if case.suffix], ids=lambda case: case.name)
def test_records_are_fetched_again_by_their_keys(case: Case, compression: str, tmp_path: Path) -> None:
    if compression and compression not in case.compressions:
        pytest.skip("not compressed")
    pytest.importorskip("pyarrow")
    path = tmp_path / f"in{case.suffix}{compression}"
    case.write(path, rows(40))
    format_, source, reading = format_of(path), source_of(path), Reading(shard=4000)
    pairs = records(format_, source, reading)
    assert len(pairs) == 40
    for chosen in (pairs, pairs[3::7], pairs[-1:], []):
        fetched = list(format_.fetch(source, reading, [key for key, _ in chosen]))
        assert [(r.id, r.line, r.text, r.data) for r in fetched] == [(r.id, r.line, r.text, r.data) for _, r in chosen]


def test_text_files_are_fetched_again_one_by_one(tmp_path: Path) -> None:
    from cleaner.corpus.plan import plan

    for number in range(9):
        (tmp_path / f"{number}.txt").write_text("河" * number * 100, encoding="utf-8")
    (source,), _, _ = plan([str(tmp_path)], None, (), "same")
    reading = Reading(files_shard=3000)
    pairs = records(text.FORMAT, source, reading)
    fetched = list(text.FORMAT.fetch(source, reading, [key for key, _ in pairs[1::3]]))
    assert [r.data for r in fetched] == [r.data for _, r in pairs[1::3]]


def test_packed_is_what_the_formats_unpack() -> None:
    assert {packed for format_ in FORMATS for packed in format_.compressions} == set(COMPRESSORS) - {""}
