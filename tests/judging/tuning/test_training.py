"""A model is fitted on labelled pages, tried on sites left out, and written as a folder that a pack can name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from msgspec import structs
from typer.testing import CliRunner

import cleaner
from cleaner.cli.rules import tune as command
from cleaner.errors import PackError, UsageError
from cleaner.judging import judge
from cleaner.judging.tuning import training
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
    return training.build_training_set(PAGES, registry.load_rules("zh-web"))


def test_lines_that_may_be_either_count_nothing(training_set: training.TrainingSet) -> None:
    assert (training_set.weight[training_set.page == 0] > 0).sum() == 14
    assert training_set.is_junk.sum() == 60
    assert len(training_set.excerpts) == 6 * 15


def test_pages_without_their_junk_keep_the_other_labels() -> None:
    assert training.without_junk(PAGES[0]).labels == "KKKKM"


def test_labels_that_do_not_fit_the_lines_are_an_error() -> None:
    with pytest.raises(ValueError, match="p0: 15 lines that are not blank but 3 labels"):
        training.build_training_set([structs.replace(PAGES[0], labels="KKD")], registry.load_rules("core"))


def test_an_excerpt_is_what_the_arrays_read() -> None:
    from cleaner.judging.model import phrases

    for line in ("2021年 文章", "a" * 61, "b" * 60, "丙"):
        codes = np.array([line]).view(np.uint32)
        characters, _ = phrases.excerpt(codes, np.array([0]), np.array([len(line)]))
        assert "".join(map(chr, characters)) == training.excerpt(line)


def test_sites_are_divided_whole() -> None:
    fitting = pytest.importorskip("cleaner.judging.tuning.fitting")
    sites = np.array(["a", "b", "a", "c", "b"])
    part = fitting.divide_sites(sites, 2, seed=0)
    assert part[0] == part[2]
    assert part[1] == part[4]


def test_a_model_is_read_as_it_was_written() -> None:
    shipped = registry.load_rules("zh-web").judge
    assert shipped
    model = judge.parse_model(shipped)
    texts = judge.write_model(model)
    again = judge.parse_model(
        structs.replace(shipped, hash="other", phrases=texts["phrases.tsv"], trees=texts["trees.json"])
    )
    values = np.random.default_rng(0).normal(size=(len(model.trees.names), 30)).astype(np.float32)
    assert again.trees.scores(values).tolist() == model.trees.scores(values).tolist()


def test_a_damaged_model_is_an_error_that_names_it() -> None:
    shipped = registry.load_rules("zh-web").judge
    assert shipped
    with pytest.raises(PackError, match="model 'zh' is damaged"):
        judge.parse_model(structs.replace(shipped, trees="{}", hash="damaged"))


def write_pages(folder: Path, pages: list[training.LabelledPage]) -> None:
    for name in ("docs", "labels"):
        (folder / name).mkdir(parents=True)
    for one in pages:
        (folder / "docs" / f"{one.id}.txt").write_text(one.text, encoding="utf-8")
        label_file = {"labels": one.labels, "site": one.site}
        (folder / "labels" / f"{one.id}.json").write_text(json.dumps(label_file), encoding="utf-8")


def tune(*arguments: str) -> Result:
    return CliRunner().invoke(command.app, list(arguments), catch_exceptions=False)


@pytest.mark.slow
def test_the_command_shows_a_table_warns_and_writes_a_model_that_a_pack_can_name(tmp_path: Path) -> None:
    pytest.importorskip("catboost", reason="the extra tune is not installed")
    pytest.importorskip("sklearn", reason="the extra tune is not installed")
    write_pages(tmp_path / "gold", [page(number) for number in range(30)])
    done = tune("--gold", str(tmp_path / "gold"), "--output", str(tmp_path / "mine"))
    assert "30 pages of 3 sites are few" in done.output
    assert "site0" in done.output
    pack = tmp_path / "mine.toml"
    pack.write_text(
        'schema = 1\n[pack]\nid = "mine"\nversion = "1"\ntitle = "t"\nextends = ["zh-web"]\n[judge]\nmodel = "./mine"\n'
    )
    lines = cleaner.load_pack(str(pack)).clean(PAGES[0].text).text.split()
    assert set(PAGES[0].text.split()[5:9]) <= set(lines) <= set(PAGES[0].text.split()[5:-5])  # 编者记 may be either


def test_a_folder_without_pages_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no labelled pages"):
        tune("--gold", str(tmp_path), "--output", str(tmp_path / "out"))


def test_a_page_with_wrong_labels_is_an_error(tmp_path: Path) -> None:
    write_pages(tmp_path, [structs.replace(PAGES[0], labels="KD")])
    with pytest.raises(UsageError, match="label every non-blank line"):
        tune("--gold", str(tmp_path), "--output", str(tmp_path / "out"))
