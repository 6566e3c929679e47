"""Smart replies before funnels before broadcasts; a quarter of the turns always belongs to broadcasts."""

import pytest

from holdline.dialogs.gate import MessageClass
from holdline.store.delivery import waiting_chats
from holdline.telegram.pacing import broadcasts_share
from tests.scheduler.conftest import ANNA, Bench

FUNNEL, BROADCAST, SMART = MessageClass.FUNNEL, MessageClass.BROADCAST, MessageClass.SMART_REPLY


async def fill(bench: Bench, class_: MessageClass, chats: int, *, first: int) -> None:
    for number in range(first, first + chats):
        customer_id = await bench.customer_id(number)
        await bench.add(f"{class_}{number}", class_, chat_id=number, customer_id=customer_id)


async def turns(bench: Bench, count: int, *, room: int = 1) -> list[str]:
    """What is said in so many turns of the sender, each with room for a few calls."""
    said: list[str] = []
    for _ in range(count):
        for begun in await bench.begin(marketing_limit=room, marketing_started=len(said)):
            said.append(begun.call.params["text"].rstrip("0123456789"))
            await bench.settle(begun)
    return said


async def test_a_funnel_message_does_not_wait_behind_a_large_broadcast(bench: Bench) -> None:
    await fill(bench, BROADCAST, 300, first=1000)
    assert await turns(bench, 2) == ["broadcast", "broadcast"]
    await fill(bench, FUNNEL, 1, first=5000)
    assert await turns(bench, 1) == ["funnel"]


async def test_a_smart_reply_goes_before_funnels(bench: Bench) -> None:
    await fill(bench, FUNNEL, 20, first=1000)
    await bench.begin(limit=0)
    await fill(bench, SMART, 1, first=5000)
    assert await turns(bench, 2) == ["smart_reply", "funnel"]


@pytest.mark.parametrize("room", [1, 3, 8])
async def test_broadcasts_get_a_quarter_of_the_turns(bench: Bench, room: int) -> None:
    await fill(bench, BROADCAST, 40, first=1000)
    await fill(bench, FUNNEL, 40, first=5000)
    said = await turns(bench, 24 // room, room=room)
    assert (said.count("funnel"), said.count("broadcast")) == (18, 6)


async def test_unused_turns_of_one_class_go_to_the_others(bench: Bench) -> None:
    await fill(bench, FUNNEL, 3, first=1000)
    await fill(bench, BROADCAST, 2, first=5000)
    assert sorted(await turns(bench, 1, room=8)) == ["broadcast"] * 2 + ["funnel"] * 3
    await fill(bench, FUNNEL, 8, first=7000)
    assert await turns(bench, 1, room=8) == ["funnel"] * 8


async def test_one_customer_gets_held_messages_in_order(bench: Bench) -> None:
    for class_ in (BROADCAST, FUNNEL, FUNNEL):
        await bench.add(f"{class_} at {bench.clock.now()}", class_)
        bench.clock.advance(1)
    left = [text.split(" ")[0] for text in await bench.drain(10)]
    assert left == ["broadcast", "funnel", "funnel"]


async def test_the_urgency_of_a_chat_follows_its_remaining_messages(bench: Bench) -> None:
    await bench.add("b", BROADCAST)
    await bench.add("f", FUNNEL)
    await bench.begin(limit=0)
    await bench.store.act(waiting_chats.apply_announcements)
    assert (await bench.chat())["urgency"] == 1
    await bench.drain(10)
    assert (await bench.chat(ANNA.telegram_id))["urgency"] == 2


def test_marketing_shares_add_up_for_any_capacity() -> None:
    for rooms in ((1,) * 24, (5, 7, 12), (24,)):
        begun = kept = 0
        for room in rooms:
            kept += broadcasts_share(begun, room)
            begun += room
        assert kept == 6
