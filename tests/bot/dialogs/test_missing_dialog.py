"""A note or command that needs a dialog is answered where there is none, and nothing is stored."""

import pytest

from holdline.store.engine import Store
from tests.bot.desk_kit import Staff, thread_of
from tests.bot.staging import GROUP, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    return Staff(group_desk)


@pytest.mark.parametrize("in_inbox", [True, False])
async def test_every_note_that_is_written_where_no_dialog_is_meant_is_answered(
    staff: Staff, *, in_inbox: bool
) -> None:
    await staff.heard()
    thread = await thread_of(staff.store, None) if in_inbox else None
    for line in ("lunch?", ".he is angry", ". call him", "..."):
        await staff.says(line, chat=GROUP, thread=thread)
    said = await staff.heard()
    assert [one.text[:2] for one in said] == ["💡 ", "Wh", "Wh"]
    assert await staff.store.read(lambda tx: tx.all("SELECT text FROM notes")) == []


@pytest.mark.parametrize("typed", ["/close 3 form", "/pause", "/info"])
async def test_a_command_for_a_dialog_on_the_card_of_a_customer_without_one_says_so(
    staff: Staff, typed: str
) -> None:
    card = (await staff.heard("inbox_card"))[0]
    inbox = await thread_of(staff.store, None)
    await staff.says(typed, chat=GROUP, thread=inbox, reply_to=card.number)
    assert [one.text.partition(".")[0] for one in await staff.heard()] == ["There is no dialog here"]
