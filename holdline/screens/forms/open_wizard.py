"""Opening a dialog step by step: title, participants, type, reasons, components, confirm (L-04 to L-22)."""

from holdline.desk.dialogs.labels import default_type
from holdline.desk.dialogs.opening import open_dialog, refuse_if_active
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import TITLE_LIMIT
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.limits import fits
from holdline.dialogs.text.splitting import first_line
from holdline.dialogs.verbs import parse_number
from holdline.screens.dialog_link import announce_dialog
from holdline.screens.dialogs import opening_values
from holdline.screens.dialogs.opening_values import MANY
from holdline.screens.dialogs.resume_buttons import resume_buttons
from holdline.screens.forms import picker, resend
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
)
from holdline.screens.forms.late_wizard import OVER, end_over, is_over, words_to_send
from holdline.screens.forms.templates import opening_words
from holdline.screens.forms.unsent_offers import offer_unsent
from holdline.screens.keyboards import ButtonRows, arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs, inbox_items
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "open"
STEPS = ("title", "participants", "type", "reasons", "components", "confirm")


def begin(
    tx: Tx,
    manager: Manager,
    *,
    spot: FormPosition,
    customer_id: int,
    item_id: int | None = None,
    follow_up_of: int | None = None,
    words: Form | None = None,
) -> Form:
    """The creator takes part from the start, and a title is suggested. What would be refused at the end is refused now.

    `words` is the kept message whose refusal led here. It goes out in the new dialog, with others that were refused;
    the window names them. A wizard started elsewhere sends none, and offers them once the dialog is open.
    """
    require_allowed(manager, Act.OPEN_DIALOG)
    refuse_if_active(tx, customer_id)
    along = (
        resend.forms_for_new_dialog(tx, manager, customer_id=customer_id, chat_id=spot.chat_id, pressed=words)
        if words is not None
        else []
    )
    values = {
        "customer_id": customer_id,
        "kept": [form.id for form in along],
        "offers_unsent": words is None,
        "item_id": item_id,
        "follow_up_of": follow_up_of,
        "title": suggest_title(tx, item_id) or _title_before(tx, follow_up_of),
        "participants": [manager.telegram_id],
        "type": None,
        "reasons": [],
        "components": [],
    }
    form = open_form(tx, manager, FormKind(KIND, "title"), spot=spot, values=values)
    form.awaits = True
    return form


def suggest_title(tx: Tx, item_id: int | None) -> str:
    """The first line of the customer's message; empty if it has no text."""
    words = inbox_items.first_text(tx, item_id) if item_id is not None else ""
    return first_line(words, TITLE_LIMIT)


def _title_before(tx: Tx, follow_up_of: int | None) -> str:
    """The title of the dialog that this one follows."""
    return dialogs.by_id(tx, follow_up_of).title if follow_up_of is not None else ""


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, step = manager.language, form.step
    if step == "confirm":
        opening_values.prune_gone(tx, form, language)
    if opening_values.is_asking(form):
        return opening_values.screen(tx, form, manager, head=_head(tx, form, manager))
    lines = [_step_prompt(tx, form, language)]
    if step in ("title", "confirm"):
        lines += opening_values.summary_lines(tx, form, manager, everything=step == "confirm")
        lines += _send_lines(tx, form, manager)
    if step == "confirm":
        lines += [picker.empty_list_text(manager, name) for name in MANY if not picker.list_choices(tx, name)]
        lines += opening_words.word_lines(form, language)
    if problem := form.values.pop("problem", None):
        lines.append(f"⚠️ {problem}")
    resume = resume_buttons(tx, form.values["customer_id"], language) if step == "title" else []
    rows = [*_choices(tx, form), *_next_rows(tx, form, manager), *arrange_in_rows(resume)]
    if step in ("title", "confirm") and words_to_send(tx, form, manager):
        rows.append([form.button(say("windows.open_without", language), "without")])
    rows += footer_rows(form, manager, back=step != "title")
    return screen_with_title(_head(tx, form, manager), *lines, rows=rows)


def _head(tx: Tx, form: Form, manager: Manager) -> str:
    name = resend.customer_name(tx, form.values["customer_id"])
    return say("windows.open_head", manager.language, name=name)


def _step_prompt(tx: Tx, form: Form, language: str) -> str:
    """What this step asks for, with its number."""
    steps = _steps(tx, form)
    name = "untitled" if form.step == "title" and not form.values["title"] else form.step
    return say(f"windows.open_{name}", language, step=steps.index(form.step) + 1, steps=len(steps) - 1)


def _steps(tx: Tx, form: Form) -> list[str]:
    """Steps with an empty list are skipped, except the current one."""
    return [name for name in STEPS if name not in MANY or name == form.step or picker.list_choices(tx, name)]


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    if form.step == OVER:
        refuse_if_active(tx, form.values["customer_id"])
        return end_over(tx, form, manager)
    match action:
        case "cancel":
            return cancel_form(form, manager)
        case "create":
            return _create(tx, form, manager)
        case "now":
            form.values["type"] = default_type(tx)
            return _create(tx, form, manager)
        case _ if opening_values.is_asking(form) and action != "page":
            opening_values.handle_press(tx, form, manager, action, arg)
        case "next":
            _move(tx, form, +1)
        case "back":
            _move(tx, form, -1)
        case "page":
            form.values["first"] = parse_number(arg)
        case "without":
            form.values["kept"] = []
        case opening_values.ACTION if form.step == "confirm":
            opening_values.ask(form, arg)
        case opening_words.ACTION if form.step == "confirm":
            opening_words.ask_for_words(form, arg)
        case _:
            _choose(tx, form, manager, action, arg)
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    """The title, or another text that was asked for. If a colleague opened a dialog first, the wizard ends."""
    if is_over(tx, form):
        return end_over(tx, form, manager)
    if opening_values.is_asking(form):
        opening_values.take_text(form, content)
        return screen(tx, form, manager)
    if form.values.get("asks_for"):
        opening_words.take_words(form, content.text)
        return screen(tx, form, manager)
    title = " ".join(content.text.split())
    if not title or not fits(title, TITLE_LIMIT):
        form.values["problem"] = say("windows.title_rule", manager.language, limit=TITLE_LIMIT)
    else:
        form.values["title"] = title
        _move(tx, form, +1)
    return screen(tx, form, manager)


def empty_required_fields(form: Form) -> list[str]:
    """The required fields still empty. The wizard does not go on without them (L-21)."""
    return [name for name in ("title", "participants", "type") if not form.values.get(name)]


def _move(tx: Tx, form: Form, by: int) -> None:
    steps = _steps(tx, form)
    if by > 0 and form.step in empty_required_fields(form):
        return
    form.step = steps[min(max(steps.index(form.step) + by, 0), len(steps) - 1)]
    form.values["first"] = 0
    form.awaits = form.step == "title"
    form.values.pop("asks_for", None)


def _choose(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    if action == "participants":
        if parse_number(arg) != manager.telegram_id:
            form.toggle("participants", parse_number(arg))
        return
    if action not in ("type", *MANY):
        raise NotFound("button", action)
    name = picker.name_of_choice(picker.list_choices(tx, "types" if action == "type" else action), arg)
    if name is None:
        form.values["problem"] = say("windows.value_gone", manager.language)
    elif action == "type":
        form.values["type"] = name
        _move(tx, form, +1)
    else:
        form.toggle(action, name)


def _choices(tx: Tx, form: Form) -> ButtonRows:
    if form.step == "participants":
        people = [(p.telegram_id, p.name) for p in picker.active_managers(tx)]
        inside = form.values["participants"]
        ticked = [(i, f"✅ {name}" if i in inside else name) for i, name in people]
        return picker.keyboard(form, "participants", ticked, ())
    if form.step == "type":
        return picker.keyboard(form, "type", picker.list_choices(tx, "types"), {form.values["type"]})
    if form.step in MANY:
        return picker.keyboard(form, form.step, picker.list_choices(tx, form.step), form.values[form.step])
    return []


def _next_rows(tx: Tx, form: Form, manager: Manager) -> ButtonRows:
    """“Create” only if no required field is missing; “skip” only if the step may stay empty."""
    language = manager.language
    if form.step == "confirm":
        create = (
            [] if empty_required_fields(form) else [[form.button(say("windows.create", language), "create")]]
        )
        return [
            *create,
            *opening_values.value_rows(tx, form, language),
            *opening_words.word_rows(form, language),
            *(row for name in MANY for row in picker.add_value_rows(tx, manager, name)),
        ]
    if form.step in empty_required_fields(form):
        return []
    name = "skip" if form.step in MANY and not form.values[form.step] else "next"
    onward = [form.button(say(f"windows.{name}", language), "next")]
    if form.step != "title":
        return [onward]
    return [[form.button(say("windows.open_now", language), "now")], onward]


def _send_lines(tx: Tx, form: Form, manager: Manager) -> list[str]:
    waiting = words_to_send(tx, form, manager)
    return [say("windows.open_sends", manager.language, text=resend.first_words(words)) for words in waiting]


def _create(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Raises WrongState if the customer has an active dialog by now. The form stays open for another try."""
    if empty_required_fields(form) or opening_values.prune_gone(tx, form, manager.language):
        return screen(tx, form, manager)
    values = form.values
    dialog = open_dialog(
        tx,
        manager=manager,
        opening=Opening(
            customer_id=values["customer_id"],
            title=values["title"],
            type=values["type"],
            participants=tuple(values["participants"]),
            reasons=tuple(values["reasons"]),
            components=tuple(values["components"]),
            description=values.get("description") or "",
            values=opening_values.values_of(form),
            follow_up_of=values["follow_up_of"],
            inbox_item_id=values["item_id"],
        ),
    )
    lines = resend.send_into_new_dialog(tx, words_to_send(tx, form, manager), manager, dialog_id=dialog.id)
    opening_words.say_first_words(tx, form, manager, dialog_id=dialog.id)
    announce_dialog(
        tx,
        manager,
        dialog,
        chat_id=form.chat_id,
        thread_id=form.thread_id,
        cause=f"form:{form.id}",
        lines=lines,
    )
    if values.get("offers_unsent"):
        offer_unsent(tx, manager, dialog, FormPosition(form.chat_id, form.thread_id))
    return end_form(form, "\n".join((_head(tx, form, manager), say("windows.created", manager.language))))
