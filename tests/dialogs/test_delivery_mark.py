"""What the mark under a manager's message shows."""

import pytest

from holdline.dialogs.conversation.delivery_mark import DELIVERED, FAILED, WAITING, delivery_mark
from holdline.sandbox.methods.reactions import ALLOWED


@pytest.mark.parametrize(
    ("status", "mark"),
    [
        ("queued", WAITING),
        ("sent", DELIVERED),
        ("parked", FAILED),
        ("expired", FAILED),
        ("cancelled", None),
        ("dropped", None),
    ],
)
def test_the_mark_shows_the_delivery_of_the_message(status: str, mark: str | None) -> None:
    assert delivery_mark(status, is_taken_back=False) == mark
    assert delivery_mark(status, is_taken_back=True) is None, "a message that was taken back has no mark"


def test_every_bot_may_use_the_marks() -> None:
    assert {WAITING, DELIVERED, FAILED} <= ALLOWED
