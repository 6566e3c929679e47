"""A database of an older version in which a removal was not completed: the start completes it."""

from collections import Counter

import pytest

from holdline.app.wiring import prepare
from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.dialogs.opening import open_dialog
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.text.limits import TEXT_LIMIT
from holdline.store import invariants
from holdline.store.dialogs import dialogs
from holdline.store.engines.migrate import list_migrations, statements
from holdline.store.tx import Tx
from tests.desk.conftest import ANNA, Desk, text

OWNER, GROUP = 111, -1001234567890
BORIS = MessageSender(510000009, "Boris", "en")
PROMISES = {
    "assignee_is_active",
    "participants_belong_to_the_desk",
    "no_place_after_leaving",
    "nothing_open_after_leaving",
    "notes_stay_inside",
}


@pytest.fixture(params=[0, GROUP])
def rules(request: pytest.FixtureRequest) -> DeskRules:
    return DeskRules(admins=(OWNER,), staff_group=request.param)


async def maria_alone(desk: Desk) -> Dialog:
    """Her dialog and another customer's words, in her own chat where there is no group; nothing was sent yet."""
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel")
    dialog = await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    await desk.store.act(
        receive_customer_message, sender=ANNA, content=text("x" * TEXT_LIMIT, 5, ANNA.telegram_id)
    )
    await desk.store.act(receive_customer_message, sender=BORIS, content=text("hi", 6, BORIS.telegram_id))
    await desk.store.act(
        lambda tx: tx.run(
            """INSERT INTO forms (bot_id, manager_id, chat_id, kind, step, created_at)
               VALUES (:bot, :maria, 1, 'close', 'score', :at)""",
            bot=tx.bot_id,
            maria=desk.maria.id,
            at=tx.at,
        )
    )
    return dialog


def leave_as_before(tx: Tx, manager_id: int) -> None:
    """Only the mark, as versions did that ended nothing."""
    tx.run("UPDATE managers SET active = 0, ready = 1 WHERE id = :id", id=manager_id)


def migrate_as_0011_did(tx: Tx, engine: str) -> None:
    (step,) = (step for step in list_migrations(engine) if step.version == 11)
    for statement in statements(step.sql):
        tx.run(statement)


async def shown(desk: Desk) -> list[tuple[int, int, str]]:
    """What colleagues will be shown of the customers' words: chat, message, kind."""
    rows = await desk.store.read(
        lambda tx: tx.all(
            """SELECT o.chat_id, o.message_id, o.kind FROM outbox o JOIN messages m ON m.id = o.message_id
               WHERE o.status = 'queued' AND o.kind IN ('mirror', 'inbox_card') AND m.direction = 'in'
               AND o.chat_id <> :maria""",
            maria=desk.maria.telegram_id,
        )
    )
    return [(row["chat_id"], row["message_id"], row["kind"]) for row in rows]


@pytest.mark.parametrize("migrated", [False, True])
async def test_the_start_completes_the_removal_of_former_managers(desk: Desk, *, migrated: bool) -> None:
    dialog = await maria_alone(desk)
    await desk.store.act(leave_as_before, desk.maria.id)
    if migrated:
        await desk.store.act(migrate_as_0011_did, desk.store.engine.name)
    assert {one.name for one in await desk.store.read(invariants.find_violations)} & PROMISES
    await prepare(desk.store)
    assert await desk.store.read(invariants.find_violations) == []
    after = await desk.store.read(dialogs.by_id, dialog.id)
    assert after.assignee is None
    assert desk.maria.id not in {person.id for person in after.participants}
    chats = {chat_id for chat_id, _, _ in await shown(desk)}
    assert chats
    assert desk.maria.telegram_id not in chats


async def test_colleagues_get_every_part_once(desk: Desk) -> None:
    await maria_alone(desk)
    waiting = "SELECT id FROM outbox WHERE kind = 'mirror' AND status = 'queued'"
    parts = len(await desk.store.read(lambda tx: tx.all(waiting)))
    await desk.store.act(leave_as_before, desk.maria.id)
    await desk.store.act(migrate_as_0011_did, desk.store.engine.name)
    await prepare(desk.store)
    once = Counter(chat_id for chat_id, _, kind in await shown(desk) if kind == "mirror")
    assert once
    assert set(once.values()) == {parts}
    await prepare(desk.store)
    assert Counter(chat_id for chat_id, _, kind in await shown(desk) if kind == "mirror") == once
