"""Buttons under a marketing message: those of its tool, then the one to unsubscribe."""

from typing import Any

from holdline.desk.customers.offer_buttons import way_out
from holdline.dialogs.gate import MARKETING
from holdline.dialogs.message import Message
from holdline.dialogs.outbox.changes import WayOutEdit
from holdline.dialogs.outside_buttons import wire_rows
from holdline.screens.keyboards import inline_keyboard
from holdline.screens.render.keyboards import rows_of
from holdline.screens.render.manager_mentions import rows_without_managers
from holdline.screens.render.render_context import language_of, message_of
from holdline.store.delivery import outbound
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.texts import say


def rows_under(tx: Tx, outgoing: Message, item: Row | None = None) -> list[list[dict[str, Any]]]:
    """A single button of a tool becomes a row. `item` is the item that sends the message, if it is at hand."""
    rows = outgoing.content.data.get("buttons") or []
    own = wire_rows(rows_without_managers(tx, [row if isinstance(row, list) else [row] for row in rows]))
    if item is None and outgoing.class_ in MARKETING:
        item = outbound.first_part(tx, outgoing.id)
    ours = outgoing.content.data.get("own_buttons") or []  # under an automatic answer
    return [*own, *ours, *(way_out(tx, item) if item is not None else [])]


def line_of_album(tx: Tx, item: Row, language: str) -> str:
    """The line that an album of marketing ends with, because Telegram allows no buttons under an album; empty if there
    would be no button to unsubscribe.
    """
    return say("customer.album_way_out", language) if way_out(tx, item) else ""


def way_out_edit(tx: Tx, item: Row, edit: WayOutEdit) -> Call | Skip:
    """After a press the button offers the opposite."""
    message = message_of(tx, item)
    if message is None:
        return Skip("the message is gone")
    markup = inline_keyboard(rows_of(rows_under(tx, message), language_of(tx, item)))
    params = {"chat_id": item["chat_id"], "message_id": edit.tg_message_id, "reply_markup": markup}
    return Call("editMessageReplyMarkup", params)
