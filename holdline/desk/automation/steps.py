"""What a rule does: the same acts as managers, in its own name. A step that cannot be done now is skipped."""

from dataclasses import dataclass, replace
from typing import Any

from holdline.desk.automation.answers import answer_customer
from holdline.desk.automation.take_offers import offer_to_take
from holdline.desk.dialogs.changes import change_by
from holdline.desk.dialogs.opening import open_by_rule
from holdline.desk.dialogs.transitions import apply_close
from holdline.desk.notices import places, views
from holdline.desk.people import participants
from holdline.desk.teams.routing import put_in_team
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.changes import with_tags, without_tags
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.decisions.postponing import Shift, postpone
from holdline.dialogs.decisions.rule import Rule, Trigger
from holdline.dialogs.decisions.transitions import refuse_closed
from holdline.dialogs.dialog import TITLE_LIMIT, Dialog
from holdline.dialogs.event import Actor
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.text.splitting import truncate
from holdline.store.dialogs import dialogs
from holdline.store.people import managers
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Occasion:
    """The customer, the dialog, and the text if it was a message. `is_taken`: a funnel had asked for the message and
    goes on itself, so no rule answers it.
    """

    customer_id: int
    dialog_id: int | None
    text: str = ""
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The occasion after the rule has acted, and the triggers of what it did."""

    occasion: Occasion
    sets_off: tuple[Trigger, ...] = ()


def act(tx: Tx, rule: Rule, occasion: Occasion) -> Done:
    """Does all steps of the rule, in order."""
    done = Done(occasion)
    for step in rule.steps:
        ((name, value),) = step.items()
        try:
            done = _do(tx, rule, done, name, value)
        except DeskError:
            continue  # its target is gone, or the dialog has changed: this must not fail a customer's message
    if "dialog_opened" in done.sets_off and done.occasion.dialog_id is not None:
        offer_to_take(tx, dialogs.by_id(tx, done.occasion.dialog_id), rule_name=rule.name)
    return done


def _do(tx: Tx, rule: Rule, done: Done, name: str, value: Any) -> Done:
    occasion, actor = done.occasion, rule.as_actor()
    if name == "open_dialog":
        return _open(tx, rule, done, value)
    if name == "answer":
        if occasion.is_taken:
            return done
        answer_customer(tx, rule, occasion.customer_id, value, dialog_id=occasion.dialog_id)
        return done
    if occasion.dialog_id is None:
        return done
    dialog = dialogs.by_id(tx, occasion.dialog_id)
    match name:
        case "close":
            refuse_closed(dialog)
            apply_close(tx, actor, dialog, Closing(**value))
            return replace(done, sets_off=(*done.sets_off, "dialog_closed"))
        case "assign":
            refuse_closed(dialog)
            _assign(tx, actor, dialog, value)
        case "team":
            refuse_closed(dialog)
            put_in_team(tx, dialog, value, by=actor, routed_by=actor)
        case "notify":
            _notify(tx, rule, dialog, value)
        case "add_tags":
            change_by(tx, actor, dialog, {"tags": with_tags(dialog.tags, value)})
        case "remove_tags":
            change_by(tx, actor, dialog, {"tags": without_tags(dialog.tags, value)})
        case "postpone":
            ((unit, number),) = value.items()
            due_at = postpone(dialog.due_at, Shift(unit, number), at=tx.at, zone=tx.rules.time_zone)
            change_by(tx, actor, dialog, {"due_at": due_at})
        case _:
            change_by(tx, actor, dialog, {name: value})
    return done


def _open(tx: Tx, rule: Rule, done: Done, value: dict[str, Any]) -> Done:
    """Opens a dialog; refused if the customer has an active one."""
    occasion = done.occasion
    title = value.get("title") or " ".join(occasion.text.split()) or rule.name
    opening = Opening(occasion.customer_id, truncate(title, TITLE_LIMIT), type=value.get("type"))
    dialog = open_by_rule(tx, actor=rule.as_actor(), opening=opening)
    return Done(replace(occasion, dialog_id=dialog.id), (*done.sets_off, "dialog_opened"))


def _assign(tx: Tx, actor: Actor, dialog: Dialog, telegram_id: int | None) -> None:
    target = participants.lock_colleague(tx, telegram_id) if telegram_id is not None else None
    participants.set_assignee(tx, dialog, target, actor=actor, cause="assigned" if target else "withdrawn")
    places.ensure_for_dialog(tx, dialogs.by_id(tx, dialog.id))


def _notify(tx: Tx, rule: Rule, dialog: Dialog, telegram_ids: list[int]) -> None:
    words = {"id": dialog.id, "title": dialog.title, "who": rule.name}
    for telegram_id in telegram_ids:
        reader = managers.keep_active(tx, telegram_id)
        if reader is not None:
            views.notify_manager(tx, telegram_id, "desk_notices.rule_notice", words, dialog_id=dialog.id)
