"""How items end without an arrival, and when the sender rests. A wrong step would leave words that nobody sees in
silence, or a dialog that waits for a topic.
"""

from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.delivery.delivery import expire_old, settle_and_start
from holdline.desk.delivery.discard import give_up, give_up_desk_chat, park
from holdline.desk.delivery.start import SendOptions
from holdline.dialogs.gate import MessageClass
from holdline.store.dialogs import places
from holdline.store.people import managers
from holdline.store.tx import Row, Tx
from tests.desk.delivery.lines_kit import lines
from tests.scheduler.conftest import DESK, GROUP, Bench, notices, opened, plain_render, written

OLGA = 400000079


async def status(bench: Bench, message_id: int) -> str:
    row = await bench.one("SELECT status FROM messages WHERE id = :id", id=message_id)
    return str(row["status"])


async def reply(bench: Bench) -> tuple[int, Row]:
    """A manager's reply and the item that carries it."""
    message = await written(bench, await opened(bench))
    row = await bench.one(
        "SELECT * FROM outbox WHERE message_id = :id AND audience = 'customer'", id=message.id
    )
    return message.id, row


async def end(bench: Bench, item: Row, status_: str = "cancelled", reason: str = "x" * 400) -> Row:
    await bench.store.act(give_up, item, status_, reason, code=409)
    return await bench.item(item["id"])


async def test_an_end_is_stored_with_its_reason_and_marks_the_message_of_a_customer(bench: Bench) -> None:
    message_id, item = await reply(bench)
    row = await end(bench, item)
    assert (row["status"], row["error"], row["error_code"]) == ("cancelled", "x" * 300, 409)
    assert await status(bench, message_id) == "cancelled"
    (line,) = await lines(bench, 1, operations=0)
    before = await status(bench, line["message_id"])
    await end(bench, line)
    assert await status(bench, line["message_id"]) == before, "what a customer said has arrived"


async def test_a_place_whose_topic_cannot_be_created_works_without_it(bench: Bench) -> None:
    place = await bench.store.act(places.insert, chat_id=GROUP, dialog_id=None, mode="topic", name="x")
    await end(bench, await bench.item(await bench.add("card", **DESK, place_id=place["id"])))
    found = await bench.store.read(places.by_id, place["id"])
    assert found is not None and found["mode"] == "topic"
    topic = await bench.item(await bench.add("topic", **DESK, kind="topic_create", place_id=place["id"]))
    await end(bench, topic)
    found = await bench.store.read(places.by_id, place["id"])
    assert found is not None and found["mode"] == "with_header"


async def test_a_failed_part_cancels_the_rest_of_an_offer_but_not_of_a_reply(bench: Bench) -> None:
    message_id, item = await reply(bench)
    offers = [
        await bench.item(await bench.add(f"part {n}", MessageClass.FUNNEL, message_id=message_id))
        for n in range(2)
    ]
    await end(bench, item)
    assert (await bench.item(offers[1]["id"]))["status"] == "queued"
    await end(bench, offers[0], "expired", "late")
    other = await bench.item(offers[1]["id"])
    assert (other["status"], other["error"]) == ("expired", "late")


async def test_only_a_parked_message_of_a_manager_causes_a_notice(bench: Bench) -> None:
    _, item = await reply(bench)
    notice = await bench.item(await bench.add("notice", **DESK, kind="desk_notice"))
    await bench.store.act(park, notice, "no")
    assert (await bench.item(notice["id"]))["status"] == "parked"
    assert await notices(bench) == []
    await bench.store.act(park, item, "no", code=403, key="delivery.blocked")
    assert [row["payload_json"]["key"] for row in await notices(bench)] == ["delivery.blocked"]
    told = await bench.all("SELECT * FROM history WHERE kind = 'undelivered'")
    assert [row["text"] for row in told] == ["no"]


async def test_a_message_shown_to_no_manager_alarms_the_administrators(bench: Bench) -> None:
    olga = await bench.store.act(managers.insert, telegram_id=OLGA, name="Olga", role="agent")
    (line,) = await lines(bench, 1, operations=0, chat_id=olga.telegram_id)
    keys = ["delivery.not_shown"]
    await bench.store.act(park, line, "no")
    assert [row["payload_json"]["key"] for row in await notices(bench)] == keys, "her colleague sees it"
    gone = "UPDATE outbox SET status = 'cancelled' WHERE chat_id <> :chat"
    await bench.store.act(lambda tx: tx.run(gone, chat=OLGA))
    await bench.store.act(park, {**line, "chat_id": GROUP}, "no")
    assert len([row for row in await notices(bench) if row["payload_json"].get("alarm")]) == 0
    await bench.store.act(park, line, "no")
    (alarm,) = [row for row in await notices(bench) if row["payload_json"].get("alarm")]
    assert (alarm["chat_id"], alarm["payload_json"]["key"]) == (
        bench.maria.telegram_id,
        "delivery.shown_to_nobody",
    )
    assert await bench.all("SELECT id FROM history WHERE kind = 'undelivered'") == []


async def test_in_a_managers_closed_chat_views_are_cancelled_and_alarms_kept(bench: Bench) -> None:
    olga: dict[str, Any] = {"class_": MessageClass.DESK, "chat_id": OLGA, "customer_id": None}
    view = await bench.item(await bench.add("view", **olga, kind="desk_notice"))
    alarm = await bench.add("alarm", **olga, kind="desk_notice", payload={"key": "x", "alarm": True})
    other = await bench.add("other", **{**olga, "chat_id": GROUP})
    own = await bench.add("to herself", chat_id=OLGA)
    (line,) = await lines(bench, 1, operations=0, chat_id=OLGA)
    await bench.store.act(lambda tx: tx.run("DELETE FROM outbox WHERE kind = 'inbox_card'"))
    await bench.store.act(give_up_desk_chat, view, "blocked", code=403)
    ids = (view["id"], alarm, other, own, line["id"])
    rows = [await bench.item(item) for item in ids]
    assert [row["status"] for row in rows] == ["cancelled", "parked", "queued", "queued", "parked"]
    assert {(row["error"], row["error_code"]) for row in rows if row["error"]} == {
        ("unreachable: blocked", 403)
    }
    keys = [row["payload_json"]["key"] for row in await notices(bench)]
    assert keys == ["delivery.shown_to_nobody"]


@pytest.mark.parametrize("class_", [MessageClass.FUNNEL, MessageClass.MANAGER])
async def test_an_offer_expires_as_a_whole(bench: Bench, class_: MessageClass) -> None:
    message_id, _ = await reply(bench)
    ends = bench.clock.now() + timedelta(seconds=5)
    parts = [await bench.add(f"part {n}", class_, message_id=message_id, expires_at=ends) for n in range(2)]
    alone = [await bench.add(f"alone {n}", class_, expires_at=ends) for n in range(1)]
    assert await bench.store.act(expire_old) == 0
    bench.clock.advance(5)
    assert await bench.store.act(expire_old) == 3
    rows = [await bench.item(item) for item in (*parts, *alone)]
    assert {(row["status"], row["error"]) for row in rows} == {("expired", "expired")}


async def round_of(bench: Bench, limit: int, **options: Any) -> tuple[int, float | None, bool]:
    """How many calls a round starts, how long the sender may rest after it, and whether its commit may wait."""
    terms = SendOptions(epoch=1, holder="test", render=plain_render, **options)

    def work(tx: Tx) -> tuple[int, float | None, bool]:
        made = settle_and_start(tx, settled=[], limit=limit, options=terms)
        return len(made.started), made.rest_seconds, tx.commits_lazily

    return await bench.store.act(work)


async def test_the_sender_rests_only_if_all_due_calls_have_started(bench: Bench) -> None:
    assert await round_of(bench, 2) == (0, None, True)
    await bench.add("soon", due_at=bench.clock.now() + timedelta(seconds=30))
    assert await round_of(bench, 2) == (0, 30, True)
    assert await round_of(bench, 0) == (0, None, True)
    for number in range(3):
        await bench.add(str(number), chat_id=600 + number, customer_id=None)
    assert await round_of(bench, 2) == (2, None, False)
    assert await round_of(bench, 2) == (1, 30, False)
    offer = {"chat_id": 700, "customer_id": await bench.customer_id(700)}
    await bench.add("offer", MessageClass.FUNNEL, **offer)
    assert await round_of(bench, 2, marketing_limit=0, marketing_rest=4.0) == (0, 4, True)
    await bench.add("last", chat_id=600, customer_id=None)
    assert await round_of(bench, 1) == (1, None, False)
