"""Weights are learnt from labelled pages, tried on pages left out, and shown as a diff."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cleaner.cli.rules import tune as command
from cleaner.errors import UsageError
from cleaner.judging import fitting, training
from cleaner.packs import registry

LINE = "{}天的清晨，渔船从雾里回来，码头上的人渐渐多了起来，有人问价，有人只是看着。"


def page(number: int) -> training.LabelledPage:
    body = [LINE.format(f"第{number}{n}") for n in "一二三四"]
    menu = [f"栏目{number}{n}" for n in "甲乙丙丁戊"]
    return training.LabelledPage(
        f"p{number}", "\n\n".join([*menu, *body, "编者记", *menu]), "DDDDDKKKKMDDDDD", f"site{number % 3}"
    )


PAGES = [page(number) for number in range(6)]


@pytest.fixture(scope="module")
def training_set() -> training.TrainingSet:
    return training.build_training_set(PAGES, registry.load_rules("core"))


def test_a_fit_finds_the_columns_that_predict() -> None:
    draw = np.random.default_rng(7)
    values = draw.normal(size=(400, 3))
    junk = (values[:, 0] - values[:, 1] > 0).astype(float)
    beta = fitting.fit(fitting.Examples(values, junk, np.ones(400), np.zeros(400)), 1.0)
    assert beta[0] > 1
    assert beta[1] < -1
    assert abs(beta[2]) < 0.7


def test_evidence_of_rules_is_not_learnt_twice() -> None:
    values = np.zeros((100, 1))
    junk = np.arange(100) % 2
    beta = fitting.fit(fitting.Examples(values, junk.astype(float), np.ones(100), np.where(junk, 9.0, -9.0)))
    assert abs(beta[-1]) < 0.1


def test_clean_pages_are_training_examples_too(training_set: training.TrainingSet) -> None:
    assert training.without_junk(PAGES[0]).labels == "KKKKM"
    assert training_set.is_derived.sum() == 6 * 5 + 6 * (
        1 + 2 + 4 + 5 + 5
    )  # pages without their junk, then excerpts of those
    assert (training_set.weight[training_set.scores.batch.documents == 0] > 0).sum() == 14
    assert training_set.page.max() == 5


def test_labels_must_fit_the_lines() -> None:
    with pytest.raises(ValueError, match="p0: 15 lines that are not blank but 2 labels"):
        training.build_training_set([training.LabelledPage("p0", PAGES[0].text, "KD")], registry.load_rules("core"))


def test_held_out_sites_are_judged_rightly(training_set: training.TrainingSet) -> None:
    trials = list(fitting.run_trials(training_set, [page.site for page in PAGES]))
    assert [trial.group for trial in trials] == ["site0", "site1", "site2"]
    for trial in trials:
        assert trial.content > 200
        assert (trial.lost_content, trial.remaining_junk) == (0, 0)
        assert trial.f1 == 1.0


def test_a_trial_counts_characters() -> None:
    assert fitting.Trial("g", 100, 50, 80, 0).f1 == pytest.approx(2 * 50 / 150)
    assert fitting.Trial("g", 0, 0, 80, 80).f1 == 0.0
    assert fitting.Trial("g", 0, 0, 80, 0).f1 == 1.0


def test_weights_replace_the_table_of_a_pack() -> None:
    old = 'schema = 1\n\n[pack]\nid = "x"\n\n[judge]\n"bias" = 1.0\n'
    assert fitting.write_weights(old, {"bias": 0.5, "line/short": 0.25}) == old.replace(
        "1.0\n", '0.5\n"line/short" = 0.25\n'
    )


def test_fixed_weights_are_kept(training_set: training.TrainingSet) -> None:
    assert fitting.fit_weights(training_set)["body/none"] == training.FIXED_WEIGHTS["body/none"]


def gold(folder: Path) -> Path:
    for name in ("docs", "labels"):
        (folder / name).mkdir()
    for one in PAGES:
        (folder / "docs" / f"{one.id}.txt").write_text(one.text, "utf-8")
        label = {"labels": list(one.labels), "site": one.site}
        (folder / "labels" / f"{one.id}.json").write_text(json.dumps(label), "utf-8")
    return folder


def run(*arguments: str) -> str:
    import typer

    app = typer.Typer()
    app.command()(command.tune)
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_command_shows_a_table_and_writes_a_diff(tmp_path: Path) -> None:
    output = run("--gold", str(gold(tmp_path)), "--pack", "core", "--output", str(tmp_path / "weights.diff"))
    assert "site1" in output
    assert output.splitlines()[-1].split()[0] == "all"
    assert (tmp_path / "weights.diff").read_text("utf-8").startswith("--- ")


def test_a_folder_without_pages_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no labelled pages"):
        run("--gold", str(tmp_path))


def test_a_page_with_wrong_labels_is_an_error(tmp_path: Path) -> None:
    folder = gold(tmp_path)
    (folder / "labels" / "p1.json").write_text('{"labels": ["K"]}', "utf-8")
    with pytest.raises(UsageError, match="p1: 15 lines"):
        run("--gold", str(folder))
    (folder / "docs" / "p1.txt").unlink()
    with pytest.raises(UsageError, match=r"p1\.json: not a labelled page"):
        run("--gold", str(folder))


def test_other_weights_make_another_pack() -> None:
    pack = registry.load_rules("core")
    assert fitting.replace_weights(pack, {"bias": 0.5}).hash != fitting.replace_weights(pack, {"bias": 0.6}).hash
