"""Search results and lists: dialogs with their customers, and customers without dialogs."""

from datetime import timedelta

import pytest

from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.customers.muting import mute_customer
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.settings.lists import add_to_list
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff
from tests.bot.staging import customer, manager, opened, words, wrote

FILIPA = MessageSender(510000101, "Filipa Nowak", "filipa_n", "pl")


def invoice(number: int = 10) -> Content:
    return Content("text", "my invoice INV-2231 is wrong", chat_id=FILIPA.telegram_id, tg_message_id=number)


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, invoice(), FILIPA)
    await wrote(group_desk, Content("text", "thanks", chat_id=FILIPA.telegram_id, tg_message_id=11), FILIPA)
    staff = Staff(group_desk)
    await staff.heard()
    return staff


@pytest.mark.parametrize("sought", ["INV-2231", "filipa", "@filipa_n", "510000101", "Nowak"])
async def test_a_customer_without_a_dialog_is_found_and_can_be_answered(staff: Staff, sought: str) -> None:
    await staff.says(f"/find {sought}")
    found = await staff.answer()
    line = found.text.splitlines()[1]
    words_shown = "my invoice INV-2231 is wrong" if sought == "INV-2231" else "thanks"
    assert line == f"👤 Filipa Nowak · @filipa_n · id 510000101: {words_shown}"
    person = await staff.store.read(lambda tx: customer(tx, FILIPA))
    assert found.offered == [f"card.answer:{person.id}", f"card.new:{person.id}"]
    await staff.presses(found.offered[0])
    question = await staff.answer()
    await staff.says("We look into it", reply_to=question.number)
    [sent] = await staff.heard("message")
    assert sent.call.params["chat_id"] == FILIPA.telegram_id


async def test_a_found_muted_customer_is_marked_and_linked_to_their_card(staff: Staff) -> None:
    person = await staff.store.read(lambda tx: customer(tx, FILIPA))
    await staff.store.act(
        lambda tx: mute_customer(tx, manager=manager(tx), customer_id=person.id, reason="spam")
    )
    await staff.heard()
    await staff.says("/find filipa")
    found = await staff.answer()
    assert " · 🔇: thanks" in found.text
    await staff.presses(f"card.dialogs:{person.id}")
    card = await staff.answer()
    assert found.offered[-1] == f"card.dialogs:{person.id}" and "spam" in card.text


async def test_a_customer_whose_dialog_is_found_is_not_shown_twice(staff: Staff) -> None:
    dialog = await opened(staff.store, "Invoice", FILIPA)
    await staff.heard()
    await staff.says("/find Filipa")
    assert (await staff.answer()).text.splitlines()[1:] == [
        f"▶️ #{dialog.id} Invoice · Filipa Nowak · Administrator · 1 min"
    ]


async def test_a_line_shows_how_long_the_customer_waits_or_else_the_day(
    staff: Staff, clock: ManualClock
) -> None:
    dialog = await opened(staff.store, "Invoice", FILIPA)
    clock.advance(timedelta(hours=2, minutes=10).total_seconds())
    await staff.heard()

    async def shown() -> str:
        await staff.says("/find Invoice")
        return (await staff.answer()).text.splitlines()[1].rpartition(" · ")[2]

    assert await shown() == "2 h"
    await staff.store.act(
        lambda tx: write_in_dialog(tx, manager=manager(tx), dialog_id=dialog.id, content=Content(text="Done"))
    )
    assert await shown() == "01.01"
    await wrote(staff.store, Content("text", "and?", chat_id=FILIPA.telegram_id, tg_message_id=12), FILIPA)
    assert await shown() == "1 min"
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=Closing())
    )
    assert await shown() == "01.01"


async def test_the_inbox_list_offers_answers_and_shows_waiting_times(
    staff: Staff, clock: ManualClock
) -> None:
    clock.advance(timedelta(minutes=7).total_seconds())
    await staff.says("/inbox")
    shown = await staff.answer()
    assert shown.text.splitlines()[1] == "👤 Filipa Nowak (2): my invoice INV-2231 is wrong · 7 min"
    person = await staff.store.read(lambda tx: customer(tx, FILIPA))
    assert shown.offered[0] == f"card.answer:{person.id}"


async def test_an_empty_result_is_reported(staff: Staff) -> None:
    await wrote(staff.store, words())
    await staff.heard()
    await staff.says("/find zzz")
    assert (await staff.answer()).text.splitlines()[1] == "Nothing here."


async def test_notes_tags_and_letters_without_diacritics_are_found(staff: Staff) -> None:
    await wrote(staff.store, words())
    dialog = await opened(staff.store, "Zwrot pieniędzy")
    await staff.says(f"/note #{dialog.id} He shouts at couriers")

    def tag(tx: Tx) -> None:
        add_to_list(tx, manager=manager(tx), kind="tags", name="Łódź")
        change_dialog(tx, manager=manager(tx), dialog_id=dialog.id, changes={"tags": ["Łódź"]})

    await staff.store.act(tag)
    await staff.heard()
    for wanted in ("pieniedzy", "courier", "ZWROT", "lodz"):
        await staff.says(f"/find {wanted}")
        assert f"#{dialog.id} Zwrot" in (await staff.answer()).text
