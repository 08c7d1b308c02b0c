"""What a check is told by settings and command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from cleaner.check.cleaning import CheckSettings
from cleaner.check.inputs.exempt import Exemption
from cleaner.check.inputs.files import FileFilter
from cleaner.check.run import CheckTarget
from cleaner.check.selection import Selection
from cleaner.cli.options import load_packs, load_settings
from cleaner.config import Config, override
from cleaner.decode import DecodeOptions
from cleaner.formats.base import Reading
from cleaner.formats.registry import GLOBS
from cleaner.formats.shared.records import FieldFormat


def load_check_settings(path: Path | None, options: dict[str, Any], **check_options: Any) -> Config:
    """Load the settings, and put the command line's options over them: general ones, and those of `[check]`."""
    config = load_settings(path, **options)
    values = {name: value for name, value in check_options.items() if value is not None}
    return override(config, check=msgspec.structs.replace(config.check, **values))


def settings_from(
    config: Config, decoding: DecodeOptions, input_format: str = "", field_format: FieldFormat = "auto"
) -> CheckSettings:
    """Build what decides the findings of a file."""
    check = config.check
    reading = Reading(
        texts=check.field, id=check.id_field, decoding=decoding, format=input_format, field_format=field_format
    )
    return CheckSettings(
        load_packs(config),
        config.clean_options,
        reading,
        Selection(check.select, check.ignore, check.per_file_ignores),
        Exemption(check.exempt, check.always_check),
        check.max_loss,
        requires_text=check.require_field,
    )


def target_from(config: Config, paths: Sequence[Path], exclude: Sequence[str] | None, force: bool) -> CheckTarget:
    """Build what is checked."""
    chosen = FileFilter(
        config.include or GLOBS, (*config.check.exclude, *(exclude or ())), force, config.check.gitignore
    )
    return CheckTarget(paths, chosen, duplicates=config.check.duplicates)


def today() -> str:
    """Return the date as ISO text."""
    return date.today().isoformat()
