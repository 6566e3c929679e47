"""For whom a plain line is, where the newest thing in the chat speaks of another customer than the dialog entered."""

from dataclasses import asdict, replace

from holdline.bot.handlers.meaning import Meaning
from holdline.bot.handlers.spot import show, spot_of
from holdline.bot.keyboards import Button
from holdline.bot.windows import kept
from holdline.bot.windows.form import Form
from holdline.bot.windows.window import Window
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.store import copies, dialogs, messages
from holdline.store.album_parts import signed
from holdline.store.tx import EPOCH, Row, Tx
from holdline.texts import say


def ask_for_whom(tx: Tx, manager: Manager, meaning: Meaning, content: Content) -> bool:
    """Whether the desk has asked; the words wait for the tap, and nothing has gone out.

    A Telegram reply always points at its customer, so only the dialog entered can be the wrong one.
    """
    if not meaning.entered or meaning.dialog_id is None:
        return False
    newest = _newest_since_entering(tx, manager, content)
    entered = dialogs.by_id(tx, meaning.dialog_id)
    other = _customer_of(tx, newest) if newest else None
    if newest is None or other is None or other == entered.customer_id:
        return _joins_its_album(tx, manager, content)
    form = kept.keep(tx, manager, content, customer_id=entered.customer_id, meaning=asdict(meaning))
    if form is None:
        return False
    language, name = manager.language, kept.name_of(tx, other)
    here = kept.name_of(tx, entered.customer_id)
    rows = [
        [_way_to(form, newest, other, name)],
        [kept.in_dialog(form, f"💬 {here} · #{entered.id}", entered.id)],
        [kept.drop(form, language)],
    ]
    _show(tx, content, Window(say("manager.for_whom", language, id=entered.id, here=here, name=name), rows))
    return True


def _newest_since_entering(tx: Tx, manager: Manager, content: Content) -> Row | None:
    """What was shown before the manager entered misled nobody: entering came after it."""
    assert content.chat_id is not None and content.tg_message_id is not None
    newest = copies.newest_matter(tx, content.chat_id, before=content.tg_message_id)
    if newest is None or newest["created_at"] <= (manager.entered_at or EPOCH):
        return None
    return newest


def _customer_of(tx: Tx, row: Row) -> int | None:
    if row["dialog_id"] is not None:
        return dialogs.by_id(tx, row["dialog_id"]).customer_id
    if row["customer_id"] is not None:
        return int(row["customer_id"])
    message = messages.by_id(tx, row["message_id"]) if row["message_id"] is not None else None
    return message.customer_id if message else None


def _way_to(form: Form, newest: Row, customer_id: int, name: str) -> Button:
    if newest["dialog_id"] is not None:
        return kept.in_dialog(form, f"💬 {name} · #{newest['dialog_id']}", newest["dialog_id"])
    return kept.to_customer(form, f"💬 {name}", customer_id)


def _joins_its_album(tx: Tx, manager: Manager, content: Content) -> bool:
    """The first part was asked about, so the others wait with it."""
    form = kept.kept_album(tx, manager, content)
    if form is None:
        return False
    kept.keep(tx, manager, content, customer_id=form.values["customer_id"], meaning=form.values["meaning"])
    return True


def _show(tx: Tx, content: Content, window: Window) -> None:
    """Once for an album."""
    spot = spot_of(content)
    if content.album_id is not None:
        spot = replace(spot, cause=signed(spot.chat_id, content.album_id))
    show(tx, spot, window, name="whom")
