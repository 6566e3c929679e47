"""All button presses of managers. One handler finds the action by the verb (docs/decisions/0003)."""

from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from holdline.bot.handlers.ui_response import show_response
from holdline.bot.people import sender_from_user
from holdline.bot.work import Work
from holdline.desk.people.managers import get_acting_manager, with_telegram_profile
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.verbs import DeskVerb, verb_of
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.manager_message import manager_session
from holdline.screens.console.presses import answer_press
from holdline.screens.console.refusals import refuse_press
from holdline.screens.keyboards import ButtonRows
from holdline.screens.screen import UiResponse
from holdline.store.engine import Store
from holdline.store.tx import Tx

READ_ONLY_VERBS = frozenset({DeskVerb.TURN_PAGE, DeskVerb.CHOOSE_FILTER, DeskVerb.SHOW_ROW})
"""Verbs that change nothing. They run on a reader connection, so they do not wait for the writer."""


def callbacks_router() -> Router:
    """The router for managers' presses. It is the last router and takes all remaining presses."""
    router = Router(name="presses")
    router.callback_query.register(on_press)
    return router


async def on_press(query: CallbackQuery, work: Work, gateway: Any, store: Store) -> None:
    press = press_of(query)
    if press is None:
        await work.ignore("a press without a message or data")
        return
    try:
        if verb_of(press.data) in READ_ONLY_VERBS:
            response = await store.read(read_for_press, press=press)
            await work.act(end_update)
        else:
            response = await work.act(handle_press, press=press)
    except DeskError as error:
        response = await work.act(
            refuse_press, sender=press.sender, spot=press.spot, error=error, shown=press.shown
        )
    await show_response(gateway, response, press=press)


def handle_press(tx: Tx, *, press: ButtonPress) -> UiResponse:
    """Handles a manager's press. A button that is not known any more is refused as not found."""
    with manager_session(tx, press.sender) as manager:
        return answer_press(tx, manager, press)


def read_for_press(tx: Tx, *, press: ButtonPress) -> UiResponse:
    """The same for a press that changes nothing."""
    manager = with_telegram_profile(get_acting_manager(tx, press.telegram_id), press.sender)
    return answer_press(tx, manager, press)


def end_update(_: Tx) -> None:
    """Marks the update as done after a press was answered by reading."""


def press_of(query: CallbackQuery) -> ButtonPress | None:
    """Returns None if Telegram no longer has the message, or if the button carries no data of ours."""
    message = query.message
    if message is None or not query.data:
        return None
    whole = message if isinstance(message, Message) else None
    return ButtonPress(
        id=query.id,
        sender=sender_from_user(query.from_user),
        data=query.data,
        chat_id=message.chat.id,
        thread_id=whole.message_thread_id if whole and whole.is_topic_message else None,
        tg_message_id=message.message_id,
        shown=visible_rows(whole) if whole else [],
    )


def visible_rows(message: Message) -> ButtonRows:
    """The buttons that the message shows now, as rows of our own type."""
    if message.reply_markup is None:
        return []
    return [
        [
            {"text": button.text, "url": button.url}
            if button.url
            else {"text": button.text, "data": button.callback_data or ""}
            for button in row
        ]
        for row in message.reply_markup.inline_keyboard
    ]
