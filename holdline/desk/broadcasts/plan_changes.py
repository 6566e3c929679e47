"""Changes the start time and the audience of a broadcast that has not started."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdline.desk.broadcasts.creating import BroadcastOrder, refuse_moments
from holdline.desk.broadcasts.funnel_names import with_funnel_ids
from holdline.desk.broadcasts.local_times import refuse_passed_for_all
from holdline.desk.broadcasts.reading import BroadcastProgress, progress_of
from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastStatus, refuse_started
from holdline.dialogs.broadcasts.content import refuse_unsendable_content, with_other_words
from holdline.dialogs.broadcasts.due_times import first_moment
from holdline.dialogs.text.richtext import RichText
from holdline.store.broadcasts import broadcasts
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What becomes different; None stays as it is. `starts_at` replaces `local_time`, and the other way round.

    `expected`: the result of `count_audience` for a new audience.
    """

    starts_at: datetime | None = None
    local_time: datetime | None = None
    expires_at: datetime | None = None
    audience: AudienceFilter | None = None
    expected: int = 0
    words: Sequence[RichText] | None = None


def change_plan(tx: Tx, *, broadcast_id: int, change: PlanChange) -> BroadcastProgress:
    """Changes it as a whole or not at all. One that is paused stays paused. The lock decides once whether it starts
    before or after the change; raises BroadcastStarted if before.
    """
    broadcast = broadcasts.load_locked(tx, broadcast_id)
    refuse_started(broadcast)
    audience = with_funnel_ids(tx, change.audience) if change.audience is not None else None
    refuse_passed_for_all(tx, change.local_time, broadcast.audience if audience is None else audience)
    fields = {
        **_new_moments(broadcast, change, at=tx.at),
        **(
            {"audience_json": audience.as_json(), "expected": change.expected} if audience is not None else {}
        ),
        **_new_words(broadcast, change),
    }
    broadcasts.set_fields(tx, broadcast_id, **fields)
    tx.wake("broadcasts")
    return progress_of(tx, broadcast_id=broadcast_id)


def _new_moments(broadcast: Broadcast, change: PlanChange, *, at: datetime) -> dict[str, Any]:
    """The status follows the new time; a moment that stays is not refused for having passed while it was paused."""
    is_moved = change.starts_at is not None or change.local_time is not None
    asked = change.starts_at if is_moved else max(broadcast.starts_at, at)
    expires_at = change.expires_at or broadcast.expires_at
    order = BroadcastOrder(
        broadcast.content, starts_at=asked, local_time=change.local_time, expires_at=expires_at
    )
    refuse_moments(order, at=at)
    fields: dict[str, Any] = {"expires_at": expires_at}
    if not is_moved:
        return fields
    starts_at = first_moment(change.local_time) if change.local_time else max(change.starts_at or at, at)
    local_time = change.local_time.isoformat() if change.local_time else None
    fields |= {"starts_at": max(starts_at, at), "local_time": local_time}
    if broadcast.status is BroadcastStatus.SCHEDULED and starts_at <= at:
        fields["status"] = BroadcastStatus.SENDING.value
    return fields


def _new_words(broadcast: Broadcast, change: PlanChange) -> dict[str, Any]:
    if change.words is None:
        return {}
    content = with_other_words(broadcast.content, change.words)
    refuse_unsendable_content(content)
    return {"content_json": content.as_json()}
