"""`cleaner review`: answers become rules that pass their cases and change the next run as they said."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from cleaner.cli.rules.tune import _pages
from cleaner.corpus.clean import clean_corpus
from cleaner.errors import UsageError
from cleaner.packs import registry, testing
from cleaner.review.pack_text import MARK, write_pack
from cleaner.review.questions import LONGEST, Question
from cleaner.review.run import Review
from cleaner.review.session import Answer
from cleaner.rules.schema import RulePack
from helpers.calls import Call
from helpers.format_cases import job
from helpers.reviews import run
from helpers.site_pages import write_sites
from helpers.web_pages import ATTACKS, write_hostile_corpus


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("review"))


def lines_of(path: Path) -> dict[str, list[str]]:
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return {row["id"]: row["text"].split("\n") for row in rows}


def of_kind(review: Review, kind: str) -> list[Question]:
    return [question for question in review.pending if question.kind == kind]


@pytest.mark.slow
def test_ten_answers_make_a_pack_that_passes_its_cases_and_does_what_was_said(
    output: Path, tmp_path: Path, call: Call
) -> None:
    review = Review(output, tmp_path / "mine.toml")
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    keeps, junk = of_kind(review, "removal")[:6], of_kind(review, "stay")[:4]
    for question in keeps:
        assert review.answer(question, "keep").of_line
    for question in junk:
        assert review.answer(question, "junk").of_line
    code, out, _ = call("rules", "test", "mine.toml")
    assert code == 0
    assert "0 failed" in out
    source = output.parent / "in.jsonl"
    assert call("clean", source, "-o", "again", "--pack", "mine.toml", "-q")[0] == 0
    again = lines_of(tmp_path / "again" / "in.jsonl")
    assert len(keeps) + len(junk) == 10
    for question in keeps:
        assert question.text in again[question.document]
    for question in junk:
        assert question.text not in again[question.document]
    assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before


def test_an_answer_says_at_once_what_else_it_changes(output: Path, tmp_path: Path) -> None:
    review = Review(output, tmp_path / "mine.toml")
    question = next(q for q in review.questions if q.text == "本报记者谢昌民" or q.count > 3)
    effect = review.answer(question, "keep" if question.kind == "removal" else "junk")
    assert len(effect.of_line) + effect.other_count == question.count > 3
    assert {change.document for change in effect.of_line} == {question.document}
    assert {change.text for change in (*effect.of_line, *effect.others)} == {question.text}


def test_questions_come_the_most_doubtful_first_and_each_line_once(output: Path, tmp_path: Path) -> None:
    questions = Review(output, tmp_path / "mine.toml").questions
    assert len({question.text for question in questions}) == len(questions)
    judged = [abs(question.score - 1) for question in questions if question.rule in ("", "core/judge/place")]
    assert judged == sorted(judged)
    assert all(len(question.text) <= LONGEST and question.reasons for question in questions)


def test_a_review_that_was_broken_off_goes_on(output: Path, tmp_path: Path) -> None:
    review = Review(output, tmp_path / "mine.toml")
    first, second = review.pending[:2]
    review.answer(first, "skip")
    review.answer(second, "keep")
    answers = tmp_path / "mine.answers.jsonl"
    answers.write_bytes(answers.read_bytes() + b'{"answer":{"key":"x","kin')
    again = Review(output, tmp_path / "mine.toml")
    assert again.session.answers == review.session.answers
    assert [q.key for q in again.pending] == [q.key for q in review.pending]
    again.answer(again.pending[0], "skip")
    assert len(Review(output, tmp_path / "mine.toml").session.answers) == 3


def test_undo_takes_the_last_answer_and_its_rule_back(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    review = Review(output, path)
    empty = path.read_text("utf-8")
    question = of_kind(review, "removal")[0]
    review.answer(question, "keep")
    assert question.text in path.read_text("utf-8")
    taken = review.undo()
    assert taken is not None
    assert taken.key == question.key
    assert path.read_text("utf-8") == empty
    assert question in review.pending
    assert review.undo() is None
    assert Review(output, path).session.answers == ()


def test_a_part_of_a_line_makes_a_rule_for_all_lines_that_hold_it(output: Path, tmp_path: Path) -> None:
    review = Review(output, tmp_path / "mine.toml")
    question = next(q for q in of_kind(review, "stay") if len(q.text) > 4)
    review.answer(question, "junk", question.text[:4], "byline")
    rule = registry.load_rules(str(tmp_path / "mine.toml")).rules[-1]
    assert (rule.id, rule.literals, rule.match) == ("mine/byline/reviewed-part", (question.text[:4],), r"\L<literals>")
    assert testing.run_cases(RulePack(id="mine", version="1", title="", rules=(rule,))) == ()
    with pytest.raises(UsageError, match="no part of the line"):
        review.answer(review.pending[0], "keep", "没有这样的字")


@pytest.mark.slow
def test_a_run_with_the_reviewed_pack_is_reviewed_further(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    review = Review(output, path)
    kept = of_kind(review, "removal")[0]
    review.answer(kept, "keep")
    source = output.parent / "in.jsonl"
    again = job([source], tmp_path / "again")
    again = again._replace(
        pack=type(again.pack)(registry.load_rules(str(path))),
        config=type(again.config)(pack=(str(path),)),
    )
    clean_corpus(again, tmp_path / "again")
    further = Review(tmp_path / "again", path)
    assert further.session.extends == ("zh-web",)
    further.answer(of_kind(further, "removal")[0], "keep")
    assert testing.run_cases(registry.load_rules(str(path))) == ()


def test_a_pack_of_somebody_else_is_not_overwritten(output: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("schema = 1\n")
    with pytest.raises(UsageError, match="not written by a review"):
        Review(output, tmp_path / "mine.toml")
    with pytest.raises(UsageError, match=r"ends in \.toml"):
        Review(output, tmp_path / "mine.txt")


def test_answers_become_labelled_pages_that_tuning_reads(output: Path, tmp_path: Path) -> None:
    review = Review(output, tmp_path / "mine.toml", label_folder=tmp_path / "labels")
    first, second = review.pending[0], next(q for q in review.pending[1:] if q.document != review.pending[0].document)
    review.answer(first, "keep")
    review.answer(second, "junk")
    pages = list(_pages(tmp_path / "labels"))
    assert sorted("".join(sorted(set(page.labels))) for page in pages) == ["DM", "KM"]
    for page in pages:
        assert len(page.labels) == len([line for line in page.text.split("\n") if line.strip()])
    review.undo()
    assert len(list(_pages(tmp_path / "labels"))) == 1


def test_the_terminal_asks_and_goes_on(output: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("s\nn\nx\nu\nn\nq\n"))
    code, out, err = call("review", output, "--pack", "mine.toml", "--terminal")
    assert code == 0
    assert out.count("Is it junk?") == 6
    assert "This line: " in out
    assert "cleaner clean INPUT --pack mine.toml" in err
    answers = Path("mine.answers.jsonl").read_text("utf-8").splitlines()
    assert len(answers) == 5
    assert MARK in Path("mine.toml").read_text("utf-8")


@pytest.mark.slow
def test_hostile_lines_are_asked_about_and_become_data(tmp_path: Path, call: Call) -> None:
    write_hostile_corpus(tmp_path / "in.jsonl", 1000)
    clean_corpus(job([tmp_path / "in.jsonl"], tmp_path / "out"), tmp_path / "out")
    review = Review(tmp_path / "out", tmp_path / "mine.toml")
    for question in review.pending:
        review.answer(question, "keep" if question.kind == "removal" else "junk")
    assert call("rules", "test", "mine.toml")[0] == 0


@pytest.mark.parametrize("attack", [a for a in ATTACKS if "\n" not in a])
def test_any_line_can_be_written_as_a_rule(attack: str) -> None:
    from cleaner.packs import loader

    answers = [Answer("k", "stay", "junk", "d", f'{attack}’"\\一')]
    text = write_pack(answers, "mine", ("zh-web",), lambda text: False)
    (rule,) = loader.check_pack(loader.parse_pack(text)).rules
    assert rule.literals == (f'{attack}’"\\一',)
    assert testing.run_cases(loader.parse_pack(text)) == ()


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cleaner clean"):
        Review(tmp_path, tmp_path / "mine.toml")


def test_a_pack_beside_the_run_s_own_extends_it(output: Path, tmp_path: Path) -> None:
    changed = shutil.copytree(output, tmp_path / "out")
    manifest = changed / "_cleaner" / "manifest.json"
    data = json.loads(manifest.read_bytes())
    own = tmp_path / "own.toml"
    own.write_text('schema = 1\npack = { id = "own", version = "1", title = "Own", extends = ["zh-web"] }\n')
    data["options"]["pack"] = [str(own)]
    manifest.write_text(json.dumps(data))
    review = Review(changed, tmp_path / "mine.toml")
    review.answer(of_kind(review, "removal")[0], "keep")
    assert registry.load_rules(str(tmp_path / "mine.toml")).extends == ("own",)
    with pytest.raises(UsageError, match="beside it"):
        Review(changed, tmp_path / "elsewhere" / "mine.toml")


@pytest.mark.slow
@pytest.mark.parametrize("place", ["mine.toml", "answers/mine.toml"])
def test_a_run_with_a_folder_of_packs_is_reviewed(
    tmp_path: Path, call: Call, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pages = write_sites(tmp_path, "minutes")
    call("clean", pages, "--learn", "--quiet", "-o", "out")
    review = Review(Path("out"), Path(place))
    question = next(q for q in of_kind(review, "removal") if q.rule.startswith("site-minutes-example-com/"))
    assert review.answer(question, "keep").of_line
    assert call("rules", "test", place)[0] == 0
    call("clean", pages, "--pack", place, "--quiet", "-o", "again")
    line = question.text
    assert any(line in page for page in lines_of(tmp_path / "again/pages.jsonl").values())
    assert not any(line in page for page in lines_of(tmp_path / "out/pages.jsonl").values())
    with pytest.raises(UsageError, match="choose another --pack"):
        Review(Path("out"), Path("out/site-packs/mine.toml"))
