"""Settings → People: a customer does not become a colleague by a stray tap, nor without a notice to the desk."""

import pytest

from holdline.desk.customers.customers import greet_customer
from holdline.desk.people.staff import add_manager, change_manager
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff
from tests.bot.staging import GROUP, manager, opened, wrote

LENA = MessageSender(510000777, "Lena", language="pl")
SHARED = {"phone_number": "1", "first_name": "Lena", "user_id": LENA.telegram_id}


class People:
    """The page of people of one administrator, who has it open."""

    def __init__(self, staff: Staff, form: str, on: int) -> None:
        self.staff, self.form, self.on = staff, form, on

    async def press(self, *actions: str) -> None:
        for action in actions:
            await self.staff.presses(f"{self.form}:{action}", on=self.on)


@pytest.fixture
def staff(group_desk: Store) -> Staff:
    return Staff(group_desk)


async def people_of(staff: Staff) -> People:
    await staff.heard()
    await staff.says("/settings")
    menu = await staff.answer()
    page = People(staff, menu.form, menu.number)
    await page.press("open:people")
    return page


async def starts(staff: Staff) -> None:
    content = Content(text="/start", chat_id=LENA.telegram_id, tg_message_id=5)
    await staff.store.act(greet_customer, sender=LENA, payload="", content=content)


async def asks(staff: Staff, text: str = "Where is my parcel?", number: int = 6) -> None:
    content = Content(text=text, chat_id=LENA.telegram_id, tg_message_id=number)
    await wrote(staff.store, content, LENA)


async def lena(staff: Staff) -> Manager | None:
    return await staff.store.read(managers.by_telegram_id, LENA.telegram_id)


async def buttons(staff: Staff) -> list[str]:
    keyboard = staff.gateway.last("editMessageText").params["reply_markup"]["inline_keyboard"]
    return [button["text"] for row in keyboard for button in row]


async def test_adding_a_person_needs_a_confirmed_tap(staff: Staff) -> None:
    await starts(staff)
    page = await people_of(staff)
    assert "➕ Lena" in await buttons(staff)
    await page.press(f"add:{LENA.telegram_id}")
    assert await lena(staff) is None
    assert "Should Lena work at this desk?" in staff.gateway.window
    await page.press("list")
    assert await lena(staff) is None and "➕ Lena" in await buttons(staff)
    await page.press(f"add:{LENA.telegram_id}", "join")
    assert (await lena(staff)).role == "agent"


async def test_a_customer_with_a_dialog_is_marked_and_named_in_the_question(staff: Staff) -> None:
    await starts(staff)
    await asks(staff)
    page = await people_of(staff)
    assert "➕ Lena · customer, waits in the Inbox" in await buttons(staff)
    dialog = await opened(staff.store, "Lost parcel", LENA)
    await page.press("list")
    assert f"➕ Lena · customer, #{dialog.id}" in await buttons(staff)
    await page.press(f"add:{LENA.telegram_id}")
    assert f"Is a customer now: ▶️ #{dialog.id} Lost parcel" in staff.gateway.window


@pytest.mark.parametrize("how", ["contact", "line"])
async def test_a_contact_or_an_id_of_a_customer_asks_too(staff: Staff, how: str) -> None:
    await asks(staff)
    page = await people_of(staff)
    if how == "contact":
        await staff.writes(contact=SHARED)
    else:
        await staff.says(f"{LENA.telegram_id} Lena")
    assert await lena(staff) is None
    assert "1 message waits in the Inbox" in staff.gateway.window
    await page.press("join")
    assert (await lena(staff)).active
    items = await staff.store.read(lambda tx: tx.all("SELECT state FROM inbox_items"))
    assert [item["state"] for item in items] == ["ignored"]


async def test_a_person_without_open_messages_is_added_by_their_contact_at_once(staff: Staff) -> None:
    await starts(staff)
    await people_of(staff)
    await staff.writes(contact=SHARED)
    assert (await lena(staff)).active


async def test_an_impossible_telegram_id_is_refused_with_a_sentence(staff: Staff) -> None:
    await people_of(staff)
    await staff.says("9" * 40 + " Lena")
    assert "510000001" in (await staff.answer()).text


async def test_a_person_who_was_a_customer_is_welcomed_in_their_language(staff: Staff) -> None:
    await starts(staff)
    page = await people_of(staff)
    await page.press(f"add:{LENA.telegram_id}", "join")
    told = [one for one in await staff.heard("text") if one.call.params["chat_id"] == LENA.telegram_id]
    assert (await lena(staff)).language == "pl"
    assert "Należysz" in told[0].text


@pytest.mark.parametrize("door", ["window", "api"])
async def test_the_dialog_says_that_its_customer_is_a_colleague_now(staff: Staff, door: str) -> None:
    await starts(staff)
    await asks(staff)
    dialog = await opened(staff.store, "Lost parcel", LENA)
    if door == "window":
        page = await people_of(staff)
        await page.press(f"add:{LENA.telegram_id}", "join")
    else:
        await staff.heard()
        who = {"telegram_id": LENA.telegram_id, "name": "Lena", "role": "agent"}
        await staff.store.act(add_manager, acting=None, **who)
    told = [one for one in await staff.heard("desk_notice") if one.call.params["chat_id"] == GROUP]
    assert f"Lena, the customer of #{dialog.id} “Lost parcel”" in told[0].text
    assert told[0].offered == [f"dlg.close:{dialog.id}"]


async def test_a_former_colleague_who_is_a_customer_now_is_asked_about_as_well(staff: Staff) -> None:
    def left(tx: Tx) -> Manager:
        who = {"telegram_id": LENA.telegram_id, "name": "Lena", "role": "manager"}
        added = add_manager(tx, acting=None, **who)
        return change_manager(tx, acting=manager(tx), manager_id=added.id, changes={"active": False})

    former = await staff.store.act(left)
    await asks(staff)
    await opened(staff.store, "Lost parcel", LENA)
    page = await people_of(staff)
    await page.press(f"person:{former.id}", "active:1")
    assert not (await lena(staff)).active and "Lost parcel" in staff.gateway.window
    await page.press("join")
    assert (await lena(staff)).active and (await lena(staff)).role == "manager"
    told = [one for one in await staff.heard("desk_notice") if one.call.params["chat_id"] == GROUP]
    assert any("Lena, the customer of" in one.text for one in told)
