"""How an aiogram Message is read: nothing is lost."""

from typing import Any

import pytest
from aiogram.types import Message

from holdline.bot.content import content_of, sender_of
from holdline.dialogs.message import KINDS

PERSON = {
    "id": 510000001,
    "is_bot": False,
    "first_name": "Anna",
    "last_name": "\u202eNowak",
    "language_code": "pl-PL",
}
FILE = {"file_id": "F", "file_unique_id": "U"}
SIZES = [
    {**FILE, "file_id": "small", "width": 9, "height": 9},
    {**FILE, "file_id": "large", "width": 90, "height": 90},
]
BOX = {**FILE, "width": 4, "height": 4}
POLL = {
    "id": "1", "question": "Q?", "options": [{"persistent_id": "a", "text": "A", "voter_count": 0}],
    "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
    "allows_multiple_answers": False, "allows_revoting": True, "members_only": False,
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "text": {"text": "hi"},
    "photo": {"photo": SIZES},
    "video": {"video": {**BOX, "duration": 1}},
    "animation": {"animation": {**BOX, "duration": 1}, "document": FILE},
    "audio": {"audio": {**FILE, "duration": 1}},
    "voice": {"voice": {**FILE, "duration": 1}},
    "video_note": {"video_note": {**FILE, "length": 4, "duration": 1}},
    "document": {"document": FILE},
    "sticker": {"sticker": {**BOX, "type": "regular", "is_animated": False, "is_video": False}},
    "location": {"location": {"latitude": 52.2, "longitude": 21.0}},
    "venue": {
        "venue": {"location": {"latitude": 52.2, "longitude": 21.0}, "title": "T", "address": "A"},
        "location": {"latitude": 52.2, "longitude": 21.0},
    },
    "contact": {"contact": {"phone_number": "+48", "first_name": "A"}},
    "poll": {"poll": POLL},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "story": {"story": {"chat": {"id": 1, "type": "private"}, "id": 7}},
}


def message(body: dict[str, Any], **more: Any) -> Message:
    shell = {
        "message_id": 5,
        "date": 1767225600,
        "chat": {"id": 510000001, "type": "private"},
        "from": PERSON,
    }
    return Message.model_validate({**shell, **body, **more})


@pytest.mark.row("F-01")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_message_is_recognised(kind: str) -> None:
    content = content_of(message(BODIES[kind]))
    assert content is not None
    assert (content.kind, content.chat_id, content.tg_message_id) == (kind, 510000001, 5)


@pytest.mark.row("F-01")
@pytest.mark.parametrize(
    "body",
    [
        {"checklist": {"title": "T", "tasks": []}},
        {"paid_media": {"star_count": 1, "paid_media": []}},
        {"something_from_tomorrow": {"a": 1}},
        {"poll": {**POLL, "type": "quiz"}},
    ],
)
def test_a_message_that_cannot_be_passed_on_is_unsupported_and_not_lost(body: dict[str, Any]) -> None:
    content = content_of(message(body))
    assert content is not None
    assert content.kind == "unsupported"


@pytest.mark.parametrize(
    "body",
    [
        {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}},
        {"write_access_allowed": {}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"forum_topic_created": {"name": "T", "icon_color": 7322096}},
    ],
)
def test_a_service_message_has_no_content(body: dict[str, Any]) -> None:
    assert content_of(message(body)) is None


@pytest.mark.row("F-07")
def test_entities_are_kept_exactly_as_they_came_even_unknown_fields() -> None:
    entities = [
        {"type": "date_time", "offset": 0, "length": 2, "unix_time": 1767225600, "date_time_format": "wDT"},
        {"type": "custom_emoji", "offset": 3, "length": 2, "custom_emoji_id": "5368324170671202286"},
        {
            "type": "text_mention",
            "offset": 6,
            "length": 1,
            "user": {"id": 7, "is_bot": False, "first_name": "X"},
        },
        {"type": "from_tomorrow", "offset": 6, "length": 1, "colour": "red"},
    ]
    content = content_of(message({"text": "hi 🦊 x"}, entities=entities))
    assert content is not None
    assert list(content.entities) == entities


def test_a_caption_comes_with_its_own_entities() -> None:
    bold = {"type": "bold", "offset": 0, "length": 2}
    content = content_of(message(BODIES["photo"], caption="hi", caption_entities=[bold], media_group_id="g"))
    assert content is not None
    assert (content.text, content.entities, content.album_id) == ("hi", (bold,), "g")
    assert content.data["file_id"] == "large"


def test_a_reply_inside_a_topic_is_not_the_topics_own_first_message() -> None:
    made = {
        "message_id": 30, "date": 1, "chat": {"id": -100, "type": "supergroup"}, "message_thread_id": 30,
        "forum_topic_created": {"name": "T", "icon_color": 7322096}, "is_topic_message": True,
    }  # fmt: skip
    topic = {"chat": {"id": -100, "type": "supergroup"}, "message_thread_id": 30, "is_topic_message": True}
    plain = content_of(message(BODIES["text"], **topic, reply_to_message=made))
    assert plain is not None and (plain.thread_id, plain.reply_to_tg_id) == (30, None)
    answer = {
        **message(BODIES["text"]).model_dump(mode="json", by_alias=True, exclude_unset=True),
        "message_id": 31,
    }
    real = content_of(message(BODIES["text"], **topic, reply_to_message=answer))
    assert real is not None and real.reply_to_tg_id == 31


def test_a_quote_and_a_hidden_preview_are_kept() -> None:
    quote = {"text": "order", "position": 3, "is_manual": True}
    answered = message(BODIES["text"]).model_dump(mode="json", by_alias=True, exclude_unset=True)
    content = content_of(
        message(
            BODIES["text"], reply_to_message=answered, quote=quote, link_preview_options={"is_disabled": True}
        )
    )
    assert content is not None
    assert content.data["quote"] == {"text": "order", "entities": []}
    assert content.data["link_preview_options"] == {"is_disabled": True}


def test_a_venue_is_flattened_and_a_quiz_with_a_known_answer_is_a_poll() -> None:
    venue = content_of(message(BODIES["venue"]))
    assert venue is not None
    assert venue.data == {"latitude": 52.2, "longitude": 21.0, "title": "T", "address": "A"}
    quiz = content_of(message({"poll": {**POLL, "type": "quiz", "correct_option_ids": [0]}}))
    assert quiz is not None and quiz.kind == "poll"


def test_the_sender_is_a_person_with_a_clean_name_and_a_language_we_speak() -> None:
    sender = sender_of(message(BODIES["text"]))
    assert sender is not None
    assert (sender.name, sender.language, sender.username) == ("Anna Nowak", "pl", None)
    blank = sender_of(message(BODIES["text"], **{"from": {"id": 9, "is_bot": False, "first_name": "ㅤ"}}))
    assert blank is not None and (blank.name, blank.language) == ("9", "")
    assert sender_of(message(BODIES["text"], **{"from": {**PERSON, "is_bot": True}})) is None
