"""What a manager's words begin with when they are for the desk alone: the mark of a note, or a command."""

import re

NOTE_MARK = "."
_COMMAND = re.compile(r"/([A-Za-z]\w{0,31})(?:@(\w{1,64}))?(?:\s+|$)", re.ASCII)


def is_note(text: str) -> bool:
    """One dot, and not the three with which people begin a thought."""
    written = text.lstrip()
    return written.startswith(NOTE_MARK) and not written.startswith(NOTE_MARK * 2)


def note_text(text: str) -> str:
    """The note without its mark."""
    return text.lstrip().removeprefix(NOTE_MARK).strip()


def command_of(text: str) -> tuple[str, str | None, str] | None:
    """(name, addressed bot, the rest); None where it is no command: `/etc/hosts` is a customer's path."""
    found = _COMMAND.match(text)
    if found is None:
        return None
    return found[1].lower(), found[2], text[found.end() :].strip()


def is_for_desk_only(text: str) -> bool:
    """A note or a command: it is never kept to be sent, and never sent."""
    return is_note(text) or command_of(text.lstrip()) is not None
