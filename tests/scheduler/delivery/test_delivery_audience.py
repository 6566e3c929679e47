"""The audience of a message is stored: a copy in a colleague's own chat is not the customer's copy."""

from holdline.desk.conversation.corrections import apply_manager_edit, mirror_manager_reaction
from holdline.desk.conversation.removals import delete_message
from holdline.desk.dialogs.assignment import assign_dialog
from holdline.dialogs.message import Content
from holdline.store.people import managers
from holdline.telegram.outcomes import Action
from tests.scheduler.conftest import ANNA, Bench, no, notices, opened, written

IVAN = 400000078
MARIA_WROTE = 77


async def two_private_desks(bench: Bench) -> None:
    """Maria's reply stands at the customer's and in Ivan's own chat."""
    dialog = await opened(bench)
    await bench.store.act(managers.insert, telegram_id=IVAN, name="Ivan", role="agent")
    await bench.store.act(assign_dialog, manager=bench.maria, dialog_id=dialog.id, assignee_telegram_id=IVAN)
    await written(bench, dialog)
    await bench.drain()


async def changes(bench: Bench, kind: str) -> dict[int, str]:
    rows = await bench.all("SELECT chat_id, audience FROM outbox WHERE kind = :kind", kind=kind)
    return {row["chat_id"]: row["audience"] for row in rows}


async def test_deleting_a_colleagues_copy_does_not_mark_the_customers_copy(bench: Bench) -> None:
    await two_private_desks(bench)
    edited = Content(text="hello again", chat_id=bench.maria.telegram_id, tg_message_id=MARIA_WROTE)
    await bench.store.act(apply_manager_edit, manager=bench.maria, content=edited)
    assert await changes(bench, "edit_copy") == {ANNA.telegram_id: "customer", IVAN: "desk"}
    arrived = set()
    while begun := await bench.begin():
        for one in begun:
            refused = one.kind == "edit_copy" and one.chat_id == IVAN
            gone = no(Action.GONE, "Bad Request: message to edit not found")
            await bench.settle(one, gone if refused else None)
            arrived |= {one.chat_id} if one.kind == "edit_copy" and not refused else set()
        bench.clock.advance(2)
    assert arrived == {ANNA.telegram_id}
    assert await notices(bench) == []


async def test_a_removal_and_a_reaction_have_their_audience(bench: Bench) -> None:
    await two_private_desks(bench)
    here = {"chat_id": bench.maria.telegram_id, "tg_message_id": MARIA_WROTE}
    await bench.store.act(mirror_manager_reaction, manager=bench.maria, emoji="👍", **here)
    await bench.store.act(delete_message, manager=bench.maria, **here)
    assert await changes(bench, "reaction") == {ANNA.telegram_id: "customer", IVAN: "desk"}
    gone = {
        ANNA.telegram_id: "customer",
        IVAN: "desk",
        bench.maria.telegram_id: "desk",
    }  # hers: the undo button
    assert await changes(bench, "delete_copy") == gone


async def test_a_copy_for_a_manager_who_is_also_a_customer_has_the_audience_desk(bench: Bench) -> None:
    """Their private chat is both: its id says nothing."""
    await bench.store.act(managers.insert, telegram_id=ANNA.telegram_id, name="Anna", role="manager")
    await bench.add("a", kind="edit_copy", payload={"tg_message_id": 5}, audience="desk")
    (begun,) = await bench.begin()
    await bench.settle(begun, no(Action.GONE, "Bad Request: message to edit not found"))
    assert await notices(bench) == []
