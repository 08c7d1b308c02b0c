"""A small run to review: pages with furniture that goes, and lines that look like it and stay."""

from __future__ import annotations

import json
from pathlib import Path

from cleaner.corpus.clean import clean_corpus
from helpers.format_cases import FOOT, NAV, body, job
from helpers.paths import ROOT

RELATED = (
    "相关阅读",
    "· 老城区改造进入第二阶段 2023-04-01",
    "· 专家解读新一轮水利规划要点 2023-03-30",
    "· 三座大桥同时动工 2023-03-28",
)


def write_corpus(path: Path) -> None:
    """The samples, and pages of one site with a footer of their own."""
    texts = [file.read_text("utf-8") for file in sorted((ROOT / "samples").rglob("*.in.txt"))[::4]]
    ending = "\n".join((*RELATED, "本报记者谢昌民", FOOT))
    site = [f"{NAV}\n\n{body(n)}\n\n{ending}\n" for n in range(4)]
    rows = [{"id": f"d{number}", "text": text} for number, text in enumerate([*texts, *site])]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def run(folder: Path) -> Path:
    """Clean the corpus; the folder of the output."""
    write_corpus(folder / "in.jsonl")
    clean_corpus(job([folder / "in.jsonl"], folder / "out"), folder / "out")
    return folder / "out"
