"""The lists that a manager works through, and the stage on a dialog's card meanwhile."""

from datetime import timedelta

import pytest

from holdline.desk.conversation.drafts import write_draft
from holdline.desk.dialogs.changes import change_dialog
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store.dialogs import history
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff, thread_of
from tests.bot.staging import GROUP, manager, opened, words, wrote

BORIS = MessageSender(telegram_id=510000002, name="Boris")


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    await wrote(group_desk, Content(text="Hello", chat_id=BORIS.telegram_id, tg_message_id=9), BORIS)
    return Staff(group_desk)


@pytest.mark.row("S-04")
async def test_new_dialogs_are_in_a_list_the_oldest_first(staff: Staff) -> None:
    await opened(staff.store, "First")
    await opened(staff.store, "Second", BORIS)
    await staff.heard()
    await staff.says("/new")
    listed = (await staff.answer()).text
    assert listed.index("First") < listed.index("Second")
    await staff.says("/all")
    listed = (await staff.answer()).text
    assert listed.index("Second") < listed.index("First")


async def test_overdue_dialogs_are_listed_the_longest_due_first(staff: Staff) -> None:
    first, second = await opened(staff.store, "First"), await opened(staff.store, "Second", BORIS)

    def set_due(tx: Tx, dialog_id: int, hours: int) -> None:
        due_at = tx.at - timedelta(hours=hours)
        change_dialog(tx, manager=manager(tx), dialog_id=dialog_id, changes={"due_at": due_at})

    await staff.says("/overdue")
    assert "First" not in (await staff.heard("text"))[-1].text
    await staff.store.act(set_due, first.id, 1)
    await staff.store.act(set_due, second.id, 2)
    await staff.heard()
    await staff.says("/overdue")
    listed = (await staff.answer()).text
    assert listed.index("Second") < listed.index("First")
    assert listed.count("❗") == 3  # the head and each line


@pytest.mark.row("S-02")
async def test_the_card_shows_each_stage_of_the_work(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    topic = {"chat": GROUP, "thread": await thread_of(staff.store, dialog.id)}

    def restricted(tx: Tx) -> None:
        ron = managers.insert(tx, telegram_id=77, name="Ron", role="restricted")
        write_draft(tx, manager=ron, dialog_id=dialog.id, content=Content(text="May I?"))

    async def shown() -> str:
        card = (await staff.heard("info_card_edit"))[-1].text
        return next(line for line in card.splitlines() if line.startswith("Stage"))

    await staff.says("We are looking", **topic)
    assert await shown() == "Stage: In handling"
    await staff.store.act(restricted)
    assert await shown() == "Stage: Awaiting review"
    await staff.says(f"/close #{dialog.id} 3", **topic)
    assert await shown() == "Stage: Closed"
    rows = await staff.store.read(lambda tx: history.page(tx, dialog_id=dialog.id, kind="dialog_changed"))
    assert [row["data_json"]["stage"] for row in rows] == [
        ["New", "In handling"],
        ["In handling", "Awaiting review"],
    ]
