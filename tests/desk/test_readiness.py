"""What the desk reports about itself to its monitoring."""

from datetime import timedelta

import pytest

from holdline.desk.health import readiness
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.engines import leases
from holdline.store.tx import Tx


def at_work(tx: Tx) -> None:
    for role in ("intake", "sender"):
        leases.seize(tx, role, "somewhere", seconds=600)


@pytest.fixture
async def working(store: Store) -> Store:
    await store.act(at_work)
    assert await store.read(readiness.reasons) == []
    return store


async def test_an_unheld_process_role_is_named_with_its_command(store: Store, clock: ManualClock) -> None:
    def freeze_alone(tx: Tx) -> None:
        leases.freeze(tx, until=tx.at, everything=True, reason="429")

    await store.act(freeze_alone)  # makes a row that no process holds
    for moment in (0, 601):
        clock.advance(moment)
        intake, sender = await store.read(readiness.reasons)
        assert "--role intake" in intake and "--role sender" in sender
        await store.act(at_work)
        assert await store.read(readiness.reasons) == []


async def test_an_update_older_than_a_minute_makes_the_desk_unready(
    working: Store, clock: ManualClock
) -> None:
    def comes(tx: Tx) -> None:
        tx.run(
            "INSERT INTO inbox (bot_id, update_id, ordering_key, raw, received_at) VALUES (:bot, 1, 1, '{}', :at)",
            bot=tx.bot_id,
            at=tx.at,
        )

    await working.act(comes)
    clock.advance(60)
    assert await working.read(readiness.reasons) == []
    clock.advance(15)
    assert await working.read(readiness.reasons) == ["The oldest update waits for 75 s."]


async def test_an_outage_makes_the_desk_unready_since_its_beginning(
    working: Store, clock: ManualClock
) -> None:
    await working.act(readiness.record_outage, reason="no route to host")
    began = clock.now()
    clock.advance(90)
    await working.act(readiness.record_outage, reason="time-out")
    (said,) = await working.read(readiness.reasons)
    assert f"since {began:%H:%M:%S} UTC (time-out)" in said and "everything is kept" in said
    await working.act(readiness.record_outage, reason=None)
    assert await working.read(readiness.reasons) == []


async def test_a_refused_token_makes_the_desk_unready_with_its_remedy(working: Store) -> None:
    await working.act(readiness.record_outage, reason="Unauthorized", token_refused=True)
    (said,) = await working.read(readiness.reasons)
    assert "refuses the bot's token" in said and "telegram.token" in said


@pytest.mark.parametrize(("seconds", "told"), [(59, False), (75, True)])
async def test_a_lasting_freeze_makes_the_desk_unready(working: Store, seconds: int, told: bool) -> None:
    def freeze(tx: Tx) -> None:
        leases.freeze(tx, until=tx.at + timedelta(seconds=seconds), everything=True, reason="429")

    await working.act(freeze)
    assert [f"another {seconds} s" in one for one in await working.read(readiness.reasons)] == [True] * told


async def test_a_freeze_of_marketing_alone_keeps_the_desk_ready(working: Store) -> None:
    def freeze(tx: Tx) -> None:
        leases.freeze(tx, until=tx.at + timedelta(hours=1), everything=False, reason="429")

    await working.act(freeze)
    assert await working.read(readiness.reasons) == []
    assert await working.read(readiness.frozen_seconds) == {"everything": 0, "marketing": 3600}
