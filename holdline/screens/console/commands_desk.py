"""Commands about the desk: lists, search, readiness, settings, reports, help. Viewing changes nothing."""

from holdline.desk.dialogs.assignment import set_ready
from holdline.desk.people.managers import require_permission
from holdline.desk.people.staff import change_manager
from holdline.desk.reading.report_requests import ReportRequest, request_picture, request_report
from holdline.desk.reading.transcripts import offer_transcript
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.reports.kinds import PERIODS, ReportKind
from holdline.dialogs.rights import Act
from holdline.dialogs.verbs import CustomerVerb
from holdline.screens.broadcasts import broadcast_form, replied_broadcast
from holdline.screens.broadcasts.broadcast_list import broadcast_list_screen
from holdline.screens.console.command_context import CommandContext, CommandResult, customer_of
from holdline.screens.console.forms import show_form
from holdline.screens.dialogs import bulk_form
from holdline.screens.forms import settings
from holdline.screens.forms.history import history_screen
from holdline.screens.forms.lists import inbox_screen, search_screen, tasks_screen
from holdline.screens.funnels.window import funnels_screen
from holdline.screens.keyboards import callback_button
from holdline.screens.lists import customer_choice
from holdline.screens.lists.view import list_view
from holdline.screens.lists.window import list_screen
from holdline.screens.marketing.held_list import hold_list_screen
from holdline.screens.notices import notify_form
from holdline.screens.screen import Screen
from holdline.store.tx import Tx
from holdline.texts import LANGUAGE_NAMES, LANGUAGES, language_code, say

FILE_WORD = "file"
_USUAL_DAYS = 7


def inbox(tx: Tx, order: CommandContext) -> CommandResult:
    return inbox_screen(tx, order.manager)


def dialogs(tx: Tx, order: CommandContext) -> CommandResult:
    """If the place or a reply means a customer, all of their dialogs; otherwise the manager's own, also while one is
    entered.
    """
    customer_id = None if order.meaning.entered else customer_of(tx, order)
    if customer_id is not None:
        return list_screen(tx, order.manager, list_view("customer", about=customer_id))
    return list_screen(tx, order.manager, list_view("mine"))


def work_list(tx: Tx, order: CommandContext) -> CommandResult:
    """The list that has the name of the command."""
    return list_screen(tx, order.manager, list_view(order.name))


def history(tx: Tx, order: CommandContext) -> CommandResult:
    """`/history file` sends the whole conversation as a text file."""
    if order.rest.lower() == FILE_WORD:
        offer_transcript(
            tx,
            dialog_id=order.dialog_id,
            chat_id=order.spot.chat_id,
            thread_id=order.spot.thread_id,
            key=order.spot.cause,
        )
        return None
    return history_screen(tx, order.manager, dialog_id=order.only_dialog_id)


def broadcast(tx: Tx, order: CommandContext) -> CommandResult:
    """The form asks for the message. Typed as a reply, it uses the message replied to."""
    form = broadcast_form.begin(tx, order.manager, spot=order.form_spot)
    if order.replied:
        broadcast_form.take_replied(tx, form, order.manager, replied_broadcast.whole(tx, order.replied))
    show_form(tx, form, order.manager, spot=order.spot)
    return None


def broadcasts(tx: Tx, order: CommandContext) -> CommandResult:
    return broadcast_list_screen(tx, order.manager)


def list_held(tx: Tx, order: CommandContext) -> CommandResult:
    """All customers whose marketing waits, the longest wait first."""
    return hold_list_screen(tx, order.manager)


def bulk(tx: Tx, order: CommandContext) -> CommandResult:
    """Opens the form for bulk jobs."""
    form = bulk_form.begin(tx, order.manager, spot=order.form_spot)
    show_form(tx, form, order.manager, spot=order.spot)
    return None


def new_dialog(tx: Tx, order: CommandContext) -> CommandResult:
    """`/new_dialog Anna`: choose the customer, then the wizard."""
    form = customer_choice.begin(tx, order.manager, spot=order.form_spot, sought=order.words)
    show_form(tx, form, order.manager, spot=order.spot)
    return None


def find(tx: Tx, order: CommandContext) -> CommandResult:
    if not order.words:
        raise BadInput("/find", order.say("find_format"))
    return search_screen(tx, order.manager, order.words)


def tasks(tx: Tx, order: CommandContext) -> CommandResult:
    return tasks_screen(tx, order.manager)


def funnels(tx: Tx, order: CommandContext) -> CommandResult:
    require_permission(tx, order.manager, Act.RUN_FUNNELS)
    return funnels_screen(tx, order.manager)


def ready(tx: Tx, order: CommandContext) -> CommandResult:
    set_ready(tx, manager=order.manager, ready=True)
    return order.say("ready")


def away(tx: Tx, order: CommandContext) -> CommandResult:
    set_ready(tx, manager=order.manager, ready=False)
    return order.say("away")


def language(tx: Tx, order: CommandContext) -> CommandResult:
    """`/language pl` sets the manager's own language. In the staff group cards keep the desk's."""
    wanted = language_code(order.words)
    if wanted not in LANGUAGES:
        choices = [
            [
                callback_button(name, CustomerVerb.CHOOSE_LANGUAGE, code)
                for code, name in LANGUAGE_NAMES.items()
            ]
        ]
        question = "customer.language_unknown" if order.words else "customer.choose_language"
        return Screen(say(question, order.language), choices)
    changed = change_manager(
        tx, acting=order.manager, manager_id=order.manager.id, changes={"language": wanted}
    )
    return say("standard.language_chosen", changed.language)


def open_settings(tx: Tx, order: CommandContext) -> CommandResult:
    form = settings.begin(tx, order.manager, spot=order.form_spot)
    show_form(tx, form, order.manager, spot=order.spot)
    return None


def notify(tx: Tx, order: CommandContext) -> CommandResult:
    """Opens the form for notifications."""
    form = notify_form.begin(tx, order.manager, spot=order.form_spot)
    show_form(tx, form, order.manager, spot=order.spot)
    return None


def report(tx: Tx, order: CommandContext) -> CommandResult:
    """A picture of the last week. `/report times 30` shows another one, `/report dialogs` a table of all dialogs
    (L-68).
    """
    word, _, days = order.words.lower().partition(" ")
    where = (order.spot.chat_id, order.spot.thread_id, f"report:{order.spot.cause}")
    if word == ReportKind.DIALOGS and not days:
        caption = order.say("report_dialogs")
        request_report(tx, manager=order.manager, order=ReportRequest(*where), caption=caption)
        return None
    length = days.strip() or str(_USUAL_DAYS)
    if word not in {"", *ReportKind} or length not in map(str, PERIODS):
        return order.say("report_format", kinds=", ".join(ReportKind), days=", ".join(map(str, PERIODS)))
    kind = ReportKind(word or ReportKind.DIALOGS)
    request_picture(tx, manager=order.manager, order=ReportRequest(*where, kind, int(length)))
    return None
