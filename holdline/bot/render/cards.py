"""The info card: everything about a dialog in one message, with the buttons that are legal now."""

from datetime import datetime

from holdline.bot.keyboards import ICONS, Rows, in_rows, markup, press
from holdline.bot.render.saying import entities_as
from holdline.bot.render.scene import scene_of
from holdline.dialogs.call import Call, Skip
from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.gate import Gate
from holdline.dialogs.life import allowed_events
from holdline.dialogs.richtext import Rich, lines, marked
from holdline.dialogs.text import capped, inline
from holdline.store import customers, dialogs, outbox
from holdline.store.tx import Row, Tx
from holdline.texts import say

NOTHING = "—"
_LONG = 300
FIELDS = ("title", "type", "participants", "reasons", "components")


def info_card(tx: Tx, item: Row) -> Call | Skip:
    """The first message of a dialog's place."""
    scene = scene_of(tx, item)
    shown = _shown(tx, item, scene.language)
    return Call("sendMessage", {**scene.target(), **shown}) if shown else Skip("the dialog is gone")


def info_card_edit(tx: Tx, item: Row) -> Call | Skip:
    """The card as it must look now; where it has not been sent yet it will show that anyway."""
    scene = scene_of(tx, item)
    card = scene.place["card_tg_id"] if scene.place else None
    shown = _shown(tx, item, scene.language) if card else None
    if not shown:
        return Skip("there is no card to change")
    return Call("editMessageText", {"chat_id": item["chat_id"], "message_id": card, **shown})


def _shown(tx: Tx, item: Row, language: str) -> dict[str, object] | None:
    if item["dialog_id"] is None:
        return None
    dialog = dialogs.by_id(tx, item["dialog_id"])
    customer = customers.by_id(tx, dialog.customer_id)
    if customer is None:
        return None
    held = outbox.held_count(tx, customer.id) if customer.gate is Gate.HELD else 0
    card = card_text(dialog, customer, held=held, language=language)
    rows = card_buttons(dialog, held=held, language=language)
    return {"text": card.text, **entities_as("entities", card.entities), "reply_markup": markup(rows)}


def card_text(dialog: Dialog, customer: Customer, *, held: int, language: str) -> Rich:
    """Title, people, labels, both ratings, what waits."""
    title = marked(f"{ICONS[dialog.state]} #{dialog.id} {inline(capped(dialog.title, 128))}", "bold")
    told = [*_about(dialog, customer, language), *_ratings(dialog, language)]
    if held:
        told.append(say("cards.held", language, count=held))
    return lines(title, *(Rich(line) for line in told))


def _about(dialog: Dialog, customer: Customer, language: str) -> list[str]:
    def line(name: str, value: str) -> str:
        return f"{say(f'cards.{name}', language)}: {value or NOTHING}"

    told = [
        say("cards.inbox_head", language, name=inline(customer.name), id=customer.telegram_id),
        line("state", say(f"cards.state_{dialog.state}", language)),
        line("stage", stage_name(dialog.stage, language)),
        line("type", inline(dialog.type)),
        line(
            "assignee", inline(dialog.assignee.name) if dialog.assignee else say("cards.unassigned", language)
        ),
        line("participants", _listed(tuple(person.name for person in dialog.participants))),
        line("reasons", _listed(dialog.reasons)),
        line("components", _listed(dialog.components)),
        line("tags", _listed(dialog.tags)),
        line("due", moment(dialog.due_at)),
    ]
    if dialog.root_cause:
        told.append(line("root_cause", inline(dialog.root_cause)))
    if dialog.follow_up_of:
        told.append(line("follow_up_of", f"#{dialog.follow_up_of}"))
    if dialog.description.strip():
        told.append(line("description", inline(capped(dialog.description, _LONG))))
    return told


def _ratings(dialog: Dialog, language: str) -> list[str]:
    """Each under its own name (L-58, L-63); nothing is invented where none was given."""
    told = []
    if dialog.customer_score is not None or dialog.state == "closed":
        told.append(say("cards.customer_score", language, value=dialog.customer_score or NOTHING))
    if dialog.service_rating is not None or dialog.state == "closed":
        told.append(say("cards.service_rating", language, value=dialog.service_rating or NOTHING))
    return told


def stage_name(name: str, language: str) -> str:
    """The four of the system are translated, the desk's own are as the desk wrote them."""
    keys = {"New": "new", "In handling": "handling", "Awaiting review": "review", "Closed": "closed"}
    return say(f"cards.stage_{keys[name]}", language) if name in keys else inline(name)


def _listed(names: tuple[str, ...]) -> str:
    return capped(", ".join(inline(name) for name in names), _LONG)


def moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


def card_buttons(dialog: Dialog, *, held: int, language: str) -> Rows:
    """States first, and only those that the dialog's life allows; a closed dialog can only be looked at."""
    states = [
        press(say(f"cards.button_{e}", language), f"dlg.{e}", dialog.id) for e in allowed_events(dialog.state)
    ]
    changes = FIELDS if states else ()
    fields = [press(say(f"cards.button_{name}", language), f"dlg.{name}", dialog.id) for name in changes]
    look = [
        press(say("cards.button_all_dialogs", language), "card.dialogs", dialog.customer_id),
        press(say("cards.button_history", language), "dlg.history", dialog.id),
    ]
    waiting = [[press(say("cards.held", language, count=held), "dlg.held", dialog.id)]] if held else []
    return [*([states] if states else []), *in_rows(fields), *waiting, *in_rows(look, 1)]
