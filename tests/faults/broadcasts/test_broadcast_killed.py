"""kill -9 in the middle of a broadcast: while its audience is gathered, fed, sent and counted.

`HOLDLINE_KILLS=200 HOLDLINE_RECIPIENTS=2000` makes the long campaign of it (`make broadcast-kills`).
"""

import asyncio
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from holdline.desk.broadcasts.creating import BroadcastOrder, create_broadcast
from holdline.desk.broadcasts.reading import progress_of
from holdline.dialogs.broadcasts.broadcast import BroadcastAuthor, BroadcastStatus
from holdline.dialogs.broadcasts.content import BroadcastContent, BroadcastVariant
from holdline.dialogs.text.richtext import RichText
from holdline.store.crowd import FIRST_TELEGRAM_ID, settle_audience
from holdline.store.engine import Store
from holdline.store.invariants import find_violations
from holdline.store.tx import Row, Tx
from tests.conftest import BOT
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.forks import Forked
from tests.faults.kills.test_kill import Telegram, telegram
from tests.faults.ledger import engine_of
from tests.faults.victims import FREE, broadcast_until_killed

__all__ = ["telegram"]
KILLS, RECIPIENTS = get_size("HOLDLINE_KILLS", 4), get_size("HOLDLINE_RECIPIENTS", 80)
PATIENCE_SECONDS = 60.0


def _settled(tx: Tx) -> int:
    row = tx.one("SELECT COUNT(*) AS n FROM outbox WHERE status IN ('sent', 'parked')")
    return int(row["n"]) if row else 0


def _broken_off(tx: Tx) -> int:
    """Calls that are on the wire: nobody who lives can settle them."""
    row = tx.one("SELECT COUNT(*) AS n FROM outbox WHERE status = 'sending'")
    return int(row["n"]) if row else 0


def _parked_after_doubts(tx: Tx) -> set[int]:
    """Chats whose message nobody repeats any more: a manager sees it."""
    rows = tx.all("SELECT chat_id FROM outbox WHERE status = 'parked' AND uncertain >= 3")
    return {row["chat_id"] for row in rows}


def _state(tx: Tx) -> list[Row]:
    return tx.all(
        "SELECT status, waits_for, uncertain, COUNT(*) AS n, MIN(due_at) AS due, MIN(begun_at) AS begun"
        " FROM outbox GROUP BY status, waits_for, uncertain"
    )


async def _until(store: Store, wanted: int, process: Forked) -> None:
    """Fails only if nothing is settled for PATIENCE_SECONDS, so that a slow machine does not fail the test."""
    before, moved_at = -1, time.monotonic()
    while (settled := await store.read(_settled)) < wanted:
        if settled != before:
            before, moved_at = settled, time.monotonic()
        if time.monotonic() - moved_at > PATIENCE_SECONDS:
            rows = "\n".join(str(row) for row in await store.read(_state))
            pytest.fail(f"{settled} of {wanted} settled, nothing for a minute:\n{rows}\n{process.said()}")
        await asyncio.sleep(0.01)


@pytest.mark.row("M-07")
async def test_a_killed_broadcast_skips_nobody_and_repeats_only_calls_in_flight(
    store_url: str, telegram: Telegram, tmp_path: Path
) -> None:
    store = Store(store_url, bot_id=BOT, rules=FREE)
    await store.start()
    await store.act(settle_audience, first=0, last=RECIPIENTS - 1)
    content = BroadcastContent((BroadcastVariant(RichText("To {customer.name}")),))
    made = await store.act(
        create_broadcast, order=BroadcastOrder(content), author=BroadcastAuthor(), expected=RECIPIENTS
    )
    dice, on_the_wire = random.Random(get_seed(11)), 0
    for kill in range(KILLS):
        more = await store.read(_settled) + (dice.randint(1, 2 * RECIPIENTS // KILLS - 1) if kill % 4 else 0)
        process = Forked(broadcast_until_killed, store_url, telegram.url, log=tmp_path / "desk.log")
        await _until(store, min(more, RECIPIENTS), process)
        await asyncio.sleep(dice.uniform(0.0, 0.15))
        process.kill()
        assert await process.ended(10) == -signal.SIGKILL, process.said()
        on_the_wire += await store.read(_broken_off)
    process = Forked(broadcast_until_killed, store_url, telegram.url, log=tmp_path / "desk.log")
    await _until(store, RECIPIENTS, process)
    progress = await store.read(progress_of, broadcast_id=made.broadcast.id)
    for _ in range(200):
        if progress.broadcast.status is BroadcastStatus.DONE:
            break
        await asyncio.sleep(0.1)
        progress = await store.read(progress_of, broadcast_id=made.broadcast.id)
    process.kill()
    await process.ended(10)
    violations = await store.read(find_violations)
    doubted = await store.read(_parked_after_doubts)
    await store.close()
    copies = Counter({chat_id: len(texts) for chat_id, texts in telegram.arrived.items()})
    repeats = copies.total() - len(copies)
    print(
        f"{KILLS} kills, {RECIPIENTS} recipients: {repeats} repeats, {on_the_wire} on the wire, {progress.figures}"
    )
    print(
        f"never arrived: {len(set(range(FIRST_TELEGRAM_ID, FIRST_TELEGRAM_ID + RECIPIENTS)) - set(copies))}"
    )
    everybody = {FIRST_TELEGRAM_ID + number for number in range(RECIPIENTS)}
    report(
        Figures(
            tried=KILLS,
            lost=len(everybody - set(copies) - doubted),
            doubled=max(0, repeats - on_the_wire),
            broken=len(violations),
            seed=get_seed(11),
            note=f"broadcasts on {engine_of(store_url)}: {repeats} repeats of {on_the_wire} calls in flight",
        )
    )
    assert progress.figures.failed == len(doubted), "nothing ends unsent but what was doubted three times"
    assert everybody - set(copies) <= doubted
    assert repeats <= on_the_wire
    assert progress.figures.sent + progress.figures.failed == progress.figures.recipients == RECIPIENTS
    assert violations == []
