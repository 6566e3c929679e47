"""Forms: a press or a typed line changes one, in the unit that also does what it asks for."""

from types import ModuleType

from holdline.bot.handlers.spot import Spot, show
from holdline.bot.windows import card_form, close_form, kept, open_wizard, settings
from holdline.bot.windows.form import Form, loaded, saved
from holdline.bot.windows.window import Reaction, Window
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.store import shown_forms
from holdline.store.tx import Tx
from holdline.texts import say

KINDS: dict[str, ModuleType] = {
    kind.KIND: kind for kind in (open_wizard, close_form, card_form, settings, kept)
}


def form_shown(tx: Tx, form: Form, manager: Manager, *, spot: Spot) -> None:
    """A new form goes out through the outbox, like everything that must not be lost."""
    window = _window(tx, form, manager)
    saved(tx, form)
    show(tx, spot, window, key=shown_forms.key_of(form.id))


def form_pressed(
    tx: Tx, *, manager: Manager, form_id: int, tg_message_id: int | None, action: str, arg: str
) -> Reaction:
    """Another person's form and a finished one answer politely and change nothing."""
    form = loaded(tx, form_id)
    if form.manager_id != manager.id:
        return Reaction(say("windows.not_yours", manager.language), alert=True)
    if form.done:
        return Reaction(say("windows.form_over", manager.language), rows=[])
    form.tg_message_id = tg_message_id
    window: Window = KINDS[form.kind].pressed(tx, form, manager, action, arg)
    saved(tx, form)
    return Reaction(window=window)


def form_typed(tx: Tx, *, manager: Manager, form_id: int, content: Content) -> Reaction | None:
    """The form's own message changes in place; where that is not known, the form is shown anew."""
    form = loaded(tx, form_id)
    window: Window = KINDS[form.kind].typed(tx, form, manager, content)
    saved(tx, form)
    if form.tg_message_id is not None:
        return Reaction(window=window, at=(form.chat_id, form.tg_message_id))
    cause = f"{content.chat_id}:{content.tg_message_id}"
    spot = Spot(form.chat_id, content.thread_id, content.tg_message_id, cause)
    show(tx, spot, window, key=f"form:{form.id}:{cause}")
    return None


def _window(tx: Tx, form: Form, manager: Manager) -> Window:
    window: Window = KINDS[form.kind].window(tx, form, manager)
    return window
