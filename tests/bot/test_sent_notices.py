"""What a manager is told of their own message: that it has arrived, with a way back, or why it has not."""

import pytest

from holdline.store.engine import Store
from tests.bot.desk_kit import Staff, thread_of
from tests.bot.staging import ANNA, GROUP, opened, words, wrote
from tests.bot.test_staff import history


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    return Staff(group_desk)


async def test_undo_takes_the_reply_back(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    thread = await thread_of(staff.store, dialog.id)
    await staff.says("Oops", chat=GROUP, thread=thread)
    said = await staff.heard()
    assert not [one for one in said if one.row["kind"] == "desk_notice"], (
        "nothing is said before it has arrived"
    )
    undo = next(one for one in await staff.heard() if any(data.startswith("undo:") for data in one.offered))
    assert undo.text == f"Sent to Anna · #{dialog.id}."
    await staff.presses(undo.data("undo:"), chat=GROUP, on=undo.number, thread=thread)
    removed = [one.call.params for one in await staff.heard("delete_copy")]
    assert ANNA.telegram_id in [params["chat_id"] for params in removed]
    assert staff.gateway.window == "↩️ Taken back."
    assert "message_undone" in [row["kind"] for row in await staff.store.read(history)]
