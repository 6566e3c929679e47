"""Lines that offer to resume a paused dialog: found again when its state changes."""

from typing import Any

from holdline.dialogs.verbs import DialogVerb, verb_of
from holdline.store.dialogs import history
from holdline.store.screens import outbox_by_key
from holdline.store.tx import Row, Tx

MOST = 64
"""How many such lines of one pause are found again; a button below a later one still gets a correct answer."""


def next_offer_key(tx: Tx, dialog_id: int, buttons: list[list[dict[str, Any]]] | None) -> str | None:
    """The key for the next such line; None for a line that offers something else, or if there are too many."""
    if not any(is_resume_button(button) for row in buttons or () for button in row):
        return None
    keys = _keys(tx, dialog_id)
    used = {offer["key"] for offer in outbox_by_key.find_all(tx, keys)}
    free = 1 + max((place for place, key in enumerate(keys) if key in used), default=-1)
    return keys[free] if free < len(keys) else None


def is_resume_button(button: dict[str, Any]) -> bool:
    return verb_of(button["data"]) is DialogVerb.RESUME


def find_resume_offers(tx: Tx, dialog_id: int) -> list[Row]:
    """The lines of its last pause that are shown or will be."""
    offers = outbox_by_key.find_all(tx, _keys(tx, dialog_id))
    return [offer for offer in offers if offer["status"] in ("queued", "sending", "sent")]


def is_resume_offer(tx: Tx, dialog_id: int, chat_id: int, tg_message_id: int) -> bool:
    """Whether that message is such a line."""
    offers = find_resume_offers(tx, dialog_id)
    return (chat_id, tg_message_id) in {(offer["chat_id"], offer["tg_message_id"]) for offer in offers}


def _keys(tx: Tx, dialog_id: int) -> list[str]:
    pause = history.last_pause_id(tx, dialog_id)
    return [f"resume:{pause}:{place}" for place in range(MOST)] if pause is not None else []
