"""A message that a customer could not get is offered once on their return, with a button that can succeed."""

import pytest

from holdline.desk.customers.customers import record_block
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.store import invariants
from holdline.store.conversation import messages
from holdline.store.engine import Store
from holdline.store.tx import Row, Tx
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import ANNA, GROUP, manager, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    return Staff(group_desk)


async def undelivered(staff: Staff) -> tuple[Dialog, int]:
    """A reply in an active dialog that its customer, who has blocked the bot, did not get; the dialog and the item."""
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.says("Tomorrow at 9", chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    await blocked(staff)
    return dialog, await staff.store.act(parked)


def parked(tx: Tx) -> int:
    """Telegram said no to what waits for the customer."""
    row = tx.one(
        """UPDATE outbox SET status = 'parked', attempts = attempts + 1
           WHERE kind = 'message' AND status = 'queued' RETURNING id, attempts"""
    )
    assert row is not None
    tx.run(
        """INSERT INTO outbox_attempts (outbox_id, attempt, epoch, begun_at, ended_at, outcome, code)
           VALUES (:id, :attempt, 1, :at, :at, 'refused', 403)""",
        id=row["id"],
        attempt=row["attempts"],
        at=tx.at,
    )
    return int(row["id"])


async def blocked(staff: Staff) -> None:
    await staff.store.act(record_block, sender=ANNA, blocked=True)


async def back(staff: Staff) -> list[Said]:
    """The offers that the customer's return sets off."""
    await staff.store.act(record_block, sender=ANNA, blocked=False)
    return [one for one in await staff.heard() if "reached again" in one.text]


async def closed(staff: Staff, dialog: Dialog) -> None:
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=Closing())
    )


async def the_reply(staff: Staff) -> Row:
    rows = await staff.store.read(lambda tx: tx.all("SELECT * FROM messages WHERE text = 'Tomorrow at 9'"))
    (row,) = rows
    return row


async def to_anna(staff: Staff) -> list[str]:
    return [one.text for one in await staff.heard() if one.call.params["chat_id"] == ANNA.telegram_id]


def captions(said: Said) -> list[str]:
    return [button["text"] for row in said.call.params["reply_markup"]["inline_keyboard"] for button in row]


@pytest.mark.parametrize("end", ["close", "pause"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_message_of_a_dialog_that_is_not_active_is_sent_outside_it(
    staff: Staff, end: str, when: str
) -> None:
    dialog, _ = await undelivered(staff)

    async def ended() -> None:
        if end == "close":
            await closed(staff, dialog)
        else:
            await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
        await staff.heard()

    if when == "before":
        await ended()
    (offer,) = await back(staff)
    if when == "before":
        assert captions(offer) == ["💬 Write in general"]
    else:
        await ended()
    await staff.presses(offer.data("again:"), chat=GROUP, on=offer.number)
    assert await to_anna(staff) == ["Tomorrow at 9"]
    assert (await the_reply(staff))["dialog_id"] is None
    assert await staff.store.read(invariants.find_violations) == []


async def test_each_message_has_one_offer_however_often_the_customer_comes_and_goes(staff: Staff) -> None:
    await undelivered(staff)
    (offer,) = await back(staff)
    await blocked(staff)
    assert await back(staff) == []
    await staff.presses(offer.data("again:"), chat=GROUP, on=offer.number)
    await staff.store.act(parked)
    await blocked(staff)
    assert len(await back(staff)) == 1, "it failed once more"


async def test_a_dozen_messages_are_each_offered(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    thread = await thread_of(staff.store, dialog.id)
    for number in range(12):
        await staff.says(f"Line {number}", chat=GROUP, thread=thread)
        await staff.store.act(parked)
    await blocked(staff)
    assert len(await back(staff)) == 12


async def test_a_button_that_names_another_dialog_sends_the_message_there(staff: Staff) -> None:
    dialog, _ = await undelivered(staff)
    await closed(staff, dialog)
    other = await opened(staff.store, "Refund")
    await staff.heard()
    (offer,) = await back(staff)
    assert captions(offer) == [f"💬 Send it in #{other.id}"]
    await staff.presses(offer.data("again:"), chat=GROUP, on=offer.number)
    said = await staff.heard()
    assert [one.text for one in said if one.call.params["chat_id"] == ANNA.telegram_id] == ["Tomorrow at 9"]
    shown = [one for one in said if one.row["kind"] == "mirror"]
    assert [one.call.params["message_thread_id"] for one in shown] == [await thread_of(staff.store, other.id)]
    moved = await staff.store.read(messages.by_id, (await the_reply(staff))["id"])
    assert moved is not None and moved.dialog_id == other.id


async def test_a_dialog_opened_after_the_offer_changes_its_button_and_posts_nothing(staff: Staff) -> None:
    dialog, item = await undelivered(staff)
    await closed(staff, dialog)
    (offer,) = await back(staff)
    other = await opened(staff.store, "Refund")
    await staff.heard()
    for _ in range(2):
        await staff.presses(offer.data("again:"), chat=GROUP, on=offer.number)
    assert staff.gateway.offered == [f"again:{item}:{other.id}"]
    assert await staff.heard() == []
    await staff.presses(staff.gateway.offered[0], chat=GROUP, on=offer.number)
    assert await to_anna(staff) == ["Tomorrow at 9"]


async def test_a_closed_card_does_not_show_that_the_customer_blocked_the_bot(staff: Staff) -> None:
    """Nobody draws it anew when the customer is back."""
    dialog, _ = await undelivered(staff)
    (card,) = await staff.heard("info_card_edit")
    assert "has blocked the bot" in card.text
    await closed(staff, dialog)
    assert ["has blocked the bot" in one.text for one in await staff.heard("info_card_edit")] == [False]
