"""Where a manager acted, and so where the answer goes."""

from dataclasses import dataclass

from holdline.desk.notices import bot_messages
from holdline.dialogs.message import Content
from holdline.screens.screen import Screen
from holdline.store.delivery.album_parts import album_key
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class ReplyPosition:
    """`cause` is unique to the update, so handling it twice answers it once."""

    chat_id: int
    thread_id: int | None
    tg_message_id: int | None
    cause: str


def reply_position_of(content: Content) -> ReplyPosition:
    """The answer to a message is a reply to it. An album is answered once."""
    assert content.chat_id is not None
    number = content.tg_message_id
    cause = (
        album_key(content.chat_id, content.album_id) if content.album_id else f"{content.chat_id}:{number}"
    )
    return ReplyPosition(content.chat_id, content.thread_id, number, cause)


def show(
    tx: Tx,
    spot: ReplyPosition,
    screen: Screen,
    *,
    name: str = "answer",
    key: str | None = None,
    dialog_id: int | None = None,
    customer_id: int | None = None,
) -> None:
    """Sends a new message with the window. `name` distinguishes two answers to one cause; `key` replaces both.

    A reply to it is a note on `dialog_id`, or goes to `customer_id` outside any dialog.
    """
    bot_messages.send_bot_message(
        tx,
        chat_id=spot.chat_id,
        thread_id=spot.thread_id,
        said=bot_messages.BotMessage(screen.text, screen.entities, screen.rows, customer_id, is_answer=True),
        reply_to_tg_id=spot.tg_message_id,
        key=key or f"{name}:{spot.cause}",
        dialog_id=dialog_id,
    )
