"""Shows refusals in Telegram: the sentence as a reply, the allowed alternatives as buttons."""

from collections.abc import Callable
from dataclasses import asdict, replace

from holdline.desk.conversation.merges import find_holder
from holdline.desk.customers.customers import language_of
from holdline.desk.people.managers import manager_by_telegram_id, with_telegram_profile
from holdline.desk.routing.intent import resolve_target
from holdline.desk.routing.reply_target import ReplyTarget
from holdline.dialogs.album import main_part
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, ClosedBefore, DeskError, WrongState
from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.marks import is_for_desk_only, is_other_command, parse_typed_command
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.verbs import DialogVerb
from holdline.screens.console.reply_position import ReplyPosition, reply_position_of, show
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.forms import resend
from holdline.screens.forms.form import Form, load_form, save_form
from holdline.screens.keyboards import Button, ButtonRows, arrange_in_rows, callback_button
from holdline.screens.lists import answer_form
from holdline.screens.screen import Screen, UiResponse
from holdline.store.conversation import messages
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

WARN_AGAIN_SECONDS = 600
ANSWER_AGAIN_SECONDS = 60
REFUSED = "refused"
_ASKS = frozenset({"start", "help"})
"""Commands by which new people ask what this bot is. They are answered even after an earlier warning."""


def refuse_message(
    tx: Tx, *, sender: MessageSender, content: Content, error: DeskError, name: str = REFUSED
) -> None:
    """A reply to the manager's own message. A refused message is kept, so that it can be sent to the general chat.

    `name` distinguishes the refusals of several edits of one message.
    """
    spot = reply_position_of(content)
    manager = _manager_of(tx, sender)
    if manager is None:
        refuse_stranger(tx, spot, sender.telegram_id, content.text)
        return
    meaning = resolve_target(tx, manager=manager, content=content)
    keep = _keep_refused(tx, manager, meaning, content, error)
    if keep is not None and name == REFUSED and meaning.form_id is not None:
        answer_form.end_where_refused(tx, load_form(tx, meaning.form_id))
    screen = refusal_screen(tx, error, manager, keep=keep)
    if name != REFUSED and error.code in _TAKES_NO_WORDS:
        if keep is not None:
            keep.values["edited"] = True
            save_form(tx, keep)
        screen = replace(screen, text=f"{screen.text}\n{say('manager.edit_not_done', manager.language)}")
    show(tx, spot, screen, name=name)
    if name == REFUSED and content.album_id is None:
        offer_files(tx, manager, meaning, [content])


def refuse_album(tx: Tx, *, sender: MessageSender, parts: list[Content], error: DeskError) -> None:
    """Shown once. The parts are kept together, unless the album is for the desk only."""
    speaker = main_part(parts)
    for part in [speaker] if is_for_desk_only(speaker.text) else parts:
        refuse_message(tx, sender=sender, content=part, error=error)
    manager = _manager_of(tx, sender)
    if manager is not None:
        offer_files(tx, manager, resolve_target(tx, manager=manager, content=speaker), parts)


def offer_files(tx: Tx, manager: Manager, meaning: ReplyTarget, parts: list[Content]) -> None:
    """The files came with a command that did nothing. One tap sends them to the customer without its text."""
    if main_part(parts).kind == "text" or not is_other_command(main_part(parts).text):
        return
    customer_id, form = _customer_meant(tx, meaning), None
    for part in parts:
        file = replace(part, text="", entities=()) if is_for_desk_only(part.text) else part
        if customer_id is not None:
            form = resend.keep(tx, manager, file, customer_id=customer_id, meaning=asdict(meaning))
    rows = (
        [resend.send_buttons(tx, form, manager.language), [resend.drop_button(form, manager.language)]]
        if form
        else []
    )
    answer = Screen(say("manager.files_to_nobody", manager.language), rows)
    show(tx, reply_position_of(parts[0]), answer, name="file")


def _customer_meant(tx: Tx, meaning: ReplyTarget) -> int | None:
    """None if the place implies no customer. For an answer from a list, the customer of its dialog."""
    if meaning.kind == "form" and meaning.form_id is not None:
        return answer_form.customer_of_form(tx, load_form(tx, meaning.form_id))
    if meaning.kind not in ("dialog", "general"):
        return None
    if meaning.customer_id is None and meaning.dialog_id is not None:
        return dialogs.by_id(tx, meaning.dialog_id).customer_id
    return meaning.customer_id


def refuse_press(
    tx: Tx, *, sender: MessageSender, spot: ReplyPosition, error: DeskError, shown: ButtonRows | None = None
) -> UiResponse:
    """The sentence as an alert. If there is a remedy, also as a message with its buttons.

    `shown` are the buttons of the pressed message; a kept message among them stays available.
    """
    manager = _manager_of(tx, sender)
    if manager is None:
        return _press_of_nobody(tx, sender, spot)
    screen = refusal_screen(tx, error, manager, keep=_still_kept(tx, manager, shown or [], error))
    if screen.rows:
        show(tx, spot, screen, name="refused")
    return UiResponse(truncate(screen.text, TOAST_LIMIT), alert=True)


def _manager_of(tx: Tx, sender: MessageSender) -> Manager | None:
    """The unit of work was rolled back, so Telegram's profile of the manager is used but not stored."""
    manager = manager_by_telegram_id(tx, telegram_id=sender.telegram_id)
    return with_telegram_profile(manager, sender) if manager is not None else None


def _press_of_nobody(tx: Tx, sender: MessageSender, spot: ReplyPosition) -> UiResponse:
    """In a group it is somebody without a role. In a private chat it is a customer, who learns nothing of the desk."""
    if spot.chat_id != sender.telegram_id:
        return UiResponse(say("manager.stranger_press", tx.rules.language), alert=True)
    return UiResponse(say("customer.button_old", language_of(tx, sender)), rows=[])


def refusal_screen(tx: Tx, error: DeskError, manager: Manager, *, keep: Form | None = None) -> Screen:
    """The refusal as a window."""
    language = manager.language
    if elsewhere := _goes_on_elsewhere(tx, error, manager, keep):
        return elsewhere
    text = error.remedy(language) if isinstance(error, BadInput) else error.sentence(language)
    return Screen(text, remedy_rows(tx, error, language, keep=keep))


def _goes_on_elsewhere(tx: Tx, error: DeskError, manager: Manager, keep: Form | None) -> Screen | None:
    """For a closed or paused dialog whose customer has an active one: messages can only go there. A merged dialog goes
    on in the other one.
    """
    if not isinstance(error, WrongState) or isinstance(error, ClosedBefore):
        return None
    if error.code not in _TAKES_NO_WORDS:
        return None
    assert error.obj is not None
    refused_in = dialogs.by_id(tx, int(error.obj["id"]))
    active = dialogs.active_of(tx, refused_in.customer_id)
    if active is None:
        return _goes_on_after_merge(tx, refused_in, manager, keep)
    language = manager.language
    words = {"id": error.obj["id"], "active": active.id, "title": inline(active.title)}
    state = say(f"cards.state_{error.state}", language)
    there = dialog_link_button(tx, active.id, say("manager.go", language, id=active.id))
    return Screen(
        say("manager.goes_on_elsewhere", language, state=state, **words),
        [[there], resend.send_buttons(tx, keep, language) if keep else []],
    )


def _goes_on_after_merge(tx: Tx, merged: Dialog, manager: Manager, keep: Form | None) -> Screen | None:
    """For a dialog that was merged into a paused one: that one has to be resumed first."""
    holder, language = find_holder(tx, merged), manager.language
    if holder.id == merged.id or holder.state != "paused":
        return None
    words = {"id": merged.id, "into": holder.id, "title": inline(holder.title)}
    ways = [
        _REMEDIES["resume"](language, holder.id),
        *(resend.send_buttons(tx, keep, language) if keep else []),
    ]
    there = dialog_link_button(tx, holder.id, say("manager.go", language, id=holder.id))
    return Screen(say("manager.goes_on_after_merge", language, **words), [[there], ways])


def remedy_rows(tx: Tx, error: DeskError, language: str, *, keep: Form | None = None) -> ButtonRows:
    """One button per allowed alternative, after a link to the dialog in the way."""
    if error.code == "answered_just_now" and keep is not None:
        return resend.send_anyway_rows(keep, language)
    if error.code == TAKEN_BACK and keep is not None:
        return [resend.send_buttons(tx, keep, language), [resend.drop_button(keep, language)]]
    if error.obj is None or error.obj.get("type") != "dialog":
        return []
    dialog_id = int(error.obj["id"])
    buttons = [build(language, dialog_id) for name in error.allowed if (build := _REMEDIES.get(name))]
    if keep is not None:
        buttons += resend.send_buttons(tx, keep, language)
    there = dialog_link_button(tx, dialog_id, say("manager.go", language, id=dialog_id))
    return (
        [[there], *arrange_in_rows(buttons)]
        if error.code == "active_dialog_exists"
        else arrange_in_rows(buttons)
    )


def refuse_stranger(tx: Tx, spot: ReplyPosition, telegram_id: int, text: str) -> None:
    """Nothing from a stranger is passed on. The answer tells an administrator how to add the person.

    Sent once in a while per person, and at most once a minute if they ask, so that these answers do not delay
    customers' messages.
    """
    command = parse_typed_command(text)
    asks = command is not None and command[0] in _ASKS
    while_ = int(tx.at.timestamp()) // (ANSWER_AGAIN_SECONDS if asks else WARN_AGAIN_SECONDS)
    key = f"stranger:{spot.chat_id}:{telegram_id}:{command[0] if command and asks else ''}:{while_}"
    show(tx, spot, Screen(say("manager.stranger", tx.rules.language, id=telegram_id)), key=key)


def refuse_anonymous(tx: Tx, *, content: Content, key: str) -> None:
    """Anonymous administrators and channels have no name that history could record."""
    show(tx, reply_position_of(content), Screen(say(key, tx.rules.language)), name="unnamed")


def _keep_refused(
    tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content, error: DeskError
) -> Form | None:
    """Keeps a message for a customer that can be sent another way. None for notes, commands and everything else."""
    if error.code not in _KEEPS:
        return None
    taken_back = error.code == TAKEN_BACK
    customer_id = _reader_before(tx, error) if taken_back else _customer_meant(tx, meaning)
    if customer_id is None:
        return None
    if (form := _earlier_edit_form(tx, manager, content)) is not None:
        resend.replace_message(tx, form, content)
        return form
    return resend.keep(
        tx, manager, content, customer_id=customer_id, meaning=asdict(meaning), refused=error.code
    )


def _earlier_edit_form(tx: Tx, manager: Manager, content: Content) -> Form | None:
    """The form of an earlier edit of the same message; the newest text replaces that one."""
    if content.chat_id is None or content.tg_message_id is None:
        return None
    return resend.form_of_message(tx, manager, content.chat_id, content.tg_message_id)


def _reader_before(tx: Tx, error: DeskError) -> int | None:
    """The customer who had the message that was taken back, wherever the manager works now."""
    message = messages.by_id(tx, int(error.obj["id"])) if error.obj else None
    return message.customer_id if message else None


def _still_kept(tx: Tx, manager: Manager, buttons: ButtonRows, error: DeskError) -> Form | None:
    """The manager's own kept message, if the press that should have sent it was refused."""
    form = resend.form_under_buttons(tx, buttons) if error.code in _KEEPS else None
    return form if form is not None and form.manager_id == manager.id else None


TAKEN_BACK = "message_taken_back"
_KEEPS = frozenset(
    {"answered_just_now", "active_dialog_exists", "dialog_paused", "dialog_closed", TAKEN_BACK}
)
_TAKES_NO_WORDS = ("dialog_paused", "dialog_closed")
"""Refusals by a paused or closed dialog. After such a refused edit the customer still has the earlier text."""
_REMEDIES: dict[str, Callable[[str, int], Button]] = {
    "pause": lambda language, i: callback_button(say("manager.pause_it", language), DialogVerb.PAUSE, i),
    "resume": lambda language, i: callback_button(say("manager.resume", language), DialogVerb.RESUME, i),
    "close": lambda language, i: callback_button(say("manager.close_it", language), DialogVerb.CLOSE, i),
    "new_dialog": lambda language, i: callback_button(
        say("manager.new_dialog", language), DialogVerb.OPEN_ANOTHER, i
    ),
}
