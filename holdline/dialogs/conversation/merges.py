"""Merging a dialog into another one of the same customer, and undoing it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.decision import Decision
from holdline.dialogs.decisions.transitions import close, refuse_closed
from holdline.dialogs.dialog import HANDLING_STAGE, Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.refusal import BadInput, NotMerged

MERGED = "merged"
"""The close reason of a merge. The customer gets no rating form, because for them the case continues."""


def merge(source: Dialog, target: Dialog, *, by: Actor, at: datetime) -> Decision:
    """Closes the source and records the dialog that it was merged into."""
    refuse_closed(source)
    refuse_closed(target)
    if source.id == target.id:
        raise BadInput("into", "merging.mend_itself")
    if source.customer_id != target.customer_id:
        raise BadInput("into", "merging.mend_customer")
    closing = Closing(send_rating_form=False, reason=MERGED, request_id=0)
    closed = close(source, closing, by=by, at=at, request=None)
    (event,) = closed.events
    data = {**event.data, "merged_into": target.id, "stage": source.stage}
    return Decision(replace(closed.dialog, merged_into=target.id), (replace(event, data=data),))


def unmerge(source: Dialog, closed_with: dict[str, Any], *, by: Actor) -> Decision:
    """The source becomes paused, so that it does not compete with another active dialog. `closed_with` is what its
    close recorded.
    """
    require_merged(source)
    after = replace(
        source,
        state="paused",
        stage=closed_with.get("stage", HANDLING_STAGE),
        closed_at=None,
        close_reason=None,
        merged_into=None,
    )
    data = {"from": source.state, "to": after.state, "merged_into": source.merged_into}
    event = Event(EventKind.DIALOG_UNMERGED, by, source.customer_id, source.id, data=data, before=source)
    return Decision(after, (event,))


def require_merged(dialog: Dialog) -> None:
    """Raises NotMerged if there is no merge to undo."""
    if dialog.merged_into is None:
        raise NotMerged(state=dialog.state, obj=dialog.as_object, code="wrong_state")


def event_at_target(kind: EventKind, target: Dialog, source: Dialog, *, by: Actor) -> Event:
    """The line of history for the target dialog."""
    data = {"dialog_id": source.id, "title": source.title}
    return Event(kind, by, target.customer_id, target.id, data=data, before=target)
