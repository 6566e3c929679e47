"""A dialog opened by hand: ➕ on cards, and /new_dialog, which begins with the customer."""

import pytest

from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.message import Content
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from tests.bot.desk_kit import Staff
from tests.bot.lists_kit import captions_of, listed, tap
from tests.bot.staging import ANNA, GROUP, IVAN, customer, manager, named, opened, words, wrote

BORIS = MessageSender(telegram_id=510000002, name="Boris", username="boris_b")
RON = 77


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    await wrote(group_desk, Content(text="Hello", chat_id=BORIS.telegram_id, tg_message_id=9), BORIS)
    return Staff(group_desk)


async def active_title(staff: Staff, sender: MessageSender) -> str | None:
    found = await staff.store.read(lambda tx: dialogs.active_of(tx, customer(tx, sender).id))
    return found.title if found else None


@pytest.mark.row("R-06")
async def test_a_dialog_is_opened_from_the_private_desk_with_a_recent_customer(staff: Staff) -> None:
    await staff.heard()
    window = await listed(staff, "/new_dialog")
    assert window.text.splitlines()[:2] == ["➕ New dialog: with whom?", "These wrote lately:"]
    assert captions_of(window.call.params)[:2] == ["👤 Boris @boris_b", "👤 Anna @anna"]
    wizard = await tap(staff, "Boris", under=window)
    assert "Boris" in wizard and "Hello" in wizard, "what they wrote is the title that is proposed"
    await staff.presses(next(d for d in staff.gateway.offered if d.endswith(":now")), on=window.number)
    assert await active_title(staff, BORIS) == "Hello"


@pytest.mark.row("R-06")
async def test_the_customer_is_found_by_a_name_and_the_title_is_typed(staff: Staff) -> None:
    await staff.heard()
    window = await listed(staff, "/new_dialog")
    await staff.says("ann")
    assert "Found for “ann”" in staff.gateway.window and "Boris" not in str(staff.gateway.edits()[-1].params)
    await tap(staff, "Anna", under=window)
    await staff.says("A lost parcel")
    for action in (":next", ":type:", ":create"):
        offered = [data for data in staff.gateway.offered if action in data]
        assert offered, (action, staff.gateway.offered)
        await staff.presses(offered[0], on=window.number)
    assert await active_title(staff, ANNA) == "A lost parcel"
    assert await active_title(staff, BORIS) is None


async def test_a_name_after_the_command_is_searched_at_once(staff: Staff) -> None:
    await staff.heard()
    window = await listed(staff, "/new_dialog boris")
    assert "Found for “boris”" in window.text
    assert "Nobody here" in (await listed(staff, "/new_dialog zzz")).text


async def test_a_customer_with_an_active_dialog_has_a_link_to_it_instead(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    window = await listed(staff, "/new_dialog")
    assert f"▶️ Anna · #{dialog.id}" in captions_of(window.call.params)
    person = await staff.store.read(customer)
    await staff.presses(f"{window.form}:whom:{person.id}", on=window.number)
    assert "has" in staff.gateway.toast or "dialog" in staff.gateway.toast
    assert await active_title(staff, BORIS) is None


async def test_a_wizard_reports_that_a_colleague_opened_a_dialog_first(staff: Staff) -> None:
    await staff.heard()
    window = await listed(staff, "/new_dialog")
    await tap(staff, "Anna", under=window)
    dialog = await staff.store.act(
        lambda tx: open_dialog(
            tx, manager=named(tx, IVAN, "Ivan"), opening=Opening(customer(tx).id, "Sooner")
        )
    )
    told = next(one for one in await staff.heard() if "has opened" in one.text)
    assert told.text.startswith(f"▶️ Ivan has opened #{dialog.id}")
    assert told.call.params["message_id"] == window.number, "in the wizard's own window"
    await staff.says("A title that is too late")
    assert await active_title(staff, ANNA) == dialog.title


async def test_a_manager_who_may_not_open_dialogs_has_no_such_command(staff: Staff) -> None:
    await staff.store.act(
        lambda tx: managers.update(
            tx, managers.insert(tx, telegram_id=RON, name="Ron", role="agent").id, permissions=frozenset()
        )
    )
    await staff.heard()
    window = await listed(staff, "/new_dialog", RON)
    assert not window.offered


@pytest.mark.row("R-05")
async def test_cards_have_a_button_that_opens_a_dialog(staff: Staff) -> None:
    """Of the Inbox, of a customer, and of a dialog that is over."""
    card = next(one for one in await staff.heard("inbox_card") if "Anna" in one.text)
    assert "➕" in str(captions_of(card.call.params))
    await staff.presses(card.data("card.open"), chat=GROUP, on=card.number)
    wizard = await staff.answer()
    await staff.presses(next(d for d in wizard.offered if d.endswith(":now")), chat=GROUP, on=wizard.number)
    assert await active_title(staff, ANNA) == "Where is my order?"
    dialog = await staff.store.read(lambda tx: dialogs.active_of(tx, customer(tx).id))
    assert dialog is not None
    closing = Closing(send_rating_form=False)
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=closing)
    )
    over = (await staff.heard("info_card_edit"))[-1]
    assert f"dlg.new:{dialog.id}" in over.offered
    await staff.presses(f"dlg.new:{dialog.id}", chat=GROUP, on=over.number)
    assert "Anna" in (await staff.answer()).text


@pytest.mark.row("W-02")
async def test_a_customers_card_opens_a_first_dialog_or_continues_one(staff: Staff) -> None:
    await staff.heard()
    person = await staff.store.read(customer)
    await staff.presses(f"card.dialogs:{person.id}")
    card = await staff.answer()
    assert "@anna · id 510000001" in card.text and "no dialog yet" in card.text
    assert f"card.new:{person.id}" in card.offered and f"card.answer:{person.id}" in card.offered
    dialog = await opened(staff.store)
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await staff.heard()
    await staff.presses(f"card.dialogs:{person.id}")
    card = await staff.answer()
    assert f"▶️ Continue #{dialog.id}" in captions_of(card.call.params)
    shown = [[{"text": "…", "data": data}] for data in card.offered if data.startswith("dlg.resume")]
    await staff.presses(f"dlg.resume:{dialog.id}", on=card.number, shown=shown)
    await staff.presses(f"dlg.resume!:{dialog.id}", on=card.number, shown=shown)
    assert await active_title(staff, ANNA) == "Delivery"
    await staff.heard()
    await staff.presses(f"card.dialogs:{person.id}")
    card = await staff.answer()
    assert not [data for data in card.offered if data.startswith("card.new")], "one active dialog at most"
    assert f"▶️ Continue #{dialog.id}" in captions_of(card.call.params)


async def test_a_customer_with_a_paused_dialog_is_marked_and_it_can_be_resumed_instead(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await staff.heard()
    window = await listed(staff, "/new_dialog")
    assert f"⏸ Anna · #{dialog.id}" in captions_of(window.call.params)
    await tap(staff, "Anna", under=window)
    resume = next(data for data in staff.gateway.offered if data.startswith("dlg.resume"))
    await staff.presses(resume, on=window.number, shown=[[{"text": "…", "data": resume}]])
    confirm = next(data for data in staff.gateway.offered if "resume" in data and data != resume)
    await staff.presses(confirm, on=window.number, shown=[[{"text": "…", "data": confirm}]])
    assert await active_title(staff, ANNA) == dialog.title
    (over,) = [one for one in await staff.heard("desk_notice_edit") if "has resumed" in one.text]
    assert over.call.params["message_id"] == window.number
