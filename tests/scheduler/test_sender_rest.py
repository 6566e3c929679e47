"""The sender rests until something is due, no longer, and does not loop over what it cannot start."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from holdline.desk.delivery.delivery import settle_and_start
from holdline.desk.delivery.start import SendOptions
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outbox.messages import MessagePart
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.sender import Sender
from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.telegram.outcomes import Sent
from tests.scheduler.conftest import ANNA, GROUP, Bench, plain_render
from tests.scheduler.test_sender import until
from tests.scheduler.wire import FakeWire

TERMS = SendOptions(epoch=1, holder="test", render=plain_render)


class CountedStore(Store):
    """Counts its transactions."""

    acts = 0

    async def act(self, use_case: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        self.acts += 1
        return await super().act(use_case, *args, **kwargs)


@pytest.fixture
async def counted(store: Store, store_url: str, quick: DeskRules) -> AsyncIterator[CountedStore]:
    """The same database, with the clock of the wall."""
    again = CountedStore(store_url, bot_id=store.bot_id, rules=quick)
    await again.start()
    yield again
    await again.close()


@pytest.fixture
def quick() -> DeskRules:
    return DeskRules(per_second=0, per_chat_per_second=1000, group_per_minute=0)


async def fill(
    store: Store, number: int, class_: MessageClass, chat_id: int = GROUP, *, each: int = 0
) -> None:
    audience = Audience.DESK if class_ is MessageClass.DESK else Audience.CUSTOMER
    facts: dict[str, Any] = {"item": MessagePart(), "class_": class_, "audience": audience}
    out = [Outgoing(Address(chat_id + each * one), key=f"{class_}{one}", **facts) for one in range(number)]
    await store.act(outbox.add, out)


async def test_a_chat_whose_pause_is_over_gets_its_message_at_once(counted: CountedStore) -> None:
    wire, stop, number = FakeWire(), asyncio.Event(), 60
    await fill(counted, number, MessageClass.DESK)
    sender, clock = Sender(counted, render=plain_render, gateway=wire), asyncio.get_running_loop().time
    began = clock()
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.run(stop))
        await until(lambda: len(wire.done) == number)
        took = clock() - began
        stop.set()
    assert took < number * 0.1, "a pause of a millisecond does not last for tenths of a second"


class TestWithoutALimit:
    @pytest.fixture
    def rules(self) -> DeskRules:
        return DeskRules(per_second=0, per_chat_per_second=0, group_per_minute=0)

    async def test_the_settling_transaction_starts_the_next_call_of_the_chat(self, bench: Bench) -> None:
        await fill(bench.store, 3, MessageClass.DESK)
        (first,) = await bench.begin()
        for number in (1, 2):
            settled = [(first, Sent({"message_id": number}))]
            turn = await bench.store.act(settle_and_start, settled=settled, limit=9, options=TERMS)
            (first,) = turn.started
        assert (await bench.chat(GROUP))["in_flight_id"] == first.outbox_id


async def test_a_sender_tick_reports_how_long_nothing_is_due(bench: Bench) -> None:
    await fill(bench.store, 2, MessageClass.MANAGER, ANNA.telegram_id)
    (first,) = await bench.begin()
    settled = [(first, Sent({"message_id": 1}))]
    turn = await bench.store.act(settle_and_start, settled=settled, limit=9, options=TERMS)
    assert turn.started == [] and turn.rest_seconds == pytest.approx(1.05)


class TestWhatIsDueAndCannotBeBegun:
    @pytest.fixture
    def quick(self) -> DeskRules:
        return DeskRules(per_second=12, per_chat_per_second=0, group_per_minute=0)

    @pytest.mark.parametrize(
        "people, broadcasts, least_seconds", [(12, 1, 1.0), (0, 6, 0.3)], ids=["people first", "spread"]
    )
    async def test_the_resting_sender_does_not_keep_the_processor_busy(
        self, bench: Bench, counted: CountedStore, people: int, broadcasts: int, least_seconds: float
    ) -> None:
        """Marketing waits where people's words have used the second up, and for its own last call."""
        wire, stop, clock = FakeWire(), asyncio.Event(), asyncio.get_running_loop().time
        await fill(counted, people, MessageClass.MANAGER, 600, each=1)
        for number in range(900, 900 + broadcasts):
            await bench.customer_id(number)
        await fill(counted, broadcasts, MessageClass.BROADCAST, 900, each=1)
        sender, began = Sender(counted, render=plain_render, gateway=wire), clock()
        counted.acts = 0
        async with asyncio.TaskGroup() as group:
            group.create_task(sender.run(stop))
            await until(lambda: len(wire.done) == people + broadcasts)
            took = clock() - began
            stop.set()
        assert took > least_seconds and counted.acts < 3 * len(wire.done) + 10
