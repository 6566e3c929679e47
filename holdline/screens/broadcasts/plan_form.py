"""Changes the time and the audience of a broadcast that has not started: chosen as in /broadcast, then saved."""

from datetime import datetime

from holdline.desk.broadcasts.by_managers import plannable_broadcast, replan
from holdline.desk.broadcasts.plan_changes import PlanChange
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.broadcasts.broadcast import BroadcastStarted, BroadcastStatus
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.times import to_rfc3339
from holdline.screens.broadcasts import audience_step, when_step
from holdline.screens.broadcasts.broadcast_draft import audience_of, first_values
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
)
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "broadcast_plan"
WHEN, AUDIENCE = "when", "audience"
_TYPED = (WHEN, "audience/all", "audience/any", "audience/without", "audience/field")


def begin(tx: Tx, manager: Manager, *, broadcast_id: int, step: str, spot: FormPosition) -> Form:
    """`step`: WHEN or AUDIENCE, the step that is shown first. Only new choices are saved at the end."""
    broadcast = plannable_broadcast(tx, manager=manager, broadcast_id=broadcast_id)
    local = broadcast.local_time
    values = {
        **first_values(),
        "broadcast": broadcast_id,
        "audience": broadcast.audience.as_json(),
        "at": None if local else to_rfc3339(broadcast.starts_at),
        "local": f"{local:%Y-%m-%dT%H:%M}" if local else None,
        "chosen": [],
    }
    form = open_form(tx, manager, FormKind(KIND, step), spot=spot, values=values)
    audience_step.count(tx, form)
    form.awaits = step in _TYPED
    return form


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, zone = manager.language, time_zone_of(tx, manager)
    step = form.step.partition("/")[0]
    if step == AUDIENCE:
        return audience_step.screen(tx, form, manager)
    if step == WHEN:
        return when_step.screen(form, manager, zone=zone)
    audience = audience_step.summary(tx, audience_of(form.values), language)
    lines = [
        f"👥 {audience} – {audience_step.count_text(form, language)}",
        f"🕒 {when_step.when_text(form.values, language, zone=zone)}",
    ]
    change = [form.button(say(f"composing.to_{each}", language), each) for each in (AUDIENCE, WHEN)]
    save = [form.button(say("composing.save_plan", language), "save")]
    rows = [change, *([save] if form.values["chosen"] else []), *footer_rows(form, manager)]
    head = say("composing.plan_head", language, id=form.values["broadcast"])
    return screen_with_title(head, *lines, rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    if action == "cancel":
        return cancel_form(form, manager)
    try:
        plannable_broadcast(tx, manager=manager, broadcast_id=form.values["broadcast"])
        if action == "save" and form.step == "main":
            return _save(tx, form, manager)
    except BroadcastStarted as refused:
        return end_form(form, refused.sentence(manager.language))
    _choose(tx, form, manager, action, arg)
    form.awaits = form.step in _TYPED
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    """A moment, a tag, or a field with its value."""
    plannable_broadcast(tx, manager=manager, broadcast_id=form.values["broadcast"])
    if form.step == WHEN:
        when_step.handle_text(tx, form, content.text, zone=time_zone_of(tx, manager))
        _keep_choice(form, WHEN)
        form.step = "main"
    else:
        audience_step.handle_text(form, content.text)
        _keep_choice(form, AUDIENCE)
        audience_step.count(tx, form)
    form.awaits = form.step in _TYPED
    return screen(tx, form, manager)


def _choose(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    step = form.step.partition("/")[0]
    if action in (WHEN, AUDIENCE) and step == "main":
        form.step = action
    elif action == "back":
        form.step = AUDIENCE if "/" in form.step else "main"
    elif step == AUDIENCE and action == "part" and arg in audience_step.PARTS:
        form.step = f"{AUDIENCE}/{arg}"
    elif step == AUDIENCE:
        audience_step.handle_press(form, action, arg, at=tx.at, tags=audience_step.list_tags(tx, form))
        _keep_choice(form, AUDIENCE)
        audience_step.count(tx, form)
    elif step == WHEN:
        when_step.handle_press(tx, form, action, arg, zone=time_zone_of(tx, manager))
        _keep_choice(form, WHEN)
        form.step = "main"
    else:
        raise NotFound("button", action)


def _keep_choice(form: Form, part: str) -> None:
    form.values["chosen"] = sorted({*form.values["chosen"], part})


def _save(tx: Tx, form: Form, manager: Manager) -> Screen:
    values, number, moves = form.values, form.values["broadcast"], WHEN in form.values["chosen"]
    moment = datetime.fromisoformat(values["at"]) if values["at"] else tx.at
    local = datetime.fromisoformat(values["local"]) if values["local"] else None
    change = PlanChange(
        starts_at=moment if moves and local is None else None,
        local_time=local if moves else None,
        audience=audience_of(values) if AUDIENCE in values["chosen"] else None,
        expected=values.get("expected") or 0,
    )
    changed = replan(tx, manager=manager, broadcast_id=number, change=change)
    starts = changed.broadcast.status is BroadcastStatus.SENDING
    key = "done_plan_started" if starts else "done_plan"
    return end_form(form, say(f"composing.{key}", manager.language, id=number))
