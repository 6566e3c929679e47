"""Retention empties old technical copies, and nothing that is still needed: repeats, edits, waiting items."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.outbox.messages import BotText
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.privacy.retention import KINDS, Retention
from holdline.scheduler.privacy import retaining
from holdline.scheduler.privacy.retaining import Retainer
from holdline.store.clock import ManualClock
from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.store.intake import inbox
from holdline.store.intake.received_update import update_from_value
from holdline.store.privacy import retention
from holdline.store.privacy.retention import figures_of
from holdline.store.tx import Tx

DAY = 86_400


def update(number: int) -> Any:
    return update_from_value({"update_id": number, "message": {"chat": {"id": 5}, "text": "private words"}})


async def rows(store: Store, sql: str) -> list[dict[str, Any]]:
    return await store.read(lambda tx: tx.all(sql))


def stored(tx: Tx) -> None:
    """An update in each state, an item of the outbox in each state, mails in two."""
    inbox.put(tx, [update(number) for number in range(1, 5)])
    for number, state in enumerate(("done", "ignored", "quarantined"), 1):
        tx.run(
            "UPDATE inbox SET state = :state, done_at = :at, reason = 'x' WHERE update_id = :id",
            state=state,
            at=tx.at,
            id=number,
        )
    for status in ("sent", "cancelled", "queued", "parked"):
        item = BotText("private words", [])
        outbox.add(tx, [Outgoing(Address(-5, 9), item, f"k:{status}", audience=Audience.DESK)])
        over = None if status == "queued" else tx.at
        tx.run(
            """UPDATE outbox SET status = :status, settled_at = :over, error = 'x', tg_message_id = 1
               WHERE key = :key""",
            status=status,
            over=over,
            key=f"k:{status}",
        )
    for status in ("sent", "queued"):
        tx.run(
            """INSERT INTO mails (bot_id, to_address, subject, body, status, due_at, created_at, settled_at)
               VALUES (:bot, 'a@b.c', 'private words', 'private words', :status, :at, :at, :over)""",
            bot=tx.bot_id,
            status=status,
            at=tx.at,
            over=tx.at if status == "sent" else None,
        )


@pytest.mark.row("O-06")
async def test_only_old_and_finished_items_are_emptied(store: Store, clock: ManualClock) -> None:
    await store.act(stored)
    retainer = Retainer(store, Retention())
    assert await retainer.work() == 0, "nothing is old yet"
    clock.advance(8 * DAY)
    assert await Retainer(store, Retention()).work() == 2, "the two handled updates"
    clock.advance(30 * DAY)
    assert await Retainer(store, Retention()).work() == 4, "a quarantined update, two items, a mail"
    assert [row["state"] for row in await rows(store, "SELECT state FROM inbox ORDER BY id")] == [
        "done",
        "ignored",
        "ignored",
        "new",
    ]
    kept = await rows(store, "SELECT raw FROM inbox WHERE raw <> '{}'")
    assert len(kept) == 1, "what nobody has handled yet stays"
    items = {
        row["key"]: row["payload_json"] for row in await rows(store, "SELECT key, payload_json FROM outbox")
    }
    assert items["k:sent"] == items["k:cancelled"] == {"thread_id": 9}, "where it stands is kept for edits"
    assert items["k:queued"]["text"] == items["k:parked"]["text"] == "private words"
    assert [row["body"] for row in await rows(store, "SELECT body FROM mails ORDER BY id")] == [
        "",
        "private words",
    ]
    assert await store.act(inbox.put, [update(1)]) == 0, "an update that comes twice is still known"
    assert await Retainer(store, Retention()).work() == 0


async def test_zero_keeps_a_kind_for_ever(store: Store, clock: ManualClock) -> None:
    await store.act(stored)
    clock.advance(4000 * DAY)
    ever = Retention(updates_days=0, quarantine_days=0, outbox_days=0, mails_days=0)
    assert await Retainer(store, ever).work() == 0


async def test_a_dry_run_counts_rows_and_bytes(store: Store, clock: ManualClock) -> None:
    await store.act(stored)
    first = clock.now()
    clock.advance(40 * DAY)
    for kind in KINDS:
        row = await store.read(figures_of, kind, clock.now() - timedelta(days=30))
        assert row["number"] > 0 and row["size"] > 0 and row["oldest_at"] == first, kind


async def test_a_table_that_takes_longer_than_six_hours_is_gone_through_to_its_end(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "WINDOW", 1)
    monkeypatch.setattr(retaining, "WINDOWS_AT_A_TURN", 1)
    await store.act(stored)
    clock.advance(40 * DAY)
    retainer, changed = Retainer(store, Retention()), 0
    for _ in range(12):
        changed += await retainer.work()
        clock.advance(7 * 3600)
    assert changed == 6, "all that is over"
