"""Who is notified of what, decided on plain values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdline.dialogs.dialog import Person
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.outbox.notifications import (
    NotificationSettings,
    is_due,
    readers_of,
    topics_of,
    valid_settings,
)
from holdline.dialogs.refusal import BadInput
from tests.dialogs.examples import example_dialog

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BOTH = ("telegram", "email")
EVERYTHING = valid_settings(
    dict.fromkeys(
        ("dialog_created", "stage", "queue", "tags", "note", "attachment", "escalation", "assigned"), BOTH
    ),
    "a@b.org",
)
SOMEBODY = Actor("manager", "Zoe", 99, 499)
DIALOG = example_dialog(assignee=Person(1, 401, "Maria"), participants=(Person(2, 402, "Ivan"),))


def event(kind: EventKind, *, by: Actor = SOMEBODY, **data: Any) -> Event:
    return Event(kind, by, 1, DIALOG.id, data=data)


@pytest.mark.parametrize(
    ("topic", "readers"),
    [
        ("dialog_created", {1: BOTH, 2: BOTH, 3: BOTH}),
        ("stage", {1: BOTH, 2: BOTH}),
        ("note", {1: BOTH, 2: BOTH}),
        ("escalation", {1: BOTH, 2: BOTH}),
        ("assigned", {1: ("email",)}),
    ],
)
def test_participants_are_notified_of_their_dialog_and_everybody_of_new_dialogs(
    topic: str, readers: dict[int, tuple[str, ...]]
) -> None:
    settings = dict.fromkeys((1, 2, 3), EVERYTHING)
    assert readers_of(topic, DIALOG, settings, event=event(EventKind.DIALOG_CHANGED)) == readers


def test_nobody_is_notified_of_their_own_act() -> None:
    maria = Actor("manager", "Maria", 1, 401)
    settings = dict.fromkeys((1, 2, 3), EVERYTHING)
    told = readers_of("note", DIALOG, settings, event=event(EventKind.NOTE_CREATED, by=maria))
    assert set(told) == {2}


def test_without_settings_a_manager_is_notified_of_assignments_only() -> None:
    default = NotificationSettings()
    assert [topic for topic in EVERYTHING.channels if default.channels_for(topic)] == ["assigned"]
    assert default.channels_for("assigned") == ("telegram",)


def test_a_change_of_several_fields_belongs_to_several_topics() -> None:
    changed = event(EventKind.DIALOG_CHANGED, stage=["New", "Waiting"], tags=[[], ["vip"]], title=["a", "b"])
    assert [(topic.name, topic.words["before"], topic.words["after"]) for topic in topics_of(changed)] == [
        ("stage", "New", "Waiting"),
        ("tags", "—", "vip"),
    ]
    assert topics_of(event(EventKind.DIALOG_PAUSED)) == ()


@pytest.mark.parametrize(
    ("first", "last_sent", "due"),
    [(2.9, None, False), (3, None, True), (5, 7, False), (5, 8, True)],
)
def test_notifications_that_follow_soon_are_collected(
    first: float, last_sent: float | None, due: bool
) -> None:
    last = NOW - timedelta(seconds=last_sent) if last_sent is not None else None
    assert is_due(first=NOW - timedelta(seconds=first), last_sent=last, at=NOW) is due


@pytest.mark.parametrize(
    ("channels", "email", "field"),
    [
        ({"note": ["email"]}, None, "email"),
        ({"note": ["email"]}, "nobody", "email"),
        ({"note": ["pigeon"]}, None, "note"),
        ({"weather": ["telegram"]}, None, "weather"),
    ],
)
def test_invalid_notification_settings_are_refused(
    channels: dict[str, list[str]], email: str | None, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        valid_settings(channels, email)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("kind", "text", "data", "topic", "words", "sentence"),
    [
        (EventKind.NOTE_CREATED, "Call her", {}, "note", {"text": "Call her"}, None),
        (EventKind.NOTE_CREATED, None, {}, "note", {"text": ""}, None),
        (EventKind.ATTACHMENT_ADDED, None, {"name": "a.pdf"}, "attachment", {"name": "a.pdf"}, None),
        (EventKind.ATTACHMENT_ADDED, "b.pdf", {}, "attachment", {"name": "b.pdf"}, None),
        (EventKind.ATTACHMENT_REMOVED, "b.pdf", {}, "attachment", {"name": "b.pdf"}, "attachment_removed"),
    ],
)
def test_a_notification_contains_the_text_or_name_of_its_event(
    kind: EventKind,
    text: str | None,
    data: dict[str, Any],
    topic: str,
    words: dict[str, str],
    sentence: str | None,
) -> None:
    (news,) = topics_of(replace(event(kind, **data), text=text))
    assert (news.name, news.words, news.sentence) == (topic, words, sentence)
