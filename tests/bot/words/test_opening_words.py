"""A reply and a note for a new dialog: asked for in the last step, sent once it is created."""

import pytest

from holdline.store.engine import Store
from tests.bot.desk_kit import Staff, thread_of, to_customer
from tests.bot.staging import GROUP, words, wrote


@pytest.mark.row("W-29")
@pytest.mark.row("W-21")
@pytest.mark.row("W-17")
async def test_a_reply_and_a_note_are_sent_when_the_dialog_is_created_and_not_before(
    group_desk: Store,
) -> None:
    await wrote(group_desk, words("Where is my order?"))
    staff = Staff(group_desk)
    card = (await staff.heard("inbox_card"))[-1]
    inbox = await thread_of(group_desk, None)
    await staff.presses(card.data("card.open"), chat=GROUP, thread=inbox, on=card.number)
    window = await staff.answer()
    form = window.form

    async def press(action: str) -> None:
        await staff.presses(f"{form}:{action}", chat=GROUP, thread=inbox, on=window.number)

    for action in ("next", "next"):
        await press(action)
    kind = next(data for data in staff.gateway.offered if ":type:" in data)
    await staff.presses(kind, chat=GROUP, thread=inbox, on=window.number)
    for what, said in (("reply", "We are looking for it."), ("note", "Third time this week")):
        await press(f"first:{what}")
        await staff.says(said, chat=GROUP, thread=inbox, reply_to=window.number)
        assert said in staff.gateway.window
    assert to_customer(await staff.heard()) == []
    assert await group_desk.read(lambda tx: tx.all("SELECT id FROM notes")) == []
    await press("create")
    assert to_customer(await staff.heard()) == ["We are looking for it."]
    noted = await group_desk.read(lambda tx: tx.all("SELECT text FROM notes"))
    assert [note["text"] for note in noted] == ["Third time this week"]


@pytest.mark.row("W-29")
async def test_leaving_the_wizard_sends_nothing(group_desk: Store) -> None:
    await wrote(group_desk, words("Where is my order?"))
    staff = Staff(group_desk)
    card = (await staff.heard("inbox_card"))[-1]
    inbox = await thread_of(group_desk, None)
    await staff.presses(card.data("card.open"), chat=GROUP, thread=inbox, on=card.number)
    window = await staff.answer()
    form = window.form
    for action in ("next", "next"):
        await staff.presses(f"{form}:{action}", chat=GROUP, thread=inbox, on=window.number)
    kind = next(data for data in staff.gateway.offered if ":type:" in data)
    await staff.presses(kind, chat=GROUP, thread=inbox, on=window.number)
    await staff.presses(f"{form}:first:reply", chat=GROUP, thread=inbox, on=window.number)
    await staff.says("We are looking.", chat=GROUP, thread=inbox, reply_to=window.number)
    await staff.presses(f"{form}:cancel", chat=GROUP, thread=inbox, on=window.number)
    assert to_customer(await staff.heard()) == []
