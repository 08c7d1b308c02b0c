"""Fit what the judge ships, data/judge/zh, on labelled pages; or try it on sites left out.

    python benchmarks/derive/judge_model.py [--gold DIR] [--keep DIR] [--try] [--output DIR]

DIR of --gold holds score.py and dev/ (docs, html, labels), see its README; --keep is a folder of texts that are all
content, of which every second file is used for fitting. Fitted on: the pages as text and as HTML, the pages without
their junk, invented texts and frames, and composed pages: bodies that are all content (other pages', and texts) in
frames of other pages and in invented ones. With
--try each fifth of the sites is cleaned, the whole way, by a model that never saw them, and scored; nothing is written.
Needs the extras `tune` and `html`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

import page_bodies
from bodies import KINDS, invent
from frames import invent_frame

import cleaner
from cleaner import decode, pipeline
from cleaner.formats import html
from cleaner.judging import judge
from cleaner.judging.tuning import fitting
from cleaner.judging.tuning.training import LabelledPage, build_training_set, ink_lines
from cleaner.model import Document
from cleaner.options import CleanOptions
from cleaner.packs import loader, registry
from cleaner.packs.models import PHRASES, TREES
from cleaner.rules.schema import JudgeModel
from helpers.gold import label_lines, load_scorer

ROOT = Path(__file__).parents[2]
GOLD = ROOT.parent / "shared" / "gold"
OUTPUT = ROOT / "cleaner" / "data" / "judge" / "zh"
PARTS = 5
HTML, CLEAN, COMPOSED, TEXT, FRAMED_TEXT = 0.5, 0.1, 0.025, 0.1, 0.06
"""Weights of pages beside a page as text: the same from HTML, without its junk, a body in another's frame, a text
that is all content, such a text in a frame."""
SAMPLE, LONG = 2.0, 60
"""The weight of a sample of the project's own; characters from which a line of it that was changed may be either."""
INVENTED = 900
"""Texts that are invented."""
FRAMES, FRAME_ALONE, IN_INVENTED = 900, 0.08, 0.05
"""Frames that are invented, the weight of one by itself, and that of a body in one."""
LONGEST_TEXT, FRAME = 150, 5
"""Lines of a text that are taken at most, and lines of a frame at least."""
OPTIONS = CleanOptions(script="keep", punctuation="keep")


def read_pages(gold: Path) -> tuple[list[LabelledPage], dict[str, Any]]:
    """Read the labelled pages as text and as HTML, and their labels by id."""
    score = load_scorer(gold)
    docs = {doc.id: doc for doc in score.load(str(gold / "dev"), "all", "all")}
    pages = [
        LabelledPage(
            name, (gold / f"dev/docs/{name}.txt").read_bytes().decode(), "".join(doc.j["labels"]), doc.j["site"]
        )
        for name, doc in sorted(docs.items())
    ]
    for path in sorted((gold / "dev/html").glob("*.html")):
        page, doc = html.read_page(path.read_bytes()), docs[path.stem]
        labels = label_lines(score, doc, page.text)
        pages.append(LabelledPage(f"html/{path.stem}", page.text, labels, doc.j["site"], HTML, hints=page.hints))
    return pages, docs


def read_texts(folder: Path | None) -> list[LabelledPage]:
    """Read every second of the texts that are all content, and invent others of kinds that look like furniture."""
    draw, texts = Random(11), []
    for number in range(INVENTED):
        lines = invent(draw, (*KINDS, *page_bodies.PAGE_KINDS))
        labels, site = "K" * len(lines), f"invented/{number}"
        texts.append(LabelledPage(f"text/{site}", "\n".join(lines), labels, site, TEXT, is_invented=True))
    for path in sorted(path for path in folder.rglob("*") if path.is_file())[::2] if folder else ():
        try:
            lines = ink_lines(path.read_text(encoding="utf-8"))[:LONGEST_TEXT]
        except UnicodeDecodeError:
            continue
        if lines:
            name = f"text/{path.relative_to(folder)}"
            texts.append(LabelledPage(name, "\n".join(lines), "K" * len(lines), name, TEXT))
    return texts


def invent_frames() -> list[tuple[LabelledPage, int]]:
    """Invent frames: pages of junk alone, each with the number of its lines that stand above a body."""
    draw, pages = Random(12), []
    for number in range(FRAMES):
        above, below = ([line for line in part if line.strip()] for part in invent_frame(draw))
        name, lines = f"frame/{number}", [*above, *below]
        pages.append((LabelledPage(name, "\n".join(lines), "D" * len(lines), name, FRAME_ALONE), len(above)))
    return pages


def frame_invented(
    pages: list[LabelledPage],
    texts: list[LabelledPage],
    frames: list[tuple[LabelledPage, int]],
    part_of: dict[str, int],
) -> Iterator[LabelledPage]:
    """Put bodies into invented frames of the same part of the sites."""
    draw = Random(8)
    by_id = {page.id: page for page in (*pages, *texts, *(page for page, _ in frames))}
    of_part: dict[int, list[tuple[LabelledPage, int]]] = defaultdict(list)
    for page, size in frames:
        of_part[part_of[page.site]].append((page, size))
    for body in (*(page for page in pages if not page.id.startswith("html/")), *texts):
        origins = body_of(body)
        if not any(by_id[name].labels[row] in "KX" for name, row in origins):
            continue
        frame, size = draw.choice(of_part[part_of[body.site]])
        rows = [(frame.id, row) for row in range(len(frame.labels))]
        lines = [*rows[:size], *origins, *rows[size:]]
        yield from composed(f"invented/{body.id}", by_id, lines, body.site, IN_INVENTED)


def read_samples() -> list[LabelledPage]:
    """Read the project's own samples, before and after: a line that is not there after is junk."""
    pages = []
    for after in sorted((ROOT / "samples").rglob("*.out.txt")):
        name = after.name.removesuffix(".out.txt")
        seed = ROOT / "seeds" / f"{name}.txt"
        before = seed if seed.exists() else after.with_name(f"{name}.in.txt")
        if "known-failures" in after.parts or not before.exists():
            continue
        lines = ink_lines(cleaner.normalize(decode.decode(before.read_bytes()).text))
        content = ink_lines(after.read_text(encoding="utf-8"))
        labels = "".join("K" if line in content else "M" if len(line) >= LONG else "D" for line in lines)
        pages.append(LabelledPage(f"sample/{name}", "\n".join(lines), labels, f"sample/{name}", SAMPLE))
        pages.append(
            LabelledPage(f"after/{name}", "\n".join(content), "K" * len(content), f"sample/{name}", SAMPLE / 2)
        )
    return pages


def body_of(page: LabelledPage) -> list[tuple[str, int]]:
    """List the lines of a page that are no junk, as origins."""
    return [(page.id, row) for row, label in enumerate(page.labels) if label != "D"]


def frame_of(page: LabelledPage) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """List the junk above and below all content of a page, as origins."""
    content = [row for row, label in enumerate(page.labels) if label in "KX"] or [0]
    junk = [row for row, label in enumerate(page.labels) if label == "D"]
    return [(page.id, row) for row in junk if row < content[0]], [(page.id, row) for row in junk if row > content[-1]]


def compose(pages: list[LabelledPage], texts: list[LabelledPage], part_of: dict[str, int]) -> Iterator[LabelledPage]:
    """Put bodies into frames of other pages of the same part of the sites; and bodies alone."""
    draw = Random(7)
    by_id = {page.id: page for page in (*pages, *texts)}
    own = [page for page in pages if not page.id.startswith("html/")]
    frames: dict[int, list[LabelledPage]] = defaultdict(list)
    for page in own:
        if sum(map(len, frame_of(page))) >= FRAME:
            frames[part_of[page.site]].append(page)
    for body in (*own, *texts):
        is_text = body.id.startswith("text/")
        origins = body_of(body)
        if not any(by_id[name].labels[row] in "KX" for name, row in origins):
            continue
        if not is_text:
            yield from composed(f"clean/{body.id}", by_id, origins, body.site, CLEAN)
        for turn in range(1 if is_text else 2):
            frame = draw.choice(frames[part_of[body.site]])
            above, below = frame_of(frame)
            weight = FRAMED_TEXT if is_text else COMPOSED
            yield from composed(f"composed-{turn}/{body.id}", by_id, [*above, *origins, *below], body.site, weight)


def composed(
    name: str, by_id: dict[str, LabelledPage], origins: list[tuple[str, int]], site: str, weight: float
) -> Iterator[LabelledPage]:
    """Make a page of lines of others."""
    lines = {page: ink_lines(by_id[page].text) for page in {page for page, _ in origins}}
    text = "\n".join(lines[page][row] for page, row in origins)
    labels = "".join(by_id[page].labels[row] for page, row in origins)
    yield LabelledPage(name, text, labels, site, weight, tuple(origins))


def gather(pages: list[LabelledPage], texts: list[LabelledPage]) -> tuple[list[LabelledPage], dict[str, int]]:
    """Gather all pages to fit on, composed ones too, and the part of each site."""
    frames = invent_frames()
    alone = [page for page, _ in frames]
    part_of = divide([*pages, *texts]) | divide(alone)
    return [
        *pages,
        *texts,
        *compose(pages, texts, part_of),
        *alone,
        *frame_invented(pages, texts, frames, part_of),
    ], part_of


def divide(pages: list[LabelledPage]) -> dict[str, int]:
    """Divide the sites into parts at random."""
    sites = sorted({page.site for page in pages})
    Random(0).shuffle(sites)
    return {site: number % PARTS for number, site in enumerate(sites)}


def pack_of(model: fitting.Model) -> pipeline.Pack:
    """Put a model into the shipped pack."""
    data = registry.load_rules("zh-web")
    texts = judge.write_model(model)
    learned = JudgeModel(
        name="trial", hash=str(hash(tuple(texts.values()))), phrases=texts[PHRASES], trees=texts[TREES]
    )
    return pipeline.Pack(loader.rehash(msgspec.structs.replace(data, judge=learned)))


def try_part(gold: Path, keep: Path | None, number: int) -> dict[str, dict[str, str]]:
    """Fit without a part of the sites and clean it: texts by reading and page."""
    pages, _ = read_pages(gold)
    texts = read_texts(keep)
    every, part_of = gather(pages, texts)
    training_set = build_training_set(every, rules_alone())
    rows = np.array([part_of[page.site] != number for page in every])[training_set.page]
    pack = pack_of(fitting.fit_model(training_set, rows))
    result: dict[str, dict[str, str]] = {"text": {}, "html": {}}
    for page in (page for page in pages if part_of[page.site] == number):
        reading, name = ("html", page.id[5:]) if page.id.startswith("html/") else ("text", page.id)
        cleaned = pipeline.clean([Document(name, page.text)], pack, OPTIONS, hints=[page.hints])
        result[reading][name] = cleaned[0].text
    return result


def rules_alone() -> Any:
    """Load the shipped rules without a model."""
    return loader.rehash(msgspec.structs.replace(registry.load_rules("zh-web"), judge=None))


def report(gold: Path, texts: dict[str, str], name: str) -> None:
    """Print the scores of cleaned pages, by part and age of the pages."""
    score = load_scorer(gold)
    docs = {doc.id: doc for doc in score.load(str(gold / "dev"), "all", "all")}
    groups: dict[str, list[Counter[str]]] = defaultdict(list)
    for page, text in texts.items():
        counts = score.score_doc(docs[page], text)
        for group in ("all", f"part {docs[page].j['part']}", "new" if page.startswith("sc-") else "old"):
            groups[group].append(counts)
    for group, rows in sorted(groups.items()):
        total: Counter[str] = sum(rows, Counter())
        f1 = [score.prf(row)[2] for row in rows if row["K"]]
        print(
            f"| {name} {group} | {len(rows)} | {100 * score.prf(total)[2]:.1f} | {100 * statistics.mean(f1):.1f} "
            f"| {100 * sum(x >= 0.95 for x in f1) / len(f1):.0f} | {100 * total['Klost'] / total['Klines']:.1f} "
            f"| {100 * total['Ddropped'] / total['Dlines']:.1f} |",
            flush=True,
        )


def main() -> None:
    """Fit, or try."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--try", dest="tries", action="store_true")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--save", type=Path, help="where --try writes the cleaned texts, as JSON")
    given = parser.parse_args()
    if given.tries:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(try_part, [given.gold] * PARTS, [given.keep] * PARTS, range(PARTS)))
        if given.save:
            given.save.write_text(json.dumps(parts), encoding="utf-8")
        print(
            "| pages | n | F1 | mean F1 | >= .95 % | content lost % | junk removed % |\n|---|---|---|---|---|---|---|"
        )
        for reading in ("text", "html"):
            report(given.gold, {key: text for part in parts for key, text in part[reading].items()}, reading)
        return
    pages, _ = read_pages(given.gold)
    texts = read_texts(given.keep)
    every = [*gather(pages, texts)[0], *read_samples()]
    model = fitting.fit_model(build_training_set(every, rules_alone()))
    given.output.mkdir(parents=True, exist_ok=True)
    for name, text in judge.write_model(model).items():
        (given.output / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
