"""/broadcast: message, audience, buttons and time; tried out, then started with two taps (M-05).

The form is stored, so a restart, an unusual order of steps or a long break loses nothing.
"""

from collections.abc import Sequence

from holdline.desk.broadcasts.by_managers import show_sample, start_broadcast
from holdline.desk.delivery.pace import can_go_faster
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.address import Address
from holdline.dialogs.manager import Manager
from holdline.dialogs.marketing.content import MEDIA_KINDS
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.splitting import inline
from holdline.screens.broadcasts import audience_step, buttons_step, pace_step, when_step
from holdline.screens.broadcasts.broadcast_draft import (
    audience_of,
    content_of,
    first_values,
    order_of,
    put_message,
)
from holdline.screens.console.reply_position import reply_position_of, show
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
    save_form,
)
from holdline.screens.keyboards import arrange_in_rows, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.screens import form_messages
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "broadcast"
_EXCERPT, _TOPIC = 200, 64
_TYPED = (
    "message",
    "buttons",
    "topic",
    "when",
    "pace",
    "audience/all",
    "audience/any",
    "audience/without",
    "audience/field",
)


def begin(tx: Tx, manager: Manager, *, spot: FormPosition) -> Form:
    require_allowed(manager, Act.SEND_BROADCASTS)
    form = open_form(tx, manager, FormKind(KIND, "message"), spot=spot, values=first_values())
    form.awaits = True
    return form


def take_replied(tx: Tx, form: Form, manager: Manager, parts: Sequence[Content]) -> None:
    """Uses a message already in the chat. Shows it as customers will read it, above the form."""
    put_message(form.values, parts)
    _show(tx, form, manager, to_oneself=False)
    form.step, form.awaits = "main", False
    audience_step.count(tx, form)


def takes(form: Form, content: Content) -> bool:
    """Text in every step; files only in the step that asks for the message."""
    return content.kind == "text" or form.step == "message"


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, zone = manager.language, time_zone_of(tx, manager)
    step = form.step.partition("/")[0]
    if step == "message":
        rows = footer_rows(form, manager, back=form.values["content"] is not None)
        head, hint = say("composing.message_head", language), say("composing.message_hint", language)
        return screen_with_title(head, hint, rows=rows)
    if step == "audience":
        return audience_step.screen(tx, form, manager)
    if step == "buttons":
        return buttons_step.screen(form, manager)
    if step in ("when", "pace"):
        at_time = step == "when"
        return when_step.screen(form, manager, zone=zone) if at_time else pace_step.screen(tx, form, manager)
    if step == "topic":
        none = [form.button(say("composing.no_topic", language), "no_topic")]
        rows = [none, [form.button(say("windows.back", language), "back")]]
        return screen_with_title(
            say("composing.topic_head", language), say("composing.topic_hint", language), rows=rows
        )
    return _main(tx, form, manager, zone=zone)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    require_allowed(manager, Act.SEND_BROADCASTS)
    if action == "cancel":
        return cancel_form(form, manager)
    if form.values["content"] is None:  # pressed too early; the message comes first
        form.step, form.awaits = "message", True
        return screen(tx, form, manager)
    if action == "start!" and form.step == "sure":
        return _start(tx, form, manager)
    if action in _STEPS:
        form.step = _STEPS[action]
    elif action == "back":
        form.step = "audience" if "/" in form.step else "main"
    elif action in ("sample", "test"):
        _show(tx, form, manager, to_oneself=action == "test")
    else:
        _change(tx, form, manager, action, arg)
    if form.step in ("audience", "main", "sure") or action in _NARROWING:
        audience_step.count(tx, form)
    form.awaits = form.step in _TYPED
    return screen(tx, form, manager)


_NARROWING = ("tag", "language", "activity", "everybody", "standing")
_STEPS = {
    "message": "message",
    "audience": "audience",
    "buttons": "buttons",
    "topic": "topic",
    "when": "when",
    "pace": "pace",
    "start": "sure",
}


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    return handle_album(tx, form, manager, [content])


def handle_album(tx: Tx, form: Form, manager: Manager, parts: Sequence[Content]) -> Screen:
    """The message itself, with any number of parts, or the text that a step asks for."""
    require_allowed(manager, Act.SEND_BROADCASTS)
    text, zone = parts[0].text, time_zone_of(tx, manager)
    if form.step == "message":
        return _take_message(tx, form, manager, parts)
    if form.step == "buttons":
        buttons_step.add_buttons(tx, form.values, text)
    elif form.step == "topic":
        form.values["topic"] = ellipsize(text, _TOPIC)
        form.step = "main"
    elif form.step == "when":
        when_step.handle_text(tx, form, text, zone=zone)
        form.step = "main"
    elif form.step == "pace":
        pace_step.handle_text(form, text)
        form.step = "main"
    else:
        audience_step.handle_text(form, text)
    audience_step.count(tx, form)
    form.awaits = form.step in _TYPED
    return screen(tx, form, manager)


def _take_message(tx: Tx, form: Form, manager: Manager, parts: Sequence[Content]) -> Screen:
    """Shows the message as customers will read it, and continues with a new form below."""
    put_message(form.values, parts)
    if len(parts) > 1:
        form.values["buttons"] = []  # Telegram allows none under an album
    _show(tx, form, manager, to_oneself=False)
    spot = FormPosition(form.chat_id, form.thread_id)
    below = open_form(tx, manager, FormKind(KIND, "main"), spot=spot, values=form.values)
    audience_step.count(tx, below)
    shown = screen(tx, below, manager)
    save_form(tx, below)
    show(tx, reply_position_of(parts[0]), shown, key=form_messages.key_of(below.id))
    return end_form(form, say("composing.taken", manager.language))


def _change(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    """A tap within a step."""
    step = form.step.partition("/")[0]
    if step == "audience" and action == "part" and arg in audience_step.PARTS:
        form.step = f"audience/{arg}"
    elif step == "audience":
        audience_step.handle_press(form, action, arg, at=tx.at, tags=audience_step.list_tags(tx, form))
    elif step == "buttons" and action == "drop_button":
        buttons_step.drop_last(form.values)
    elif step == "topic" and action == "no_topic":
        form.values["topic"], form.step = None, "main"
    elif step == "when":
        when_step.handle_press(tx, form, action, arg, zone=time_zone_of(tx, manager))
        form.step = "main"
    elif step == "pace":
        pace_step.handle_press(form, action, arg)
        form.step = "main"
    else:
        raise NotFound("button", action)


def _main(tx: Tx, form: Form, manager: Manager, *, zone: str) -> Screen:
    """The choices so far, and buttons to change them. The start button leads to a question that names the number of
    customers.
    """
    language, values = manager.language, form.values
    content = content_of(values)
    words = inline(ellipsize(content.variants[0].words.text or "📎", _EXCERPT))
    files = "".join(_SIGNS[medium.kind] for medium in content.media)
    topic = inline(values["topic"]) if values["topic"] else say("composing.no_topic", language)
    lines = [
        f"✉️ {files} {words}".replace("  ", " "),
        say("composing.line_buttons", language, number=len(values["buttons"])),
        f"👥 {audience_step.summary(tx, audience_of(values), language)} – {audience_step.count_text(form, language)}",
        f"🏷 {topic}",
        f"🕒 {when_step.when_text(values, language, zone=zone)}",
        *([f"⚡ {pace_step.pace_text(values, language)}"] if can_go_faster(tx) else []),
    ]
    if form.step == "sure":
        count = audience_step.count_text(form, language)
        sure = form.button(say("composing.sure", language, count=count), "start!")
        back = form.button(say("windows.back", language), "back")
        if audience_step.is_for_nobody(form):
            return screen_with_title(say("composing.nobody_head", language), *lines, rows=[[back]])
        return screen_with_title(say("composing.sure_head", language), *lines, rows=[[sure], [back]])
    names = ["audience", "buttons", "topic", "when", "sample", "test", "message", "start"]
    if can_go_faster(tx):
        names.insert(4, "pace")
    if len(content.media) > 1:
        names.remove("buttons")  # Telegram allows none under an album
    taps = [form.button(say(f"composing.to_{name}", language), name) for name in names]
    rows = [*arrange_in_rows(taps[:-1]), taps[-1:], *footer_rows(form, manager)]
    return screen_with_title(say("composing.head", language), *lines, rows=rows)


_SIGNS = dict(zip(MEDIA_KINDS, "🖼🎬🎞📄🎵🎤", strict=True))


def _show(tx: Tx, form: Form, manager: Manager, *, to_oneself: bool) -> None:
    """👁 In this chat; 🧪 in the manager's own chat, as a customer gets it."""
    to = Address(manager.telegram_id) if to_oneself else Address(form.chat_id, form.thread_id)
    form.values["shown"] = number = form.values.get("shown", 0) + 1
    key = f"sample:{form.id}:{number}"
    show_sample(tx, manager=manager, order=order_of(form.values), to=to, key=key)


def _start(tx: Tx, form: Form, manager: Manager) -> Screen:
    """The number is counted again while the audience is gathered. The number on the button is from the time of the
    question.
    """
    if audience_step.is_for_nobody(form):
        raise BadInput("audience", "mends.nobody_in_audience")
    expected = form.values.get("expected") or 0
    to = Address(form.chat_id, form.thread_id)
    started = start_broadcast(tx, manager=manager, order=order_of(form.values), expected=expected, to=to)
    return end_form(form, say("composing.started", manager.language, id=started.broadcast.id))
