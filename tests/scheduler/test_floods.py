"""429: a chat waits as long as Telegram demands; others are tried again soon, one careful call first."""

from datetime import datetime

import pytest

from holdline.desk.delivery.start import StartedCall
from holdline.desk.health.readiness import frozen_seconds
from holdline.dialogs.gate import MessageClass
from holdline.store.engines import leases
from holdline.telegram.outcomes import Action, RetryLater, Scope, Uncertain
from tests.scheduler.conftest import Bench, no

HOUR = RetryLater("Too Many Requests: retry after 3600", Scope.CHAT, 3600, 429)
REFUSED, OTHERS = (600, 601), (700, 701, 702)


@pytest.fixture
async def bench(bench: Bench) -> Bench:
    """Somebody leads, so that floods are remembered."""
    await bench.store.act(leases.seize, "sender", "me", seconds=15)
    return bench


async def add(bench: Bench, *chats: int) -> None:
    for chat in chats:
        await bench.add(f"to {chat} at {bench.clock.now()}", chat_id=chat, customer_id=None)


async def refused(bench: Bench, *chats: int) -> None:
    """Calls of one moment into these chats all come back with an hour's flood."""
    await add(bench, *chats)
    for begun in await bench.begin():
        await bench.settle(begun, HOUR)


async def begun_after(bench: Bench, seconds: float) -> list[StartedCall]:
    """The calls of the first turn in which any is begun."""
    until = bench.clock.now().timestamp() + seconds
    while bench.clock.now().timestamp() < until:
        if begun := await bench.begin():
            return begun
        bench.clock.advance(0.5)
    return []


async def test_a_flood_of_an_hour_for_two_chats_delays_others_by_seconds(bench: Bench) -> None:
    await refused(bench, *REFUSED)
    await add(bench, *OTHERS)
    assert await bench.begin() == []
    (one,) = await begun_after(bench, 10)
    assert one.chat_id in OTHERS
    assert (await bench.store.read(frozen_seconds))["everything"] == 0


async def test_the_refused_chats_wait_as_long_as_they_were_told(bench: Bench) -> None:
    await refused(bench, *REFUSED)
    bench.clock.advance(3599)
    assert await bench.begin() == []
    bench.clock.advance(3)
    assert len(await bench.begin()) == len(REFUSED)


async def test_after_a_flood_one_call_is_made_at_a_time_until_one_succeeds(bench: Bench) -> None:
    await refused(bench, *REFUSED)
    await add(bench, *OTHERS)
    (one,) = await begun_after(bench, 10)
    bench.clock.advance(1)
    assert await bench.begin() == []
    await bench.settle(one)
    assert len(await bench.begin()) == len(OTHERS) - 1


@pytest.mark.parametrize("outcome", [Uncertain("nobody knows"), RetryLater("away", Scope.BOT)], ids=repr)
async def test_an_inconclusive_answer_keeps_the_careful_mode(
    bench: Bench, outcome: Uncertain | RetryLater
) -> None:
    await refused(bench, *REFUSED)
    await add(bench, *OTHERS)
    (one,) = await begun_after(bench, 10)
    await bench.settle(one, outcome)
    assert len(await bench.begin()) == 1


async def test_a_refusal_of_the_message_ends_the_careful_mode_too(bench: Bench) -> None:
    await refused(bench, *REFUSED)
    await add(bench, *OTHERS)
    (one,) = await begun_after(bench, 10)
    await bench.settle(one, no(Action.PARK))
    assert len(await bench.begin()) == len(OTHERS) - 1


async def test_another_refused_chat_lengthens_the_freeze_up_to_a_limit(bench: Bench) -> None:
    await refused(bench, *REFUSED)
    silences: list[float] = []
    for chat in range(800, 808):
        await add(bench, chat)
        began: datetime = bench.clock.now()
        (one,) = await begun_after(bench, 100)
        silences.append((bench.clock.now() - began).total_seconds())
        await bench.settle(one, HOUR)
    assert silences == sorted(silences)
    assert silences[0] <= 6 and 55 <= silences[-1] <= 61


async def test_a_call_started_before_the_flood_does_not_end_the_careful_mode(bench: Bench) -> None:
    await add(bench, *REFUSED, *OTHERS)
    begun = {one.chat_id: one for one in await bench.begin()}
    for chat in REFUSED:
        await bench.settle(begun[chat], HOUR)
    await bench.settle(begun[OTHERS[0]])
    await add(bench, 900, 901)
    for chat in OTHERS[1:]:
        await bench.settle(begun[chat])
    assert len(await begun_after(bench, 10)) == 1


async def test_a_short_flood_freezes_no_longer_than_it_lasts(bench: Bench) -> None:
    await add(bench, *REFUSED)
    for one in await bench.begin():
        await bench.settle(one, RetryLater("429", Scope.CHAT, 2, 429))
    await add(bench, *OTHERS)
    assert await bench.begin() == []
    bench.clock.advance(3.1)
    assert len(await bench.begin()) == len(OTHERS) + len(REFUSED)


async def test_a_flood_of_one_private_chat_freezes_marketing_for_seconds_only(bench: Bench) -> None:
    await refused(bench, REFUSED[0])
    await bench.add("funnel", MessageClass.FUNNEL)
    assert await bench.drain(5) == []
    assert await bench.drain(2) == ["funnel"]
