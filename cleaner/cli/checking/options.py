"""Options of `cleaner check` and `cleaner baseline`: which files, which rules, which findings are mended and shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cleaner.cli.options import DEFAULTS

FindingFormat = Literal["text", "json", "sarif", "github", "junit", "rdjson"]
"""How findings are printed; each has a module in `cleaner.check.output`."""

PathsArgument = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Files, folders (searched recursively, all formats), or - for stdin."),
]
StdinOption = Annotated[
    str | None,
    typer.Option(
        "--stdin-filename", metavar="NAME", help="With -: the name that tells its format. [default: stdin.txt]"
    ),
]
OutputFormatOption = Annotated[FindingFormat, typer.Option("--format", help="How to print findings.")]
OutputFileOption = Annotated[
    Path | None,
    typer.Option("--output-file", metavar="FILE", help="Write the findings there instead of printing them."),
]
StatisticsOption = Annotated[
    bool, typer.Option("--statistics", help="Print how often each rule is found, as text or json, not each finding.")
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print findings only: no summary, no progress, no notes.")
]
VerboseOption = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Print every finding's sentence, not each once a file, and exempt files."),
]
ExitZeroOption = Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 though there are findings.")]
FixOption = Annotated[
    bool, typer.Option("--fix", help="Write mended texts into the files: safe fixes, marked [*], and no others.")
]
UnsafeOption = Annotated[
    bool | None,
    typer.Option(
        "--unsafe-fixes/--no-unsafe-fixes",
        help="With --fix or --diff: also those that may take what an author wrote, marked [!]. [default: no]",
    ),
]
DiffOption = Annotated[bool, typer.Option("--diff", help="Print what --fix would change, and write nothing.")]
LossOption = Annotated[
    float | None,
    typer.Option(
        "--max-loss",
        metavar="SHARE",
        min=0,
        max=1,
        help=f"Fix no text that would lose a larger share of its characters. [default: {DEFAULTS.check.max_loss:g}]",
    ),
]
SelectOption = Annotated[
    list[str] | None,
    typer.Option(
        "--select", metavar="RULE", help="Report only these: an id, the beginning of one, a category, a glob; repeat."
    ),
]
IgnoreOption = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="RULE", help="Do not report these; repeat.")
]
IncludeOption = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="GLOB", help="Files to check in folders; repeat. [default: all formats]"),
]
ExcludeOption = Annotated[
    list[str] | None, typer.Option("--exclude", metavar="GLOB", help="Leave out files in folders; repeat.")
]
ForceOption = Annotated[
    bool, typer.Option("--force-exclude", help="Leave out excluded files even when they are named, as hooks do.")
]
GitignoreOption = Annotated[
    bool | None,
    typer.Option(
        "--gitignore/--no-gitignore", help="Leave out files in folders that git ignores. [default: gitignore]"
    ),
]
ExemptOption = Annotated[
    list[str] | None,
    typer.Option(
        "--exempt",
        metavar="KIND",
        help="Files that are no texts of a corpus and left alone; repeat, or none. "
        f"[default: {', '.join(DEFAULTS.check.exempt)}]",
    ),
]
AlwaysOption = Annotated[
    list[str] | None,
    typer.Option("--always-check", metavar="GLOB", help="Check these though they are of an exempt kind; repeat."),
]
BaselineOption = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="File of known findings, which do not fail the check.")
]
SinceOption = Annotated[
    str, typer.Option("--changed-since", metavar="REF", help="Report only lines changed since a git revision.")
]
RepositoryOption = Annotated[
    bool, typer.Option("--against-repo", help="Also report near-duplicates of any file of the git repository.")
]
IndexOption = Annotated[
    str,
    typer.Option("--index", metavar="FILE|redis://…", help="Also report near-duplicates of the documents in an index."),
]
AgainstOption = Annotated[
    str, typer.Option("--against", metavar="FILE", help="Also report questions of this evaluation that the texts hold.")
]
DuplicatesOption = Annotated[
    bool | None,
    typer.Option(
        "--duplicates/--no-duplicates",
        help=f"Look for near-duplicates. [default: {'yes' if DEFAULTS.check.duplicates else 'no'}]",
    ),
]
RequireOption = Annotated[
    bool | None,
    typer.Option(
        "--require-field/--no-require-field", help="Report files and records that lack --field. [default: a notice]"
    ),
]
IdOption = Annotated[
    str | None,
    typer.Option(
        "--id-field", metavar="NAME", help=f"The field or column with the id. [default: {DEFAULTS.check.id_field}]"
    ),
]
