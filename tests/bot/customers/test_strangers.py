"""Groups that are not configured: left at once, reported to administrators, without any other effect."""

from typing import Any

import pytest

from holdline.app.intake_loop import desk_dispatcher
from holdline.bot.dispatcher import build_feed
from holdline.bot.intake.worker import Worker
from holdline.desk.delivery.group_migration import migrate_group
from holdline.screens.render import render
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.telegram.call import Call, Reply, Skip
from holdline.telegram.outcomes import Action, Refused, judge
from tests.bot.desk_kit import Recorder
from tests.bot.door import message
from tests.bot.inbox_kit import Json, keep, rows
from tests.bot.people.test_membership import changed
from tests.bot.staging import ADMIN, GROUP, opened, rendered, waiting, words, wrote
from tests.conftest import BOT

STRANGE = -1002300000003
THERE: Json = {"id": STRANGE, "type": "supergroup", "title": "Pirates\u202e /close"}
BOSS: Json = {"id": ADMIN, "is_bot": False, "first_name": "Maria"}


class Everybody:
    """All routers, as the program asks them."""

    def __init__(self, store: Store) -> None:
        self.store, self.gateway, self.number = store, Recorder(), 0
        feed = build_feed(desk_dispatcher(), BOT, store=store, gateway=self.gateway)
        self._worker = Worker(store, feed)

    async def comes(self, **update: Any) -> str:
        self.number += 1
        await keep(self.store, {"update_id": self.number, **update})
        while await self._worker.tick():
            pass
        return str((await rows(self.store))[self.number]["state"])

    async def leaving(self) -> list[Call]:
        return [call for call in await rendered(self.store, "leave_chat") if isinstance(call, Call)]


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_a_group_that_adds_the_bot_is_left_and_reported_with_its_id(
    group_desk: Store, kind: str
) -> None:
    await left_and_told(group_desk, kind)


async def test_a_desk_without_a_group_has_no_group_to_be_in(private_desk: Store) -> None:
    await left_and_told(private_desk, "supergroup")


async def left_and_told(desk: Store, kind: str) -> None:
    door = Everybody(desk)
    chat = THERE | {"type": kind}
    assert await door.comes(my_chat_member=changed(chat, BOSS, "member")) == "done"
    assert [call.params for call in await door.leaving()] == [{"chat_id": STRANGE}]
    (notice,) = [call for call in await rendered(desk, "desk_notice") if isinstance(call, Call)]
    assert notice.params["chat_id"] == ADMIN
    assert f"“Pirates ∕close” ({STRANGE})" in notice.params["text"]
    assert await door.comes(my_chat_member=changed(chat, BOSS, "left")) == "ignored"
    assert len(await desk.read(waiting)) == 2


async def test_a_foreign_group_is_left_each_time_and_reported_once_an_hour(
    group_desk: Store, clock: ManualClock
) -> None:
    def gone(tx: Any) -> int:
        return int(tx.run("UPDATE outbox SET status = 'sent', settled_at = created_at"))

    door = Everybody(group_desk)
    for left, told in ((1, 1), (1, 0), (1, 0)):
        await door.comes(my_chat_member=changed(THERE, BOSS, "member"))
        kinds = [row["kind"] for row in await group_desk.read(waiting)]
        assert (kinds.count("leave_chat"), kinds.count("desk_notice")) == (left, told)
        await group_desk.act(gone)
        clock.advance(1)
    clock.advance(3600)
    await door.comes(my_chat_member=changed(THERE, BOSS, "member"))
    assert len(await group_desk.read(waiting)) == 2


async def test_a_thousand_groups_do_not_flood_the_administrators(group_desk: Store) -> None:
    door = Everybody(group_desk)
    for number in range(30):
        chat = THERE | {"id": STRANGE - number}
        await door.comes(my_chat_member=changed(chat, BOSS, "member"))
    kinds = [row["kind"] for row in await group_desk.read(waiting)]
    assert (kinds.count("leave_chat"), kinds.count("desk_notice")) == (30, 10)


async def test_commands_from_a_foreign_group_are_ignored(group_desk: Store) -> None:
    number = await wrote(group_desk, words())
    dialog = await opened(group_desk)
    door = Everybody(group_desk)
    before = await everything(group_desk)

    def said(**more: Any) -> Json:
        return message(**more) | {"chat": THERE, "from": BOSS}

    pressed = said(text="card") | {"reply_markup": {"inline_keyboard": []}}
    knocks: list[Json] = [
        {"message": said(text=f"/close #{dialog.id} 3")},
        {"message": said(text="/settings")},
        {"message": said(text="An answer", reply_to_message=said(text="Where is my order?"))},
        {"edited_message": said(text="edited") | {"edit_date": 1767225601, "message_id": number}},
        {"message": said(text="hello") | {"sender_chat": THERE}},
        {"message": said(migrate_to_chat_id=GROUP)},
        {"message": said(migrate_from_chat_id=-4711)},
        {"message_reaction": {
            "chat": THERE, "message_id": number, "user": BOSS, "date": 1,
            "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}],
        }},
        {"chat_member": changed(THERE, BOSS, "member")},
    ]  # fmt: skip
    for data in (f"dlg.close:{dialog.id}", f"dlg.pause!:{dialog.id}", "aside.all", "lang:ru", "rate:x:3"):
        query = {"id": "1", "from": BOSS, "chat_instance": "9", "data": data, "message": pressed}
        knocks.append({"callback_query": query})
    for knock in knocks:
        assert await door.comes(**knock) == "done", knock
    assert await everything(group_desk) == before
    assert door.gateway.calls == []
    assert {call.params["chat_id"] for call in await door.leaving()} == {STRANGE}


async def everything(store: Store) -> Any:
    """All that an update could have changed, but for the two things that it should."""
    tables = (
        "customers",
        "managers",
        "dialogs",
        "messages",
        "history",
        "inbox_items",
        "forms",
        "places",
        "telegram_messages",
    )

    def counted(tx: Any) -> Any:
        found = {table: tx.all(f"SELECT * FROM {table}") for table in tables}
        said = [row for row in waiting(tx) if row["kind"] not in ("leave_chat", "desk_notice")]
        return found | {"outbox": said}

    return await store.read(counted)


async def test_our_own_group_is_never_left_also_when_it_moves(group_desk: Store) -> None:
    door = Everybody(group_desk)
    new = -1002200000002
    old_chat, new_chat = {"id": GROUP, "type": "group"}, {"id": new, "type": "supergroup"}
    assert await door.comes(my_chat_member=changed(old_chat, BOSS, "member")) == "done"
    await door.comes(message=message(chat=new_chat, migrate_from_chat_id=GROUP))
    await door.comes(message=message(chat=old_chat, migrate_to_chat_id=new))
    await door.comes(my_chat_member=changed(new_chat, BOSS, "member"))
    assert await door.leaving() == []


async def test_a_group_that_turns_out_to_be_ours_is_not_left_at_the_last_moment(group_desk: Store) -> None:
    door = Everybody(group_desk)
    await door.comes(my_chat_member=changed(THERE, BOSS, "member"))
    await group_desk.act(migrate_group, old_chat_id=GROUP, new_chat_id=STRANGE)
    (row,) = [row for row in await group_desk.read(waiting) if row["kind"] == "leave_chat"]
    assert isinstance(await group_desk.read(render, row), Skip)


@pytest.mark.parametrize(
    ("code", "words_"),
    [
        (403, "Forbidden: bot is not a member of the supergroup chat"),
        (403, "Forbidden: bot was kicked from the group chat"),
        (400, "Bad Request: chat not found"),
    ],
)
def test_leaving_a_group_that_was_left_counts_as_done(code: int, words_: str) -> None:
    body = {"ok": False, "error_code": code, "description": words_}
    assert judge(Reply(code, body), method="leaveChat") == Refused(code, words_, Action.DONE)
