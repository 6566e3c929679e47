"""Messages and their references, and which of them are merged, edited in place, or have buttons."""

from dataclasses import replace
from typing import Any

import pytest

from holdline.dialogs.album import main_part, with_one_reply, without_note_marks
from holdline.dialogs.corrections import can_change_in_place, data_after_edit
from holdline.dialogs.merging import MERGED_AT_MOST, count_fitting, fit_together, may_be_merged, with_lines
from holdline.dialogs.message import Content, Message, reply_excerpt, room_for_references
from holdline.dialogs.outbox.retry_notes import RetryNotes, payload_with_notes
from holdline.dialogs.outside_buttons import data_of_press, is_on_the_wire, wire_rows
from holdline.dialogs.text.richtext import RichText

LONG = "x" * 61


def a_message(content: Content, **other: Any) -> Message:
    fields: dict[str, Any] = {"author_kind": "customer", "manager_id": None}
    message = Message(1, 7, 9, 5, "in", "reply", "customer", None, "sent", content)
    return replace(message, **{**fields, **other})


PLAIN = a_message(Content(text="Hello"))


@pytest.mark.parametrize(
    ("message", "may"),
    [
        (PLAIN, True),
        (replace(PLAIN, author_kind="manager"), False),
        (replace(PLAIN, reply_to_id=3), False),
        (replace(PLAIN, content=Content("photo", "Hello")), False),
        (replace(PLAIN, content=Content(text="Hello", data={"forwarded": {}})), False),
        (replace(PLAIN, content=Content(text="Hello", album_id="a")), False),
    ],
)
def test_only_plain_texts_of_a_customer_are_merged(message: Message, may: bool) -> None:
    assert may_be_merged(message) is may
    assert count_fitting([message, PLAIN]) == (2 if may else 0)


def test_as_many_lines_are_merged_as_fit() -> None:
    assert count_fitting([PLAIN] * (MERGED_AT_MOST + 1)) == MERGED_AT_MOST
    half = Content(text="x" * 1919)
    assert fit_together([half, half]) and not fit_together([half, Content(text="x" * 1920)])
    assert count_fitting([a_message(half)] * 3) == 2
    bold = ({"type": "bold", "offset": 0, "length": 1},)
    joined = with_lines(RichText("A"), [Content(text="B", entities=bold)])
    assert joined == RichText("A\nB", ({"type": "bold", "offset": 2, "length": 1},))


def test_the_author_kind_of_a_message_is_known() -> None:
    assert PLAIN.is_written_by_customer(9) and not PLAIN.is_written_by_customer(8)
    assert not PLAIN.is_written_by_manager(9)
    reply = replace(PLAIN, author_kind="manager", manager_id=2)
    assert reply.is_written_by_manager(2) and not reply.is_written_by_manager(1)
    assert not reply.is_written_by_customer(9)


@pytest.mark.parametrize(
    ("data", "excerpt", "room"),
    [
        ({}, "", 0),
        ({"quote": {"text": "abc"}}, "abc", 0),
        ({"forwarded": {"name": "Anna"}}, "", 256),
        ({"replied": {"text": "four"}}, "four", 260),
        ({"replied": {"text": "four"}, "quote": {"text": "abc"}}, "abc", 259),
        ({"replied": {"text": "four"}, "quote": {}}, "four", 260),
    ],
)
def test_references_reduce_the_room_for_the_text(data: dict[str, Any], excerpt: str, room: int) -> None:
    content = Content(data=data)
    assert (reply_excerpt(content), room_for_references(content)) == (excerpt, room)


@pytest.mark.parametrize(
    ("kind", "passable"), [("text", True), ("sticker", True), ("story", False), ("giveaway", False)]
)
def test_the_kinds_that_a_bot_can_copy_are_known(kind: str, passable: bool) -> None:
    assert Content(kind).is_passable is passable


def a_file(kind: str = "photo", file: str = "f", **data: Any) -> Content:
    return Content(kind, data={"file_id": file, "file_unique_id": file, **data})


@pytest.mark.parametrize(
    ("before", "after", "in_place"),
    [
        (Content(text="a"), Content(text="b"), True),
        (a_file(), a_file(), True),
        (a_file(), a_file(file="g"), True),
        (a_file(), a_file("video"), True),
        (Content(text="a"), a_file(), True),
        (a_file(), Content(text="a"), False),
        (a_file(), a_file(file="g", live=True), False),
        (a_file(), a_file(file=""), False),
        (a_file("sticker"), a_file(), False),
        (a_file("voice"), a_file("voice", file="g"), False),
        (a_file("voice"), a_file("voice"), True),
    ],
)
def test_a_copy_is_edited_where_telegram_can(before: Content, after: Content, in_place: bool) -> None:
    assert can_change_in_place(before, after) is in_place


def test_an_edit_keeps_what_the_message_refers_to() -> None:
    before = Content(data={"forwarded": 1, "replied": 2, "quote": 3, "other": 4, "file_unique_id": "f"})
    same = Content(data={"file_unique_id": "f", "new": 5})
    kept = {"forwarded": 1, "replied": 2, "quote": 3, "file_unique_id": "f", "new": 5}
    assert data_after_edit(before, same) == kept
    other = Content(data={"file_unique_id": "g"})
    replaced = {"forwarded": 1, "replied": 2, "quote": 3, "file_unique_id": "g", "replaced": True}
    assert data_after_edit(before, other) == replaced
    earlier = Content(data={"replaced": True})
    assert data_after_edit(earlier, Content()) == {"replaced": True}


def test_the_main_part_of_an_album_decides_how_it_is_treated() -> None:
    bare, words, note = Content("photo"), Content("photo", "Look"), Content("photo", ". For us")
    assert main_part([bare, words, note]) is note
    assert main_part([bare, words]) is words
    assert main_part([bare, Content("video")]) is bare
    assert [part.text for part in without_note_marks([bare, words, note])] == ["", "Look", "For us"]
    replies = with_one_reply(
        [bare, Content("photo", reply_to_tg_id=4), Content("photo", reply_outside=(1, 2))]
    )
    assert [(part.reply_to_tg_id, part.reply_outside) for part in replies] == [(4, (1, 2))] * 3
    assert with_one_reply([bare]) == [bare]


ROWS: list[list[dict[str, Any]]] = [
    [{"text": "Yes", "data": "y"}, {"text": "Shop", "url": "https://x.example"}],
    [{"text": "Fits", "data": LONG[1:]}, {"text": "Long", "data": LONG}],
]


def test_the_data_of_a_tools_button_is_prefixed_or_stored_by_position() -> None:
    wired = wire_rows(ROWS)
    assert [[button.get("data") for button in row] for row in wired] == [
        ["out:y", None],
        [f"out:{LONG[1:]}", "out@1.1"],
    ]
    assert wired[0][1] == ROWS[0][1] and wired[0][0]["text"] == "Yes"
    for row in wired:
        for button in row:
            assert is_on_the_wire(button.get("data", "out:"))
    assert not is_on_the_wire("close:5")


@pytest.mark.parametrize(
    ("pressed", "data"),
    [
        ("out:y", "y"),
        ("y", "y"),
        ("out@1.1", LONG),
        (LONG, LONG),
        ("out@0.0", None),
        ("out:n", None),
        ("None", None),
    ],
)
def test_a_press_gives_the_tool_its_own_data(pressed: str, data: str | None) -> None:
    assert data_of_press(ROWS, pressed) == data


def test_retry_notes_are_stored_beside_the_fields_of_the_payload() -> None:
    row = {"payload_json": {"message_id": 3, "mends": ["plain"], "pages": 2}}
    assert RetryNotes.of(row) == RetryNotes(mends=("plain",), pages=2)
    assert payload_with_notes(row, by_file=True, pages=0) == {
        "message_id": 3,
        "mends": ("plain",),
        "by_file": True,
    }
    assert RetryNotes.of({"payload_json": {}}) == RetryNotes()
