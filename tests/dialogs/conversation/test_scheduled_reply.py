"""A reply that is written now and sent later."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.dialogs.conversation.scheduled_reply import (
    FURTHEST,
    NoLongerScheduled,
    ScheduledReply,
    require_later,
    without_command,
)
from holdline.dialogs.message import Content
from tests.dialogs.examples import ANNA, AT, refusal_of

WORDS = Content(text="Good morning", tg_message_id=11)
PHOTO = Content("photo", "Look here", tg_message_id=12, album_id="a", data={"file_id": "f"})
SECOND = timedelta(seconds=1)


def a_reply(content: Content = WORDS, **other: Any) -> ScheduledReply:
    fields: dict[str, Any] = {"send_at": AT, "state": "waiting"}
    return ScheduledReply(3, 5, ANNA, content, **{**fields, **other})


def test_parts_are_stored_in_the_order_of_the_album() -> None:
    first = Content("video", tg_message_id=10, album_id="a")
    by_api = Content("document")
    assert a_reply(PHOTO, others=(first,)).parts == [first, PHOTO]
    assert a_reply(PHOTO, others=(by_api,)).parts == [by_api, PHOTO]


@pytest.mark.parametrize(
    ("reply", "files", "excerpt"),
    [
        (a_reply(), 0, "Good…"),
        (a_reply(PHOTO), 1, "📎 Look…"),
        (a_reply(Content("photo")), 1, "📎"),
        (a_reply(PHOTO, others=(PHOTO, PHOTO)), 3, "📎×3 Look…"),
        (a_reply(WORDS, others=(PHOTO,)), 1, "📎 Good…"),
    ],
)
def test_an_excerpt_counts_the_files(reply: ScheduledReply, files: int, excerpt: str) -> None:
    assert (reply.file_count, reply.excerpt(5)) == (files, excerpt)


@pytest.mark.parametrize(
    ("state", "is_open"), [("waiting", True), ("refused", True), ("sent", False), ("cancelled", False)]
)
def test_a_scheduled_reply_is_open_until_it_is_sent_or_cancelled(state: str, is_open: bool) -> None:
    reply = a_reply(state=state)
    assert reply.is_open is is_open
    if is_open:
        reply.require_open()
        return
    with pytest.raises(NoLongerScheduled) as refused:
        reply.require_open()
    assert (refused.value.code, refused.value.text_key) == ("wrong_state", f"scheduled.over_{state}")
    assert refused.value.obj == {"type": "scheduled reply", "id": 3, "state": state}


def test_the_text_of_a_scheduled_reply_can_be_changed_only_if_its_kind_has_text() -> None:
    bold = ({"type": "bold", "offset": 0, "length": 3},)
    for content in (WORDS, PHOTO):
        after = a_reply(content).content_with("New", bold)
        assert (after.text, after.entities, after.kind) == ("New", bold, content.kind)
    refused = ("text", "scheduled.mend_no_words", {})
    assert refusal_of(lambda: a_reply(Content("sticker")).content_with("New", ())) == refused


@pytest.mark.parametrize(
    ("send_at", "refusal"),
    [
        (AT + SECOND, None),
        (AT + FURTHEST, None),
        (AT, ("at", "scheduled.mend_past", {})),
        (AT - SECOND, ("at", "scheduled.mend_past", {})),
        (AT + FURTHEST + SECOND, ("at", "scheduled.mend_far", {"days": 366})),
    ],
)
def test_the_time_of_a_scheduled_reply_is_within_a_year(send_at: Any, refusal: Any) -> None:
    if refusal is None:
        require_later(send_at, now=AT)
    else:
        assert refusal_of(lambda: require_later(send_at, now=AT)) == refusal


def test_the_scheduling_command_is_removed_from_the_reply() -> None:
    command = Content(text="/later 9:00 Hello", entities=({"type": "bot_command", "offset": 0, "length": 6},))
    (spoken,) = without_command([command], "Hello")
    assert (spoken.text, spoken.entities, spoken.data) == ("Hello", (), {})


def test_a_file_is_sent_again_instead_of_copied() -> None:
    second = Content("photo", album_id="a", tg_message_id=13)
    spoken, other = without_command([PHOTO, second], "Hello")
    assert (spoken.text, spoken.album_id) == ("Hello", "a")
    assert spoken.data == {"file_id": "f", "protected": True}
    assert other == second


def test_an_album_with_a_live_photo_is_sent_part_by_part() -> None:
    live = Content("photo", "Mine", album_id="a", data={"live": True})
    spoken, other = without_command([PHOTO, live], "Hello")
    assert (spoken.text, spoken.album_id, spoken.data) == ("Hello", None, {"file_id": "f"})
    assert (other.text, other.album_id) == ("Mine", None)
