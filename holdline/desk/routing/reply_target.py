"""The dialog or customer that a message points at: by its topic, by what it replies to, or by the dialog entered."""

from dataclasses import dataclass, replace

from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.store.conversation import drafts, messages, notes
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import dialogs, place_threads, places
from holdline.store.errors import MessageIdUnknownYet
from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """`kind`: dialog, note, draft_note (a reply to a draft), general, form, window (a form that takes no words), inbox
    (no card meant), nowhere.

    A form with a dialog or a customer: without the form the words would have gone there, or the manager would have
    been asked.

    `entered`: only the dialog entered last says that it is meant. `doubt`: why the manager is asked first: ended
    (the topic is no longer in use), across (the reply and the topic disagree; the reply's side is in `other_…`),
    aside (a reply to a message about no customer), topic (one that belongs to no dialog).
    """

    kind: str
    dialog_id: int | None = None
    customer_id: int | None = None
    item_id: int | None = None
    place_id: int | None = None
    form_id: int | None = None
    entered: bool = False
    doubt: str = ""
    other_dialog_id: int | None = None
    other_customer_id: int | None = None
    draft_id: int | None = None


NOWHERE = ReplyTarget("nowhere")


def explicit_target(tx: Tx, manager: Manager, content: Content) -> ReplyTarget:
    """A note for a reply to a notification or a note; otherwise the topic decides, then the reply, then the dialog
    entered.
    """
    place = _place(tx, content)
    row = _reply_row(tx, content)
    if noted := _note_target(tx, content, row):
        return noted
    if place is not None and place["dialog_id"] is not None:
        return _in_topic(tx, place, content, row)
    replied = _reply_target(tx, content, row)
    if place is not None:
        return replied or ReplyTarget("inbox", place_id=place["id"])
    if content.thread_id is not None:
        return _in_foreign_topic(manager, content, replied)
    return replied or _entry_target(manager, content) or NOWHERE


def reply_message_id(content: Content) -> int | None:
    """The message replied to. In a forum every message “replies” to the topic's first service message; that does not
    count.
    """
    return None if content.reply_to_tg_id == content.thread_id else content.reply_to_tg_id


def _place(tx: Tx, content: Content) -> Row | None:
    if content.chat_id is None or content.thread_id is None:
        return None
    place = places.by_thread(tx, content.chat_id, content.thread_id)
    if place is not None:
        return place
    if place_threads.is_topic_in_creation(tx, content.chat_id):
        raise MessageIdUnknownYet  # the message came before Telegram told us the topic's id
    # PostgreSQL may have stored the topic's id between the two questions.
    return places.by_thread(tx, content.chat_id, content.thread_id)


def _reply_row(tx: Tx, content: Content) -> Row | None:
    """The message that is replied to, in this topic or, if Telegram reports it, elsewhere."""
    reply, chat_id = reply_message_id(content), content.chat_id
    if reply is None and content.reply_outside is not None:
        chat_id, reply = content.reply_outside
    return (
        telegram_messages.resolve_target(tx, chat_id, reply)
        if reply is not None and chat_id is not None
        else None
    )


def _note_target(tx: Tx, content: Content, row: Row | None) -> ReplyTarget | None:
    """The target for a reply to a note, or to a notification, which is a note wherever that notification is shown
    (R-19).
    """
    if row is not None and row["role"] == "notice" and row["dialog_id"] is not None:
        links = {"customer_id": row["customer_id"], "place_id": row["place_id"]}
        draft = drafts.of_card(tx, row["dialog_id"], row["chat_id"], row["tg_message_id"])
        if draft is not None:
            return ReplyTarget("draft_note", dialog_id=row["dialog_id"], draft_id=draft.id, **links)
        return ReplyTarget("note", dialog_id=row["dialog_id"], **links)
    reply = reply_message_id(content)
    if row is not None or reply is None or content.chat_id is None:
        return None
    noted = notes.find_by_message(tx, content.chat_id, reply)
    return ReplyTarget("note", dialog_id=noted["dialog_id"]) if noted else None


def _in_topic(tx: Tx, place: Row, content: Content, row: Row | None) -> ReplyTarget:
    target = ReplyTarget("dialog", dialog_id=place["dialog_id"], place_id=place["id"])
    if not place["live"]:
        return replace(target, doubt="ended")
    if row is None:
        return replace(target, doubt="aside") if _replies_to_unknown(content) else target
    if row["place_id"] == place["id"] or row["dialog_id"] == place["dialog_id"]:
        return target
    customer_id = customer_of(tx, row)
    if row["dialog_id"] is None and customer_id is None:
        return replace(target, doubt="aside")
    if row["dialog_id"] is None and customer_id == dialogs.by_id(tx, place["dialog_id"]).customer_id:
        return target
    return replace(target, doubt="across", other_dialog_id=row["dialog_id"], other_customer_id=customer_id)


def _replies_to_unknown(content: Content) -> bool:
    """Whether it replies to something unknown. For a reply into another topic of a private chat Telegram does not say
    to what; messages of other chats are only quoted.
    """
    if reply_message_id(content) is not None or content.reply_outside is None:
        return reply_message_id(content) is not None
    chat_id = content.reply_outside[0]
    return chat_id == content.chat_id or (chat_id is None and (content.chat_id or 0) > 0)


def _reply_target(tx: Tx, content: Content, row: Row | None) -> ReplyTarget | None:
    if row is None:
        return None
    if row["dialog_id"] is not None:
        return ReplyTarget("dialog", dialog_id=row["dialog_id"], place_id=row["place_id"])
    customer_id = customer_of(tx, row)
    if customer_id is None:
        return None if content.thread_id is not None else NOWHERE  # a list or a form is about no customer
    return ReplyTarget(
        "general", customer_id=customer_id, item_id=row["inbox_item_id"], place_id=row["place_id"]
    )


def customer_of(tx: Tx, row: Row) -> int | None:
    """The customer whom that message of the desk is about, outside any dialog."""
    if row["customer_id"] is not None:
        return int(row["customer_id"])
    message = messages.by_id(tx, row["message_id"]) if row["message_id"] is not None else None
    return message.customer_id if message else None


def _in_foreign_topic(manager: Manager, content: Content, replied: ReplyTarget | None) -> ReplyTarget:
    """The target in a topic of no dialog. In a group, people talk there; in their own chat a manager opened it by hand,
    for something of the desk.
    """
    if content.chat_id != manager.telegram_id:
        return replied or NOWHERE
    entered = manager.entered_dialog_id
    if replied is not None:
        return replace(replied, doubt="topic", other_dialog_id=entered)
    return ReplyTarget("dialog", dialog_id=entered, doubt="topic") if entered is not None else NOWHERE


def _entry_target(manager: Manager, content: Content) -> ReplyTarget | None:
    """The dialog entered; it counts only in the manager's own chat and outside its topics, where the topic decides."""
    if manager.entered_dialog_id is None or content.chat_id != manager.telegram_id:
        return None
    doubt = "aside" if _replies_to_unknown(content) else ""
    return ReplyTarget("dialog", dialog_id=manager.entered_dialog_id, entered=True, doubt=doubt)
