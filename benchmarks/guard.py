"""Fingerprint what the commands give, so that a change of structure can be shown to change no output.

    python benchmarks/guard.py record FILE [--shared DIR] [--quick]
    python benchmarks/guard.py compare FILE [--shared DIR] [--quick]

Runs `clean`, `dedup`, `check --format json` and `rules export` over seeds, samples and the labelled pages (texts and
HTML, where DIR holds them), each in a folder of its own, and takes the SHA-256 of every output. `compare` lists what
differs from a record and exits with 1. `--quick` leaves the labelled pages out. Manifests,
which name versions and times, are left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
LEFT_OUT = {"manifest.json"}
LABELLED = {"docs", "html"}


def run(folder: Path, *arguments: str) -> bytes:
    """Run one command in `folder`; its standard output and exit code."""
    command = [sys.executable, "-m", "cleaner", *arguments]
    process = subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment())
    return process.stdout + f"\nexit {process.returncode}".encode()


def environment() -> dict[str, str]:
    """Let the checkout's package be the one that runs."""
    import os

    return os.environ | {"PYTHONPATH": str(ROOT)}


def inputs(folder: Path, shared: Path, *, quick: bool) -> list[str]:
    """Copy the inputs into `folder`; the names of the copies."""
    sources = {"seeds": ROOT / "seeds", "samples": ROOT / "samples"}
    if not quick:
        sources |= {"docs": shared / "gold" / "dev" / "docs", "html": shared / "gold" / "dev" / "html"}
    for name, source in sources.items():
        shutil.copytree(source, folder / name)
    return list(sources)


def files(folder: Path) -> dict[str, bytes]:
    """All output files of a run by name, but for those that name versions and times."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in LEFT_OUT)
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def outputs(shared: Path, *, quick: bool) -> dict[str, str]:
    """SHA-256 of each output of each command, by command, input and file."""
    found: dict[str, bytes] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        for source in inputs(folder, shared, quick=quick):
            for command in ("clean", "dedup"):
                run(folder, command, source, "--output", f"{command}-{source}", "--quiet")
                found |= {
                    f"{command} {source} {key}": data for key, data in files(folder / f"{command}-{source}").items()
                }
            found[f"check {source}"] = run(folder, "check", source, "--format", "json")
        for pack in sorted((ROOT / "rules").glob("*.toml")):
            found[f"rules export {pack.stem}"] = run(folder, "rules", "export", pack.stem)
    return {key: hashlib.sha256(data).hexdigest() for key, data in found.items()}


def is_labelled(key: str) -> bool:
    """Whether an output comes from the labelled pages."""
    return key.split()[0] != "rules" and key.split()[1] in LABELLED


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("action", choices=("record", "compare"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    now = outputs(arguments.shared, quick=arguments.quick)
    if arguments.action == "record":
        arguments.file.write_text(json.dumps(now, indent=0, sort_keys=True), encoding="utf-8")
        print(f"{len(now)} outputs recorded")
        return
    before = json.loads(arguments.file.read_text(encoding="utf-8"))
    if arguments.quick:
        before = {key: value for key, value in before.items() if not is_labelled(key)}
    different = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    for key in different:
        print("missing" if key not in now else "new" if key not in before else "differs", key)
    print(f"{len(before)} outputs compared, {len(different)} differ")
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
