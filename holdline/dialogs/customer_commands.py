"""What a customer's command asks for, and whether words for people stand behind it."""

import re
from dataclasses import dataclass

from holdline.dialogs.message import Content
from holdline.dialogs.text.marks import parse_command
from holdline.texts import language_code

_OURS = frozenset({"start", "help", "language", "stop"})
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)  # Bot API, deep links


@dataclass(frozen=True, slots=True)
class CustomerCommand:
    """`argument`: a start payload, or a language's code, also of one that we do not speak.

    `has_words`: the message says more than the command does.
    """

    name: str
    addressed: str | None = None
    argument: str = ""
    has_words: bool = False


def parse_customer_command(content: Content) -> CustomerCommand | None:
    """None for what is no command of ours: another command, a path, plain words."""
    found = parse_command(content.text.lstrip())
    if found is None or found[0] not in _OURS:
        return None
    name, addressed, rest = found
    argument = _argument(name, rest, one_line="\n" not in content.text.strip())
    has_words = content.kind != "text" or (bool(rest) and not argument)
    return CustomerCommand(name, addressed, argument, has_words)


def _argument(name: str, rest: str, *, one_line: bool) -> str:
    """Telegram puts a payload behind /start with one space; words on a line of their own are somebody's words."""
    if name == "start":
        return rest if one_line and _PAYLOAD.fullmatch(rest) else ""
    return language_code(rest) if name == "language" and one_line else ""
