"""What a manager learns about their own message: delivered, with undo, or failed, with the reason."""

import pytest

from holdline.desk.customers.customers import record_block
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.bot.conversation.test_staff import history
from tests.bot.desk_kit import Staff, thread_of
from tests.bot.staging import ANNA, GROUP, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    return Staff(group_desk)


async def test_undo_removes_the_reply(staff: Staff) -> None:
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
    assert staff.gateway.window == "↩️ Taken back by Maria."
    assert "message_undone" in [row["kind"] for row in await staff.store.read(history)]


async def test_a_message_is_sent_again_only_once_by_any_manager(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.says("Tomorrow", chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    blocked = await staff.store.act(_parked)
    await staff.store.act(record_block, sender=ANNA, blocked=True)
    await staff.store.act(record_block, sender=ANNA, blocked=True)
    assert not [one for one in await staff.heard() if "reached again" in one.text], (
        "a second block is no return"
    )
    await staff.store.act(record_block, sender=ANNA, blocked=False)
    (offer,) = [one for one in await staff.heard() if "reached again" in one.text]
    assert offer.data("again:") == f"again:{blocked}"
    for _ in range(2):
        await staff.presses(offer.data("again:"), chat=GROUP, on=offer.number)
    assert staff.gateway.toast == "It has been sent again already."
    sent = [one.text for one in await staff.heard() if one.call.params["chat_id"] == ANNA.telegram_id]
    assert sent == ["Tomorrow"]


def _parked(tx: Tx) -> int:
    """Telegram said no to what the manager has just written."""
    row = tx.one(
        "UPDATE outbox SET status = 'parked' WHERE kind = 'message' AND status = 'queued' RETURNING id"
    )
    assert row is not None
    return int(row["id"])
