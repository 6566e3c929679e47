"""`holdline doctor` finds a broadcast with inconsistent figures."""

import pytest

from holdline.store.invariants import find_violations
from tests.scheduler.broadcasts.conftest import Mailing

BREAKS = {
    "broadcast_reaches_once": """INSERT INTO outbox (bot_id, chat_id, stream, class, kind, rank, key, audience,
            payload_json, customer_id, message_id, broadcast_id, status, due_at, created_at, settled_at, turn)
        SELECT bot_id, chat_id, stream, class, kind, rank, key || 'again', audience, payload_json, customer_id,
            message_id + 1, broadcast_id, 'cancelled', due_at, created_at, due_at, turn
        FROM outbox WHERE id = (SELECT MIN(id) FROM outbox)""",
    "recipient_follows_outbox": "UPDATE outbox SET status = 'cancelled', settled_at = 1 WHERE status = 'queued'",
    "message_has_its_recipient": "DELETE FROM broadcast_recipients WHERE outbox_id IS NOT NULL",
    "figures_count_recipients": "UPDATE broadcasts SET sent = sent + 1",
    "recipients_are_counted": "UPDATE broadcasts SET recipients = recipients + 1",
    "done_leaves_nobody": "UPDATE broadcasts SET status = 'done', ended_at = 1",
    "gathered_before_done": "UPDATE broadcasts SET status = 'done', gathered_at = NULL",
}


@pytest.mark.parametrize("name", BREAKS)
async def test_each_violated_invariant_is_found(mailing: Mailing, name: str) -> None:
    await mailing.people(3)
    await mailing.create()
    await mailing.turns(2)
    store = mailing.bench.store
    assert await store.read(find_violations) == []
    await store.act(lambda tx: tx.run(BREAKS[name]))
    assert name in {violation.name for violation in await store.read(find_violations)}
