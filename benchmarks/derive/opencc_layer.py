"""Write cleaner/data/opencc-layer.txt: what OpenCC's current dictionaries say otherwise than the library's old ones.

    python benchmarks/derive/opencc_layer.py [VERSION]

Source: the wheel `opencc` of PyPI (https://github.com/BYVoid/OpenCC, Apache License 2.0), fetched by pip into a
temporary folder; its own tool turns the compiled dictionaries into text. Compared with the dictionaries of the
installed opencc-python-reimplemented, of which nothing is copied. Of several values the first counts.

The file has sections headed by `=NAME`: `=chains` holds a configuration a line, its stages by tabs, the dictionaries
of a stage by commas; every other section is a dictionary, with `key<TAB>value` for an entry that is new or has
another value and `-key` for one that is gone. A union of dictionaries is one dictionary, named like its first.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cleaner.normalization.script import opencc_tables

VERSION = "1.4.2"
TARGET = Path("cleaner/data/opencc-layer.txt")
CONFIGS = ("t2s", "tw2s", "hk2s", "tw2sp", "hk2sp", "s2t", "s2tw", "s2twp", "s2hk", "s2hkp", "t2tw", "t2hk")

Dictionary = dict[str, str]


class Release:
    """A release of OpenCC, unpacked in a folder."""

    def __init__(self, version: str, folder: Path) -> None:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", f"opencc=={version}", "-d", str(folder)]
        subprocess.run(command, check=True)
        zipfile.ZipFile(next(folder.glob("*.whl"))).extractall(folder)
        self.folder = folder
        self.share = folder / "opencc/clib/share/opencc"
        self.tool = folder / "opencc/clib/bin/opencc_dict"
        self.tool.chmod(0o755)

    def dictionary(self, file: str) -> Dictionary:
        """Read a compiled dictionary."""
        text = self.folder / "dictionary.txt"
        command = [self.tool, "-i", self.share / file, "-f", "ocd2", "-o", text, "-t", "text"]
        subprocess.run(command, check=True)
        pairs = (line.split("\t") for line in text.read_text(encoding="utf-8").splitlines())
        return {key: values.split(" ")[0] for key, values in pairs}

    def config(self, name: str) -> dict[str, Any]:
        """Read a configuration."""
        parsed: dict[str, Any] = json.loads((self.share / f"{name}.json").read_text(encoding="utf-8"))
        return parsed


def _unions(entry: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the files of each dictionary of a stage, several where they make a union."""
    if entry["type"] != "group":
        yield [entry["file"]]
    elif entry["match_policy"] == "union":
        yield [inner["file"] for inner in entry["dicts"]]
    else:
        for inner in entry["dicts"]:
            yield from _unions(inner)


def _name(files: list[str]) -> str:
    return files[0].removesuffix(".ocd2")


def _difference(old: Dictionary, new: Dictionary) -> Iterator[str]:
    yield from (f"-{key}" for key in sorted(old.keys() - new.keys()))
    yield from (f"{key}\t{new[key]}" for key in sorted(new) if old.get(key) != new[key])


def _installed(name: str) -> Dictionary:
    is_there = (opencc_tables.package() / "dictionary" / f"{name}.txt").is_file()
    return opencc_tables.dictionary(f"{name}.txt") if is_there else {}


def _sections(release: Release) -> Iterator[str]:
    dictionaries: dict[str, list[str]] = {}
    yield "=chains"
    for config in CONFIGS:
        parsed = release.config(config)
        stages = [list(_unions(stage["dict"])) for stage in parsed["conversion_chain"]]
        for files in [[["CJK_Compatibility_Ideographs.ocd2"]], *stages]:
            dictionaries |= {_name(union): union for union in files}
        yield "\t".join((config, *(",".join(map(_name, stage)) for stage in stages)))
    for name in sorted(dictionaries):
        new: Dictionary = {}
        for file in dictionaries[name]:
            new = release.dictionary(file) | new
        yield f"={name}"
        yield from _difference(_installed(name), new)


def _main() -> None:
    version = sys.argv[1] if len(sys.argv) > 1 else VERSION
    with tempfile.TemporaryDirectory() as folder:
        sections = list(_sections(Release(version, Path(folder))))
    head = f"# OpenCC {version}, Apache License 2.0, as differences; see NOTICE and benchmarks/derive/opencc_layer.py."
    TARGET.write_text("\n".join((head, *sections, "")), encoding="utf-8")


if __name__ == "__main__":
    _main()
