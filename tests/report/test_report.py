"""`cleaner report`: its figures are those of the run, its texts those of the documents."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from cleaner.corpus.clean import clean_corpus
from cleaner.corpus.report import stats
from cleaner.errors import UsageError
from cleaner.ledger import read_entries
from cleaner.report.build import Budget, build_report, survey_run
from cleaner.report.facts import DocumentFacts, RunReport
from cleaner.report.page import read_words, write_page
from cleaner.report.runs import describe_run
from cleaner.report.sampling.survey import EntryPlace
from cleaner.report.sampling.texts import convert_reading, read_texts
from cleaner.report.write import write_report
from helpers.calls import Call
from helpers.format_cases import CASES, Case, job, page, rows
from helpers.paths import ROOT
from helpers.web_pages import Page, assert_harmless, write_hostile_corpus

RUN = "_cleaner"


def run(folder: Path, case: Case | None = None, count: int = 12, *, dedup: str = "flag") -> Path:
    case = case or next(c for c in CASES if c.name == "JSON Lines")
    path = folder / f"in{case.suffix}"
    case.write(path, rows(count))
    clean_corpus(job([path], folder / "out", dedup=dedup), folder / "out")
    return folder / "out"


def shown_text(document: DocumentFacts, side: str) -> str:
    return "\n".join("".join(s.text for s in getattr(row, side)) for row in document.rows if getattr(row, side))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_originals_of_every_format_are_told_from_output_and_ledger(case: Case, tmp_path: Path) -> None:
    report = build_report(survey_run(run(tmp_path, case)))
    assert report.documents
    for document in report.documents:
        assert document.problem == ""
        assert "首页|新闻|图片|视频|论坛" in shown_text(document, "before") or case.name in ("HTML", "Markdown")
        assert "老人说，三十年前的界石还在" in shown_text(document, "after")


def test_counts_are_those_of_the_manifest(tmp_path: Path) -> None:
    output = run(tmp_path, count=30)
    report, counts = build_report(survey_run(output)), stats.read(output).summary
    assert report.run.documents == 30
    assert {rule.id: (rule.edits, rule.characters) for rule in report.rules} == {
        rule: (edits, counts.characters_removed[rule]) for rule, edits in counts.edits.items()
    }
    assert sum(bar.count for bar in report.losses) == sum(bar.count for bar in report.doubts) == 30
    assert [bar.count for bar in report.encodings] == [30]
    assert {host.name: host.documents for host in report.hosts} == {f"www.example{n}.com": 10 for n in range(3)}
    assert {rule.id for rule in report.silent} == set(stats.read(output).silent)


def test_the_ledger_tells_the_loss_of_every_document(tmp_path: Path) -> None:
    output = run(tmp_path)
    before = [len(row["text"]) for row in rows(12)]
    after = [len(json.loads(line)["text"]) for line in (output / "in.jsonl").read_text("utf-8").splitlines()]
    assert [entry.characters for entry in read_entries(output / RUN / "edits.jsonl")] == before
    report = build_report(survey_run(output))
    losses = {document.id: document.loss for document in report.documents}
    assert losses == pytest.approx({f"d{n}": 1 - after[n] / before[n] for n in range(12)})


def test_each_rule_shows_ten_changes_with_what_stood_around_them(tmp_path: Path) -> None:
    report = build_report(survey_run(run(tmp_path, count=30)))
    bar = next(rule for rule in report.rules if rule.id == "zh-web/nav/bar")
    assert len(bar.excerpts) == 10
    assert len({excerpt.document for excerpt in bar.excerpts}) == 10
    assert all(excerpt.old.startswith("首页|新闻") and excerpt.after.startswith("河水退去") for excerpt in bar.excerpts)


def test_a_seed_draws_the_same_page_and_another_one_others(tmp_path: Path) -> None:
    output = run(tmp_path, count=100)
    assert write_report(output) == write_report(output)
    first, second = (build_report(survey_run(output, seed)) for seed in (1, 2))
    assert {d.id for d in first.documents} != {d.id for d in second.documents}


@pytest.mark.parametrize("dedup", ["flag", "drop"])
def test_near_duplicates_are_aligned(dedup: str, tmp_path: Path) -> None:
    report = build_report(survey_run(run(tmp_path, dedup=dedup)))
    (cluster, *_) = report.clusters
    assert cluster.keeper.startswith("d")
    for copy in cluster.copies:
        assert 0 < copy.jaccard <= 1
        assert copy.rows
        assert any(segment.kind == "cut" for row in copy.rows for segment in row.before) == (copy.jaccard < 1)


def test_a_text_that_was_altered_is_not_shown_and_said(tmp_path: Path) -> None:
    output = run(tmp_path)
    path = output / "in.jsonl"
    path.write_text(path.read_text("utf-8").replace("河水", "海水"), encoding="utf-8")
    report = build_report(survey_run(output))
    assert {document.problem for document in report.documents} == {"unreadable"}
    path.unlink()
    report = build_report(survey_run(output))
    assert {document.problem for document in report.documents} == {"unreadable"}
    assert read_words("en")["unreadable"] in Page(write_page(report)).text


def test_a_manifest_reads_as_it_was_written(tmp_path: Path) -> None:
    output = run(tmp_path)
    reading = json.loads((output / RUN / "manifest.json").read_bytes())["reading"]
    (texts,) = read_texts(output, output / RUN / "edits.jsonl", [EntryPlace(0, 0)], convert_reading(reading))
    assert texts.before == page(0)


def test_nothing_of_a_hostile_corpus_runs_or_breaks_the_page(tmp_path: Path) -> None:
    write_hostile_corpus(tmp_path / "in.jsonl")
    clean_corpus(job([tmp_path / "in.jsonl"], tmp_path / "out"), tmp_path / "out")
    for language in ("en", "zh"):
        text = write_report(tmp_path / "out", language=language)
        shown = assert_harmless(text)
        assert "<script>document.title='owned'</script>" in shown.text
        assert "‹U+202E›" in shown.text
        assert "␛" in shown.text
        assert len(text.encode()) < 1_000_000


def test_the_policy_lets_only_our_own_script_and_style_run(tmp_path: Path) -> None:
    import base64
    import hashlib

    shown = assert_harmless(write_report(run(tmp_path)))
    for kind, code in shown.code.items():
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in shown.policy


def test_a_page_over_the_limit_is_written_with_fewer_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = run(tmp_path, count=60)
    whole = len(write_report(output).encode())
    limit = whole * 7 // 10
    monkeypatch.setattr("cleaner.report.write.MOST_BYTES", limit)
    assert len(write_report(output).encode()) <= limit


@pytest.mark.slow
def test_a_budget_bounds_the_page_whatever_the_texts_are(tmp_path: Path) -> None:
    junk = "".join(f"{'<&>' * 60}\n首页|新闻|图片|视频|论坛\n{'。' * 40}\n" for _ in range(100))
    data = "".join(json.dumps({"id": f"<{n}>" * 40, "text": junk}) + "\n" for n in range(70))
    (tmp_path / "in.jsonl").write_text(data, encoding="utf-8")
    clean_corpus(job([tmp_path / "in.jsonl"], tmp_path / "out", dedup="off"), tmp_path / "out")
    small = write_page(build_report(survey_run(tmp_path / "out"), Budget(100_000, 200_000, 10_000)))
    assert len(small.encode()) < 600_000


def test_both_languages_say_the_same_things() -> None:
    english, chinese = read_words("en"), read_words("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert sorted(_fields(text)) == sorted(_fields(chinese[key])), key


def _fields(text: str) -> list[str]:
    from string import Formatter

    return [name for _, name, _, _ in Formatter().parse(text) if name]


def test_a_report_can_be_read_without_its_script(tmp_path: Path) -> None:
    shown = Page(write_report(run(tmp_path)))
    tools = next(attributes for tag, attributes in shown.elements if attributes.get("class") == "tools")
    assert "hidden" in tools
    assert "这" not in shown.code["script"]
    assert "老人说，三十年前的界石还在" in shown.text
    assert "A bar of site sections" in shown.text or "nav/bar" in shown.text


def test_the_command_writes_into_the_run_and_refuses_to_overwrite_elsewhere(call: Call, tmp_path: Path) -> None:
    output = run(tmp_path)
    code, out, err = call("report", "out", "--lang", "zh")
    assert (code, out) == (0, "")
    assert "open it in a browser" in err
    assert '<html lang="zh">' in (output / RUN / "report.html").read_text("utf-8")
    assert call("report", "out", "-q")[0] == 0
    (tmp_path / "mine.html").write_text("mine")
    code, _, err = call("report", "out", "-o", "mine.html")
    assert code == 2
    assert "--force" in err
    assert call("report", "out", "-o", "mine.html", "--force")[0] == 0
    assert call("report", "out", "-o", "nowhere/x/mine.html")[0] == 0


def test_the_block_for_a_dataset_card_names_rules_and_no_text(call: Call, tmp_path: Path) -> None:
    run(tmp_path)
    _, out, _ = call("report", "out", "--format", "markdown")
    assert out.startswith("### Data processing\n")
    assert "12 documents 12 were changed" in out
    assert "| nav | 12 |" in out
    assert "example0" not in out
    assert "丈量" not in out


def test_packs_that_are_not_called_like_their_file_are_named(tmp_path: Path) -> None:
    survey = survey_run(run(tmp_path))
    options = {**survey.manifest.options, "pack": ["zh-web", "sites/learned"]}
    manifest = msgspec.structs.replace(survey.manifest, options=options)
    version = next(pack.version for pack in manifest.packs if pack.id == "zh-web")
    assert describe_run(manifest, survey.counts).packs == (f"zh-web {version}", "learned")


def test_json_holds_the_whole_report(call: Call, tmp_path: Path) -> None:
    run(tmp_path)
    _, out, _ = call("report", "out", "--format", "json")
    assert msgspec.convert(json.loads(out), RunReport) == build_report(survey_run(tmp_path / "out"))


def test_a_folder_without_a_run_is_refused(call: Call, tmp_path: Path) -> None:
    code, _, err = call("report", ".")
    assert code == 2
    assert "cleaner clean" in err


def test_an_altered_ledger_is_named_with_its_line(tmp_path: Path) -> None:
    output = run(tmp_path)
    ledger = output / RUN / "edits.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join([*lines[:2], b"{\n", *lines[2:]]))
    with pytest.raises(UsageError, match=r"edits\.jsonl:3: not a ledger line"):
        build_report(survey_run(output))


def test_the_seeds_have_a_report(tmp_path: Path) -> None:
    seeds = shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    clean_corpus(job([seeds], tmp_path / "out"), tmp_path / "out")
    report = build_report(survey_run(tmp_path / "out"))
    assert len(report.documents) == 5
    assert all(document.rows for document in report.documents)
    assert_harmless(write_page(report))
