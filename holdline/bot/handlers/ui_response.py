"""After the commit: the press is answered and the open window changes in place.

Lost with the process, it is shown again by the next press.
"""

from typing import Protocol

from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.keyboards import inline_keyboard
from holdline.screens.screen import Screen, UiResponse
from holdline.telegram.call import Call


class EphemeralGateway(Protocol):
    """The gateway's door for what may be lost."""

    async def send_ephemeral(self, call: Call) -> object: ...


async def show_response(gateway: EphemeralGateway, response: UiResponse, *, press: ButtonPress) -> None:
    """First the answer to the press, so that the button stops turning."""
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
    """A form answered by typing: its own message changes."""
    if response is not None and response.window is not None and response.at is not None:
        await gateway.send_ephemeral(edit_call(*response.at, response.window))


def edit_call(chat_id: int, tg_message_id: int, window: Screen) -> Call:
    """Text, entities and buttons together, so that no old button survives."""
    params: dict[str, object] = {"chat_id": chat_id, "message_id": tg_message_id, "text": window.text}
    if window.entities:
        params["entities"] = list(window.entities)
    return Call("editMessageText", {**params, "reply_markup": inline_keyboard(window.rows)})
