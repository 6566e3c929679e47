"""After the commit: the press is answered and the open window changes in place.

Lost with the process, it is shown again by the next press.
"""

from typing import Protocol

from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import capped
from holdline.screens.console.button_press import Press
from holdline.screens.keyboards import markup
from holdline.screens.screen import Reaction, Window
from holdline.telegram.call import Call


class Ephemeral(Protocol):
    """The gateway's door for what may be lost."""

    async def ephemeral(self, call: Call) -> object: ...


async def shown(gateway: Ephemeral, reaction: Reaction, *, press: Press) -> None:
    """First the answer to the press, so that the button stops turning."""
    answer: dict[str, object] = {"callback_query_id": press.id}
    if reaction.toast:
        answer |= {"text": capped(reaction.toast, TOAST_LIMIT), "show_alert": reaction.alert}
    await gateway.ephemeral(Call("answerCallbackQuery", answer))
    if reaction.window is not None:
        await gateway.ephemeral(edited(press.chat_id, press.tg_message_id, reaction.window))
    elif reaction.rows is not None and reaction.rows != press.shown:
        params = {"chat_id": press.chat_id, "message_id": press.tg_message_id}
        await gateway.ephemeral(
            Call("editMessageReplyMarkup", {**params, "reply_markup": markup(reaction.rows)})
        )
    await shown_elsewhere(gateway, reaction.beside)


async def shown_elsewhere(gateway: Ephemeral, reaction: Reaction | None) -> None:
    """A form answered by typing: its own message changes."""
    if reaction is not None and reaction.window is not None and reaction.at is not None:
        await gateway.ephemeral(edited(*reaction.at, reaction.window))


def edited(chat_id: int, tg_message_id: int, window: Window) -> Call:
    """Text, entities and buttons together, so that no old button survives."""
    params: dict[str, object] = {"chat_id": chat_id, "message_id": tg_message_id, "text": window.text}
    if window.entities:
        params["entities"] = list(window.entities)
    return Call("editMessageText", {**params, "reply_markup": markup(window.rows)})
