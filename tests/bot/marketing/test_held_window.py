"""Held messages in Telegram: the window with its two taps, the customer's card, /held."""

import pytest

from holdline.desk.dialogs.transitions import pause_dialog, resume_dialog
from holdline.desk.marketing.held import send_held
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.people.staff import add_manager
from holdline.dialogs.gate import MessageClass
from holdline.store.engine import Store
from holdline.store.marketing import held
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said, Staff, to_customer
from tests.bot.staging import ADMIN, ANNA, GROUP, IVAN, customer, manager, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    """Anna's dialog is active; nothing else waits to be said."""
    await wrote(group_desk, words())
    await opened(group_desk)
    staff = Staff(group_desk)
    await staff.heard()
    return staff


async def offer(staff: Staff, *texts: str) -> list[int]:
    def work(tx: Tx) -> list[int]:
        orders = [OutboundRequest(ANNA.telegram_id, MessageClass.BROADCAST, text) for text in texts]
        return [accept_outbound(tx, order=order)["id"] for order in orders]

    return await staff.store.act(work)


async def waiting(staff: Staff) -> list[int]:
    rows = await staff.store.read(lambda tx: held.of_customer(tx, customer(tx).id))
    return [row["id"] for row in rows]


async def window_of(staff: Staff, person: int = ADMIN) -> Said:
    await staff.presses("dlg.held:1", person, chat=GROUP, on=5)
    return await staff.answer()


async def tap(staff: Staff, window: Said, data: str, person: int = ADMIN) -> str:
    """The text of the window afterwards."""
    await staff.presses(data, person, chat=GROUP, on=window.number)
    return staff.gateway.window


@pytest.mark.row("M-11")
async def test_two_taps_send_or_drop_a_held_message(staff: Staff) -> None:
    first, second, third = await offer(staff, "First", "Second", "Third")
    window = await window_of(staff)
    assert f"held:{second}:send:0" in window.offered and f"held:{second}:send!:0" not in window.offered
    await tap(staff, window, f"held:{second}:send:0")
    assert await waiting(staff) == [first, second, third], "the first tap asks"
    assert f"held:{second}:send!:0" in staff.gateway.offered
    await tap(staff, window, f"held:{second}:keep:0")
    assert f"held:{second}:send!:0" not in staff.gateway.offered
    text = await tap(staff, window, f"held:{second}:send!:0")
    assert "Second" not in text and "1. 📣 Broadcast: First" in text
    await tap(staff, window, f"held:{third}:drop:0")
    await tap(staff, window, f"held:{third}:drop!:0")
    assert await waiting(staff) == [first]
    card = (await staff.heard("info_card_edit"))[-1]
    assert "📥 1 held" in card.text
    text = await tap(staff, window, f"held:{third}:send!:0")
    assert "not held" in staff.gateway.toast and "First" in text, "somebody was quicker: the window follows"


@pytest.mark.row("M-11")
async def test_a_held_message_sent_at_once_reaches_only_the_customer(staff: Staff) -> None:
    first, _ = await offer(staff, "First", "Second")
    await staff.store.act(lambda tx: send_held(tx, manager=manager(tx), outbox_id=first))
    assert to_customer(await staff.heard()) == ["First"]


@pytest.mark.row("M-11")
async def test_a_manager_who_may_not_decide_still_sees_held_messages(staff: Staff) -> None:
    (only,) = await offer(staff, "Only")
    await staff.store.act(
        lambda tx: add_manager(tx, acting=manager(tx), telegram_id=IVAN, name="Ivan", role="agent")
    )
    await staff.presses("dlg.held:1", IVAN, on=5)
    own = await staff.answer()
    assert "Only" in own.text and own.offered == [], "in their own chat nothing is offered"
    window = await window_of(staff, IVAN)
    assert f"held:{only}:drop:0" in window.offered, "in the group colleagues may decide"
    await staff.presses(f"held:{only}:drop:0", IVAN, chat=GROUP, on=window.number)
    assert "broadcast.send" in staff.gateway.toast, "not even asked"
    await staff.presses(f"held:{only}:send!:0", IVAN, chat=GROUP, on=window.number)
    assert "broadcast.send" in staff.gateway.toast
    assert await waiting(staff) == [only]


async def test_a_window_in_the_group_is_in_the_desks_language(staff: Staff) -> None:
    await offer(staff, "Only")
    await staff.store.act(lambda tx: managers.update(tx, manager(tx).id, language="pl"))
    assert "📥 Held for #1" in (await window_of(staff)).text
    await staff.presses("dlg.held:1", on=5)
    assert "📥 Czeka" in (await staff.answer()).text


async def test_a_long_queue_comes_in_pages(staff: Staff) -> None:
    ids = await offer(staff, *(f"Offer {number}" for number in range(8)))
    window = await window_of(staff)
    assert "Offer 5" in window.text and "Offer 6" not in window.text
    text = await tap(staff, window, f"dlg.held:1:{ids[5]}")
    assert "Offer 6" in text and "Offer 5" not in text
    text = await tap(staff, window, f"held:{ids[7]}:drop!:{ids[5]}")
    assert "Offer 6" in text and "Offer 7" not in text, "the page stays"
    assert "Offer 0" in await tap(staff, window, "dlg.held:1:0")


@pytest.mark.row("M-11")
async def test_the_customers_card_and_the_list_lead_to_the_held_messages(staff: Staff) -> None:
    await staff.says("/held")
    assert "Nothing waits" in (await staff.answer()).text
    await offer(staff, "First", "Second")
    await staff.presses(f"card.dialogs:{1}", chat=GROUP, on=5)
    card = await staff.answer()
    assert "📥 2 held" in card.text and "dlg.held:1" in card.offered
    assert "First" not in card.text, "what waits has not been said"
    await staff.says("/held")
    listed = await staff.answer()
    assert "Anna · #1 “Delivery” · Maria · 📥 2 held" in listed.text
    assert "dlg.held:1" in listed.offered


@pytest.mark.row("M-12")
async def test_a_dialog_begins_with_the_recent_automatic_messages(staff: Staff) -> None:
    await staff.store.act(lambda tx: tx.run("UPDATE dialogs SET state = 'closed', closed_at = :at", at=tx.at))
    await staff.store.act(lambda tx: tx.run("UPDATE customers SET gate = 'open'"))
    await offer(staff, "Ten percent off")

    def answer(tx: Tx) -> None:
        accept_outbound(tx, order=OutboundRequest(ANNA.telegram_id, MessageClass.SMART_REPLY, "Open at nine"))

    await staff.store.act(answer)
    await staff.heard()
    await offer(staff, "Not there yet")
    await opened(staff.store, "Another")
    (notice,) = [one for one in await staff.heard("desk_notice") if "Sent automatically" in one.text]
    head, first, second = notice.text.splitlines()
    assert "📣 Broadcast: Ten percent off" in first and "🤖 Smart reply: Open at nine" in second
    assert head.startswith("🤖")


async def test_a_tap_in_an_old_window_says_that_nothing_is_held_any_more(staff: Staff) -> None:
    (only,) = await offer(staff, "Only")
    window = await window_of(staff)
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=1))
    await staff.presses(f"held:{only}:send:0", ADMIN, chat=GROUP, on=window.number)
    assert "not held" in staff.gateway.toast


async def test_a_message_sent_past_the_gate_is_shown_in_the_dialog(staff: Staff) -> None:
    first, _ = await offer(staff, "First", "Second")
    await staff.store.act(lambda tx: send_held(tx, manager=manager(tx), outbox_id=first))
    (notice,) = await staff.heard("desk_notice")
    assert notice.text == "📤 Sent now by Administrator: 📣 Broadcast: First"


@pytest.mark.row("M-12")
async def test_a_resumed_dialog_shows_the_automatic_messages_of_its_pause(staff: Staff) -> None:
    await offer(staff, "Ten percent off")
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=1))
    await staff.heard()
    await staff.store.act(lambda tx: resume_dialog(tx, manager=manager(tx), dialog_id=1))
    (notice,) = [one for one in await staff.heard("desk_notice") if "during the pause" in one.text]
    assert "📣 Broadcast: Ten percent off" in notice.text
