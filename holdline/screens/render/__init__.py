"""From a row of the outbox to one Bot API call: how each kind of thing is said.

Runs inside the transaction that marks the row as being sent: it only reads, and what it shows is the newest state.
"""

from collections.abc import Callable

from holdline.screens.render import (
    albums,
    cards,
    edits,
    groups,
    inbox_cards,
    messages,
    mirrors,
    notes,
    notices,
    places,
    ratings,
    standard_messages,
    transcripts,
)
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip

_RENDERERS: dict[str, Callable[[Tx, Row], Call | Skip]] = {
    "message": messages.message,
    "album": albums.album,
    "rating_form": ratings.rating_form,
    "rating_form_edit": ratings.rating_form_edit,
    "standard": standard_messages.standard,
    "customer_notice": notices.customer_notice,
    "customer_notice_edit": notices.customer_notice_edit,
    "edit_copy": edits.edit_copy,
    "delete_copy": edits.delete_copy,
    "reaction": edits.reaction,
    "markup": edits.markup,
    "mirror": mirrors.mirror,
    "note": notes.note,
    "inbox_card": inbox_cards.inbox_card,
    "inbox_card_markup": inbox_cards.inbox_card_markup,
    "topic_create": places.topic_create,
    "topic_name": places.topic_name,
    "pin": places.pin,
    "leave_chat": groups.leave_chat,
    "info_card": cards.info_card,
    "info_card_edit": cards.info_card_edit,
    "desk_notice": notices.desk_notice,
    "desk_notice_edit": notices.desk_notice_edit,
    "text": notices.text,
    "document": notices.document,
    "report": notices.report,
    "transcript": transcripts.transcript,
}


def render(tx: Tx, item: Row) -> Call | Skip:
    """What to call now; Skip where there is nothing to say any more."""
    say = _RENDERERS.get(item["kind"])
    return say(tx, item) if say else Skip(f"nothing is known about saying {item['kind']!r}")


def kinds() -> frozenset[str]:
    """Every kind that can be said."""
    return frozenset(_RENDERERS)
