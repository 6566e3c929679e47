"""A manager removed from the desk can do nothing there; people who can still read the group are reported."""

from typing import Any

from holdline.desk.people.membership import update_group_membership
from holdline.desk.people.staff import change_manager
from holdline.dialogs.manager import Manager
from holdline.dialogs.verbs import DeskVerb, DialogVerb
from holdline.screens.console.commands import COMMANDS
from holdline.store.engine import Store
from holdline.store.people import memberships
from tests.bot.customers.test_strangers import Everybody
from tests.bot.desk_kit import thread_of
from tests.bot.staging import GROUP, IVAN, all_sent, named, opened, words, wrote

PERSON = {"id": IVAN, "is_bot": False, "first_name": "Ivan"}
OWN_CHAT = {"id": IVAN, "type": "private"}
THE_GROUP = {"id": GROUP, "type": "supergroup", "title": "Desk", "is_forum": True}
KEPT = (
    "dialogs",
    "dialog_participants",
    "messages",
    "notes",
    "tasks",
    "forms",
    "inbox_items",
    "managers",
    "history",
)


async def with_ivan(desk: Store) -> Manager:
    """Seen in the staff group."""
    ivan = await desk.act(named, IVAN, "Ivan")
    await desk.act(memberships.mark_seen, ivan.id, GROUP, desk.clock.now())
    return ivan


async def removed(desk: Store, person: Manager) -> None:
    await desk.act(change_manager, acting=None, manager_id=person.id, changes={"active": False})


async def told_to_remove(desk: Store) -> list[str]:
    notices = await desk.read(
        lambda tx: tx.all("SELECT payload_json FROM outbox WHERE kind = 'desk_notice' ORDER BY id")
    )
    keys = [notice["payload_json"]["key"] for notice in notices]
    return [key for key in keys if key == "desk_notices.still_reads_group"]


async def test_administrators_are_notified_of_who_can_still_read_the_group(group_desk: Store) -> None:
    await removed(group_desk, await with_ivan(group_desk))
    assert len(await told_to_remove(group_desk)) == 1


async def test_former_members_and_people_who_were_never_members_cause_no_notice(group_desk: Store) -> None:
    ivan = await with_ivan(group_desk)
    await group_desk.act(
        update_group_membership, telegram_id=IVAN, inside=False, as_of=group_desk.clock.now()
    )
    await removed(group_desk, await group_desk.act(named, 400000079, "Olga"))
    assert not (
        await group_desk.read(lambda tx: tx.one("SELECT active FROM managers WHERE id = :i", i=ivan.id))
    )["active"]
    assert await told_to_remove(group_desk) == []


async def state(desk: Store) -> dict[str, Any]:
    def counted(tx: Any) -> dict[str, Any]:
        return {table: tx.all(f"SELECT * FROM {table}") for table in KEPT}

    return await desk.read(counted)


async def told(desk: Store) -> list[str]:
    """Everything that would leave for the own chat of the former manager, or for a customer."""
    rows = await desk.read(
        lambda tx: tx.all(
            """SELECT kind, payload_json FROM outbox WHERE status = 'queued'
               AND (chat_id = :own OR audience = 'customer')""",
            own=IVAN,
        )
    )
    return [f"{row['kind']} {row['payload_json']}" for row in rows]


async def test_old_buttons_do_nothing_for_a_former_manager(group_desk: Store) -> None:
    ivan = await with_ivan(group_desk)
    await wrote(group_desk, words())
    dialog = await opened(group_desk)
    await removed(group_desk, ivan)
    await all_sent(group_desk)
    before, door = await state(group_desk), Everybody(group_desk)
    for chat in (OWN_CHAT, THE_GROUP):
        for number, verb in enumerate((*DialogVerb, *DeskVerb)):
            message = {"message_id": 5, "date": 1, "chat": chat, "text": "…"}
            query = {"id": str(number), "from": PERSON, "chat_instance": "1", "message": message}
            await door.comes(callback_query=query | {"data": f"{verb}:{dialog.id}:1"})
    assert await state(group_desk) == before
    assert await told(group_desk) == []
    shown = [call for call in door.gateway.calls if call.method != "answerCallbackQuery"]
    assert shown == []


async def test_commands_edits_and_reactions_do_nothing_in_the_group(group_desk: Store) -> None:
    ivan = await with_ivan(group_desk)
    await wrote(group_desk, words())
    dialog = await opened(group_desk)
    await all_sent(group_desk)
    await removed(group_desk, ivan)
    await all_sent(group_desk)
    thread = await thread_of(group_desk, dialog.id)
    before, door = await state(group_desk), Everybody(group_desk)
    there = {"chat": THE_GROUP, "from": PERSON, "date": 1_794_204_201, "message_thread_id": thread}
    said = ["hello", ". a note", *(f"/{name} {dialog.id}" for name in COMMANDS)]
    for number, text in enumerate(said, start=700):
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        body = {"message_id": number, "text": text, "is_topic_message": True, **there}
        await door.comes(message=body | ({"entities": entities} if text.startswith("/") else {}))
    await door.comes(
        edited_message={"message_id": 700, "text": "never!", "edit_date": 1_794_204_301, **there}
    )
    thumb = [{"type": "emoji", "emoji": "👎"}]
    reacted = {"chat": THE_GROUP, "user": PERSON, "message_id": 5001, "date": 1, "old_reaction": []}
    await door.comes(message_reaction=reacted | {"new_reaction": thumb})
    assert await state(group_desk) == before
    assert await told(group_desk) == []
