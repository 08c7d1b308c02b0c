"""The help of `cleaner clean`: its options in groups, and examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from cleaner.cli.terminal.grouped_command import GroupedCommand


class CleanCommand(GroupedCommand):
    """Show what most people need first."""

    groups: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "Output": (
            "output",
            "output_format",
            "text_format",
            "links",
            "metadata",
            "dry_run",
            "force",
            "update",
            "restart",
        ),
        "What is cleaned, and how far": (
            "pack",
            "learn",
            "script",
            "quotes",
            "punctuation",
            "judge",
            "dedup",
            "no_article",
            "config_file",
        ),
        "Documents that would lose much": ("max_loss", "quarantine", "quarantine_doubt"),
        "What is read": (
            "include",
            "field",
            "id_field",
            "field_format",
            "host_from",
            "input_format",
            "encoding",
            "damaged",
            "max_document",
            "csv_safe",
        ),
        "Processes and clusters": ("workers", "engine", "master", "conf"),
        "What is printed": ("quiet", "log_json", "as_json"),
    }
    examples: ClassVar[Mapping[str, str]] = {
        "cleaner clean pages/ -o clean/": "A folder of pages; then: cleaner report clean/",
        "cleaner clean crawl.jsonl.zst -o clean/ --field html": "Records with a page each, in another field.",
        "cleaner clean pages/ -o clean/ --update": "Only what is new or changed since the last run.",
        "cleaner clean - < page.txt": "One text, from standard input to output.",
    }
