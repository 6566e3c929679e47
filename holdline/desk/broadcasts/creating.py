"""Creating a broadcast, and sending a test of it."""

from dataclasses import dataclass
from datetime import datetime

from holdline.desk.broadcasts.funnel_buttons import refuse_dead_buttons
from holdline.desk.broadcasts.funnel_names import with_funnel_ids
from holdline.desk.broadcasts.local_times import LATE, refuse_passed_for_all
from holdline.desk.broadcasts.messages import send_test_message
from holdline.desk.broadcasts.reading import BroadcastProgress, progress_of
from holdline.desk.delivery.pace import can_go_faster
from holdline.dialogs.broadcasts.audience_filter import EVERYBODY, AudienceFilter
from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastAuthor, BroadcastStatus
from holdline.dialogs.broadcasts.content import BroadcastContent, refuse_unsendable_content
from holdline.dialogs.broadcasts.due_times import LAST_LOCAL_TIME, first_moment, last_moment
from holdline.dialogs.broadcasts.stars import TENTHS
from holdline.dialogs.refusal import BadInput
from holdline.store.broadcasts import broadcasts, budgets
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class BroadcastOrder:
    """A broadcast to create. `starts_at` None means now. `local_time` instead: a day and a time on each customer's own
    clock.
    """

    content: BroadcastContent
    audience: AudienceFilter = EVERYBODY
    starts_at: datetime | None = None
    local_time: datetime | None = None
    topic: str | None = None
    expires_at: datetime | None = None
    paid_stars: int | None = None
    """What it may spend on going faster than Telegram's free pace."""


def create_broadcast(
    tx: Tx, *, order: BroadcastOrder, author: BroadcastAuthor, expected: int
) -> BroadcastProgress:
    """Creates the broadcast. `expected`: the result of `count_audience`. Recipients are determined when it starts."""
    refuse_unsendable_broadcast(tx, order=order)
    starts_at = first_moment(order.local_time) if order.local_time else order.starts_at or tx.at
    status = BroadcastStatus.SCHEDULED if starts_at > tx.at else BroadcastStatus.SENDING
    made = Broadcast(
        id=0,
        content=order.content,
        audience=with_funnel_ids(tx, order.audience),
        status=status,
        starts_at=max(starts_at, tx.at),
        created_at=tx.at,
        local_time=order.local_time,
        topic=order.topic,
        expires_at=order.expires_at,
        author=author,
    )
    stored = broadcasts.insert(tx, made, expected=expected)
    if order.paid_stars is not None:
        budgets.insert(tx, stored.id, budget=order.paid_stars * TENTHS)
    tx.wake("broadcasts")
    return progress_of(tx, broadcast_id=stored.id)


def refuse_unsendable_broadcast(tx: Tx, *, order: BroadcastOrder) -> None:
    """Raises BadInput that names what cannot be sent."""
    refuse_unsendable_content(order.content)
    refuse_dead_buttons(tx, order.content.buttons)
    refuse_moments(order, at=tx.at)
    if order.local_time is not None:
        refuse_passed_for_all(tx, order.local_time, with_funnel_ids(tx, order.audience))
    if order.paid_stars is not None and not can_go_faster(tx):
        raise BadInput("paid_stars", "mends.paid_is_off")


def refuse_moments(order: BroadcastOrder, *, at: datetime) -> None:
    """Raises BadInput that names the moment that has passed, or that does not fit another one."""
    if order.starts_at is not None and order.local_time is not None:
        raise BadInput("local_at", "mends.one_moment")
    if order.starts_at is not None and order.starts_at < at - LATE:
        raise BadInput("at", "in_the_past")
    if order.local_time is not None and order.local_time > LAST_LOCAL_TIME:
        raise BadInput("local_at", "mends.moment_too_far")
    if order.local_time is not None and last_moment(order.local_time) < at - LATE:
        raise BadInput("local_at", "in_the_past")
    starts_at = first_moment(order.local_time) if order.local_time else order.starts_at
    if order.expires_at is not None and order.expires_at <= at:
        raise BadInput("expires_at", "in_the_past")
    if order.expires_at is not None and starts_at is not None and order.expires_at <= starts_at:
        raise BadInput("expires_at", "mends.ends_before_it_starts")


def send_test(tx: Tx, *, order: BroadcastOrder, telegram_id: int) -> None:
    """Sends a test to one person, a manager or a customer; creates no broadcast."""
    refuse_unsendable_broadcast(tx, order=order)
    for variant in range(len(order.content.variants)):
        send_test_message(tx, order.content, variant=variant, topic=order.topic, telegram_id=telegram_id)
