"""A customer's answer ends a pause if the desk has chosen that; races with managers on both engines."""

import asyncio
from typing import Any

import pytest

from holdline.desk.automation.habits import change_habits
from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.customers.muting import mute_customer, unmute_customer
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.desk.reading import reading
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import WrongState
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from tests.desk.conftest import ANNA, Desk


@pytest.fixture
async def paused(desk: Desk) -> Dialog:
    await desk.store.act(change_habits, manager=None, changes={"answer_ends_pause": True})
    return await pause_another(desk, "Delivery")


async def pause_another(desk: Desk, title: str) -> Dialog:
    opening = Opening(desk.anna.id, title)
    dialog = await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    return await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)


async def write(desk: Desk, words: str, number: int, **more: Any) -> None:
    content = Content("text", words, chat_id=ANNA.telegram_id, tg_message_id=number, **more)
    await desk.store.act(receive_customer_message, sender=ANNA, content=content)


async def now(desk: Desk, dialog: Dialog) -> Dialog:
    return await desk.store.read(lambda tx: dialogs.by_id(tx, dialog.id))


async def gate(desk: Desk) -> str:
    return (await desk.store.read(lambda tx: customers.load(tx, desk.anna.id))).gate


async def spoken(desk: Desk) -> list[tuple[str, int | None]]:
    """What Anna wrote, and where it went."""

    def work(tx: Tx) -> list[Row]:
        return tx.all(
            "SELECT text, dialog_id, moved_to_dialog_id FROM messages WHERE direction = 'in' ORDER BY id"
        )

    rows = await desk.store.read(work)
    return [(row["text"], row["dialog_id"] or row["moved_to_dialog_id"]) for row in rows]


async def notices(desk: Desk) -> list[int]:
    """Whom colleagues' notices of a resumed dialog are for."""
    rows = await desk.store.read(lambda tx: tx.all("SELECT chat_id, payload_json FROM outbox ORDER BY id"))
    return [row["chat_id"] for row in rows if row["payload_json"].get("key") == "desk_notices.resumed_by"]


async def test_by_default_a_message_in_a_pause_waits_in_the_inbox(desk: Desk) -> None:
    dialog = await pause_another(desk, "Delivery")
    await write(desk, "Any news?", 1)
    assert (await now(desk, dialog)).state == "paused"
    assert await spoken(desk) == [("Any news?", None)]


async def test_a_muted_customer_ends_no_pause(desk: Desk, paused: Dialog) -> None:
    muted = {"manager": desk.maria, "customer_id": desk.anna.id}
    await desk.store.act(mute_customer, **muted, reason="Insults us")
    await write(desk, "You again!", 1)
    assert ((await now(desk, paused)).state, await gate(desk), await notices(desk)) == ("paused", "open", [])
    await desk.store.act(unmute_customer, **muted)
    await write(desk, "Sorry for that", 2)
    assert (await now(desk, paused)).state == "active"


async def test_the_dialog_continues_with_the_message_and_holds_marketing(desk: Desk, paused: Dialog) -> None:
    assert await gate(desk) == "open"
    await write(desk, "Any news?", 1)
    after = await now(desk, paused)
    assert (after.state, await gate(desk)) == ("active", "held")
    assert after.assignee is not None and after.assignee.name == "Maria"  # nobody else got it
    assert await spoken(desk) == [("Any news?", paused.id)]
    history = await desk.store.read(
        lambda tx: reading.history_of(tx, dialog_id=paused.id, order="newest", limit=1)
    )
    assert history[0]["kind"] == "dialog_resumed"
    assert (history[0]["actor"]["kind"], history[0]["actor"]["name"]) == ("rule", "The customer’s answer")


async def test_the_assignee_is_notified_once_for_a_series_of_messages(desk: Desk, paused: Dialog) -> None:
    for number in range(1, 4):
        await write(desk, f"Line {number}", number)
    assert await notices(desk) == [desk.maria.telegram_id]


async def test_a_repeated_message_does_not_resume_the_dialog(desk: Desk, paused: Dialog) -> None:
    await write(desk, "Any news?", 1)
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=paused.id)
    await write(desk, "Any news?", 1)
    assert (await now(desk, paused)).state == "paused"


async def test_of_several_paused_dialogs_the_answered_or_latest_paused_one_resumes(
    desk: Desk, paused: Dialog
) -> None:
    await desk.store.act(resume_dialog, manager=desk.maria, dialog_id=paused.id)
    await write(desk, "In the first one", 1)
    desk.store.clock.advance(1)
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=paused.id)
    desk.store.clock.advance(1)
    second = await pause_another(desk, "Invoice")
    await write(desk, "About the first", 2, reply_to_tg_id=1)
    assert [(await now(desk, each)).state for each in (paused, second)] == ["active", "paused"]
    desk.store.clock.advance(1)
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=paused.id)
    await write(desk, "About whatever is newest", 3)
    assert [(await now(desk, each)).state for each in (paused, second)] == ["active", "paused"]


async def test_an_active_dialog_takes_the_message_and_a_paused_one_stays_paused(
    desk: Desk, paused: Dialog
) -> None:
    active = await desk.store.act(open_dialog, manager=desk.maria, opening=Opening(desk.anna.id, "Invoice"))
    await write(desk, "Hello", 1)
    assert [(await now(desk, each)).state for each in (paused, active)] == ["paused", "active"]


@pytest.mark.parametrize("round_", range(4))
async def test_a_simultaneous_resume_by_a_manager_resumes_the_dialog_once(
    desk: Desk, paused: Dialog, round_: int
) -> None:
    """One of the two was first; the words are in the dialog either way, and it goes on once."""
    resume = desk.store.act(resume_dialog, manager=desk.ivan, dialog_id=paused.id)
    both = (write(desk, "Any news?", 1), resume)
    outcomes = await asyncio.gather(*(both if round_ % 2 else reversed(both)), return_exceptions=True)
    assert [type(each) for each in outcomes if isinstance(each, Exception)] in ([], [WrongState])
    assert (await now(desk, paused)).state == "active"
    assert await spoken(desk) == [("Any news?", paused.id)]
    history = await desk.store.read(
        lambda tx: reading.history_of(tx, dialog_id=paused.id, order="oldest", limit=20)
    )
    assert [entry["kind"] for entry in history].count("dialog_resumed") == 1


@pytest.mark.parametrize("round_", range(4))
async def test_a_simultaneous_close_by_a_manager_keeps_the_message(
    desk: Desk, paused: Dialog, round_: int
) -> None:
    """Closed stays closed; the words are in it or in the Inbox, never nowhere."""
    close = desk.store.act(close_dialog, manager=desk.maria, dialog_id=paused.id, closing=Closing())
    both = (write(desk, "Any news?", 1), close)
    outcomes = await asyncio.gather(*(both if round_ % 2 else reversed(both)), return_exceptions=True)
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    assert (await now(desk, paused)).state == "closed"
    assert await gate(desk) == "open"
    assert [words for words, _ in await spoken(desk)] == ["Any news?"]
