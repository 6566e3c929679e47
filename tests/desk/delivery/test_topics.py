"""A topic that is gone, and customers who are back. A wrong step would leave words waiting for a topic that never
comes, or offer to send them where that is not allowed.
"""

from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.delivery.topics import GUARD, MOST_LOST, replace_lost_topic, use_messages_with_header
from holdline.desk.delivery.undelivered import OFFERED_FOR, offer_resend
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.notices.places import GROUPS_BELL
from holdline.dialogs.rules import DeskRules
from holdline.store.conversation import messages
from holdline.store.dialogs import place_threads, places
from holdline.store.tx import Row, Tx
from tests.desk.delivery.lines_kit import lines
from tests.scheduler.conftest import DESK, GROUP, Bench, notices, opened, written

GONE = "Bad Request: message thread not found"


async def place(
    bench: Bench, *, thread: int | None = 50, mode: str = "topic", dialog_id: int | None = None
) -> int:
    def work(tx: Tx) -> int:
        row = places.insert(tx, chat_id=GROUP, dialog_id=dialog_id, mode=mode, name="Parcel")
        if thread is not None:
            place_threads.set_thread(tx, row["id"], thread)
        return int(row["id"])

    return await bench.store.act(work)


async def card(bench: Bench, place_id: int | None, **fields: Any) -> Row:
    number = len(await bench.all("SELECT id FROM outbox"))
    return await bench.item(await bench.add(f"card {number}", **DESK, place_id=place_id, **fields))


async def lose(bench: Bench, item: Row) -> Row:
    """The item after its topic was gone."""
    await bench.store.act(replace_lost_topic, item, GONE, code=400)
    return await bench.item(item["id"])


async def all_places(bench: Bench) -> list[Row]:
    return await bench.all("SELECT * FROM places ORDER BY id")


@pytest.mark.parametrize(
    ("mode", "thread"), [(None, None), ("with_header", None), ("with_header", 50), ("topic", None)]
)
async def test_an_item_without_its_own_topic_is_tried_once_outside_any_topic(
    bench: Bench, mode: str | None, thread: int | None
) -> None:
    place_id = await place(bench, mode=mode, thread=thread) if mode else None
    item = await lose(bench, await card(bench, place_id, payload={"mends": ["plain"]}))
    assert (item["status"], item["error"], item["error_code"]) == ("queued", GONE, 400)
    assert item["payload_json"] == {"mends": ["plain", "no_thread"]}
    again = await lose(bench, item)
    assert (again["status"], again["error_code"]) == ("parked", 400)
    assert len(await all_places(bench)) == (1 if mode else 0)


async def test_a_lost_topic_is_created_again_before_what_waits(bench: Bench) -> None:
    old = await place(bench)
    first, second = await card(bench, old), await card(bench, old)
    item = await lose(bench, first)
    ended, heir = await all_places(bench)
    assert (ended["live"], heir["live"]) == (0, 1)
    assert (heir["chat_id"], heir["mode"], heir["name"], heir["thread_id"]) == (
        GROUP,
        "topic",
        "Parcel",
        None,
    )
    assert (item["status"], item["error"], item["error_code"]) == ("queued", GONE, 400)
    for row in (item, await bench.item(second["id"])):
        assert row["place_id"] == heir["id"]
    topic = await bench.one("SELECT * FROM outbox WHERE kind = 'topic_create'")
    assert (topic["place_id"], topic["rank"]) == (heir["id"], -1)


async def test_edits_and_cards_of_a_lost_topic_are_cancelled(bench: Bench) -> None:
    edit = await lose(bench, await card(bench, await place(bench), kind="edit_copy"))
    assert (edit["status"], edit["error_code"]) == ("cancelled", 400)
    assert len(await all_places(bench)) == 1
    info = await lose(bench, await card(bench, edit["place_id"], kind="info_card"))
    assert (info["status"], info["error_code"]) == ("cancelled", 400)
    assert [row["live"] for row in await all_places(bench)] == [0, 1]


@pytest.mark.parametrize(
    ("lost", "ago", "mode"),
    [
        (MOST_LOST, timedelta(), "with_header"),
        (MOST_LOST - 1, timedelta(), "topic"),
        (MOST_LOST, GUARD, "topic"),
    ],
)
async def test_a_topic_lost_three_times_in_an_hour_is_not_created_again(
    bench: Bench, lost: int, ago: timedelta, mode: str
) -> None:
    for _ in range(lost):
        await bench.store.act(places.end, await place(bench))
    bench.clock.advance(ago.total_seconds())
    await lose(bench, await card(bench, await place(bench)))
    heir = (await all_places(bench))[-1]
    assert heir["mode"] == mode
    topics = await bench.all("SELECT id FROM outbox WHERE kind = 'topic_create'")
    assert len(topics) == (mode == "topic")


@pytest.mark.parametrize("has_heir", [True, False])
async def test_messages_returned_from_a_replaced_topic_follow_it(bench: Bench, has_heir: bool) -> None:
    dialog = await opened(bench)
    old = await place(bench, dialog_id=dialog.id)
    item = await card(bench, old, dialog_id=dialog.id)
    await bench.store.act(places.end, old)
    heir = await place(bench, thread=None, dialog_id=dialog.id) if has_heir else None
    row = await lose(bench, item)
    found = (await all_places(bench))[-1]
    assert (row["status"], row["place_id"]) == ("queued", found["id"])
    if heir is not None:
        assert found["id"] == heir
    else:
        where = (found["chat_id"], found["dialog_id"], found["mode"], found["name"], found["live"])
        assert where == (GROUP, dialog.id, "with_header", "Parcel", 1)


async def test_waiting_items_come_last_in_the_new_inbox_topic(bench: Bench) -> None:
    bench.store.rules = DeskRules(staff_group=GROUP)
    await lines(bench, 2, operations=0)
    inbox = await bench.one("SELECT id FROM places WHERE dialog_id IS NULL")
    await bench.store.act(place_threads.set_thread, inbox["id"], 50)
    first, second = await bench.all("SELECT * FROM outbox WHERE kind = 'inbox_card' ORDER BY id")
    sent = "UPDATE outbox SET status = 'sent', settled_at = 0 WHERE id = :id OR kind <> 'inbox_card'"
    await bench.store.act(lambda tx: tx.run(sent, id=first["id"]))
    await lose(bench, second)
    cards = await bench.all(
        "SELECT message_id FROM outbox WHERE kind = 'inbox_card' AND status = 'queued' ORDER BY turn, due_at, id"
    )
    assert [row["message_id"] for row in cards] == [first["message_id"], second["message_id"]]


@pytest.mark.parametrize("group", [GROUP, GROUP - 1])
async def test_a_group_without_topics_is_reported_once_by_the_check(bench: Bench, group: int) -> None:
    bench.store.rules = DeskRules(staff_group=group)
    place_id = await place(bench, thread=None)
    item = await card(bench, place_id, kind="topic_create")

    def work(tx: Tx) -> set[str]:
        use_messages_with_header(tx, item, GONE, code=400)
        return set(tx.woken)

    bells = await bench.store.act(work)
    row = await bench.item(item["id"])
    assert (row["status"], row["error"], row["error_code"]) == ("cancelled", GONE, 400)
    assert (await all_places(bench))[-1]["mode"] == "with_header"
    assert (GROUPS_BELL in bells) is (group == GROUP)
    keys = [notice["payload_json"]["key"] for notice in await notices(bench)]
    assert keys == ([] if group == GROUP else ["delivery.no_topics"])


async def parked(bench: Bench) -> Row:
    """A manager's reply from her own chat that did not arrive."""
    message = await written(bench, await opened(bench))
    sql = """UPDATE outbox SET status = 'parked', attempts = 2
             WHERE message_id = :id AND audience = 'customer' RETURNING *"""
    (row,) = await bench.store.act(lambda tx: tx.all(sql, id=message.id))
    return {**row, "tg_message_id": 77}


async def offers(bench: Bench) -> list[Row]:
    await bench.store.act(lambda tx: offer_resend(tx, bench.anna))
    rows = await bench.all("SELECT * FROM outbox WHERE kind = 'desk_notice' ORDER BY id")
    return [row for row in rows if row["payload_json"]["key"] == "desk_notices.reachable_again"]


@pytest.mark.parametrize(
    ("own", "is_active", "button"),
    [
        (True, True, {"key": "desk_notices.send_again"}),
        (True, False, {"key": "manager.write_general"}),
        (False, True, {"key": "manager.send_in"}),
        (False, False, {"key": "desk_notices.send_again"}),
    ],
)
async def test_an_undelivered_message_is_offered_for_the_dialog_that_accepts_it(
    bench: Bench, own: bool, is_active: bool, button: dict[str, Any]
) -> None:
    row = await parked(bench)
    data = f"again:{row['id']}"
    if not own:
        await bench.store.act(messages.set_fields, row["message_id"], dialog_id=None)
    if not is_active:
        await bench.store.act(pause_dialog, manager=bench.maria, dialog_id=row["dialog_id"])
    if button["key"] == "manager.send_in":
        button = {**button, "words": {"id": row["dialog_id"]}}
        data = f"{data}:{row['dialog_id']}"
    (offer,) = await offers(bench)
    payload = offer["payload_json"]
    assert payload["buttons"] == [[{**button, "data": data}]]
    assert (payload["words"], payload["reply_to_tg_id"]) == ({"name": "Anna"}, 77)
    assert (offer["chat_id"], offer["key"]) == (bench.maria.telegram_id, f"again:{row['id']}:2")
    assert offer["dialog_id"] == (row["dialog_id"] if own else None)


async def test_an_undelivered_message_is_offered_once_for_each_failure_within_a_week(bench: Bench) -> None:
    row = await parked(bench)

    async def tried(attempts: int) -> int:
        sql = "UPDATE outbox SET attempts = :attempts WHERE id = :id"
        await bench.store.act(lambda tx: tx.run(sql, attempts=attempts, id=row["id"]))
        return len(await offers(bench))

    assert [await tried(attempts) for attempts in (2, 2, 3)] == [1, 1, 2]
    bench.clock.advance(OFFERED_FOR.total_seconds())
    assert await tried(4) == 2
