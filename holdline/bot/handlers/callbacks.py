"""All button presses of managers go through one table: verb → function (docs/decisions/0003)."""

from collections.abc import Callable, Mapping
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from holdline.bot.handlers.ui_response import show_response
from holdline.bot.people import sender_from_user
from holdline.bot.work import Work
from holdline.desk.people.managers import get_acting_manager, with_telegram_profile
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import DeskError, NotFound
from holdline.screens.console import presses_desk, presses_dialog, presses_which
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.manager_message import manager_session
from holdline.screens.console.refusals import refuse_press
from holdline.screens.keyboards import ButtonRows
from holdline.screens.screen import UiResponse
from holdline.store.engine import Store
from holdline.store.tx import Tx

PressHandler = Callable[[Tx, Manager, ButtonPress], UiResponse]

PRESS_HANDLERS: Mapping[str, PressHandler] = {
    "card.open": presses_desk.card_open,
    "card.new": presses_desk.card_new,
    "card.ignore": presses_desk.card_ignore,
    "card.back": presses_desk.card_back,
    "card.answer": presses_desk.card_answer,
    "card.dialogs": presses_desk.card_dialogs,
    "dlg.pause": presses_dialog.ask_to_confirm("pause"),
    "dlg.pause!": presses_dialog.confirm_move("pause"),
    "dlg.resume": presses_dialog.ask_to_confirm("resume"),
    "dlg.resume!": presses_dialog.confirm_move("resume"),
    "dlg.close": presses_dialog.close,
    "dlg.keep": presses_dialog.cancel_confirmation,
    "dlg.new": presses_dialog.new,
    "dlg.go": presses_dialog.go,
    "dlg.history": presses_dialog.history,
    "dlg.file": presses_dialog.whole_conversation,
    "dlg.held": presses_dialog.show_gate_queue,
    "dlg.title": presses_dialog.edit("title"),
    "dlg.type": presses_dialog.edit("type"),
    "dlg.participants": presses_dialog.edit("participants"),
    "dlg.reasons": presses_dialog.edit("reasons"),
    "dlg.components": presses_dialog.edit("components"),
    "dlg.tags": presses_dialog.edit("tags"),
    "dlg.take": presses_dialog.take,
    "assign": presses_dialog.assign,
    "undo": presses_dialog.undo,
    "again": presses_dialog.again,
    "form": presses_desk.form,
    "which": presses_which.choose_dialog,
    "list": presses_desk.turn_page,
    "settings.page": presses_desk.settings_page,
    "task.done": presses_desk.task_done,
    "aside.again": presses_desk.aside_again,
    "aside.all": presses_desk.aside_all,
}


READ_ONLY_VERBS = frozenset({"list"})
"""Turning pages changes nothing, so a reader answers: the one writer must not wait for it."""


def callbacks_router() -> Router:
    """The last router that is asked about presses: what nobody else took is looked up here."""
    router = Router(name="presses")
    router.callback_query.register(on_press)
    return router


async def on_press(query: CallbackQuery, work: Work, gateway: Any, store: Store) -> None:
    press = press_of(query)
    if press is None:
        await work.ignore("a press without a message or data")
        return
    try:
        if press.verb in READ_ONLY_VERBS:
            reaction = await store.read(read_for_press, press=press)
            await work.act(end_update)
        else:
            reaction = await work.act(handle_press, press=press)
    except DeskError as error:
        reaction = await work.act(
            refuse_press, sender=press.sender, spot=press.spot, error=error, shown=press.shown
        )
    await show_response(gateway, reaction, press=press)


def handle_press(tx: Tx, *, press: ButtonPress) -> UiResponse:
    """Only managers' presses come here; a button that nobody knows any more is refused like a missing thing."""
    does = PRESS_HANDLERS.get(press.verb)
    with manager_session(tx, press.sender) as manager:
        if does is None:
            raise NotFound("button", press.verb)
        return does(tx, manager, press)


def read_for_press(tx: Tx, *, press: ButtonPress) -> UiResponse:
    """The same for a press that changes nothing."""
    return PRESS_HANDLERS[press.verb](
        tx, with_telegram_profile(get_acting_manager(tx, press.telegram_id), press.sender), press
    )


def end_update(_: Tx) -> None:
    """The press was answered by reading; its update is done."""


def press_of(query: CallbackQuery) -> ButtonPress | None:
    """None where the message is gone from Telegram's memory or carries no data of ours."""
    message = query.message
    if message is None or not query.data:
        return None
    verb, *args = query.data.split(":")
    whole = message if isinstance(message, Message) else None
    return ButtonPress(
        id=query.id,
        sender=sender_from_user(query.from_user),
        verb=verb,
        args=tuple(args),
        chat_id=message.chat.id,
        thread_id=whole.message_thread_id if whole and whole.is_topic_message else None,
        tg_message_id=message.message_id,
        shown=visible_rows(whole) if whole else [],
    )


def visible_rows(message: Message) -> ButtonRows:
    """The buttons under it now, in the shape of our own rows."""
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
