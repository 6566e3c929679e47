"""Contact cards of the desk's people, and links to them, never reach a customer by any way (F-11)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.drafts import approve_draft, write_draft
from holdline.desk.conversation.replies import Origin, write_in_dialog, write_in_general
from holdline.desk.conversation.scheduling import schedule_reply, send_scheduled_reply
from holdline.desk.dialogs.opening import open_dialog
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.store.people import managers
from tests.desk.conftest import ANNA, Desk

pytestmark = pytest.mark.row("F-11")
LATER = datetime(2026, 1, 2, tzinfo=UTC)


async def opened(desk: Desk) -> Dialog:
    return await desk.store.act(open_dialog, manager=desk.maria, opening=Opening(desk.anna.id, "Case"))


def card_of(telegram_id: int) -> Content:
    data = {"phone_number": "+48500100200", "first_name": "Somebody", "user_id": telegram_id}
    return Content(kind="contact", data=data, chat_id=1, tg_message_id=1)


@pytest.mark.parametrize(
    ("door", "more"),
    [
        (write_in_dialog, {}),
        (write_draft, {}),
        (schedule_reply, {"at": LATER}),
        (write_in_general, {}),
    ],
)
async def test_contact_cards_of_the_desk_are_refused_everywhere(
    desk: Desk, door: Any, more: dict[str, Any]
) -> None:
    """The manager's own, a colleague's, and that of somebody who has left; anybody else's is sent."""
    general = door is write_in_general
    where = {"customer_id": desk.anna.id} if general else {"dialog_id": (await opened(desk)).id}
    left = await desk.store.act(managers.insert, telegram_id=400000079, name="Olga", role="agent")
    await desk.store.act(managers.update, left.id, active=False)
    for person, mend in (
        (desk.maria, "own_contact"),
        (desk.ivan, "colleagues_contact"),
        (left, "colleagues_contact"),
    ):
        with pytest.raises(BadInput) as refused:
            await desk.store.act(
                door, manager=desk.maria, **where, content=card_of(person.telegram_id), **more
            )
        assert refused.value.mend == mend
    assert await desk.store.act(door, manager=desk.maria, **where, content=card_of(ANNA.telegram_id), **more)


def link_to(telegram_id: int) -> Content:
    return Content(kind="text", text=f"Ask tg://user?id={telegram_id}", chat_id=1, tg_message_id=1)


@pytest.mark.parametrize("door", [write_in_dialog, write_draft, schedule_reply, write_in_general])
async def test_links_to_accounts_of_the_desk_are_refused_everywhere(desk: Desk, door: Any) -> None:
    more = {"at": LATER} if door is schedule_reply else {}
    general = door is write_in_general
    where = {"customer_id": desk.anna.id} if general else {"dialog_id": (await opened(desk)).id}
    for person, mend in ((desk.maria, "own_link"), (desk.ivan, "colleagues_link")):
        with pytest.raises(BadInput) as refused:
            await desk.store.act(
                door, manager=desk.maria, **where, content=link_to(person.telegram_id), **more
            )
        assert refused.value.mend == mend
    assert await desk.store.act(door, manager=desk.maria, **where, content=link_to(ANNA.telegram_id), **more)


async def test_an_edit_that_adds_a_link_to_a_colleague_is_refused(desk: Desk) -> None:
    dialog, link = await opened(desk), link_to(desk.ivan.telegram_id)
    said = replace(link, text="Ask Ivan")
    order = {"dialog_id": dialog.id, "content": said, "origin": Origin.of(said)}
    await desk.store.act(write_in_dialog, manager=desk.maria, **order)
    with pytest.raises(BadInput) as refused:
        await desk.store.act(apply_manager_edit, manager=desk.maria, content=link)
    assert refused.value.mend == "colleagues_link"
    texts = await desk.store.read(lambda tx: tx.all("SELECT text FROM messages"))
    assert [row["text"] for row in texts] == ["Ask Ivan"]


async def test_a_contact_card_of_a_new_manager_is_no_longer_sent(desk: Desk) -> None:
    """They joined after it was written as a draft or for later."""
    dialog, card = await opened(desk), card_of(400000079)
    draft = await desk.store.act(write_draft, manager=desk.ivan, dialog_id=dialog.id, content=card)
    order = {"dialog_id": dialog.id, "content": card, "at": LATER}
    reply = await desk.store.act(schedule_reply, manager=desk.maria, **order)
    await desk.store.act(managers.insert, telegram_id=400000079, name="Olga", role="agent")
    for send, which in (
        (approve_draft, {"draft_id": draft.id}),
        (send_scheduled_reply, {"reply_id": reply.id}),
    ):
        with pytest.raises(BadInput):
            await desk.store.act(send, manager=desk.maria, **which)
    sent = await desk.store.read(lambda tx: tx.all("SELECT id FROM outbox WHERE kind = 'message'"))
    assert sent == []
