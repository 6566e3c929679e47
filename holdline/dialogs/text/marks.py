"""How a manager's message starts if it is for the desk only: the mark of a note, or a command."""

import re
import unicodedata

NOTE_MARK = "."
_COMMAND = re.compile(r"/([A-Za-z]\w{0,31})(?:@(\w{1,64}))?(?:\s+|$)", re.ASCII)
_TYPED = re.compile(r"/([^\W\d_]\w{0,31})(?:@(\w{1,64}))?(?:[:,.;!?]+\s*|\s+|$)")


def is_note(text: str) -> bool:
    """Whether it starts with one dot. Several dots, as at the start of a thought, do not make a note."""
    written = _from_first_visible(text)
    return written.startswith(NOTE_MARK) and not written.startswith(NOTE_MARK * 2)


def note_text(text: str) -> str:
    """The note without its mark."""
    return _from_first_visible(text).removeprefix(NOTE_MARK).strip()


def words_of_note(text: str) -> str:
    """The text of a note, marked by a dot, by /note, or no longer marked."""
    command = parse_typed_command(text)
    if command is not None and command[0] == "note":
        return command[2]
    return note_text(text) if is_note(text) else text.strip()


def words_of_edited_note(text: str, *, dialog_id: int, before: str) -> str:
    """The same, without the dialog number after /note. `before` shows whether 12 was already part of the text."""
    command, words = parse_typed_command(text), words_of_note(text)
    number, _, rest = words.partition(" ")
    if command is None or number not in (f"#{dialog_id}", str(dialog_id)):
        return words
    return words if before.partition(" ")[0] == number else rest.strip()


def parse_command(text: str) -> tuple[str, str | None, str] | None:
    """(name, addressed bot, rest), or None if it is not a command. `/etc/hosts` is a customer's path."""
    return _parse(_COMMAND, text)


def parse_typed_command(text: str) -> tuple[str, str | None, str] | None:
    """A manager's command, tolerating typos: `/note: …`, a blank before it, letters of any script."""
    return _parse(_TYPED, _from_first_visible(text))


def is_for_desk_only(text: str) -> bool:
    """Whether it is a note or a command. Such a message is never sent, nor kept for sending."""
    return is_note(text) or parse_typed_command(text) is not None


def is_other_command(text: str) -> bool:
    """Whether it is a command other than /note."""
    command = parse_typed_command(text)
    return command is not None and command[0] != "note"


def _parse(pattern: re.Pattern[str], text: str) -> tuple[str, str | None, str] | None:
    match = pattern.match(text)
    if match is None:
        return None
    return match[1].lower(), match[2], text[match.end() :].strip()


def _from_first_visible(text: str) -> str:
    """The text without leading blanks and zero-width characters, which could hide a mark."""
    first = next((at for at, char in enumerate(text) if not _is_invisible(char)), len(text))
    return text[first:]


def _is_invisible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc"}
