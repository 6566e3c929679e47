"""/help: the commands that this manager may use, grouped by purpose."""

from holdline.screens.console.command_context import CommandContext
from holdline.screens.screen import Screen, screen_with_title
from holdline.texts import has_text, say

GROUPS = {
    "waits": (
        "inbox", "new", "handling", "review", "overdue", "dialogs", "active", "closed", "all", "find", "tasks", "held",
    ),
    "answer": ("open", "new_dialog", "enter", "t", "later", "note", "attach", "delete"),
    "dialog": (
        "info", "take", "assign", "pause", "resume", "close", "history", "forward", "merge", "unmerge", "bulk",
    ),
    "desk": ("ready", "away", "notify", "language", "report", "funnels", "broadcast", "broadcasts", "settings", "help"),
}  # fmt: skip
"""Commands in the order of a working day, by group. Each group has a heading."""
_GROUPED = frozenset(name for group in GROUPS.values() for name in group)


def help_screen(order: CommandContext, names: tuple[str, ...]) -> Screen:
    """One line for each command that this manager may use. Empty groups are left out."""
    lines = []
    for title, group in GROUPS.items():
        others = [name for name in names if name not in _GROUPED] if title == "desk" else []
        if shown := [*(name for name in group if name in names), *others]:
            lines += ["", order.say(f"help_{title}"), *(_line(name, order.language) for name in shown)]
    return screen_with_title(order.say("help_head"), *lines, "", order.say("help_foot"))


def _line(name: str, language: str) -> str:
    """`/close [1-3] [form] — …`: the syntax, then what the command does."""
    use = f" {say(f'commands.{name}_use', language)}" if has_text(f"commands.{name}_use") else ""
    return f"/{name}{use} — {say(f'commands.{name}', language)}"
