"""What the commands share: options, and how `--help` looks."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The TOML file; holdline.toml in this folder if you name none."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on the last line.")]

START, DAILY, DATA, CHECKS = "Start", "Daily work", "Data", "Checks and trials"


def say_examples(*calls: str) -> str:
    """The end of a command's page; `\\b` keeps the lines as they are."""
    return "\b\n" + "\n".join(
        ["Examples:" if len(calls) > 1 else "Example:", *(f"  {call}" for call in calls)]
    )


class GroupedCommands(TyperGroup):
    """Groups are the `rich_help_panel` of the commands, in the order in which they were added."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        panels: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                panel = getattr(command, "rich_help_panel", None) or "Commands"
                panels.setdefault(panel, []).append((name, _sentence_of(command)))
        for panel, rows in panels.items():
            with formatter.section(panel):
                formatter.write_dl(rows)


def _sentence_of(command: Any) -> str:
    """The short help, otherwise the first paragraph; never cut off."""
    return command.short_help or " ".join((command.help or "").partition("\n\n")[0].split())
