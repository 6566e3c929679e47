"""Changes the text of an existing broadcast: typed, shown as customers will read it, confirmed with a second tap."""

from dataclasses import replace
from typing import Any

from holdline.desk.broadcasts.by_managers import change_words, changeable_broadcast, show_sample
from holdline.desk.broadcasts.creating import BroadcastOrder
from holdline.desk.broadcasts.reading import progress_of
from holdline.dialogs.address import Address
from holdline.dialogs.broadcasts.broadcast import BroadcastUnchangeable
from holdline.dialogs.broadcasts.content import WHOLE, BroadcastVariant
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.richtext import RichText
from holdline.dialogs.text.splitting import inline
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
from holdline.screens.keyboards import ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.screens import form_messages
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "broadcast_words"
_EXCERPT, _CAPTION = 300, 40


def begin(tx: Tx, manager: Manager, *, broadcast_id: int, spot: FormPosition) -> Form:
    """If the broadcast has variants, the form first asks which one."""
    broadcast = changeable_broadcast(tx, manager=manager, broadcast_id=broadcast_id)
    step = "which" if len(broadcast.content.variants) > 1 else "words"
    values = {"broadcast": broadcast_id, "variant": 0, "words": None}
    form = open_form(tx, manager, FormKind(KIND, step), spot=spot, values=values)
    form.awaits = step == "words"
    return form


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, values = manager.language, form.values
    progress = progress_of(tx, broadcast_id=values["broadcast"])
    variants = progress.broadcast.content.variants
    head = say("composing.words_head", language, id=values["broadcast"])
    if form.step == "which":
        taps = [
            [form.button(f"{number + 1}: {ellipsize(each.words.text or '📎', _CAPTION)}", "variant", number)]
            for number, each in enumerate(variants)
        ]
        hint = say("composing.which_variant", language)
        return screen_with_title(head, hint, rows=[*taps, *footer_rows(form, manager)])
    if form.step == "sure":
        figures = progress.figures
        counts = {"sent": figures.sent, "waiting": figures.waiting + figures.held}
        sure = form.button(say("composing.sure_words", language), "change!")
        lines = [
            inline(ellipsize(values["words"]["text"] or "📎", _EXCERPT)),
            "",
            say("composing.words_effect", language, **counts),
        ]
        return screen_with_title(head, *lines, rows=[[sure], *footer_rows(form, manager, back=True)])
    now = inline(ellipsize(variants[values["variant"]].words.text or "📎", _EXCERPT))
    lines = [say("composing.words_now", language, quoted=now), "", say("composing.words_hint", language)]
    return screen_with_title(head, *lines, rows=footer_rows(form, manager))


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    if action == "cancel":
        return cancel_form(form, manager)
    variants = changeable_broadcast(
        tx, manager=manager, broadcast_id=form.values["broadcast"]
    ).content.variants
    if action == "change!" and form.step == "sure":
        return _change(tx, form, manager)
    if action == "variant" and arg.isdecimal() and int(arg) < len(variants):
        form.values["variant"], form.step = int(arg), "words"
    elif action == "back":
        form.step = "words"
    else:
        raise NotFound("button", action)
    form.awaits = form.step == "words"
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    """Shows the text as customers will read it, and continues with a new form below."""
    broadcast = changeable_broadcast(tx, manager=manager, broadcast_id=form.values["broadcast"])
    if form.step != "words":
        return screen(tx, form, manager)
    words = RichText(content.text, tuple(content.entities))
    tried = replace(broadcast.content, variants=(BroadcastVariant(words, WHOLE),))
    spot = reply_position_of(content)
    show_sample(
        tx,
        manager=manager,
        order=BroadcastOrder(tried, topic=broadcast.topic),
        to=Address(form.chat_id, form.thread_id),
        key=f"sample:{form.id}:{spot.cause}",
    )
    values: dict[str, Any] = {**form.values, "words": {"text": words.text, "entities": list(words.entities)}}
    place = FormPosition(form.chat_id, form.thread_id)
    below = open_form(tx, manager, FormKind(KIND, "sure"), spot=place, values=values)
    shown = screen(tx, below, manager)
    save_form(tx, below)
    show(tx, spot, shown, key=form_messages.key_of(below.id))
    return end_form(form, say("composing.taken", manager.language))


def _change(tx: Tx, form: Form, manager: Manager) -> Screen:
    given, number = form.values["words"], form.values["broadcast"]
    words = RichText(given["text"], tuple(given["entities"]))
    try:
        change_words(tx, manager=manager, broadcast_id=number, words=words, variant=form.values["variant"])
    except BroadcastUnchangeable as refused:
        return end_form(form, refused.sentence(manager.language))
    return end_form(form, say("composing.done_words", manager.language, id=number))
