"""🕘 History of this customer: their earlier dialogs, from the card of the present one."""

import pytest

from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.scheduler.made_files import attach_file
from holdline.store.dialogs import dialogs, lists
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff, thread_of, to_customer
from tests.bot.staging import ADMIN, GROUP, IVAN, manager, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    """Three dialogs of one customer: a closed one by a rule's tag, one that is paused, one that is active."""
    await wrote(group_desk, words("Where is my order?"))
    first = await opened(group_desk, "Money back")

    def finish(tx: Tx) -> None:
        for name, source in (("refund", "rule"), ("vip", "manager")):
            row = lists.insert(tx, "tags", name)
            dialogs.add_label(tx, first.id, row["id"], source=source)
        close_dialog(tx, manager=manager(tx), dialog_id=first.id, closing=Closing())

    await group_desk.act(finish)
    second = await opened(group_desk, "Again")

    def repeat(tx: Tx) -> None:
        row = lists.find(tx, "tags", "refund")
        assert row is not None
        dialogs.add_label(tx, second.id, row["id"], source="rule")
        pause_dialog(tx, manager=manager(tx), dialog_id=second.id)

    await group_desk.act(repeat)
    await opened(group_desk, "Now")
    return Staff(group_desk)


def ivan_in_warsaw(tx: Tx) -> None:
    ivan = managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent")
    managers.update(tx, ivan.id, time_zone="Europe/Warsaw")


async def dialog_of(staff: Staff, dialog_id: int) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, dialog_id))


@pytest.mark.row("K-01")
@pytest.mark.row("K-02")
@pytest.mark.row("K-06")
@pytest.mark.row("K-10")
@pytest.mark.row("K-17")
@pytest.mark.row("K-18")
async def test_the_card_shows_what_the_customer_came_with_before(staff: Staff) -> None:
    heard = await staff.heard()
    assert any("refund 🤖" in one.text for one in heard if one.row["dialog_id"] == 2)
    card = next(one for one in reversed(heard) if one.row["kind"] == "info_card")
    before = [await dialog_of(staff, number) for number in (1, 2, 3)]
    await staff.store.act(ivan_in_warsaw)
    topic = await thread_of(staff.store, 3)
    await staff.presses(card.data("card.past"), IVAN, chat=GROUP, on=card.number, thread=topic)
    (answer,) = said = await staff.heard()
    assert to_customer(said) == []
    shown = answer.text.splitlines()
    assert shown[0].startswith("🕘 Anna · ") and "Europe/Warsaw" in shown[0]
    assert shown[1] == "🔁 Repeated: refund ×2 in 90 days"
    at = "01.01.2026 01:00"
    closed = shown.index("✅ #1 ✈️ Money back · " + (before[0].assignee.name if before[0].assignee else "—"))
    assert shown[closed + 1 : closed + 3] == ["   🏷 refund 🤖, vip", f"   closed {at} · last words {at}"]
    assert [line[0] for line in shown if "#" in line] == ["▶", "⏸", "✅"]
    assert [await dialog_of(staff, number) for number in (1, 2, 3)] == before


@pytest.mark.row("K-13")
@pytest.mark.row("K-14")
async def test_the_overview_is_sorted_and_filtered_by_buttons_in_place(staff: Staff) -> None:
    card = next(one for one in reversed(await staff.heard("info_card")))
    await staff.presses(card.data("card.past"), ADMIN, chat=GROUP, on=card.number)
    answer = await staff.answer()

    async def turned(data: str) -> list[str]:
        await staff.presses(data, ADMIN, chat=GROUP, on=answer.number)
        return [line for line in staff.gateway.window.splitlines() if "✈️" in line]

    assert [line.split()[1] for line in await turned("list:past.oa:0:1")] == ["#1", "#2", "#3"]
    assert [line.split()[1] for line in await turned("list:past.no:0:1")] == ["#3", "#2"]
    assert [line.split()[1] for line in await turned("list:past.nc:0:1")] == ["#1"]
    offered = {data for data in answer.offered if data.startswith("list:")}
    assert offered == {"list:past.oa:0:1", "list:past.no:0:1"}


@pytest.mark.row("K-11")
async def test_an_entry_leads_to_its_dialog_and_to_the_file_with_its_notes(staff: Staff) -> None:
    await staff.says("/note #1 He was angry")
    card = next(one for one in reversed(await staff.heard("info_card")))
    await staff.presses(card.data("card.past"), ADMIN, chat=GROUP, on=card.number)
    answer = await staff.answer()
    assert f"https://t.me/c/{str(GROUP)[4:]}/{await thread_of(staff.store, 1)}" in answer.offered
    assert "dlg.file:1:1" in answer.offered
    await staff.presses("dlg.file:1:1", ADMIN, chat=GROUP, on=answer.number)
    (sent,) = await staff.heard("transcript")
    name, content = (await attach_file(staff.store, sent.call)).files["document"]
    assert name == "dialog-1.txt"
    assert "Where is my order?" in content.decode()
    assert "📝 note: He was angry" in content.decode()
