"""A command whose help shows its options in groups, with examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from typer.core import TyperCommand


class GroupedCommand(TyperCommand):
    """Show the options by the tables of a subclass; those in none of the groups come last.

    Attributes:
        groups: names of parameters by the title of their group.
        examples: calls, each with what it does.
    """

    groups: ClassVar[Mapping[str, tuple[str, ...]]]
    examples: ClassVar[Mapping[str, str]]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then each group of options."""
        parameters: dict[str, Any] = {str(parameter.name): parameter for parameter in self.get_params(ctx)}
        arguments = [name for name, parameter in parameters.items() if parameter.param_type_name == "argument"]
        grouped = {name for names in self.groups.values() for name in names}
        others = [name for name in parameters if name not in grouped and name not in arguments]
        for title, names in {"Arguments": arguments, **self.groups, "Other options": others}.items():
            records = [record for name in names if (record := parameters[name].get_help_record(ctx))]
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples."""
        with formatter.section("Examples"):
            formatter.write_dl(list(self.examples.items()))
