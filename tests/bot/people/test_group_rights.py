"""The bot's own rights in the staff group: a withdrawn right is reported at once, and work resumes with its return."""

from typing import Any

import pytest
from aiogram.types import ChatMemberAdministrator

from holdline.desk.delivery.group_health import group_problems, record_group_state
from holdline.desk.delivery.group_migration import migrate_staff_group
from holdline.desk.health import readiness
from holdline.store.dialogs import place_threads, places
from holdline.store.engine import Store
from holdline.store.tx import Row, Tx
from holdline.telegram.group_rights import RIGHTS, SUPERGROUP
from tests.bot.door import CHAT, Door
from tests.bot.inbox_kit import Json
from tests.bot.staging import ADMIN, GROUP, opened
from tests.conftest import BOT

BOT_USER: Json = {"id": BOT, "is_bot": True, "first_name": "Desk", "username": "desk_bot"}
BOSS: Json = {"id": ADMIN, "is_bot": False, "first_name": "Maria"}
ALL = dict.fromkeys(RIGHTS, True)
_OTHERS = {
    name: False
    for name, field in ChatMemberAdministrator.model_fields.items()
    if field.is_required() and name.startswith(("can_", "is_"))
}


@pytest.fixture
def door(group_desk: Store) -> Door:
    return Door(group_desk)


def standing(status: str, *, chat: int = GROUP, forum: bool = True, **rights: bool) -> Json:
    """Telegram's update: the bot is `status` there from now on."""
    extra: dict[str, Any] = {}
    if status == "administrator":
        extra = {**_OTHERS, **ALL, **rights}
    if status == "kicked":
        extra = {"until_date": 0}
    there = {"id": chat, "type": "supergroup", "title": "Desk", **({"is_forum": True} if forum else {})}
    was = {"user": BOT_USER, "status": "left"}
    now = {"user": BOT_USER, "status": status, **extra}
    return {"chat": there, "from": BOSS, "date": 1, "old_chat_member": was, "new_chat_member": now}


async def told(store: Store) -> list[str]:
    """The keys of what administrators were told of the group, in order."""

    def work(tx: Tx) -> list[Row]:
        return tx.all(
            "SELECT payload_json FROM outbox WHERE chat_id = :chat AND kind = 'desk_notice' ORDER BY id",
            chat=ADMIN,
        )

    keys = [row["payload_json"]["key"].partition(".")[2] for row in await store.read(work)]
    return [key for key in keys if key.startswith(("group_", "right_"))]


@pytest.mark.parametrize(
    ("right", "lost", "back"),
    [
        ("can_manage_topics", "right_topics_lost", "right_topics_back"),
        ("can_pin_messages", "right_pin_lost", "right_pin_back"),
        ("can_delete_messages", "right_delete_lost", "right_delete_back"),
    ],
)
async def test_a_right_that_is_withdrawn_is_reported_once_and_so_is_its_return(
    door: Door, right: str, lost: str, back: str
) -> None:
    await door.comes(my_chat_member=standing("administrator", **{right: False}))
    await door.comes(my_chat_member=standing("administrator", **{right: False}))
    assert await told(door.store) == [lost]
    await door.comes(my_chat_member=standing("administrator"))
    assert await told(door.store) == [lost, back]


@pytest.mark.parametrize(
    ("status", "lost"), [("member", "group_no_admin"), ("left", "group_gone"), ("kicked", "group_gone")]
)
async def test_a_lost_group_makes_the_desk_unready_until_the_bot_is_back(
    door: Door, status: str, lost: str
) -> None:
    await door.comes(my_chat_member=standing(status))
    [reason] = [one for one in await door.store.read(readiness.reasons) if str(GROUP) in one]
    assert "administrator" in reason
    await door.comes(my_chat_member=standing("administrator"))
    assert await told(door.store) == [lost, "group_back"]
    assert not [one for one in await door.store.read(readiness.reasons) if str(GROUP) in one]


async def test_a_group_regained_without_a_right_names_the_missing_one(door: Door) -> None:
    await door.comes(my_chat_member=standing("kicked"))
    await door.comes(my_chat_member=standing("member"))
    await door.comes(my_chat_member=standing("administrator", can_pin_messages=False))
    assert await told(door.store) == ["group_gone", "group_no_admin", "group_back", "right_pin_lost"]
    assert [str(GROUP) in note for note in await door.store.read(readiness.notes)] == [True]


async def test_an_update_about_another_group_is_ignored(door: Door) -> None:
    await door.comes(my_chat_member=standing("kicked", chat=-1002200000002))
    assert (await told(door.store), await door.store.read(group_problems)) == ([], ())


async def test_a_dialog_opened_without_topics_gets_its_topic_with_its_messages(door: Door) -> None:
    await door.says("where is my parcel?", chat=CHAT)
    dialog = await opened(door.store)
    await door.comes(my_chat_member=standing("administrator", can_manage_topics=False))

    def refused(tx: Tx) -> None:
        for place in place_threads.in_chat(tx, GROUP):
            place_threads.fall_back_to_header(tx, place["id"])
        done = (
            "UPDATE outbox SET status = 'sent', settled_at = :at WHERE chat_id = :chat AND status = 'queued'"
        )
        tx.run(done, chat=GROUP, at=tx.at)

    await door.store.act(refused)
    await door.says("it is urgent", chat=CHAT)
    await door.comes(my_chat_member=standing("administrator"))
    [place] = await door.store.read(places.of_dialog, dialog.id)
    assert place["mode"] == "topic"

    def waiting(tx: Tx) -> list[Row]:
        return tx.all(
            "SELECT kind, message_id FROM outbox WHERE place_id = :place AND status = 'queued' ORDER BY id",
            place=place["id"],
        )

    items = await door.store.read(waiting)
    kinds = [item["kind"] for item in items if item["message_id"] is None]
    assert kinds[:2] == ["topic_create", "info_card"]
    shown = [item["message_id"] for item in items if item["message_id"] is not None]
    assert len(shown) == len(set(shown)) == 2
    assert [one["mode"] for one in await door.store.read(places.of_inbox, [GROUP])] in ([], ["topic"])


async def test_an_older_bot_api_server_that_leaves_rights_out_is_understood(door: Door) -> None:
    change = standing("administrator", can_pin_messages=False)
    for name in ("can_edit_stories", "can_pin_messages", "can_restrict_members"):
        del change["new_chat_member"][name]
    assert (await door.comes(my_chat_member=change))["state"] == "done"
    assert await told(door.store) == ["right_pin_lost"]


async def test_a_bot_promoted_without_rights_is_not_reported_as_working_again(door: Door) -> None:
    await door.comes(my_chat_member=standing("member"))
    await door.comes(my_chat_member=standing("administrator", **dict.fromkeys(RIGHTS, False)))
    lost = ["right_topics_lost", "right_pin_lost", "right_delete_lost"]
    assert await told(door.store) == ["group_no_admin", *lost]
    assert [one for one in await door.store.read(readiness.reasons) if "Manage topics" in one]
    await door.comes(my_chat_member=standing("administrator"))
    assert (await told(door.store))[4:] == ["right_topics_back", "right_pin_back", "right_delete_back"]


@pytest.mark.parametrize("status", ["member", "administrator"])
async def test_rights_in_a_group_without_topics_do_not_make_it_work(door: Door, status: str) -> None:
    await door.comes(my_chat_member=standing("left"))
    await door.comes(my_chat_member=standing(status, forum=False))
    await door.comes(my_chat_member=standing("administrator", forum=False))
    assert await told(door.store) == ["group_gone", "group_without_topics"]
    assert [one for one in await door.store.read(readiness.reasons) if "no topics" in one]


async def test_a_group_that_got_its_topics_by_becoming_a_supergroup_gives_one_to_each_dialog(
    door: Door,
) -> None:
    """An ordinary group has no topics; switching them on gives it a new id."""
    new = -1002200000009
    await door.says("where is my parcel?", chat=CHAT)
    await door.store.act(record_group_state, chat_id=GROUP, lacks=(SUPERGROUP,))
    dialog = await opened(door.store)

    def refused(tx: Tx) -> None:
        for place in place_threads.in_chat(tx, GROUP):
            place_threads.fall_back_to_header(tx, place["id"])

    await door.store.act(refused)
    await door.store.act(migrate_staff_group, old_chat_id=GROUP, new_chat_id=new)
    assert await door.store.read(group_problems) == (SUPERGROUP,)
    await door.store.act(record_group_state, chat_id=new, lacks=())
    assert await told(door.store) == ["group_without_topics", "group_moved", "group_back"]
    [place] = await door.store.read(places.of_dialog, dialog.id)
    assert (place["chat_id"], place["mode"]) == (new, "topic")
