"""What Telegram's statuses of a group member mean."""

from typing import Any

import pytest

from holdline.telegram.chats import is_inside


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"status": "creator"}, True),
        ({"status": "administrator"}, True),
        ({"status": "member"}, True),
        ({"status": "restricted", "is_member": True}, True),
        ({"status": "restricted", "is_member": False}, False),
        ({"status": "left"}, False),
        ({"status": "kicked"}, False),
        ({"status": "astronaut"}, None),
        ({}, None),
    ],
)
def test_every_status_is_inside_or_outside_or_unknown(told: dict[str, Any], expected: bool | None) -> None:
    assert is_inside(told) is expected
