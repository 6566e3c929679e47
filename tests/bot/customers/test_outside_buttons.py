"""Buttons of an outside tool: the press is stored for the tool, whatever its data, and shown to nobody."""

import pytest

from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound, outbound_status
from holdline.desk.notices.copy_edits import edit_item
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outside_buttons import data_of_press, wire_rows
from holdline.dialogs.verbs import CustomerVerb, DeskVerb, DialogVerb
from holdline.store.delivery import outbox, telegram_messages
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff
from tests.bot.door import PERSON, Door
from tests.bot.staging import ANNA, all_sent, buttons_of, call, opened

LONG = "x" * 64
DATA = ["yes", "lang:ru", "solved:1", "dlg.close!:1", "rate:x:3", "out:yes", "да" * 16, LONG]


@pytest.fixture
async def door(group_desk: Store) -> Door:
    door = Door(group_desk)
    await door.says("hello")
    await all_sent(group_desk)
    return door


async def offered(door: Door, data: str) -> tuple[int, int, str]:
    """The ids of the item and of its Telegram message, and what the button carries on the wire."""
    buttons = [[{"text": "Yes", "data": data}, {"text": "No", "data": "no"}]]
    order = OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, "Do you want it?", buttons)
    item = int((await door.store.act(accept_outbound, order=order))["id"])
    on_the_wire = buttons_of(await call(door.store, "message"))[0][1]
    await all_sent(door.store)
    row = await door.store.read(lambda tx: tx.one("SELECT tg_message_id FROM outbox WHERE id = :id", id=item))
    assert row is not None
    return item, int(row["tg_message_id"]), on_the_wire


async def presses(door: Door, item: int) -> list[str]:
    return [one["data"] for one in (await door.store.read(outbound_status, outbox_id=item))["presses"]]


@pytest.mark.parametrize("data", DATA)
async def test_a_press_is_stored_for_the_tool_and_answered_quietly(door: Door, data: str) -> None:
    dialog = await opened(door.store)
    await all_sent(door.store)
    await door.store.act(lambda tx: dialogs.set_fields(tx, dialog.id, state="paused"))
    await door.store.act(lambda tx: tx.run("UPDATE customers SET gate = 'open'"))
    item, number, on_the_wire = await offered(door, data)
    assert len(on_the_wire.encode()) <= 64
    await door.presses(on_the_wire, on=number)
    await door.presses(on_the_wire, on=number)
    assert await presses(door, item) == [data, data]
    assert "text" not in door.heard.calls[-1].params
    customer = await door.customer()
    assert customer.language == "en"
    assert (await door.store.read(dialogs.by_id, dialog.id)).state == "paused"
    waits = await door.store.read(lambda tx: tx.all("SELECT kind FROM outbox WHERE status = 'queued'"))
    assert waits == []


@pytest.mark.parametrize("data", ["yes", "lang:ru", "solved:1"])
async def test_a_message_from_before_the_prefix_still_works(door: Door, data: str) -> None:
    item, number, _ = await offered(door, data)
    await door.presses(data, on=number)
    assert await presses(door, item) == [data]


async def test_a_button_that_the_message_does_not_have_is_ignored(door: Door) -> None:
    item, number, _ = await offered(door, "yes")
    await door.presses("out:forged", on=number)
    assert await presses(door, item) == []


async def test_a_press_by_another_person_is_not_stored_for_the_customer(door: Door) -> None:
    item, number, on_the_wire = await offered(door, "yes")
    await door.presses(on_the_wire, {**PERSON, "id": 999000}, on=number)
    assert await presses(door, item) == []


@pytest.mark.parametrize("arguments", ["", ":1", ":ru", ":stop", ":x:3", ":1:1"])
async def test_a_press_creates_no_customer(group_desk: Store, arguments: str) -> None:
    door, staff = Door(group_desk), Staff(group_desk)
    for verb in CustomerVerb:
        await door.presses(verb + arguments)
    for verb in (*DialogVerb, *DeskVerb):
        await staff.presses(verb + arguments, ANNA.telegram_id)
    assert await group_desk.read(lambda tx: tx.all("SELECT id FROM customers")) == []
    assert await group_desk.read(lambda tx: tx.all("SELECT id FROM outbox")) == []


async def test_a_customers_press_of_a_desk_button_reveals_nothing_about_the_desk(group_desk: Store) -> None:
    staff = Staff(group_desk)
    shown = [[{"text": "Close", "data": "dlg.close:1"}]]
    await staff.presses("dlg.close:1", ANNA.telegram_id, on=7, shown=shown)
    assert staff.gateway.toast == "This button no longer works. Just write here."
    edit = staff.gateway.last("editMessageReplyMarkup").params
    assert (edit["message_id"], edit["reply_markup"]) == (7, {"inline_keyboard": []})


@pytest.mark.parametrize(
    ("language", "told"), [("en", "no longer works"), ("ru", "больше не работает"), ("pl", "już nie działa")]
)
async def test_a_dead_button_is_explained_to_a_new_person_in_the_language_of_their_app(
    group_desk: Store, language: str, told: str
) -> None:
    staff = Staff(group_desk)
    person = {"id": 510000999, "is_bot": False, "first_name": "New", "language_code": language}
    message = {"message_id": 7, "date": 1, "chat": {"id": 510000999, "type": "private"}, "text": "?"}
    query = {"id": "77", "chat_instance": "9", "data": "dlg.close:1", "message": message}
    await staff.update(callback_query=query | {"from": person})
    assert told in staff.gateway.toast


def test_every_button_is_found_by_its_data() -> None:
    rows = [
        [{"text": "a", "data": LONG}, {"text": "b", "url": "https://x.org"}],
        [{"text": "c", "data": LONG + "y"}],
    ]
    wire = wire_rows(rows)
    carried = [button["data"] for row in wire for button in row if "data" in button]
    assert len(set(carried)) == 2
    assert [data_of_press(rows, data) for data in carried] == [LONG, LONG + "y"]


@pytest.mark.parametrize("data", DATA)
async def test_an_edited_message_keeps_its_buttons(door: Door, data: str) -> None:
    """An edit names them again: without the prefix they would be verbs of the desk."""
    _, number, on_the_wire = await offered(door, data)

    def edit(tx: Tx) -> None:
        copy = telegram_messages.find(tx, ANNA.telegram_id, number)
        assert copy is not None
        outbox.add(tx, [edit_item(tx, copy)])

    await door.store.act(edit)
    assert buttons_of(await call(door.store, "edit_copy"))[0][1] == on_the_wire
