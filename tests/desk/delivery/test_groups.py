"""The staff group as Telegram describes it: what is told, when work goes on, and what follows the group to its new id.
A wrong step would leave a group closed that lets us in, or alarm nobody when the bot lost its rights.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from holdline.desk.delivery.former_groups import leave_former_groups
from holdline.desk.delivery.group_arrival import show_desk_in_group
from holdline.desk.delivery.group_health import (
    copy_group_state,
    group_problems,
    record_group_state,
    update_bot_membership,
)
from holdline.desk.delivery.group_migration import migrate_staff_group, reconcile_staff_group
from holdline.desk.delivery.topic_restoration import give_topics
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.notices.places import GROUPS_BELL
from holdline.dialogs.closing import Closing
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.rules import DeskRules
from holdline.store.dialogs import place_threads, places
from holdline.store.people import managers, memberships
from holdline.store.tx import Row, Tx
from holdline.telegram.group_rights import ADMINISTRATOR, MANAGE_TOPICS, PIN, PRESENCE, SUPERGROUP, TOPICS
from tests.desk.delivery.lines_kit import lines
from tests.scheduler.conftest import DESK, GROUP, Bench, opened

NEW = GROUP - 5
FORMER = -1009999999999
FORUM: dict[str, Any] = {"id": GROUP, "type": "supergroup", "is_forum": True}
CREATOR = {"status": "creator"}


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(staff_group=GROUP)


async def told(bench: Bench) -> list[str]:
    """The keys of the alarms in the administrator's own chat."""
    rows = await bench.all(
        "SELECT payload_json FROM outbox WHERE chat_id = :chat AND kind = 'desk_notice' ORDER BY id",
        chat=bench.maria.telegram_id,
    )
    return [row["payload_json"]["key"].removeprefix("desk_notices.") for row in rows]


async def rung(bench: Bench, act: Callable[..., Any], **words: Any) -> set[str]:
    """The bells that this rings."""

    def work(tx: Tx) -> set[str]:
        act(tx, **words)
        return set(tx.woken)

    return await bench.store.act(work)


async def state(bench: Bench, *lacks: str, chat_id: int = GROUP) -> set[str]:
    return await rung(bench, record_group_state, chat_id=chat_id, lacks=lacks)


@pytest.mark.parametrize(
    ("before", "after", "keys"),
    [
        ((), (PIN,), ["right_pin_lost"]),
        ((PIN,), (), ["right_pin_back"]),
        ((PRESENCE,), (), ["group_back"]),
        ((PRESENCE,), (ADMINISTRATOR,), ["group_no_admin"]),
        ((ADMINISTRATOR,), (PIN,), ["group_back", "right_pin_lost"]),
        ((ADMINISTRATOR,), (MANAGE_TOPICS,), ["right_topics_lost"]),
        ((MANAGE_TOPICS,), (PIN,), ["right_topics_back", "right_pin_lost"]),
        ((PIN, MANAGE_TOPICS), (MANAGE_TOPICS,), ["right_pin_back"]),
        ((), (SUPERGROUP, TOPICS), ["group_without_topics"]),
        ((SUPERGROUP, TOPICS), (), ["group_back"]),
        ((PIN, MANAGE_TOPICS), (MANAGE_TOPICS, PIN), []),
    ],
)
async def test_changes_are_reported_and_a_group_that_does_not_work_is_never_reported_as_working(
    bench: Bench, before: tuple[str, ...], after: tuple[str, ...], keys: list[str]
) -> None:
    await state(bench, *before)
    earlier = len(await told(bench))
    bench.clock.advance(1)
    await state(bench, *after)
    assert (await told(bench))[earlier:] == keys
    assert set(await bench.store.read(group_problems)) == set(after)


async def test_the_same_lost_right_is_reported_each_time(bench: Bench) -> None:
    for lacks in ((PIN,), (), (PIN,)):
        await state(bench, *lacks)
        bench.clock.advance(1)
    assert await told(bench) == ["right_pin_lost", "right_pin_back", "right_pin_lost"]
    payload = await bench.one(
        "SELECT payload_json FROM outbox WHERE kind = 'desk_notice' ORDER BY id LIMIT 1"
    )
    assert payload["payload_json"]["words"] == {"group": GROUP}


async def test_the_state_of_another_group_is_ignored(bench: Bench) -> None:
    assert await bench.store.read(group_problems) == ()
    await state(bench, PIN, chat_id=NEW)
    assert await bench.store.read(group_problems) == ()
    await state(bench, PIN)
    await bench.store.act(copy_group_state, old_chat_id=NEW, new_chat_id=FORMER)
    assert await bench.store.read(group_problems) == (PIN,)
    bench.store.rules = replace(bench.store.rules, staff_group=NEW)
    assert await bench.store.read(group_problems) == ()
    await bench.store.act(copy_group_state, old_chat_id=GROUP, new_chat_id=NEW)
    assert await bench.store.read(group_problems) == (PIN,)


async def closed(bench: Bench) -> None:
    """The group refused us a moment ago, and rests."""
    await bench.add("card", **DESK)
    sql = "UPDATE chats SET stop_reason = 'kicked', not_before_at = :later WHERE chat_id = :id"
    later = bench.clock.now().replace(year=2030)
    await bench.store.act(lambda tx: tx.run(sql, later=later, id=GROUP))


async def is_open(bench: Bench) -> bool:
    chat = await bench.chat(GROUP)
    return chat["stop_reason"] is None and bool(chat["not_before_at"] <= bench.clock.now())


@pytest.mark.parametrize(
    ("before", "after", "opens"),
    [
        ((PRESENCE,), (), True),
        ((PRESENCE,), (ADMINISTRATOR,), True),
        ((PRESENCE,), (PRESENCE, PIN), False),
        ((ADMINISTRATOR,), (), False),
    ],
)
async def test_a_group_that_the_bot_rejoined_gets_messages_at_once(
    bench: Bench, before: tuple[str, ...], after: tuple[str, ...], opens: bool
) -> None:
    await state(bench, *before)
    await closed(bench)
    bells = await state(bench, *after)
    assert (await is_open(bench), GROUPS_BELL in bells) == (opens, opens)


@pytest.mark.parametrize(
    ("chat", "member", "lacks", "opens"),
    [
        (FORUM, CREATOR, (), True),
        (FORUM, {"status": "member"}, (ADMINISTRATOR,), True),
        (FORUM, {"status": "left"}, (PRESENCE,), False),
        ({**FORUM, "is_forum": False}, CREATOR, (TOPICS,), True),
        ({**FORUM, "is_forum": False}, {"status": "kicked"}, (PRESENCE,), False),
        ({**FORUM, "type": "group"}, {"status": "member"}, (SUPERGROUP,), True),
    ],
)
async def test_an_update_about_the_bots_membership_reopens_the_group(
    bench: Bench, chat: dict[str, Any], member: dict[str, Any], lacks: tuple[str, ...], opens: bool
) -> None:
    await closed(bench)
    await bench.store.act(update_bot_membership, chat=chat, member=member)
    assert await bench.store.read(group_problems) == lacks
    assert await is_open(bench) is opens


async def modes(bench: Bench) -> list[str]:
    rows = await bench.all("SELECT mode FROM places WHERE live = 1 AND chat_id = :id ORDER BY id", id=GROUP)
    return [row["mode"] for row in rows]


async def without_topics(bench: Bench) -> None:
    def work(tx: Tx) -> None:
        for place in place_threads.in_chat(tx, GROUP):
            place_threads.fall_back_to_header(tx, place["id"])

    await bench.store.act(work)


@pytest.mark.parametrize(
    ("before", "after", "mode"),
    [
        ((MANAGE_TOPICS,), (), "topic"),
        ((MANAGE_TOPICS,), (PIN,), "topic"),
        ((PIN,), (), "with_header"),
        ((MANAGE_TOPICS,), (PRESENCE,), "with_header"),
    ],
)
async def test_dialogs_get_topics_once_work_can_continue(
    bench: Bench, before: tuple[str, ...], after: tuple[str, ...], mode: str
) -> None:
    await opened(bench)
    await without_topics(bench)
    await state(bench, *before)
    await state(bench, *after)
    assert await modes(bench) == [mode]


async def test_the_inbox_and_a_dialog_move_into_topics_with_what_waits(bench: Bench) -> None:
    await lines(bench, 1)
    dialog = await opened(bench)
    await without_topics(bench)
    (of_dialog,) = await bench.store.read(places.of_dialog, dialog.id)
    waiting = await bench.add("note", **DESK, place_id=of_dialog["id"], dialog_id=dialog.id)
    await bench.store.act(give_topics, GROUP)
    (heir,) = await bench.store.read(places.of_dialog, dialog.id)
    assert (heir["mode"], heir["id"] != of_dialog["id"]) == ("topic", True)
    assert (await bench.item(waiting))["place_id"] == heir["id"]
    assert await modes(bench) == ["topic", "topic"]


async def test_only_our_own_group_is_followed(bench: Bench) -> None:
    await bench.store.act(migrate_staff_group, old_chat_id=NEW, new_chat_id=FORMER)
    await bench.store.act(reconcile_staff_group)
    assert await told(bench) == []
    await bench.store.act(memberships.mark_seen, bench.maria.id, GROUP, bench.clock.now())
    item = await bench.add("card", **DESK)
    bells = await rung(bench, migrate_staff_group, old_chat_id=GROUP, new_chat_id=NEW)
    assert {"outbox", GROUPS_BELL} <= bells
    assert (await bench.item(item))["chat_id"] == NEW
    for _ in range(2):
        await bench.store.act(reconcile_staff_group)
    assert await told(bench) == ["group_moved"]
    notice = await bench.one("SELECT * FROM outbox WHERE kind = 'desk_notice'")
    assert notice["payload_json"]["words"] == {"old": GROUP, "new": NEW}
    assert notice["key"] == f"desk_notices.group_moved:{GROUP}:{NEW}:{bench.maria.telegram_id}"
    assert await bench.store.read(memberships.is_member, bench.maria.id, NEW)
    (begun,) = [call for call in await bench.begin() if call.chat_id == NEW]
    assert begun.outbox_id == item


async def test_a_membership_seen_in_the_configured_group_follows_the_move(bench: Bench) -> None:
    await bench.store.act(migrate_staff_group, old_chat_id=GROUP, new_chat_id=NEW)
    await bench.store.act(memberships.mark_seen, bench.maria.id, GROUP, bench.clock.now())
    await bench.store.act(reconcile_staff_group)
    assert await bench.store.read(memberships.is_member, bench.maria.id, NEW)


async def former(bench: Bench, dialog_id: int | None) -> Row:
    """A place of the group that was the staff group before."""
    return await bench.store.act(
        places.insert, chat_id=FORMER, dialog_id=dialog_id, mode="with_header", name="x"
    )


@pytest.mark.parametrize("group", [GROUP, 0])
async def test_unseen_messages_of_a_former_group_move_to_the_new_place(bench: Bench, group: int) -> None:
    bench.store.rules = replace(bench.store.rules, staff_group=group)
    await bench.store.act(managers.insert, telegram_id=400000078, name="Ivan", role="agent")
    (line,) = await lines(bench, 1, chat_id=FORMER, operations=0)
    await bench.store.act(lambda tx: tx.run("DELETE FROM outbox WHERE chat_id <> :chat", chat=FORMER))
    await bench.store.act(lambda tx: tx.run("UPDATE inbox_items SET state = 'answered'"))
    dialog = await opened(bench)
    await bench.store.act(pause_dialog, manager=bench.maria, dialog_id=dialog.id)
    await former(bench, None)
    card: dict[str, Any] = {"chat_id": FORMER, "class_": MessageClass.DESK, "customer_id": bench.anna.id}
    notice = await bench.add("notice", **card, kind="desk_notice", message_id=line["message_id"] + 1)
    of_dialog = await bench.add("mirror", **card, kind="mirror", dialog_id=dialog.id)
    await bench.store.act(leave_former_groups)
    row = await bench.item(line["id"])
    first = GROUP if group else bench.maria.telegram_id
    assert (row["status"], row["chat_id"]) == ("queued", first)
    for item in (notice, of_dialog):
        ended = await bench.item(item)
        assert (ended["status"], ended["chat_id"]) == ("cancelled", FORMER)
    assert await bench.all("SELECT id FROM places WHERE chat_id = :id AND live = 1", id=FORMER) == []


async def test_messages_that_another_chat_shows_end_with_the_former_group(bench: Bench) -> None:
    (line,) = await lines(bench, 1, chat_id=FORMER, operations=0)
    await former(bench, None)
    await bench.store.act(leave_former_groups)
    assert (await bench.item(line["id"]))["status"] == "cancelled", "its card waits in the group"


@pytest.mark.parametrize("ended", [False, True])
async def test_an_open_dialog_gets_a_place_in_the_present_group(bench: Bench, ended: bool) -> None:
    dialog = await opened(bench)
    if ended:
        closing = Closing(send_rating_form=False)
        await bench.store.act(close_dialog, manager=bench.maria, dialog_id=dialog.id, closing=closing)
    await bench.store.act(lambda tx: tx.run("UPDATE places SET chat_id = :chat", chat=FORMER))
    await bench.store.act(leave_former_groups)
    found = await bench.store.read(places.of_dialog, dialog.id)
    assert [place["chat_id"] for place in found] == ([] if ended else [GROUP])


@pytest.mark.parametrize("waits", [True, False])
async def test_a_new_group_gets_an_inbox_only_if_somebody_waits(bench: Bench, waits: bool) -> None:
    bench.store.rules = replace(bench.store.rules, staff_group=0)
    if waits:
        await lines(bench, 1)
    bench.store.rules = replace(bench.store.rules, staff_group=GROUP)
    for _ in range(2):
        await bench.store.act(show_desk_in_group)
    cards = await bench.all("SELECT id FROM outbox WHERE kind = 'inbox_card' AND chat_id = :id", id=GROUP)
    assert (len(await modes(bench)), len(cards)) == ((1, 1) if waits else (0, 0))
