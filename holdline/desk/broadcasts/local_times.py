"""Broadcasts by each customer's clock: refused if all clocks are past it; they follow a customer who changes the time
zone.
"""

from datetime import datetime, timedelta

from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.dialogs.broadcasts.due_times import due_in_zone, first_moment, zones_split_by
from holdline.dialogs.marketing.customer_days import zone_of_customer
from holdline.dialogs.refusal import BadInput
from holdline.store.broadcasts import audience as audiences
from holdline.store.broadcasts import recipients
from holdline.store.tx import Tx

LATE = timedelta(minutes=1)
"""A moment this far in the past is accepted, because clocks differ and calls take time. An earlier one is a mistake."""


def refuse_passed_for_all(
    tx: Tx, local_time: datetime | None, audience: AudienceFilter, *, field: str = "local_at"
) -> None:
    """Raises BadInput if the time has passed for every customer of the audience: all would get it at once, which is a
    mistake. It is accepted if the time is still ahead for one of them, and for an audience without people. `audience`
    has the ids of its funnels.
    """
    at = tx.at - LATE
    if local_time is None or first_moment(local_time) >= at:
        return
    ahead, reached = zones_split_by(local_time, at=at)
    others_are_ahead = due_in_zone(local_time, zone_of_customer(None, tx.rules.time_zone), at=at) > at
    zones = reached if others_are_ahead else ahead
    if audiences.has_anybody(tx, audience=audience, zones=zones, outside=others_are_ahead):
        return
    if audiences.has_anybody(tx, audience=audience):
        raise BadInput(field, "mends.passed_for_all")


def follow_new_zone(tx: Tx, customer_id: int, zone: str | None) -> None:
    """Calculates the moments again for broadcasts whose message is not in the outbox yet. The caller has locked the
    customer.
    """
    own = zone_of_customer(zone, tx.rules.time_zone)
    for broadcast_id, local_time in recipients.list_local_times(tx, customer_id):
        due_at = due_in_zone(local_time, own, at=tx.at)
        recipients.set_due(tx, broadcast_id, customer_id, due_at=due_at)
        tx.wake("broadcasts")
