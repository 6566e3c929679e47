"""The last decision before a call: order, the gate, pace, leases and items that must not be sent."""

import itertools
import json
from datetime import timedelta

import pytest

from holdline.desk.customers.customers import stop_marketing
from holdline.desk.webhooks.webhooks import add_webhook
from holdline.dialogs.gate import Gate, MessageClass
from holdline.dialogs.message import Content
from holdline.store.dialogs import places
from holdline.store.engines import leases
from holdline.store.people.customers import set_gate
from holdline.store.tx import Tx
from holdline.telegram.outcomes import RetryLater, Scope, Sent
from tests.scheduler.conftest import ANNA, GROUP, Bench, plain_render


async def test_one_chat_has_one_call_in_flight(bench: Bench) -> None:
    await bench.add("a")
    await bench.add("b")
    first = await bench.begin()
    assert [begun.call.params["text"] for begun in first] == ["a"]
    bench.clock.advance(10)
    assert await bench.begin() == []
    assert await bench.settle(first[0])
    bench.clock.advance(2)
    assert [begun.call.params["text"] for begun in await bench.begin()] == ["b"]


async def test_messages_of_people_go_before_marketing_and_views_last(bench: Bench) -> None:
    await bench.add("funnel", MessageClass.FUNNEL)
    await bench.add("card", MessageClass.SYSTEM, rank=2)
    await bench.add("manager")
    assert await bench.drain(10) == ["manager", "card", "funnel"]


async def test_a_later_due_time_never_blocks_what_is_due(bench: Bench) -> None:
    await bench.add("later", MessageClass.FUNNEL, due_at=bench.clock.now() + timedelta(seconds=60))
    await bench.add("now", MessageClass.FUNNEL)
    assert await bench.drain(30) == ["now"]
    assert await bench.drain(60) == ["later"]


@pytest.mark.row("L-40")
async def test_marketing_waits_while_the_gate_is_held_and_leaves_in_order(bench: Bench) -> None:
    for number in range(3):
        await bench.add(f"funnel {number}", MessageClass.FUNNEL)
    await bench.store.act(set_gate, bench.anna.id, Gate.HELD)
    await bench.add("manager")
    assert await bench.drain(10) == ["manager"]
    await bench.store.act(set_gate, bench.anna.id, Gate.OPEN)
    assert await bench.drain(10) == ["funnel 0", "funnel 1", "funnel 2"]


@pytest.mark.row("L-41")
async def test_the_gate_is_checked_again_between_two_held_messages(bench: Bench) -> None:
    for number in range(3):
        await bench.add(f"funnel {number}", MessageClass.FUNNEL)
    (begun,) = await bench.begin()
    await bench.store.act(set_gate, bench.anna.id, Gate.HELD)
    await bench.settle(begun)
    assert await bench.drain(10) == []
    assert (await bench.item(begun.outbox_id))["status"] == "sent"


async def test_a_smart_reply_at_a_held_gate_is_dropped_and_reported(bench: Bench) -> None:
    url = "https://example.org/hook"
    await bench.store.act(add_webhook, url=url, events=["outbound.ended"], active=True)
    reply = await bench.add("smart", MessageClass.SMART_REPLY)
    await bench.store.act(set_gate, bench.anna.id, Gate.HELD)
    await bench.add("manager")
    assert await bench.drain(5) == ["manager"]
    assert (await bench.item(reply))["status"] == "dropped"
    (told,) = await bench.all("SELECT body FROM webhook_deliveries")
    assert json.loads(told["body"])["data"]["status"] == "dropped"


async def test_an_expired_message_is_not_sent(bench: Bench) -> None:
    offer = await bench.add(
        "offer", MessageClass.BROADCAST, expires_at=bench.clock.now() + timedelta(seconds=5)
    )
    bench.clock.advance(6)
    assert await bench.begin() == []
    assert (await bench.item(offer))["status"] == "expired"


@pytest.mark.row("M-09")
async def test_an_unsubscribed_customer_gets_no_queued_marketing(bench: Bench) -> None:
    await bench.store.act(stop_marketing, sender=ANNA, content=Content(tg_message_id=5))
    late = await bench.add("late", MessageClass.BROADCAST)
    assert "late" not in await bench.drain(10)
    assert (await bench.item(late))["status"] == "cancelled"


async def test_a_render_that_fails_parks_its_item_and_lets_the_next_go(bench: Bench) -> None:
    broken = await bench.add("broken", payload={"broken": "no such word"})
    await bench.add("good")
    assert await bench.drain(5) == ["good"]
    parked = await bench.item(broken)
    assert parked["status"] == "parked" and "no such word" in parked["error"]


async def test_a_render_that_breaks_the_transaction_is_found_by_a_careful_begin(bench: Bench) -> None:
    broken = await bench.add("broken")
    await bench.add("good", chat_id=400000077, customer_id=None, class_=MessageClass.DESK)

    def render(tx: Tx, item: dict[str, object]) -> object:
        if item["key"] == "broken":
            tx.run("SELECT no_such_column FROM outbox")
        return plain_render(tx, item)

    with pytest.raises(Exception, match="no_such_column"):
        await bench.begin(render=render)
    begun = await bench.begin(render=render, careful=True)
    assert [one.call.params["text"] for one in begun] == ["good"]
    assert (await bench.item(broken))["status"] == "parked"


async def test_an_item_with_nothing_to_send_is_cancelled_with_a_reason(bench: Bench) -> None:
    empty = await bench.add("empty", payload={"skip": "taken back"})
    assert await bench.begin() == []
    assert (await bench.item(empty))["error"] == "taken back"


async def test_a_private_chat_gets_at_most_one_message_a_second(bench: Bench) -> None:
    for number in range(5):
        await bench.add(f"m{number}")
    moments = []
    for _ in range(80):
        for begun in await bench.begin():
            moments.append(bench.clock.now())
            await bench.settle(begun)
        bench.clock.advance(0.1)
    gaps = [(later - sooner).total_seconds() for sooner, later in itertools.pairwise(moments)]
    assert len(moments) == 5 and all(1.05 <= gap <= 1.2 for gap in gaps)


async def test_a_group_gets_at_most_twenty_messages_a_minute(bench: Bench) -> None:
    for number in range(45):
        await bench.add(f"m{number}", MessageClass.DESK, chat_id=GROUP, customer_id=None)
    assert len(await bench.drain(60)) == 20
    assert len(await bench.drain(60)) == 20


async def test_a_stale_sender_starts_no_call(bench: Bench) -> None:
    await bench.store.act(leases.seize, "sender", "first", seconds=15)
    await bench.store.act(leases.seize, "sender", "second", seconds=15)
    await bench.add("a")
    assert await bench.begin(epoch=1) == []
    assert len(await bench.begin(epoch=2)) == 1


async def test_frozen_marketing_waits_while_replies_are_sent(bench: Bench) -> None:
    await bench.store.act(leases.seize, "sender", "first", seconds=15)
    await bench.add("flooded", chat_id=510000009, customer_id=None)
    (begun,) = await bench.begin()
    await bench.settle(begun, RetryLater("Too Many Requests", Scope.CHAT, 30, 429))
    await bench.add("funnel", MessageClass.FUNNEL)
    await bench.add("manager")
    assert await bench.drain(5) == ["manager"]
    assert await bench.drain(1) == ["funnel"]
    assert await bench.drain(30) == ["flooded"]


async def test_a_message_that_waits_for_a_topic_lets_others_pass(bench: Bench) -> None:
    place = await bench.store.act(places.insert, chat_id=GROUP, dialog_id=None, mode="topic", name="Inbox")
    desk = {"class_": MessageClass.DESK, "chat_id": GROUP, "customer_id": None}
    await bench.add("card", kind="inbox_card", place_id=place["id"], **desk)
    await bench.add("topic", kind="topic_create", place_id=place["id"], rank=3, **desk)
    await bench.add("other", **desk)
    first = await bench.begin()
    assert [begun.call.params["text"] for begun in first] == ["other"]
    await bench.settle(first[0])
    bench.clock.advance(2)
    (topic,) = await bench.begin()
    assert topic.call.method == "createForumTopic"
    bench.clock.advance(2)
    await bench.settle(topic, Sent({"message_thread_id": 77, "name": "Inbox"}))
    bench.clock.advance(2)
    assert [begun.call.params["text"] for begun in await bench.begin()] == ["card"]


async def test_an_item_queued_concurrently_for_a_former_staff_group_is_not_sent(
    bench: Bench,
) -> None:
    """A unit that read its places commits after they ended; an edit of what stands there comes later still."""
    former = -1009999999999
    place = await bench.store.act(places.insert, chat_id=former, dialog_id=None, mode="topic", name="Inbox")
    desk = {"class_": MessageClass.DESK, "chat_id": former, "customer_id": None}
    await bench.store.act(places.end, place["id"])
    late = await bench.add("late", **desk)
    assert await bench.begin() == []
    assert (await bench.item(late))["status"] == "cancelled"
    await bench.add("out", kind="leave_chat", **desk)
    assert len(await bench.begin()) == 1
