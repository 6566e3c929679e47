"""Handles a manager's message: one unit of work finds its meaning and acts on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from holdline.desk.conversation.drafts import add_draft_note, write_or_draft
from holdline.desk.conversation.notes import add_note
from holdline.desk.conversation.replies import Origin, write_in_general
from holdline.desk.conversation.scheduling import add_to_scheduled_album
from holdline.desk.people.managers import get_acting_manager, store_telegram_profile, with_telegram_profile
from holdline.desk.routing.intent import resolve_target
from holdline.desk.routing.reply_target import ReplyTarget
from holdline.dialogs.album import main_part, without_note_marks
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.marks import is_note, note_text
from holdline.screens.console.forms import handle_form_answer
from holdline.screens.console.recipient_question import ask_dialog, ask_recipient
from holdline.screens.console.reply_position import ReplyPosition, reply_position_of, show
from holdline.screens.screen import Screen, UiResponse
from holdline.store.delivery.album_parts import album_key
from holdline.store.delivery.albums import release_albums
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.telegram.chats import is_group
from holdline.texts import say


def receive_manager_message(tx: Tx, *, sender: MessageSender, content: Content) -> UiResponse | None:
    """A reply, a note, an answer to a form, or a hint. The meaning is decided in the unit of work that acts."""
    with manager_session(tx, sender) as manager:
        meaning = resolve_target(tx, manager=manager, content=content)
        return _HANDLERS[meaning.kind](tx, manager, meaning, content)


def receive_manager_album(tx: Tx, *, sender: MessageSender, parts: list[Content]) -> UiResponse | None:
    """The same for all parts of an album at once, so that they stay together."""
    with manager_session(tx, sender) as manager:
        if add_to_scheduled_album(tx, manager=manager, parts=parts):
            return None
        return _album(tx, manager, parts)


def _album(tx: Tx, manager: Manager, parts: list[Content]) -> UiResponse | None:
    speaker = main_part(parts)
    meaning = resolve_target(tx, manager=manager, content=speaker)
    if meaning.kind == "form":
        return handle_form_answer(tx, manager, meaning, speaker, parts)
    if meaning.kind not in ("dialog", "general", "note") or (
        meaning.kind == "general" and is_note(speaker.text)
    ):
        return _HANDLERS[meaning.kind](tx, manager, meaning, speaker)
    if is_note(speaker.text):
        others = [part for part in parts if part is not speaker]
        _note_unless_asked(tx, manager, meaning, [speaker, *others])
        return None
    for part in parts:
        _HANDLERS[meaning.kind](tx, manager, meaning, part)
    complete_albums(tx, meaning)
    return None


def complete_albums(tx: Tx, meaning: ReplyTarget) -> None:
    """The album is complete, so its copies for the customer and for colleagues may be sent."""
    customer_id = meaning.customer_id
    if customer_id is None and meaning.dialog_id is not None:
        customer_id = dialogs.by_id(tx, meaning.dialog_id).customer_id
    if customer_id is not None:
        release_albums(tx, customer_id)


def save_note_parts(tx: Tx, manager: Manager, meaning: ReplyTarget, parts: list[Content]) -> None:
    """One message, or every part of an album, saved without the note mark."""
    if meaning.dialog_id is None:
        _hint(tx, manager, reply_position_of(parts[0]), "note_needs_dialog")
        return
    for part in without_note_marks(parts):
        save_note(tx, manager, meaning.dialog_id, part)
    if parts[0].album_id is not None:
        complete_albums(tx, meaning)


def _note_unless_asked(tx: Tx, manager: Manager, meaning: ReplyTarget, parts: list[Content]) -> None:
    if not ask_dialog(tx, manager, meaning, parts):
        save_note_parts(tx, manager, meaning, parts)


@contextmanager
def manager_session(tx: Tx, sender: MessageSender) -> Iterator[Manager]:
    """The acting manager. A missing name and an assumed language are taken from Telegram.

    They are stored last: a manager's row is never locked before a customer's chat (store/engines/lock_order.py).
    """
    manager = get_acting_manager(tx, sender.telegram_id)
    profile = with_telegram_profile(manager, sender)
    yield profile
    if profile != manager:
        store_telegram_profile(tx, sender=sender)


def _dialog(tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content) -> None:
    assert meaning.dialog_id is not None
    if is_note(content.text):
        _note_unless_asked(tx, manager, meaning, [content])
        return
    if ask_recipient(tx, manager, meaning, content):
        return
    write_or_draft(
        tx, manager=manager, dialog_id=meaning.dialog_id, content=content, origin=Origin.of(content)
    )


def _general(tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content) -> None:
    assert meaning.customer_id is not None
    if is_note(content.text):
        _note_unless_asked(tx, manager, meaning, [content])
        return
    if ask_recipient(tx, manager, meaning, content):
        return
    write_in_general(
        tx, manager=manager, customer_id=meaning.customer_id, content=content, origin=Origin.of(content)
    )


def _note(tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content) -> None:
    assert meaning.dialog_id is not None
    save_note(tx, manager, meaning.dialog_id, content)


def _draft_note(tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content) -> None:
    """A reply to a draft's card is a note about the draft."""
    assert meaning.draft_id is not None
    words = note_text(content.text) if is_note(content.text) else content.text
    add_draft_note(tx, manager=manager, draft_id=meaning.draft_id, text=words)
    noted = say("manager.draft_noted", manager.language, draft=meaning.draft_id)
    show(tx, reply_position_of(content), Screen(noted), name="noted")


def save_note(tx: Tx, manager: Manager, dialog_id: int, content: Content) -> None:
    """Saved with its file, if it has one. Confirmed, because a note is not shown anywhere else in the chat."""
    data = {**content.data, "kind": content.kind} if content.kind != "text" else {}
    if data:
        data |= {"chat_id": content.chat_id, "tg_message_id": content.tg_message_id}
    if not data and not content.text.strip():
        raise BadInput("text", "note_empty")
    spot = reply_position_of(content)
    if content.album_id is not None:
        data["album"] = album_key(spot.chat_id, content.album_id)
    origin = Origin.of(content)
    add_note(tx, manager=manager, dialog_id=dialog_id, text=content.text, data=data, origin=origin)
    show(tx, spot, Screen(say("manager.noted", manager.language, id=dialog_id)), name="noted")


def _window(tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content) -> None:
    """A reply to a form that waits for a tap."""
    _hint(tx, manager, reply_position_of(content), "hint_window")


def _inbox(tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content) -> None:
    """The hint is sent once a day per manager, because colleagues also talk to each other there."""
    _once_a_day_except_notes(tx, manager, content, "hint_inbox")


def _nowhere(tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content) -> None:
    """In a group once a day. In the private chat every time, because the message had no effect."""
    spot = reply_position_of(content)
    if is_group(spot.chat_id):
        _once_a_day_except_notes(tx, manager, content, "hint_group")
    else:
        _hint(tx, manager, spot, "hint_private")


def _once_a_day_except_notes(tx: Tx, manager: Manager, content: Content, name: str) -> None:
    """Who marks a note believes that it was stored, so each is answered."""
    spot = reply_position_of(content)
    if is_note(content.text):
        _hint(tx, manager, spot, "which_dialog")
        return
    cause = f"{spot.chat_id}:{spot.thread_id}:{manager.id}:{tx.at:%Y-%m-%d}"
    _hint(tx, manager, replace(spot, cause=cause), name)


def _hint(tx: Tx, manager: Manager, spot: ReplyPosition, name: str) -> None:
    show(tx, spot, Screen(say(f"manager.{name}", manager.language)), name=name)


_HANDLERS: dict[str, Callable[[Tx, Manager, ReplyTarget, Content], UiResponse | None]] = {
    "dialog": _dialog,
    "general": _general,
    "note": _note,
    "draft_note": _draft_note,
    "form": handle_form_answer,
    "window": _window,
    "inbox": _inbox,
    "nowhere": _nowhere,
}
