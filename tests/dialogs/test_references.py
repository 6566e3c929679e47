"""References of a message reduce the room for its text: the author it was forwarded from, the message it answers."""

from typing import Any

import pytest

from holdline.dialogs.message import LABELS_ROOM, Content, has_references, reply_excerpt, room_for_references


@pytest.mark.parametrize(
    ("data", "excerpt", "room"),
    [
        ({}, "", 0),
        ({"quote": {"text": "never shown alone"}}, "never shown alone", 0),
        ({"forwarded": {"name": "Boris"}}, "", LABELS_ROOM),
        ({"replied": {"text": "four"}}, "four", LABELS_ROOM + 4),
        ({"replied": {"text": "four"}, "quote": {"text": "\U0001f600"}}, "\U0001f600", LABELS_ROOM + 2),
    ],
)
def test_room_is_kept_for_the_labels_and_the_excerpt(data: dict[str, Any], excerpt: str, room: int) -> None:
    content = Content(text="x", data=data)
    assert (has_references(content), reply_excerpt(content), room_for_references(content)) == (
        room > 0,
        excerpt,
        room,
    )
