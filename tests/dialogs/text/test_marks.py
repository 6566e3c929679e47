"""A manager's text without its marks and commands."""

import pytest

from holdline.dialogs.text.marks import (
    is_for_desk_only,
    is_note,
    is_other_command,
    note_text,
    parse_command,
    parse_typed_command,
    words_of_edited_note,
    words_of_note,
)


@pytest.mark.parametrize(
    ("typed", "note", "words"),
    [
        (". Call her", True, "Call her"),
        ("\u200b .Call her", True, "Call her"),
        ("... well", False, "... well"),
        ("/note Call her", False, "Call her"),
        ("/Note: Call her", False, "Call her"),
        (" Call her ", False, "Call her"),
        ("/open Late parcel", False, "/open Late parcel"),
        ("", False, ""),
        (".", True, ""),
    ],
)
def test_a_note_is_stored_without_its_mark(typed: str, note: bool, words: str) -> None:
    assert is_note(typed) is note and words_of_note(typed) == words
    if note:
        assert note_text(typed) == words


@pytest.mark.parametrize(
    ("typed", "before", "words"),
    [
        ("/note 12 Call her", "Call", "Call her"),
        ("/note #12 Call her", "Call", "Call her"),
        ("/note 12  Call her", "Call", "Call her"),
        ("/note 12 Call her", "12 calls", "12 Call her"),
        ("/note #12 Call her", "12 calls", "Call her"),
        ("/note 13 Call her", "Call", "13 Call her"),
        ("12 Call her", "Call", "12 Call her"),
        (".12 Call her", "Call", "12 Call her"),
        ("/note 12", "Call", ""),
    ],
)
def test_an_edited_note_loses_the_number_of_its_dialog(typed: str, before: str, words: str) -> None:
    assert words_of_edited_note(typed, dialog_id=12, before=before) == words


@pytest.mark.parametrize(
    ("text", "customers", "managers"),
    [
        ("/Open Late", ("open", None, "Late"), ("open", None, "Late")),
        ("/open@Desk_bot  Late ", ("open", "Desk_bot", "Late"), ("open", "Desk_bot", "Late")),
        ("/open", ("open", None, ""), ("open", None, "")),
        ("/open: Late", None, ("open", None, "Late")),
        (" /open Late", None, ("open", None, "Late")),
        ("/открыть Late", None, ("открыть", None, "Late")),
        ("/etc/hosts", None, None),
        ("open", None, None),
        ("/12 Late", None, None),
    ],
)
def test_a_command_is_read(
    text: str, customers: tuple[str, str | None, str] | None, managers: tuple[str, str | None, str] | None
) -> None:
    assert parse_command(text) == customers and parse_typed_command(text) == managers


@pytest.mark.parametrize(
    ("text", "for_desk", "other"),
    [
        (".x", True, False),
        ("/note x", True, False),
        ("/open x", True, True),
        ("x", False, False),
        ("..x", False, False),
    ],
)
def test_texts_for_the_desk_only_are_recognised(text: str, for_desk: bool, other: bool) -> None:
    assert is_for_desk_only(text) is for_desk and is_other_command(text) is other
