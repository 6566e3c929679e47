"""Broadcasts by each customer's clock follow a customer who changes the time zone."""

from holdline.dialogs.broadcasts.due_times import due_in_zone
from holdline.dialogs.marketing.customer_days import zone_of_customer
from holdline.store.broadcasts import recipients
from holdline.store.tx import Tx


def follow_new_zone(tx: Tx, customer_id: int, zone: str | None) -> None:
    """Calculates the moments again for broadcasts whose message is not in the outbox yet. The caller has locked the
    customer.
    """
    own = zone_of_customer(zone, tx.rules.time_zone)
    for broadcast_id, local_time in recipients.list_local_times(tx, customer_id):
        due_at = due_in_zone(local_time, own, at=tx.at)
        recipients.set_due(tx, broadcast_id, customer_id, due_at=due_at)
        tx.wake("broadcasts")
