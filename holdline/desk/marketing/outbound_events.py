"""Events of single marketing messages: held, released, sent, ended. Funnels, broadcasts and webhooks follow them."""

from collections.abc import Iterable

from holdline.desk.record import record
from holdline.dialogs.event import SYSTEM, Event, EventKind
from holdline.store.delivery import outbound
from holdline.store.tx import Row, Tx


def record_outbound(
    tx: Tx, kind: EventKind, items: Iterable[Row], *, status: str = "", reason: str = ""
) -> None:
    """Records one event for each message of the items (rows of the outbox), however many parts it has.

    `data` has `outbox_id` (the first part's, as the API names the message), `message_id`, `class`, `broadcast_id`
    and `enrolment_id`; for ended ones also `status` and `reason`.
    """
    seen: set[int] = set()
    rows = list(items)
    for item, first_id in zip(rows, outbound.first_part_ids(tx, rows), strict=True):
        if item["customer_id"] is None or first_id in seen:
            continue
        seen.add(first_id)
        data = {
            "outbox_id": first_id,
            **{name: item[name] for name in ("message_id", "class", "broadcast_id", "enrolment_id")},
            **({"status": status, "reason": reason} if status else {}),
        }
        record(tx, [Event(kind, SYSTEM, item["customer_id"], data=data)])
