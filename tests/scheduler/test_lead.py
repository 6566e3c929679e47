"""One sender and one intake per bot: a dead one is replaced at once, a silent one after its lease."""

import asyncio
import multiprocessing
import os
import signal
from multiprocessing.connection import Connection

import pytest

from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outbox.messages import BotText
from holdline.dialogs.outgoing import Outgoing
from holdline.scheduler.leadership import LEASE_SECONDS, Leadership, SecondInstance
from holdline.scheduler.sender import Sender
from holdline.store.clock import ManualClock
from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.store.engines import leases
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from tests.conftest import BOT
from tests.scheduler.wire import FakeWire


async def test_the_second_instance_is_refused_at_once_with_a_remedy(store: Store) -> None:
    first, second = Leadership(store, "sender"), Leadership(store, "sender")
    await first.take()
    with pytest.raises(SecondInstance, match="Stop that one first"):
        await second.take()
    assert first.held and not second.held
    await first.release()


async def test_each_process_role_has_its_own_holder(store: Store) -> None:
    sender, intake = Leadership(store, "sender"), Leadership(store, "intake")
    await sender.take()
    await intake.take()
    assert sender.held and intake.held
    await sender.release()
    await intake.release()


async def test_a_released_lease_is_taken_at_once_with_a_higher_epoch(store: Store) -> None:
    first, second = Leadership(store, "sender"), Leadership(store, "sender")
    await first.take()
    await first.release()
    await second.take()
    assert second.epoch == first.epoch + 1 and not first.held
    await second.release()


async def test_a_standby_takes_over_when_the_first_has_gone(store: Store) -> None:
    first, second = Leadership(store, "sender"), Leadership(store, "sender", standby=True)
    await first.take()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        waiting = group.create_task(second.take())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await first.release()
    assert second.held
    await second.release()


async def test_a_frozen_holder_is_replaced_after_its_lease_and_stops_when_it_wakes(
    store: Store, clock: ManualClock
) -> None:
    frozen, second = Leadership(store, "sender"), Leadership(store, "sender")
    await frozen.take()
    clock.advance(LEASE_SECONDS + 1)
    await second.take()
    assert not second.predecessor_is_dead, "its calls may still be on the wire"
    with pytest.raises(SecondInstance, match="has taken over"):
        await frozen.renew()
    assert not frozen.held and second.held
    await frozen.release()
    await second.release()


async def test_a_lease_is_not_trusted_longer_than_it_lasts(store: Store) -> None:
    seconds = [100.0]
    lead = Leadership(store, "sender", clock=lambda: seconds[0])
    await lead.take()
    seconds[0] += LEASE_SECONDS - 2
    assert lead.held
    await lead.renew()
    seconds[0] += LEASE_SECONDS - 2
    assert lead.held
    seconds[0] += 2
    assert not lead.held
    await lead.release()


async def test_a_call_begun_before_a_freeze_does_not_leave_after_it(store: Store) -> None:
    seconds, wire = [100.0], FakeWire()
    lead = Leadership(store, "sender", clock=lambda: seconds[0])
    await lead.take()
    hello = Outgoing(
        Address(1), BotText(""), "hello", class_=MessageClass.MANAGER, audience=Audience.CUSTOMER
    )
    await store.act(outbox.add, [hello])

    def freeze(tx: Tx, item: Row) -> Call:
        seconds[0] += LEASE_SECONDS
        return Call("sendMessage", {"chat_id": item["chat_id"], "text": item["key"]})

    await Sender(store, render=freeze, gateway=wire, lead=lead).tick()
    assert wire.calls == []
    row = await store.read(lambda tx: tx.one("SELECT status, uncertain FROM outbox"))
    assert row == {"status": "queued", "uncertain": 0}
    await lead.release()


def _lead_until_killed(url: str, said: Connection) -> None:
    async def lead() -> None:
        store = Store(url, bot_id=BOT)
        await store.start()
        mine = Leadership(store, "sender")
        await mine.take()
        said.send(mine.epoch)
        await asyncio.Event().wait()

    asyncio.run(lead())


@pytest.mark.row("O-03")
async def test_a_killed_holder_is_replaced_at_once(store_url: str) -> None:
    store = Store(store_url, bot_id=BOT)
    await store.start()
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_lead_until_killed, args=(store_url, theirs)
    )
    process.start()
    assert await asyncio.to_thread(ours.poll, 30), "the other process never led"
    epoch = ours.recv()
    lead = Leadership(store, "sender", standby=True)
    with pytest.raises(SecondInstance):
        await Leadership(store, "sender").take()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.to_thread(process.join)
    async with asyncio.timeout(5):
        await lead.take()
    assert lead.epoch == epoch + 1
    lease = await store.read(leases.current, "sender")
    assert lease is not None and lease["expires_at"] > store.clock.now()
    await lead.release()
    await store.close()
