"""Drafts: replies that wait for approval. The author may not reply directly; somebody who may approve sends them."""

from dataclasses import replace

from holdline.desk.conversation.replies import (
    NOT_ASKED,
    Crossing,
    Origin,
    refuse_crossing,
    require_sayable,
    send_reply,
    write_in_dialog,
)
from holdline.desk.dialogs.assignment import require_may_take_over
from holdline.desk.notices.draft_cards import redraw_cards, show_draft_file
from holdline.desk.people.managers import require_active, require_permission
from holdline.desk.record import record
from holdline.dialogs.corrections import data_after_edit, is_changed, is_replaced
from holdline.dialogs.decisions import drafts as rules
from holdline.dialogs.decisions.conversation import refuse_unless_active
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.draft import Draft, DraftNote
from holdline.dialogs.event import EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content, Entities, Message
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.limits import TEXT_LIMIT, refuse_too_long
from holdline.store.conversation import drafts, messages
from holdline.store.delivery.albums import release_albums
from holdline.store.dialogs import dialogs
from holdline.store.people import customers, managers
from holdline.store.tx import Tx


def write_or_draft(
    tx: Tx,
    *,
    manager: Manager,
    dialog_id: int,
    content: Content,
    origin: Origin | None = None,
    crossing: Crossing = NOT_ASKED,
) -> Message | Draft:
    """Sends the reply, or stores it as a draft if the manager may not reply without approval."""
    write = write_in_dialog if is_allowed(require_active(tx, manager), Act.REPLY) else write_draft
    return write(tx, manager=manager, dialog_id=dialog_id, content=content, origin=origin, crossing=crossing)


def write_draft(
    tx: Tx,
    *,
    manager: Manager,
    dialog_id: int,
    content: Content,
    origin: Origin | None = None,
    crossing: Crossing = NOT_ASKED,
) -> Draft:
    """Stores a draft. Refused in every case where the reply itself would be refused. All parts of an album are one
    draft.
    """
    require_permission(tx, manager, Act.WRITE_DRAFT)
    require_sayable(tx, manager, content, typed=origin is not None)
    dialog = dialogs.load_locked(tx, dialog_id)
    refuse_unless_active(dialog)
    require_may_take_over(tx, manager, dialog)
    refuse_crossing(tx, crossing, dialog_id=dialog.id)
    first = _first_of_album(tx, manager, dialog, content)
    draft_id = drafts.insert(
        tx,
        dialog_id=dialog.id,
        author_id=manager.id,
        content=content.by_its_file,
        seen_message_id=messages.newest_of_customer(tx, dialog.id),
        part_of=first,
    )
    if first is not None:
        draft = drafts.by_id(tx, first)
        redraw_cards(tx, draft)
        show_draft_file(tx, draft, draft_id)
        return draft
    return _apply(tx, rules.submit(drafts.by_id(tx, draft_id), dialog, by=manager), origin=origin)


def submit_draft(tx: Tx, *, manager: Manager, draft_id: int, text: str, entities: Entities = ()) -> Draft:
    """Replaces the author's text in a draft that was returned or still waits, and submits it again."""
    draft = drafts.by_id(tx, draft_id)
    rules.refuse_words_without_room(draft)
    return _resubmit(tx, manager, draft_id, replace(draft.content, text=text, entities=entities))


def approve_draft(
    tx: Tx,
    *,
    manager: Manager,
    draft_id: int,
    text: str | None = None,
    version: int | None = None,
    crossing: Crossing = NOT_ASKED,
) -> Draft:
    """Approves the draft and sends it in its author's name, with the approver's `text` if given. `version`: as it was
    shown to them; refused if its author has changed it since.
    """
    require_active(tx, manager)
    draft, dialog = _load_locked(tx, draft_id)
    content = draft.content if text is None else replace(draft.content, text=text, entities=())
    decision = rules.approve(draft, dialog, by=manager, content=content)
    if text is not None:
        rules.refuse_words_without_room(draft)
    rules.refuse_unless_shown(draft, version)
    require_sayable(tx, manager, content, typed=False)
    seen = draft.seen_message_id if crossing.seen is None else crossing.seen
    refuse_crossing(tx, Crossing(seen, crossing.anyway), dialog_id=dialog.id)
    drafts.save(tx, decision.draft)
    record(tx, [decision.event])
    message = _send(tx, manager, decision.draft, dialog, edited=content.text != draft.content.text)
    drafts.save(tx, replace(decision.draft, message_id=message.id))
    return drafts.by_id(tx, draft.id)


def return_draft(tx: Tx, *, manager: Manager, draft_id: int, reason: str) -> Draft:
    """Returns the draft to its author and tells them the reason."""
    require_active(tx, manager)
    refuse_too_long(reason, rules.REASON_LIMIT, field="reason")
    draft, dialog = _load_locked(tx, draft_id)
    return _apply(tx, rules.return_to_author(draft, dialog, by=manager, reason=reason))


def add_draft_note(tx: Tx, *, manager: Manager, draft_id: int, text: str) -> Draft:
    """Adds a colleague's remark about the draft itself; it is not a note of the dialog."""
    require_permission(tx, manager, Act.DISCUSS_DRAFT)
    if not text.strip():
        raise BadInput("text", "text_empty")
    refuse_too_long(text, TEXT_LIMIT, field="text")
    draft, dialog = _load_locked(tx, draft_id)
    note_id = drafts.insert_note(tx, draft_id=draft.id, manager_id=manager.id, text=text)
    note = DraftNote(note_id, manager.as_person(), text, tx.at)
    record(tx, [rules.note_event(EventKind.DRAFT_NOTE_ADDED, draft, dialog, note, by=manager)])
    return drafts.by_id(tx, draft.id)


def remove_draft_note(tx: Tx, *, manager: Manager, draft_id: int, note_id: int) -> Draft:
    """Removes a note from the draft; history keeps its text."""
    require_permission(tx, manager, Act.DISCUSS_DRAFT)
    draft, dialog = _load_locked(tx, draft_id)
    note = next((note for note in draft.notes if note.id == note_id), None)
    if note is None:
        raise NotFound("note", note_id)
    rules.require_may_remove_note(note, by=require_active(tx, manager))
    if drafts.remove_note(tx, note.id):
        record(tx, [rules.note_event(EventKind.DRAFT_NOTE_REMOVED, draft, dialog, note, by=manager)])
    return drafts.by_id(tx, draft.id)


def edit_draft(tx: Tx, *, manager: Manager, content: Content) -> bool:
    """Applies the author's edit in Telegram: a draft that waits or was returned takes the new words and waits again.
    Returns False if the message is no draft of theirs or is already decided; a sent reply is edited like any other.
    """
    assert content.chat_id is not None and content.tg_message_id is not None
    draft = drafts.find_by_message(tx, content.chat_id, content.tg_message_id)
    if draft is None or draft.author.id != manager.id or not draft.is_undecided:
        return False
    if is_changed(draft.content, content):
        _resubmit(tx, manager, draft.id, content)
        if is_replaced(draft.content, content):
            show_draft_file(tx, draft, draft.id)
    return True


def load_draft(tx: Tx, *, draft_id: int) -> Draft:
    """The draft; raises NotFound if there is none."""
    return drafts.by_id(tx, draft_id)


def draft_page(tx: Tx, *, state: str | None = None, after: int | None = None, limit: int = 50) -> list[Draft]:
    """A page of drafts, the oldest first."""
    return drafts.page(tx, state=state, after=after or 0, limit=limit)


def _load_locked(tx: Tx, draft_id: int) -> tuple[Draft, Dialog]:
    """The draft and its dialog, under the customer's lock, so that nobody else can decide on it meanwhile."""
    dialog = dialogs.load_locked(tx, drafts.by_id(tx, draft_id).dialog_id)
    return drafts.by_id(tx, draft_id), dialog


def _resubmit(tx: Tx, manager: Manager, draft_id: int, content: Content) -> Draft:
    require_permission(tx, manager, Act.WRITE_DRAFT)
    draft, dialog = _load_locked(tx, draft_id)
    data = data_after_edit(draft.content, content)
    data.pop("replaced", None)  # the customer has no copy with the earlier file
    after = replace(content, data=data, reply_to_tg_id=draft.content.reply_to_tg_id).by_its_file
    require_sayable(tx, manager, after, typed=False)
    require_may_take_over(tx, manager, dialog)
    seen = messages.newest_of_customer(tx, dialog.id)
    decision = rules.submit(replace(draft, content=after, seen_message_id=seen), dialog, by=manager)
    return _apply(tx, decision)


def _first_of_album(tx: Tx, manager: Manager, dialog: Dialog, content: Content) -> int | None:
    if content.album_id is None:
        return None
    return drafts.find_album(tx, dialog_id=dialog.id, author_id=manager.id, album_id=content.album_id)


def _apply(tx: Tx, decision: rules.DraftDecision, *, origin: Origin | None = None) -> Draft:
    drafts.save(tx, decision.draft)
    record(tx, [replace(decision.event, typed_in=origin.where if origin else None)])
    return drafts.by_id(tx, decision.draft.id)


def _send(tx: Tx, approver: Manager, draft: Draft, dialog: Dialog, *, edited: bool) -> Message:
    """Sends it in its author's name if they are still at the desk, otherwise in the approver's."""
    author = managers.keep_active(tx, draft.author.telegram_id) or approver
    customer = customers.load(tx, dialog.customer_id)
    said = [draft.content, *draft.parts]
    # Words edited by the approver are in no Telegram message yet.
    sent = [
        send_reply(
            tx,
            author,
            customer,
            dialogs.by_id(tx, dialog.id),
            content=content,
            origin=None if edited else Origin.of(content),
        )
        for content in said
    ]
    if draft.content.album_id is not None:
        release_albums(tx, customer.id)
    return sent[0]
