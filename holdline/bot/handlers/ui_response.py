"""Answers the press and updates the open window, after the commit.

If the process dies before that, the next press shows the window again.
"""

from typing import Protocol

from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.keyboards import inline_keyboard
from holdline.screens.screen import Screen, UiResponse
from holdline.telegram.call import Call


class EphemeralGateway(Protocol):
    """The gateway's method for calls that may be lost."""

    async def send_ephemeral(self, call: Call) -> object: ...


async def show_response(gateway: EphemeralGateway, response: UiResponse, *, press: ButtonPress) -> None:
    """Answers the press first, so that the client stops waiting."""
    answer: dict[str, object] = {"callback_query_id": press.id}
    if response.toast:
        answer |= {"text": truncate(response.toast, TOAST_LIMIT), "show_alert": response.alert}
    await gateway.send_ephemeral(Call("answerCallbackQuery", answer))
    if response.window is not None:
        await gateway.send_ephemeral(edit_call(press.chat_id, press.tg_message_id, response.window))
    elif response.rows is not None and response.rows != press.shown:
        params = {"chat_id": press.chat_id, "message_id": press.tg_message_id}
        await gateway.send_ephemeral(
            Call("editMessageReplyMarkup", {**params, "reply_markup": inline_keyboard(response.rows)})
        )
    await update_form_message(gateway, response.beside)


async def update_form_message(gateway: EphemeralGateway, response: UiResponse | None) -> None:
    """Updates the message of a form that was answered by typing."""
    if response is not None and response.window is not None and response.at is not None:
        await gateway.send_ephemeral(edit_call(*response.at, response.window))


def edit_call(chat_id: int, tg_message_id: int, window: Screen) -> Call:
    """Replaces text, entities and buttons together, so that no old button stays."""
    params: dict[str, object] = {"chat_id": chat_id, "message_id": tg_message_id, "text": window.text}
    if window.entities:
        params["entities"] = list(window.entities)
    return Call("editMessageText", {**params, "reply_markup": inline_keyboard(window.rows)})
