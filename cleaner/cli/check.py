"""`cleaner check`: findings in data files, as a linter gives them for code."""

from __future__ import annotations

from pathlib import Path

import typer

from cleaner.check import baseline as baselines
from cleaner.check.baseline import Baseline
from cleaner.check.fixes.fix import FixResult
from cleaner.check.report import Display
from cleaner.cli import contamination
from cleaner.cli.checking import options, printing
from cleaner.cli.checking.job import STDIN, CheckJob, read_stdin
from cleaner.cli.checking.settings import load_check_settings, settings_from, target_from
from cleaner.cli.contamination import AgainstFieldOption, ContainmentOption
from cleaner.cli.options import (
    ConfigOption,
    JudgeOption,
    PackOption,
    PunctuationOption,
    QuotesOption,
    ScriptOption,
    WorkersOption,
)
from cleaner.cli.reading.options import (
    CheckInputFormatOption,
    DamagedOption,
    EncodingOption,
    FieldFormatOption,
    FieldOption,
    decode_options,
    given,
    require_format,
)
from cleaner.config import Config
from cleaner.errors import UsageError

STATISTICS_FORMATS = ("text", "json")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def check(
    paths: options.PathsArgument,
    output_format: options.OutputFormatOption = "text",
    output_file: options.OutputFileOption = None,
    statistics: options.StatisticsOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    exit_zero: options.ExitZeroOption = False,
    fix: options.FixOption = False,
    unsafe_fixes: options.UnsafeOption = None,
    diff: options.DiffOption = False,
    max_loss: options.LossOption = None,
    baseline: options.BaselineOption = None,
    select: options.SelectOption = None,
    ignore: options.IgnoreOption = None,
    include: options.IncludeOption = None,
    exclude: options.ExcludeOption = None,
    force_exclude: options.ForceOption = False,
    gitignore: options.GitignoreOption = None,
    exempt: options.ExemptOption = None,
    always_check: options.AlwaysOption = None,
    stdin_filename: options.StdinOption = None,
    changed_since: options.SinceOption = "",
    against_repo: options.RepositoryOption = False,
    index: options.IndexOption = "",
    against: options.AgainstOption = "",
    against_field: AgainstFieldOption = "",
    min_containment: ContainmentOption = contamination.DEFAULTS.threshold,
    duplicates: options.DuplicatesOption = None,
    workers: WorkersOption = None,
    pack: PackOption = None,
    script: ScriptOption = None,
    quotes: QuotesOption = None,
    punctuation: PunctuationOption = None,
    judge: JudgeOption = None,
    encoding: EncodingOption = None,
    input_format: CheckInputFormatOption = "",
    damaged: DamagedOption = "replace",
    field: FieldOption = None,
    field_format: FieldFormatOption = "auto",
    id_field: options.IdOption = None,
    require_field: options.RequireOption = None,
    config_file: ConfigOption = None,
) -> None:
    """Check data files as a linter checks code.

    Reports pollution, encoding, mojibake, script and near-duplicates. Nothing is written without --fix. Exit code 0:
    clean. 1: findings, or files were fixed. 2: the call was wrong, or the check broke off.
    """
    config = load_check_settings(
        config_file,
        {
            "pack": given(pack),
            "script": script,
            "quotes": quotes,
            "punctuation": punctuation,
            "judge": judge,
            "include": given(include),
        },
        select=given(select),
        ignore=given(ignore),
        field=given(field),
        id_field=id_field,
        require_field=require_field,
        unsafe_fixes=unsafe_fixes,
        max_loss=max_loss,
        gitignore=gitignore,
        exempt=given(exempt),
        always_check=given(always_check),
        duplicates=duplicates,
        baseline=str(baseline) if baseline else None,
    )
    if statistics and output_format not in STATISTICS_FORMATS:
        raise UsageError(f"--statistics --format {output_format}: give {' or '.join(STATISTICS_FORMATS)}")
    if diff and (fix or statistics or output_file or output_format != "text"):
        raise UsageError(
            "--diff prints a diff and writes nothing: leave out --fix and what says how findings are printed"
        )
    if changed_since and STDIN in paths:
        raise UsageError("--changed-since: standard input is in no revision; give files or folders")
    decoding = decode_options(encoding, damaged)
    evaluation = contamination.evaluation_from(against, against_field, min_containment)
    with read_stdin(paths, stdin_filename) as contents:
        settings = settings_from(config, decoding, require_format(input_format), field_format)._replace(
            workers=workers or 0, contents=contents
        )
        target = target_from(config, [*contents] or paths, exclude, force_exclude)
        target = target._replace(since=changed_since, repository=against_repo, index_name=index, evaluation=evaluation)
        job = CheckJob(target, settings, _read_baseline(config), is_quiet=quiet)
        result = job.run()
        if diff:
            count = printing.print_diff(job.fix(result, config), is_quiet=quiet)
            raise typer.Exit(int(bool(count) and not exit_zero))
        fixes = job.fix(result, config) if fix else FixResult([], {})
        result = job.write(fixes, result) if fix else result
        display = Display(printing.has_colour(output_format, output_file), is_verbose=verbose, is_quiet=quiet)
        printing.print_notices(result, is_quiet=quiet)
        report = printing.make_report(result, settings, fixes, display)
        text = printing.render(report, output_format, statistics=statistics)
        if fix and contents:
            printing.print_contents(contents)
        if fix and contents and not output_file:
            typer.echo(text, err=True, nl=False)
        else:
            printing.print_text(text, output_file)
    for defect in result.defects:
        typer.echo(f"error: {defect}; report it with the text", err=True)
    if result.defects:
        raise typer.Exit(2)
    if not (report.is_clean or exit_zero):
        raise typer.Exit(1)


def _read_baseline(config: Config) -> Baseline:
    return baselines.read_baseline(Path(config.check.baseline)) if config.check.baseline else Baseline()
