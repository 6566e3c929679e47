"""Cards that show a draft: in the places of its dialog, and to everybody who may approve it."""

import secrets
from dataclasses import replace
from typing import Any

from holdline.desk.notices import places, views
from holdline.desk.notices.content_label import kind_key
from holdline.desk.notices.updatable_notices import redraw_notice
from holdline.dialogs.address import Address
from holdline.dialogs.draft import Draft, DraftState
from holdline.dialogs.event import Event
from holdline.dialogs.outbox.messages import DeskNotice, DraftFile
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act
from holdline.dialogs.text.limits import fits
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.verbs import DeskVerb, button_data
from holdline.store.conversation import drafts
from holdline.store.delivery import outbox
from holdline.store.dialogs import dialogs
from holdline.store.people import managers
from holdline.store.tx import Row, Tx
from holdline.telegram.parts import parts_needed

WORDS_SHOWN = 2500
NOTES_SHOWN = 5
LINKS_SHOWN, LINK_SHOWN = 5, 100


def show_draft(tx: Tx, event: Event) -> None:
    """Shows a new draft; one that its author submits again while it waits is updated in place."""
    draft = drafts.by_id(tx, event.data["draft_id"])
    if event.data.get("revised"):
        redraw_cards(tx, draft)
        _show_long_words(tx, draft)
        return
    shown_in, approvers = _readers(tx, draft)
    cards = [_add_card(tx, draft, chat_id=place["chat_id"], place_id=place["id"]) for place in shown_in]
    cards += [_add_card(tx, draft, chat_id=chat_id, place_id=None) for chat_id in approvers]
    drafts.set_cards(tx, draft.id, cards)
    _show_long_words(tx, draft)
    for part_id in drafts.files_of(tx, draft.id):
        show_draft_file(tx, draft, part_id)


def show_draft_file(tx: Tx, draft: Draft, part_id: int) -> None:
    """Shows a file of the draft below its card."""
    _show_below(tx, draft, DraftFile(part_id))


def _show_long_words(tx: Tx, draft: Draft) -> None:
    """Shows the whole text below a card that has no room for it."""
    if fits(draft.content.text, WORDS_SHOWN):
        return
    words = replace(draft.content, kind="text")
    for part in range(parts_needed(words, has_header=True)):
        _show_below(tx, draft, DraftFile(draft.id, part))


def _show_below(tx: Tx, draft: Draft, item: DraftFile) -> None:
    """Shows it to those who may approve the draft, except where the author sent it: nobody approves what they have not
    seen.
    """
    shown_in, approvers = _readers(tx, draft)
    sent_in = (draft.content.chat_id or 0, draft.content.thread_id)
    has_seen = {place["id"] for place in shown_in if views.is_shown_in(place, sent_in)}
    readers = [
        (place["chat_id"], place["id"])
        for place in shown_in
        if place["id"] not in has_seen and place["chat_id"] != draft.author.telegram_id
    ]
    for chat_id, place_id in [*readers, *((chat_id, None) for chat_id in approvers)]:
        key = f"draft:{draft.id}:{chat_id}:{secrets.token_hex(6)}"
        outbox.add(tx, [Outgoing(Address(chat_id), item, key, dialog_id=draft.dialog_id, place_id=place_id)])


def redraw_draft(tx: Tx, event: Event) -> None:
    """Updates every card with the decision and the notes about it."""
    redraw_cards(tx, drafts.by_id(tx, event.data["draft_id"]))


def notify_draft_author(tx: Tx, event: Event) -> None:
    """Notifies the author why the draft was returned, with the button to change it; not one who has left the desk."""
    draft = drafts.by_id(tx, event.data["draft_id"])
    author = managers.by_id(tx, draft.author.id)
    if author is None or not author.active:
        return
    dialog = dialogs.by_id(tx, draft.dialog_id)
    words = {"draft": draft.id, "id": dialog.id, "title": dialog.title, "who": event.actor.name}
    more = [_line("desk_notices.draft_reason", reason=inline(draft.reason or "")), *_content_lines(draft)]
    mend = {"key": "desk_notices.draft_mend", "data": button_data(DeskVerb.EDIT_DRAFT, draft.id)}
    views.notify_manager(
        tx,
        author.telegram_id,
        "desk_notices.draft_came_back",
        words,
        dialog_id=dialog.id,
        buttons=[[mend]] if draft.takes_text else [],
        more=more,
    )


def card_lines(tx: Tx, draft: Draft) -> list[views.Line]:
    """Who wants to send what, the decision, and what colleagues say about it."""
    dialog = dialogs.by_id(tx, draft.dialog_id)
    head = {"draft": draft.id, "who": draft.author.name, "id": dialog.id, "title": dialog.title}
    lines = [_line(f"desk_notices.draft_{draft.state.value}", **head, by=_decider(draft))]
    lines += _content_lines(draft)
    if draft.state is DraftState.RETURNED:
        lines.append(_line("desk_notices.draft_reason", reason=inline(draft.reason or "")))
    lines += [
        _line("desk_notices.draft_note", who=note.author.name, text=inline(truncate(note.text, 300)))
        for note in draft.notes[-NOTES_SHOWN:]
    ]
    return lines


def _content_lines(draft: Draft) -> list[views.Line]:
    """The kind of what is not text, the words, and where links lead that a reader would not see."""
    kind: list[views.Line] = [{"key": kind_key(draft.content), "words": {}}]
    words = [_line("desk_notices.draft_words", words=_words_of(draft))]
    links = [each["url"] for each in draft.content.entities if each["type"] == "text_link"]
    return [
        *(kind if draft.content.kind != "text" else []),
        *(words if draft.content.text.strip() else []),
        *(_line("desk_notices.draft_link", url=truncate(url, LINK_SHOWN)) for url in links[:LINKS_SHOWN]),
    ]


def card_buttons(draft: Draft) -> views.Buttons:
    """The buttons to decide; a draft that does not wait has only the button to its dialog."""
    if draft.state is not DraftState.WAITING:
        return [[views.go_to_button(draft.dialog_id)]]
    approve = _button("approve", button_data(DeskVerb.APPROVE_DRAFT, draft.id, draft.version))
    edit = _button("edit", button_data(DeskVerb.EDIT_DRAFT, draft.id))
    send_back = _button("return", button_data(DeskVerb.RETURN_DRAFT, draft.id))
    changes = [edit, send_back] if draft.takes_text else [send_back]
    return [[approve], changes, [views.go_to_button(draft.dialog_id)]]


def _readers(tx: Tx, draft: Draft) -> tuple[list[Row], list[int]]:
    """The places of the draft's dialog, and the own chats of approvers who have no such place."""
    shown_in = places.ensure_for_dialog(tx, dialogs.by_id(tx, draft.dialog_id))
    reached = {place["chat_id"] for place in shown_in} | {draft.author.telegram_id}
    approvers = [each.telegram_id for each in managers.list_permitted(tx, Act.DECIDE_ON_DRAFT)]
    return shown_in, [chat_id for chat_id in approvers if chat_id not in reached]


def _button(name: str, data: str) -> views.Button:
    return {"key": f"desk_notices.draft_button_{name}", "data": data}


def _add_card(tx: Tx, draft: Draft, *, chat_id: int, place_id: int | None) -> tuple[int, str]:
    first, *more = card_lines(tx, draft)
    key = f"draft:{draft.id}:{chat_id}:{secrets.token_hex(6)}"
    item = DeskNotice(first["key"], first["words"], more, _buttons_in(draft, chat_id))
    outbox.add(tx, [Outgoing(Address(chat_id), item, key, dialog_id=draft.dialog_id, place_id=place_id)])
    return chat_id, key


def redraw_cards(tx: Tx, draft: Draft) -> None:
    """Updates each card to the draft's present state."""
    lines = card_lines(tx, draft)
    for chat_id, key in draft.cards:
        redraw_notice(
            tx,
            lines,
            chat_id=chat_id,
            said_as=key,
            dialog_id=draft.dialog_id,
            buttons=_buttons_in(draft, chat_id),
        )


def _buttons_in(draft: Draft, chat_id: int) -> views.Buttons:
    """The buttons of a card; in their own chat the author can change the draft, but decide nothing."""
    if chat_id != draft.author.telegram_id or draft.state is not DraftState.WAITING:
        return card_buttons(draft)
    mend = {"key": "desk_notices.draft_mend", "data": button_data(DeskVerb.EDIT_DRAFT, draft.id)}
    return [*([[mend]] if draft.takes_text else []), [views.go_to_button(draft.dialog_id)]]


def _decider(draft: Draft) -> str:
    return draft.decided_by.name if draft.decided_by else ""


def _words_of(draft: Draft) -> str:
    return truncate(draft.content.text, WORDS_SHOWN)


def _line(key: str, **words: Any) -> views.Line:
    return {"key": key, "words": words}
