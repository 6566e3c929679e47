"""A customer's edit after an answer or a close is reported to the desk."""

import pytest

from holdline.desk.conversation.incoming import apply_customer_edit
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.reading.reading import history_of
from holdline.dialogs.closing import Closing
from holdline.store.engine import Store
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import ADMIN, ANNA, GROUP, IVAN, manager, named, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words("I paid 50", 71))
    return Staff(group_desk)


async def edits(staff: Staff, text: str, number: int = 71) -> list[Said]:
    """What the desk is told of it, beside the copies that change."""
    await staff.store.act(apply_customer_edit, sender=ANNA, content=words(text, number))
    return [one for one in await staff.heard("desk_notice") if one.text.startswith("✏️")]


async def test_before_any_answer_only_the_copies_change(staff: Staff) -> None:
    await staff.heard()
    assert await edits(staff, "I paid 40") == []


async def test_an_edit_after_the_answer_is_reported_once_at_the_card_with_the_old_text(staff: Staff) -> None:
    (card, *_) = await staff.heard("inbox_card")
    await staff.says("Fine, 50 it is", chat=card.call.params["chat_id"], reply_to=card.number)
    await staff.heard()
    (told,) = await edits(staff, "I paid 40")
    assert told.text == "✏️ Anna has edited this after it was answered. Before: “I paid 50”"
    assert told.call.params["reply_parameters"]["message_id"] == card.number
    assert await edits(staff, "I paid 30") == [], "told since that answer"


async def test_in_private_desks_it_is_reported_at_everybodys_card(private_desk: Store) -> None:
    await private_desk.act(lambda tx: named(tx, IVAN, "Ivan"))
    await wrote(private_desk, words("I paid 50", 71))
    staff = Staff(private_desk)
    cards = {one.call.params["chat_id"]: one.number for one in await staff.heard("inbox_card")}
    await staff.says("Fine, 50 it is", reply_to=cards[ADMIN])
    await staff.heard()
    told = [one.call.params for one in await edits(staff, "I paid 40")]
    assert {one["chat_id"]: one["reply_parameters"]["message_id"] for one in told} == cards


async def test_an_edit_after_the_close_is_reported_in_the_dialog_and_its_history(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=Closing())
    )
    await staff.heard()
    (told,) = await edits(staff, "I paid 40")
    assert told.text == f"✏️ Anna has edited this after #{dialog.id} was closed. Before: “I paid 50”"
    where = told.call.params
    assert (where["chat_id"], where["message_thread_id"]) == (GROUP, await thread_of(staff.store, dialog.id))
    lines = await staff.store.read(history_of, dialog_id=dialog.id)
    edited = [line for line in lines if line["kind"] == "message_edited"]
    assert [line["text"] for line in edited] == ["I paid 50"], "words taken up from the general chat, too"


async def test_an_edit_after_an_answer_in_the_dialog_is_reported_in_its_topic(group_desk: Store) -> None:
    staff = Staff(group_desk)
    await wrote(group_desk, words("Hello", 70))
    dialog = await opened(staff.store)
    await wrote(group_desk, words("I paid 50", 71))
    await staff.heard()
    thread = await thread_of(staff.store, dialog.id)
    await staff.says("Fine", chat=GROUP, thread=thread)
    await staff.heard()
    (told,) = await edits(staff, "I paid 40")
    assert told.call.params["message_thread_id"] == thread and "after it was answered" in told.text
    await staff.says("Then 40", chat=GROUP, thread=thread)
    await staff.heard()
    (again,) = await edits(staff, "I paid 30")
    assert "“I paid 40”" in again.text
