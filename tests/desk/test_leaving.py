"""A former manager gets no more messages and can change nothing that customers have seen."""

from collections.abc import Awaitable, Callable

import pytest

from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.incoming import (
    apply_customer_edit,
    mirror_customer_reaction,
    receive_customer_message,
)
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.people.membership import update_group_membership
from holdline.desk.people.staff import add_manager, change_manager
from holdline.dialogs.audience import Audience
from holdline.dialogs.closing import Closing as Close
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Message
from holdline.dialogs.rules import DeskRules
from holdline.store import invariants
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import dialogs
from holdline.store.people import managers, memberships
from holdline.store.tx import Row, Tx
from tests.desk.conftest import ANNA, Desk, text

OWNER, GROUP = 111, -1001234567890
MARIA_WROTE, AT_ANNAS = 77, 900


@pytest.fixture(params=[0, GROUP])
def rules(request: pytest.FixtureRequest) -> DeskRules:
    return DeskRules(admins=(OWNER,), staff_group=request.param)


async def removed(desk: Desk) -> None:
    await desk.store.act(change_manager, acting=None, manager_id=desk.maria.id, changes={"active": False})


async def left_the_group(desk: Desk) -> None:
    group, act = desk.store.rules.staff_group, desk.store.act
    if not group:
        await removed(desk)
        return
    await act(memberships.mark_seen, desk.maria.id, group, desk.store.clock.now())
    now = desk.store.clock.now()
    await act(update_group_membership, telegram_id=desk.maria.telegram_id, inside=False, as_of=now)


async def opened(desk: Desk) -> Dialog:
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel", participants=(desk.ivan.telegram_id,))
    return await desk.store.act(open_dialog, manager=desk.maria, opening=opening)


async def answered(desk: Desk, dialog: Dialog) -> Message:
    """Maria's words from her own chat, shown at the customer's as message 900."""
    hers = {"chat_id": desk.maria.telegram_id, "tg_message_id": MARIA_WROTE}
    content, origin = text("Till Friday.", hers["tg_message_id"], hers["chat_id"]), Origin(**hers)
    message = await desk.store.act(
        write_in_dialog, manager=desk.maria, dialog_id=dialog.id, content=content, origin=origin
    )

    def arrive(tx: Tx) -> None:
        links = {"message_id": message.id, "customer_id": desk.anna.id, "dialog_id": dialog.id}
        telegram_messages.add(tx, ANNA.telegram_id, AT_ANNAS, "copy", audience=Audience.CUSTOMER, **links)

    await desk.store.act(arrive)
    return message


async def waiting(desk: Desk, chat_id: int) -> list[Row]:
    return await desk.store.read(
        lambda tx: tx.all(
            "SELECT * FROM outbox WHERE chat_id = :c AND status = 'queued' ORDER BY id", c=chat_id
        )
    )


def former(desk: Desk) -> MessageSender:
    return MessageSender(desk.maria.telegram_id, "Maria")


@pytest.mark.parametrize("leave", [removed, left_the_group])
async def test_later_messages_do_not_reach_a_former_manager(
    desk: Desk, leave: Callable[[Desk], Awaitable[None]]
) -> None:
    dialog = await opened(desk)
    await desk.store.act(lambda tx: managers.update(tx, desk.maria.id, entered_dialog_id=dialog.id))
    await leave(desk)
    await desk.store.act(
        receive_customer_message, sender=ANNA, content=text("card 4111", 5, ANNA.telegram_id)
    )
    await desk.store.act(
        write_in_dialog, manager=desk.ivan, dialog_id=dialog.id, content=text("Thank you, noted.")
    )
    await desk.store.act(close_dialog, manager=desk.ivan, dialog_id=dialog.id, closing=Close())
    told = await waiting(desk, desk.maria.telegram_id)
    assert [item["payload_json"]["key"] for item in told] == ["customer.left_desk"]
    assert await desk.store.read(invariants.find_violations) == []


async def test_earlier_copies_in_a_former_managers_chat_are_kept(desk: Desk) -> None:
    """Old copies stay in the former manager's chat: nothing of ours takes them away, or changes them."""
    dialog = await opened(desk)
    message = await answered(desk, dialog)
    links = {"message_id": message.id, "customer_id": desk.anna.id, "dialog_id": dialog.id}
    hers = (desk.maria.telegram_id, 78)
    await desk.store.act(lambda tx: telegram_messages.add(tx, *hers, "copy", audience=Audience.DESK, **links))
    await removed(desk)
    kept = await desk.store.read(telegram_messages.find, *hers)
    assert kept is not None and kept["deleted_at"] is None
    kinds = {item["kind"] for item in await waiting(desk, desk.maria.telegram_id)}
    assert kinds == {"customer_notice"}


async def test_a_manager_removed_twice_is_notified_each_time(desk: Desk) -> None:
    for _ in range(2):
        await removed(desk)
        await removed(desk)
        await desk.store.act(change_manager, acting=None, manager_id=desk.maria.id, changes={"active": True})
        desk.store.clock.advance(1)
    told = await waiting(desk, desk.maria.telegram_id)
    assert [item["kind"] for item in told] == ["customer_notice"] * 2


async def test_the_last_one_to_leave_a_dialog_hands_its_messages_to_colleagues(desk: Desk) -> None:
    dialog = await desk.store.act(
        open_dialog, manager=desk.maria, opening=Opening(customer_id=desk.anna.id, title="Lost parcel")
    )
    await desk.store.act(
        receive_customer_message, sender=ANNA, content=text("card 4111", 5, ANNA.telegram_id)
    )
    await removed(desk)
    shown = await desk.store.read(
        lambda tx: tx.all("SELECT chat_id FROM outbox WHERE kind = 'mirror' AND status = 'queued'")
    )
    group = desk.store.rules.staff_group
    assert {row["chat_id"] for row in shown} & ({group} if group else {desk.ivan.telegram_id, OWNER})
    assert desk.maria.telegram_id not in {row["chat_id"] for row in shown}
    after = await desk.store.read(dialogs.by_id, dialog.id)
    assert after.assignee is None
    assert desk.maria.id not in {person.id for person in after.participants}


async def test_an_edit_by_a_former_manager_changes_nothing(desk: Desk) -> None:
    message = await answered(desk, await opened(desk))
    await removed(desk)
    before = await waiting(desk, ANNA.telegram_id)
    edit = text("Never!", MARIA_WROTE, desk.maria.telegram_id)
    await desk.store.act(apply_customer_edit, sender=former(desk), content=edit)
    assert await waiting(desk, ANNA.telegram_id) == before
    (told,) = await desk.store.read(
        lambda tx: tx.all("SELECT text FROM messages WHERE id = :id", id=message.id)
    )
    assert told["text"] == "Till Friday."


async def test_a_reaction_of_a_former_manager_is_not_passed_on(desk: Desk) -> None:
    await answered(desk, await opened(desk))
    await removed(desk)
    await desk.store.act(
        mirror_customer_reaction, telegram_id=desk.maria.telegram_id, tg_message_id=MARIA_WROTE, emoji="👎"
    )
    reactions = await desk.store.read(lambda tx: tx.all("SELECT id FROM outbox WHERE kind = 'reaction'"))
    assert reactions == []


async def test_a_colleague_cannot_edit_anothers_message(desk: Desk) -> None:
    await answered(desk, await opened(desk))
    edit = text("Never!", MARIA_WROTE, desk.maria.telegram_id)
    assert not await desk.store.act(apply_manager_edit, manager=desk.ivan, content=edit)


async def test_a_returned_manager_works_again(desk: Desk) -> None:
    await opened(desk)
    await removed(desk)
    await desk.store.act(
        add_manager, acting=None, telegram_id=desk.maria.telegram_id, name="Maria", role="manager"
    )
    await desk.store.act(
        receive_customer_message, sender=MessageSender(510000009, "Boris"), content=text("hi", 6, 510000009)
    )
    cards = await waiting(desk, desk.store.rules.staff_group or desk.maria.telegram_id)
    assert "inbox_card" in {row["kind"] for row in cards}
    assert await desk.store.read(invariants.find_violations) == []


async def test_an_edit_does_not_wait_for_the_copy_of_a_former_manager(desk: Desk) -> None:
    dialog = await opened(desk)
    words = text("card 4111", 5, ANNA.telegram_id)
    message_id = await desk.store.act(receive_customer_message, sender=ANNA, content=words)
    links = {"message_id": message_id, "customer_id": desk.anna.id, "dialog_id": dialog.id}
    hers = (desk.maria.telegram_id, 79)
    await desk.store.act(lambda tx: telegram_messages.add(tx, *hers, "copy", audience=Audience.DESK, **links))
    await removed(desk)
    await desk.store.act(apply_customer_edit, sender=ANNA, content=text("card 4222", 5, ANNA.telegram_id))
    assert await desk.store.read(invariants.find_violations) == []
