"""Albums must arrive whole, but copyMessages silently leaves out parts that were deleted meanwhile (Bot API)."""

from typing import Any

from holdline.desk.delivery import failure_notices as notices
from holdline.desk.notices.copy_edits import removal_item
from holdline.dialogs.outbox.kinds import kind_of
from holdline.dialogs.outbox.messages import Album
from holdline.dialogs.outbox.retry_notes import RetryNotes, payload_with_notes
from holdline.store.delivery import in_flight, outbox
from holdline.store.tx import Row, Tx

LEFT_OUT = "message to copy not found"


def requeue_partial_albums(tx: Tx, carried_out: list[tuple[Row, Any]]) -> list[tuple[Row, Any]]:
    """Returns items and results that arrived whole; queues partial albums again, to be sent from their files."""
    return [(item, result) for item, result in carried_out if not _resend_if_partial(tx, item, result)]


def _resend_if_partial(tx: Tx, item: Row, result: Any) -> bool:
    """Whether parts were left out and the album is sent once more; the parts that arrived are deleted. If that was
    tried already, the desk is notified and the parts that arrived stay.
    """
    if kind_of(item) is not Album or not isinstance(result, list):
        return False
    if not 0 < len(result) < len(outbox.message_ids_of(tx, item)):
        return False
    if RetryNotes.of(item).by_file:
        notices.notify(tx, item, "delivery.refused", reason=LEFT_OUT)
        return False
    numbers = [part["message_id"] for part in result]
    removed = {"message_id": None, "dialog_id": item["dialog_id"]}
    outbox.add(tx, [removal_item(item, number, **removed) for number in numbers])
    in_flight.settle(
        tx,
        item["id"],
        "queued",
        payload_json=payload_with_notes(item, by_file=True),
        error=f"{LEFT_OUT}: a part",
    )
    return True
