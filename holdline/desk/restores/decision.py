"""Releasing or discarding what waits after a restore: one transaction stores the decision, short ones carry it out.

If the process dies in between, the next start carries out the rest.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress

from holdline.desk.broadcasts.moves import cancel_broadcast, resume_broadcast
from holdline.desk.conversation.scheduling import end_scheduled_reply
from holdline.desk.delivery.discard import give_up, record_undelivered
from holdline.desk.dialogs.bulk import refuse_rest_of_bulk
from holdline.desk.funnels.leaving import end_enrolment
from holdline.desk.people.managers import require_permission
from holdline.desk.restores.hold import current_hold
from holdline.dialogs.audience import Audience
from holdline.dialogs.broadcasts.broadcast import BroadcastStatus
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.item import Worth
from holdline.dialogs.outbox.kinds import traits_of
from holdline.dialogs.refusal import DeskError, NotFound
from holdline.dialogs.restores.hold import HeldKind, Verdict
from holdline.dialogs.rights import Act
from holdline.dialogs.webhooks.webhook import DeliveryResult
from holdline.store.broadcasts import broadcasts
from holdline.store.delivery import chats, mails, waiting_albums
from holdline.store.funnels import enrolments
from holdline.store.people import admin_log
from holdline.store.restores import held_work, returns
from holdline.store.restores.held_work import RESTORED
from holdline.store.tx import Tx
from holdline.store.webhooks import deliveries

DISCARDED = "discarded after a restore"
_RELEASED_AT_ONCE = 200


def decide_on_restored(
    tx: Tx, *, verdict: Verdict, kinds: Iterable[HeldKind] = (), manager: Manager | None = None
) -> int:
    """Stores the decision about these kinds (all, if none is named); returns how many waited. `manager` is None
    for the command line. Refused if nothing is on hold.
    """
    if manager is not None:
        require_permission(tx, manager, Act.DECIDE_ON_RESTORE)
    hold = current_hold(tx)
    if hold is None:
        raise DeskError("nothing_on_hold")
    chosen = list(kinds) or list(HeldKind)
    number = sum(hold.counts.get(kind, 0) for kind in chosen)
    held_work.decide(tx, verdict, chosen)
    held_work.end_if_nothing_waits(tx)
    about = {"kinds": [kind.value for kind in chosen], "count": number}
    admin_log.add(tx, manager, f"restored_{verdict}", about="database", after=about)
    tx.wake("outbox")
    return number


def carry_out_decisions(tx: Tx) -> int:
    """Releases or discards the next rows; returns how many, 0 if nothing is left."""
    rows = held_work.next_decided(tx, limit=_RELEASED_AT_ONCE)
    if not rows:
        return 0
    verdict = Verdict(rows[0]["verdict"])
    rows = rows if verdict is Verdict.RELEASE else rows[:1]
    with suppress(NotFound):  # erased since: there is nothing left to decide about
        _ACTS[verdict].get(rows[0]["source"], _nothing)(tx, [int(row["row_id"]) for row in rows])
    held_work.forget(tx, rows)
    return len(rows)


def _nothing(tx: Tx, row_ids: list[int]) -> None:
    """Does nothing: the loop of that kind finds the work as soon as its row has left the table of held work."""


def _resume_broadcasts(tx: Tx, row_ids: list[int]) -> None:
    for broadcast_id in row_ids:
        if _is_still_on_hold(tx, broadcast_id):
            resume_broadcast(tx, broadcast_id=broadcast_id)


def _cancel_broadcast(tx: Tx, row_ids: list[int]) -> None:
    if _is_still_on_hold(tx, row_ids[0]):
        cancel_broadcast(tx, broadcast_id=row_ids[0])


def _is_still_on_hold(tx: Tx, broadcast_id: int) -> bool:
    """False if a person has resumed or cancelled the broadcast meanwhile; that decision stands."""
    broadcast = broadcasts.load_locked(tx, broadcast_id)
    return broadcast.status is BroadcastStatus.PAUSED and broadcast.pause_reason == RESTORED


def _end_enrolment(tx: Tx, row_ids: list[int]) -> None:
    chats.lock_for_customer(tx, enrolments.load(tx, row_ids[0]).customer_id)
    enrolment = enrolments.load_locked(tx, row_ids[0])
    if enrolment is not None and enrolment.is_running:
        end_enrolment(tx, enrolment, state="left", reason=RESTORED)


def _cancel_item(tx: Tx, row_ids: list[int]) -> None:
    item = returns.lock_outbox_item(tx, row_ids[0])
    if item is None:
        return
    give_up(tx, item, "cancelled", DISCARDED)
    is_for_customer = item["audience"] == Audience.CUSTOMER and item["customer_id"] is not None
    if is_for_customer and item["class"] == MessageClass.MANAGER and traits_of(item).worth is Worth.WORDS:
        record_undelivered(tx, item, DISCARDED)


def _cancel_scheduled(tx: Tx, row_ids: list[int]) -> None:
    end_scheduled_reply(tx, reply_id=row_ids[0], reason=RESTORED)


def _refuse_mail(tx: Tx, row_ids: list[int]) -> None:
    mails.settle(tx, row_ids[0], status="refused", error=DISCARDED)


def _fail_delivery(tx: Tx, row_ids: list[int]) -> None:
    deliveries.settle(tx, row_ids[0], status="failed", result=DeliveryResult(error=DISCARDED))


def _refuse_rest_of_job(tx: Tx, row_ids: list[int]) -> None:
    refuse_rest_of_bulk(tx, job_id=row_ids[0], refusal=DeskError("bulk_restored"))


_ACTS: dict[Verdict, dict[str, Callable[[Tx, list[int]], None]]] = {
    Verdict.RELEASE: {
        "outbox": returns.return_outbox,
        "inbox": returns.return_updates,
        "broadcasts": _resume_broadcasts,
    },
    Verdict.DISCARD: {
        "outbox": _cancel_item,
        "inbox": returns.ignore_updates,
        "broadcasts": _cancel_broadcast,
        "enrolments": _end_enrolment,
        "scheduled_replies": _cancel_scheduled,
        "waiting_album_parts": waiting_albums.delete_parts,
        "mails": _refuse_mail,
        "webhook_deliveries": _fail_delivery,
        "bulk_jobs": _refuse_rest_of_job,
    },
}
"""What is done with the rows of each source. A verdict on discarding takes one row per transaction."""
