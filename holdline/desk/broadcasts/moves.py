"""Pause, resume and cancel: stored in one column, which is read before anything else begins."""

from holdline.desk.broadcasts.reading import BroadcastProgress, progress_of
from holdline.desk.notices.broadcast_notices import notify_of_refused_content
from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastStatus, BroadcastVerb, status_after
from holdline.dialogs.restores.hold import Verdict
from holdline.store.broadcasts import broadcasts, waiting_messages
from holdline.store.restores import held_work
from holdline.store.restores.held_work import RESTORED
from holdline.store.tx import Tx


def pause_broadcast(tx: Tx, *, broadcast_id: int) -> BroadcastProgress:
    """Pauses it: nothing more of it begins; calls in flight may still arrive."""
    return _move(tx, broadcast_id, BroadcastVerb.PAUSE)


def resume_broadcast(tx: Tx, *, broadcast_id: int) -> BroadcastProgress:
    """Resumes it where it was; refusals of its content are counted from zero. One that a restore holds is released,
    its messages included.
    """
    progress = _move(tx, broadcast_id, BroadcastVerb.RESUME, refusals_json={}, pause_reason=None)
    waiting_messages.make_due(tx, broadcast_id)
    return progress


def cancel_broadcast(tx: Tx, *, broadcast_id: int) -> BroadcastProgress:
    """Cancels it: customers who have not received it never will, behind a gate or not. Their rows are updated in the
    background.
    """
    return _move(tx, broadcast_id, BroadcastVerb.CANCEL)


def pause_refused(tx: Tx, broadcast: Broadcast, *, reason: str) -> None:
    """Pauses a broadcast whose content is refused repeatedly, until its author has looked at it."""
    broadcasts.set_fields(tx, broadcast.id, status=BroadcastStatus.PAUSED.value, pause_reason=reason[:300])
    notify_of_refused_content(tx, broadcast, reason=reason)


def _move(tx: Tx, broadcast_id: int, verb: BroadcastVerb, **fields: object) -> BroadcastProgress:
    broadcast = broadcasts.load_locked(tx, broadcast_id)
    status = status_after(broadcast, verb, at=tx.at)
    broadcasts.set_fields(tx, broadcast_id, status=status.value, **fields)
    if broadcast.pause_reason == RESTORED and verb is not BroadcastVerb.PAUSE:
        _decide_on_restored(tx, broadcast_id, verb)
    tx.wake("broadcasts")
    return progress_of(tx, broadcast_id=broadcast_id)


def _decide_on_restored(tx: Tx, broadcast_id: int, verb: BroadcastVerb) -> None:
    """Its messages go the same way as the broadcast; the decision about the rest of the hold is not touched."""
    verdict = Verdict.RELEASE if verb is BroadcastVerb.RESUME else Verdict.DISCARD
    held_work.decide_about_broadcast(tx, broadcast_id, verdict)
    held_work.end_if_nothing_waits(tx)
    tx.wake("outbox")
