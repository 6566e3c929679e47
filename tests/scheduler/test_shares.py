"""A customer's share of a group's minute, to the message and to the microsecond."""

from datetime import timedelta

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.delivery.fair_share import customer_pause, waits_for_others
from holdline.dialogs.audience import Audience
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.store.delivery import telegram_messages
from holdline.store.delivery.telegram_messages import TelegramMessage
from holdline.store.tx import Row
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench

SHARE, PAUSE = 6, timedelta(seconds=60.5) / 20 * 2.5


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(staff_group=GROUP)


async def line(bench: Bench, number: int) -> Row:
    """What shows the customer's next message in the group."""
    content = Content(text=f"{number}!", chat_id=ANNA.telegram_id, tg_message_id=number)
    await bench.store.act(receive_customer_message, sender=ANNA, content=content)
    return await bench.one("SELECT * FROM outbox WHERE kind = 'inbox_card' ORDER BY id DESC LIMIT 1")


def copy_of(bench: Bench, number: int) -> TelegramMessage:
    return TelegramMessage(GROUP, number, "copy", Audience.DESK, customer_id=bench.anna.id)


async def shown(bench: Bench, lines: int) -> Row:
    """So many lines are shown now; the next one waits."""
    copies = [copy_of(bench, number) for number in range(1, lines + 1)]
    await bench.store.act(telegram_messages.add_all, copies)
    return await line(bench, lines + 1)


@pytest.mark.parametrize(("lines", "waits"), [(SHARE - 1, False), (SHARE, True)])
async def test_a_customer_who_used_their_share_waits(bench: Bench, lines: int, waits: bool) -> None:
    item = await shown(bench, lines)
    assert await bench.store.act(waits_for_others, item) is waits
    assert await bench.store.act(customer_pause, item) == (PAUSE if waits else timedelta(0))


async def test_the_wait_ends_after_the_pause_of_one_customer(bench: Bench) -> None:
    item = await shown(bench, SHARE)
    bench.clock.advance(PAUSE.total_seconds() - 0.001)
    assert await bench.store.act(waits_for_others, item)
    bench.clock.advance(0.001)
    assert not await bench.store.act(waits_for_others, item)


async def test_the_pause_follows_the_customers_newest_message(bench: Bench) -> None:
    earlier = [copy_of(bench, number) for number in range(1, SHARE)]
    await bench.store.act(telegram_messages.add_all, earlier)
    bench.clock.advance(PAUSE.total_seconds())
    await bench.store.act(telegram_messages.add_all, [copy_of(bench, SHARE)])
    assert await bench.store.act(waits_for_others, await line(bench, SHARE + 1))


async def test_messages_shown_again_are_not_delayed(bench: Bench) -> None:
    item = await shown(bench, SHARE)
    assert not await bench.store.act(waits_for_others, {**item, "created_at": item["created_at"] + PAUSE})
    assert await bench.store.act(waits_for_others, {**item, "message_id": None})


async def test_the_share_is_that_of_one_customer_in_a_group(bench: Bench) -> None:
    item = await shown(bench, SHARE)
    for other in ({"chat_id": 5}, {"about_customer_id": 0}, {"kind": "card"}):
        assert not await bench.store.act(waits_for_others, {**item, **other})
    news = await bench.item(await bench.add("news", **DESK, kind="desk_notice"))
    assert not await bench.store.act(waits_for_others, news)
