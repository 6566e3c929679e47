"""What a close would drop: drafts and scheduled replies that were not sent yet."""

from holdline.store.conversation import drafts, scheduled_replies
from holdline.store.tx import Tx
from holdline.texts import say


def lines_about_lost_words(tx: Tx, dialog_id: int, language: str) -> list[str]:
    """Counts the drafts that wait for approval and the scheduled replies; empty if there are none."""
    counts = {
        "windows.close_drafts": len(drafts.page(tx, state="waiting", dialog_id=dialog_id)),
        "windows.close_scheduled": len(scheduled_replies.list_waiting(tx, dialog_id)),
    }
    return [say(key, language, count=count) for key, count in counts.items() if count]
