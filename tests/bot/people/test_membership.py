"""Updates about members who join and leave, through all handlers."""

import pytest

from holdline.desk.notices.places import staff_group
from holdline.desk.people.managers import get_acting_manager
from holdline.dialogs.refusal import NotAllowed, NotFound
from holdline.dialogs.rules import DeskRules
from holdline.store.engine import Store
from holdline.store.people import managers
from tests.bot.door import CHAT, PERSON, Door, message
from tests.bot.inbox_kit import Json
from tests.bot.staging import ADMIN, GROUP, named
from tests.conftest import BOT

BOT_USER: Json = {"id": BOT, "is_bot": True, "first_name": "Desk", "username": "desk_bot"}
NEW_GROUP = -1002200000002


@pytest.fixture
def door(group_desk: Store) -> Door:
    return Door(group_desk)


def changed(chat: Json, person: Json, status: str) -> Json:
    """The bot's own standing in that chat is now `status`."""
    extra: Json = {"until_date": 0} if status == "kicked" else {}
    was = {"user": BOT_USER, "status": "left"}
    now = {"user": BOT_USER, "status": status, **extra}
    return {"chat": chat, "from": person, "date": 1, "old_chat_member": was, "new_chat_member": now}


async def test_blocking_and_coming_back_change_the_reach(door: Door) -> None:
    await door.says("hello")
    for status, reach in (("kicked", "blocked"), ("member", "ok")):
        await door.comes(my_chat_member=changed(CHAT, PERSON, status))
        assert (await door.customer()).reach == reach


@pytest.mark.parametrize(
    ("chat", "kind", "state"), [(GROUP, "supergroup", "done"), (ADMIN, "private", "ignored")]
)
async def test_a_managers_unblocked_chat_gets_messages_again(
    door: Door, chat: int, kind: str, state: str
) -> None:
    boss = {"id": ADMIN, "is_bot": False, "first_name": "Maria"}
    there = {"id": chat, "type": kind}
    assert (await door.comes(my_chat_member=changed(there, boss, "left")))["state"] == state
    assert (await door.comes(my_chat_member=changed(there, boss, "member")))["state"] == "done"


@pytest.mark.row("F-13")
async def test_a_group_that_becomes_a_supergroup_is_followed(door: Door) -> None:
    await door.says("hello")
    old, new = {"id": GROUP, "type": "group"}, {"id": NEW_GROUP, "type": "supergroup"}
    await door.comes(message=message(chat=old, migrate_to_chat_id=NEW_GROUP))
    await door.comes(message=message(chat=new, migrate_from_chat_id=GROUP))
    assert await door.store.read(staff_group) == NEW_GROUP
    chats = await door.store.read(lambda tx: tx.all("SELECT DISTINCT chat_id FROM outbox WHERE chat_id < 0"))
    assert [row["chat_id"] for row in chats] == [NEW_GROUP]
    told = await door.store.read(lambda tx: tx.all("SELECT payload_json FROM outbox WHERE chat_id > 0"))
    assert [one["payload_json"]["words"] for one in told] == [{"old": GROUP, "new": NEW_GROUP}]


async def test_a_manager_seen_before_the_group_moved_loses_their_rights_on_leaving_the_new_one(
    door: Door,
) -> None:
    await door.store.act(named, 77, "Olga")
    await door.comes(chat_member=of_person(77, "member"))
    await door.comes(message=message(chat={"id": GROUP, "type": "group"}, migrate_to_chat_id=NEW_GROUP))
    await door.comes(chat_member=of_person(77, "kicked", chat=NEW_GROUP))
    with pytest.raises(NotAllowed):
        await door.store.act(get_acting_manager, 77)
    moved = DeskRules(staff_group=NEW_GROUP, admins=(ADMIN,))  # what the administrators were asked to write
    door.store.rules = moved
    assert await door.store.read(staff_group) == NEW_GROUP


async def test_a_strangers_group_that_moves_changes_nothing(door: Door) -> None:
    await door.comes(message=message(chat={"id": -55, "type": "group"}, migrate_to_chat_id=NEW_GROUP))
    assert await door.store.read(staff_group) == GROUP


def of_person(telegram_id: int, status: str, *, chat: int = GROUP) -> Json:
    """That person's standing in the group is now `status`."""
    person = {"id": telegram_id, "is_bot": False, "first_name": "Olga"}
    extra: Json = {"until_date": 0} if status == "kicked" else {}
    was, now = {"user": person, "status": "left"}, {"user": person, "status": status, **extra}
    there = {"id": chat, "type": "supergroup"}
    return {"chat": there, "from": person, "date": 1767225600, "old_chat_member": was, "new_chat_member": now}


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_a_manager_who_leaves_the_group_loses_their_rights_with_that_update(
    door: Door, status: str
) -> None:
    await door.store.act(named, 77, "Olga")
    await door.comes(chat_member=of_person(77, "member"))
    assert (await door.store.act(get_acting_manager, 77)).active
    assert (await door.comes(chat_member=of_person(77, status)))["state"] == "done"
    with pytest.raises(NotAllowed):
        await door.store.act(get_acting_manager, 77)


async def test_a_stranger_in_the_group_is_not_a_manager(door: Door) -> None:
    await door.comes(chat_member=of_person(78, "member"))
    with pytest.raises(NotFound):
        await door.store.act(get_acting_manager, 78)


async def test_leaving_another_group_is_ignored(door: Door) -> None:
    await door.store.act(named, 77, "Olga")
    await door.comes(chat_member=of_person(77, "member"))
    await door.comes(chat_member=of_person(77, "left", chat=NEW_GROUP))
    assert (await door.store.act(get_acting_manager, 77)).active


@pytest.mark.parametrize(
    ("status", "seconds", "back"), [("left", 5, True), ("left", 0, False), ("kicked", 5, False)]
)
async def test_writing_in_the_group_after_a_wrong_leave_update_is_a_managers_message(
    door: Door, status: str, seconds: int, back: bool
) -> None:
    await door.store.act(named, 77, "Olga")
    left = of_person(77, status)
    for standing in (of_person(77, "member"), left):
        await door.comes(chat_member=standing)
    await door.says(
        "/dialogs",
        chat={"id": GROUP, "type": "supergroup", "title": "Desk", "is_forum": True},
        date=left["date"] + seconds,
        **{"from": {"id": 77, "is_bot": False, "first_name": "Olga"}},
    )
    olga = await door.store.read(managers.by_telegram_id, 77)
    assert olga is not None and olga.active is back


HALL: Json = {"id": GROUP, "type": "supergroup", "title": "Desk", "is_forum": True}
OLGA: Json = {"id": 77, "is_bot": False, "first_name": "Olga"}


@pytest.mark.parametrize("first", ["the message", "the standing", "the message alone"])
@pytest.mark.parametrize("by", [77, ADMIN])
async def test_a_manager_who_left_and_rejoined_gets_no_rights(door: Door, first: str, by: int) -> None:
    """Telegram reports a join twice: as a change of standing, and as a message by whoever joined or added them."""
    await door.store.act(named, 77, "Olga")
    for status in ("member", "left"):
        await door.comes(chat_member=of_person(77, status))
    when = of_person(77, "left")["date"]
    author = OLGA | {"id": by}
    joined = message(chat=HALL, date=when + 5, new_chat_members=[OLGA], **{"from": author})
    standing = of_person(77, "member") | {"date": when + 5}
    if first == "the standing":
        await door.comes(chat_member=standing)
    await door.comes(message=joined)
    if first == "the message":
        await door.comes(chat_member=standing)
    await door.says("/dialogs", chat=HALL, date=when + 9, **{"from": OLGA})
    olga = await door.store.read(managers.by_telegram_id, 77)
    assert olga is not None and not olga.active


async def test_the_service_message_of_a_leave_is_not_their_message(door: Door) -> None:
    await door.store.act(named, 77, "Olga")
    for status in ("member", "left"):
        await door.comes(chat_member=of_person(77, status))
    when = of_person(77, "left")["date"]
    left = message(chat=HALL, date=when + 5, left_chat_member=OLGA, **{"from": OLGA})
    await door.comes(message=left)
    olga = await door.store.read(managers.by_telegram_id, 77)
    assert olga is not None and not olga.active
