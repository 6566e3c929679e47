"""Webhook deliveries on hold that a person sends again, or that an erasure deletes, wait for no decision."""

from holdline.desk.restores.hold import current_hold
from holdline.desk.webhooks.deliveries import send_again, take_due_deliveries
from holdline.desk.webhooks.webhooks import add_webhook
from holdline.dialogs.restores.hold import HeldKind
from holdline.store.webhooks import deliveries
from tests.scheduler.conftest import Bench
from tests.scheduler.restores.test_every_kind import column, restored


async def test_a_webhook_delivery_that_a_person_sends_again_is_on_hold_no_longer(bench: Bench) -> None:
    hook = await bench.store.act(
        add_webhook, url="https://example.org/x", events=["outbound.ended"], active=True
    )
    for key in ("k1", "k2"):
        row = {"webhook_id": hook.id, "message_key": key, "event_type": "outbound.ended", "body": "{}"}
        await bench.store.act(deliveries.insert, **row)
    assert await restored(bench) == {HeldKind.WEBHOOKS: 2}
    (first, second) = await column(bench, "webhook_deliveries", "id")
    await bench.store.act(send_again, delivery_id=first)
    taken = await bench.store.act(take_due_deliveries, webhook_id=hook.id)
    assert [each.id for each in taken] == [first]
    await bench.store.act(send_again, delivery_id=second)
    assert await bench.store.read(current_hold) is None


async def test_a_webhook_delivery_that_an_erasure_has_deleted_is_not_counted(bench: Bench) -> None:
    hook = await bench.store.act(
        add_webhook, url="https://example.org/x", events=["outbound.ended"], active=True
    )
    key = {"webhook_id": hook.id, "message_key": "k", "event_type": "outbound.ended", "body": "{}"}
    await bench.store.act(deliveries.insert, **key)
    assert await restored(bench) == {HeldKind.WEBHOOKS: 1}
    await bench.store.act(lambda tx: tx.run("DELETE FROM webhook_deliveries"))
    hold = await bench.store.read(current_hold)
    assert hold is not None and HeldKind.WEBHOOKS not in hold.counts
