"""The info card: everything about a dialog in one message, with the buttons that are allowed now."""

from collections.abc import Mapping

from holdline.desk.settings.standard_messages import standard_message
from holdline.dialogs.conversation.scheduled_reply import ScheduledReply
from holdline.dialogs.customer import Customer, Mute
from holdline.dialogs.decisions.changes import CHANGEABLE_WHEN_CLOSED
from holdline.dialogs.dialog import (
    CARD_FIELDS,
    Dialog,
)
from holdline.dialogs.gate import Gate
from holdline.dialogs.life import next_events
from holdline.dialogs.rating import SCALE
from holdline.dialogs.text.richtext import RichText, lines, with_mark
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.text.times import moment_text
from holdline.dialogs.text.value_words import own_value_words, priority_words, stage_words
from holdline.dialogs.verbs import DeskVerb, DialogVerb
from holdline.screens.keyboards import (
    EDIT_VERBS,
    MOVE_VERBS,
    OVERDUE_ICON,
    STATE_ICONS,
    Button,
    ButtonRows,
    arrange_in_rows,
    callback_button,
    ellipsize,
    inline_keyboard,
)
from holdline.screens.render.render_context import render_context_of
from holdline.screens.render.send_calls import entities_as
from holdline.screens.render.sla_line import sla_line
from holdline.store.conversation import merges, scheduled_replies
from holdline.store.delivery import waiting_marketing
from holdline.store.dialogs import dialogs, history
from holdline.store.people import customers
from holdline.store.tagging import tag_rules
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.texts import say

NOTHING = "—"
NORMAL = "normal"
_LONG = 300
_ROBOT, _MOST_ROBOTS = 24, 6


def info_card(tx: Tx, item: Row) -> Call | Skip:
    """The first message of a dialog's place."""
    context = render_context_of(tx, item)
    params = _card_params(tx, item, context.language)
    return Call("sendMessage", {**context.target(), **params}) if params else Skip("the dialog is gone")


def info_card_edit(tx: Tx, item: Row) -> Call | Skip:
    """Redraws the card. If it was not sent yet, nothing is done: it will show the newest state anyway."""
    context = render_context_of(tx, item)
    card = context.place["card_tg_message_id"] if context.place else None
    params = _card_params(tx, item, context.language) if card else None
    if not params:
        return Skip("there is no card to change")
    return Call("editMessageText", {"chat_id": item["chat_id"], "message_id": card, **params})


def _card_params(tx: Tx, item: Row, language: str) -> dict[str, object] | None:
    if item["dialog_id"] is None:
        return None
    dialog = dialogs.by_id(tx, item["dialog_id"])
    customer = customers.by_id(tx, dialog.customer_id)
    if customer is None:
        return None
    held = waiting_marketing.count_held(tx, customer.id) if customer.gate is Gate.HELD else 0
    card = _text(tx, dialog, customer, held=held, language=language)
    robots = tag_rules.automatic_tag_names(tx, dialog.id) if dialog.automatic_tags else {}
    buttons = card_buttons(dialog, held=held, robots=robots, language=language)
    rows = [*buttons, *_merge_rows(tx, dialog, language)]
    return {
        "text": card.text,
        **entities_as("entities", card.entities),
        "reply_markup": inline_keyboard(rows),
    }


def _merge_rows(tx: Tx, dialog: Dialog, language: str) -> ButtonRows:
    """A button to merge if the customer has another open dialog; in a merged dialog, a button to undo."""
    if dialog.merged_into is not None:
        return [[callback_button(say("merging.button_undo", language), DialogVerb.UNMERGE, dialog.id)]]
    if dialog.state == "closed" or not merges.open_ids_beside(tx, dialog):
        return []
    return [[callback_button(say("merging.button", language), DialogVerb.MERGE, dialog.id)]]


def _text(tx: Tx, dialog: Dialog, customer: Customer, *, held: int, language: str) -> RichText:
    """Title, people, labels, outcome, both ratings, and what waits. Values that are not set take no line."""
    icon = f"{OVERDUE_ICON} " if dialog.overdue else ""
    title = with_mark(
        f"{icon}{STATE_ICONS[dialog.state]} #{dialog.id} {inline(truncate(dialog.title, 128))}", "bold"
    )
    text_lines = [say("cards.inbox_head", language, name=inline(customer.name), id=customer.telegram_id)]
    if payload := history.start_payload(tx, customer.id):
        text_lines.append(say("cards.came_by", language, payload=inline(payload)))
    if customer.reach != "ok" and dialog.state != "closed":  # a closed card is not redrawn when this changes
        text_lines.append(say(f"cards.reach_{customer.reach}", language))
    if customer.mute is not None and dialog.state != "closed":
        text_lines.append(mute_line(customer.mute, language, zone=tx.rules.time_zone))
    text_lines += [
        *_lines_of_labels(dialog, language, zone=tx.rules.time_zone),
        *_ratings(tx, dialog, language),
    ]
    if held:
        text_lines.append(say("cards.held", language, count=held))
    if dialog.state != "closed":  # in a closed dialog nothing is sent; the author is asked at that time
        text_lines += [
            _line_of_scheduled(tx, reply, language) for reply in scheduled_replies.list_waiting(tx, dialog.id)
        ]
    return lines(title, *(RichText(line) for line in text_lines))


def mute_line(mute: Mute, language: str, *, zone: str) -> str:
    """“🔇 Muted until 2026-12-01 18:00 Europe/Warsaw: spam”."""
    reason = inline(truncate(mute.reason, _LONG))
    if mute.until is None:
        return say("mute.line_ever", language, reason=reason)
    return say("mute.line", language, at=moment_text(mute.until, zone), reason=reason)


def _line_of_scheduled(tx: Tx, reply: ScheduledReply, language: str) -> str:
    """A scheduled reply: when it will be sent, and its text."""
    words = inline(" ".join(reply.excerpt(60).split()))
    at = moment_text(reply.send_at, tx.rules.time_zone)
    line = say("scheduled.card_line", language, at=at, who=inline(reply.author.name), words=words)
    return f"{line} · {say('scheduled.on_hold', language)}" if reply.is_held else line


def _lines_of_labels(dialog: Dialog, language: str, *, zone: str) -> list[str]:
    owner = inline(dialog.assignee.name) if dialog.assignee else say("cards.unassigned", language)
    values = {
        "state": say(f"cards.state_{dialog.state}", language),
        "stage": stage_name(dialog.stage, language),
        "type": inline(dialog.type),
        "priority": priority_words(dialog.priority, language) if dialog.priority != NORMAL else "",
        "queue": inline(dialog.queue or ""),
        "team": inline(dialog.team or ""),
        "assignee": owner,
        "participants": _join_names(tuple(person.name for person in dialog.participants)),
        "reasons": _join_names(dialog.reasons),
        "components": _join_names(dialog.components),
        "tags": _tags(dialog),
        "root_causes": _join_names(dialog.root_causes),
        "due": moment_text(dialog.due_at, zone) if dialog.due_at else "",
        "sla": sla_line(dialog, language, zone=zone),
        "follow_up_of": f"#{dialog.follow_up_of}" if dialog.follow_up_of else "",
        "description": _description(dialog),
        "close_reason": _close_reason(dialog, language),
        "close_comment": inline(truncate(dialog.close_comment or "", _LONG)),
    }
    lines_of_values = [
        f"{say(f'cards.{name}', language)}: {value}" for name, value in values.items() if value
    ]
    own = [
        f"{inline(name)}: {inline(truncate(own_value_words(value, language), _LONG))}"
        for name, value in dialog.fields.items()
    ]
    files = [say("cards.files", language, count=dialog.attachments)] if dialog.attachments else []
    return [*lines_of_values, *own, *files]


def _description(dialog: Dialog) -> str:
    """The description; empty if it equals the title."""
    words = " ".join(dialog.description.split())
    return "" if words == " ".join(dialog.title.split()) else inline(truncate(words, _LONG))


def _ratings(tx: Tx, dialog: Dialog, language: str) -> list[str]:
    """Each rating under its own name (L-58, L-63). A missing rating is shown as missing."""
    rating_lines = []
    score, rating = dialog.customer_score, dialog.service_rating
    if score is not None or dialog.state == "closed":
        value = f"{score} {'⭐' * score}" if score else NOTHING
        rating_lines.append(say("cards.customer_score", language, value=value))
    if rating is not None or dialog.state == "closed":
        rating_lines.append(say("cards.service_rating", language, value=_rating(tx, rating, language)))
    return rating_lines


def _rating(tx: Tx, rating: int | None, language: str) -> str:
    """The number, and the caption of the button that the customer pressed."""
    if rating is None:
        return NOTHING
    _, captions = standard_message(tx, name="rating_request", language=language)
    word = captions[rating - 1] if len(captions) >= rating else ""
    return say("cards.rating_of", language, value=rating, most=SCALE[-1], word=inline(word))


def stage_name(name: str, language: str) -> str:
    """The stage as a card shows it, on one line."""
    return inline(stage_words(name, language))


def _tags(dialog: Dialog) -> str:
    """Automatic tags are marked with a robot."""
    robots = (f"{tag} 🤖" if tag in dialog.automatic_tags else tag for tag in dialog.tags)
    return _join_names(tuple(robots))


def _close_reason(dialog: Dialog, language: str) -> str:
    """The reason as it was given. A merge is described in the reader's language."""
    if dialog.merged_into is not None:
        return say("merging.close_reason", language, id=dialog.merged_into)
    return inline(truncate(dialog.close_reason or "", _LONG))


def _join_names(names: tuple[str, ...]) -> str:
    return truncate(", ".join(inline(name) for name in names), _LONG)


def card_buttons(dialog: Dialog, *, held: int, robots: Mapping[int, str], language: str) -> ButtonRows:
    """States first, and only those allowed now. In a closed dialog only tags can be changed.

    `robots` are the automatic tags; each can be removed with one tap.
    """
    states = [
        callback_button(say(f"cards.button_{e}", language), MOVE_VERBS[e], dialog.id)
        for e in next_events(dialog.state)
    ]
    changes = CARD_FIELDS if states else [name for name in CARD_FIELDS if name in CHANGEABLE_WHEN_CLOSED]
    fields = [
        callback_button(say(f"cards.button_{name}", language), EDIT_VERBS[name], dialog.id)
        for name in changes
    ]
    if states:
        fields.append(callback_button(say("cards.button_edit", language), DialogVerb.EDIT, dialog.id))
        fields.append(
            callback_button(say("cards.button_assign", language), DialogVerb.CHOOSE_ASSIGNEE, dialog.id)
        )
        fields.append(callback_button(say("time.button_postpone", language), DialogVerb.POSTPONE, dialog.id))
    if dialog.attachments:
        files = say("cards.files", language, count=dialog.attachments)
        fields.append(callback_button(files, DialogVerb.LIST_ATTACHMENTS, dialog.id))
    off = [
        callback_button(f"🤖 {ellipsize(name, _ROBOT)} ✖", DialogVerb.REMOVE_TAG, dialog.id, tag_id)
        for tag_id, name in list(robots.items())[:_MOST_ROBOTS]
    ]
    waiting = (
        [[callback_button(say("cards.held", language, count=held), DialogVerb.SHOW_GATE_QUEUE, dialog.id)]]
        if held
        else []
    )
    return [
        *([states] if states else []),
        *arrange_in_rows(fields),
        *arrange_in_rows(off),
        *waiting,
        *arrange_in_rows(_look_buttons(dialog, language), 1),
    ]


def _look_buttons(dialog: Dialog, language: str) -> list[Button]:
    """With ➕ if the dialog is not active, because the customer's next question may be about something else."""
    another = callback_button(say("cards.button_dialog", language), DialogVerb.OPEN_ANOTHER, dialog.id)
    return [
        *([] if dialog.state == "active" else [another]),
        callback_button(say("past.button", language), DeskVerb.SHOW_OVERVIEW, dialog.customer_id),
        callback_button(say("cards.button_all_dialogs", language), DeskVerb.LIST_DIALOGS, dialog.customer_id),
        callback_button(say("cards.button_history", language), DialogVerb.SHOW_HISTORY, dialog.id),
        callback_button(say("cards.button_forward", language), DialogVerb.FORWARD, dialog.id),
    ]
