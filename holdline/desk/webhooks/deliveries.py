"""The course of a delivery: tried, taken, retried, given up, sent again by hand, deleted."""

import random
from datetime import datetime, timedelta

from holdline.desk.notices.alarms import notify_editors
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound, WrongState
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.webhooks.address import short_url
from holdline.dialogs.webhooks.webhook import GONE, Delivery, DeliveryResult, pause_after
from holdline.store.restores import held_work
from holdline.store.tx import Row, Tx
from holdline.store.webhooks import deliveries, webhooks

TAKEN_AT_ONCE = 20
TRY_ENDS_WITHIN = timedelta(seconds=25)
"""After this the result of a try is known, or its process is dead."""
ALARM_AFTER = timedelta(hours=1)
KEPT_FOR = timedelta(days=30)
_FORGOTTEN_AT_ONCE = 1000


def take_due_deliveries(tx: Tx, *, webhook_id: int) -> list[Delivery]:
    """Takes the deliveries that are due; if this process dies, they are due again after a while."""
    return deliveries.take_due(tx, webhook_id, again_at=tx.at + TRY_ENDS_WITHIN, limit=TAKEN_AT_ONCE)


def settle_deliveries(tx: Tx, *, webhook_id: int, tries: list[tuple[Delivery, DeliveryResult]]) -> None:
    """Settles each try: taken, or due again after a growing pause, for three days. A 410 switches the webhook off."""
    gone = [result.error for _, result in tries if result.http_status == GONE]
    lock = webhooks.lock_against_events if gone else webhooks.lock
    try:
        lock(tx, webhook_id)
    except NotFound:
        return  # deleted during the calls, with its deliveries
    for delivery, result in tries:
        _settle_one(tx, delivery, result)
    errors = [result.error for _, result in tries if result.error]
    if len(errors) < len(tries):
        webhooks.mark_well(tx, webhook_id)
    else:
        webhooks.mark_failing(tx, webhook_id, errors[0])
        _raise_alarm(tx, webhook_id, errors[0])
    if gone:
        webhooks.update(tx, webhook_id, active=0, off_reason="gone")
        deliveries.fail_waiting(tx, webhook_id, gone[0])


def send_again(tx: Tx, *, delivery_id: int) -> Row:
    """Sends a delivery again by hand, even if it was sent before, under the same id, so that a careful receiver takes
    it once. One that a restore holds is released.
    """
    delivery = deliveries.by_id(tx, delivery_id)
    if delivery is None:
        raise NotFound("webhook delivery", delivery_id)
    _lock_active(tx, delivery["webhook_id"])
    deliveries.requeue(tx, delivery_id)
    held_work.release_delivery(tx, delivery_id)
    held_work.end_if_nothing_waits(tx)
    return {**delivery, "status": "queued", "attempts": 0, "due_at": tx.at, "settled_at": None}


def send_failed_again(tx: Tx, *, manager: Manager, webhook_id: int) -> int:
    """Sends all deliveries of the log again that were given up; returns their number."""
    require_allowed(manager, Act.EDIT_WEBHOOKS)
    _lock_active(tx, webhook_id)
    return deliveries.requeue_failed(tx, webhook_id)


def delivery_page(
    tx: Tx, *, webhook_id: int, order: str, after: int | None, limit: int, status: str | None = None
) -> list[Row]:
    """A page of the deliveries; `order`: newest or oldest."""
    webhooks.load(tx, webhook_id)
    return deliveries.page(tx, webhook_id, order=order, after=after, limit=limit, status=status)


def webhooks_with_due(tx: Tx) -> list[int]:
    """The webhooks for which a delivery is due."""
    return deliveries.webhooks_with_due(tx)


def forget_old_deliveries(tx: Tx) -> int:
    """Deletes deliveries that were settled more than a month ago. A chore of the timers."""
    return deliveries.delete_settled_before(tx, tx.at - KEPT_FOR, limit=_FORGOTTEN_AT_ONCE)


def _lock_active(tx: Tx, webhook_id: int) -> None:
    """Locks the webhook; raises WrongState if it is off, because nothing may wait for it."""
    webhooks.lock(tx, webhook_id)
    if not webhooks.load(tx, webhook_id).active:
        obj = {"type": "webhook", "id": webhook_id}
        raise WrongState(state="off", obj=obj, allowed=("switch_on",), code="wrong_state")


def _settle_one(tx: Tx, delivery: Delivery, result: DeliveryResult) -> None:
    pause = pause_after(delivery.attempts, chance=random.random())  # only spreads retries; no secret
    if not result.error:
        deliveries.settle(tx, delivery.id, status="sent", result=result)
    elif pause is None or result.http_status == GONE:
        deliveries.settle(tx, delivery.id, status="failed", result=result, attempt=delivery.attempts)
    else:
        deliveries.postpone(tx, delivery.id, due_at=tx.at + pause, result=result, attempt=delivery.attempts)


def _raise_alarm(tx: Tx, webhook_id: int, error: str) -> None:
    since = webhooks.take_alarm(tx, webhook_id, failing_before=tx.at - ALARM_AFTER)
    if since is not None:
        words = {"url": short_url(webhooks.load(tx, webhook_id).url), "error": error}
        notify_editors(tx, "desk_notices.webhook_fails", words, cause=_cause(webhook_id, since))


def _cause(webhook_id: int, since: datetime) -> str:
    return f"{webhook_id}:{since.timestamp():.0f}"
