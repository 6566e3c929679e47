"""What is typed and pressed for each command and each button: as an update, about the things of one relation."""

from collections.abc import Callable

from holdline.dialogs.verbs import CustomerVerb, DeskVerb, DialogVerb, Verb, button_data
from tests.rights.scene import COLLEAGUE, Things

ASIDE_UPDATE = 999_999_999

Typed = Callable[[Things], str]
Pressed = Callable[[Things], str]

COMMANDS: dict[str, Typed] = {
    "inbox": lambda t: "/inbox",
    "dialogs": lambda t: "/dialogs",
    "active": lambda t: "/active",
    "new": lambda t: "/new",
    "handling": lambda t: "/handling",
    "review": lambda t: "/review",
    "overdue": lambda t: "/overdue",
    "closed": lambda t: "/closed",
    "all": lambda t: "/all",
    "open": lambda t: "/open Damaged",
    "new_dialog": lambda t: "/new_dialog",
    "enter": lambda t: f"/enter {t.dialog}",
    "pause": lambda t: f"/pause {t.dialog}",
    "resume": lambda t: f"/resume {t.paused}",
    "close": lambda t: f"/close #{t.dialog} form",
    "note": lambda t: f"/note #{t.dialog} Remember this",
    "t": lambda t: f"/t #{t.dialog}",
    "later": lambda t: f"/later #{t.dialog} 23:55 See you",
    "bulk": lambda t: "/bulk",
    "attach": lambda t: f"/attach #{t.dialog}",
    "info": lambda t: f"/info {t.dialog}",
    "history": lambda t: f"/history {t.dialog}",
    "assign": lambda t: f"/assign #{t.dialog} Olga",
    "take": lambda t: f"/take {t.dialog}",
    "forward": lambda t: f"/forward {t.dialog}",
    "merge": lambda t: f"/merge #{t.merging} {t.merging_into}",
    "unmerge": lambda t: f"/unmerge {t.merging_into}",
    "held": lambda t: "/held",
    "broadcast": lambda t: "/broadcast",
    "broadcasts": lambda t: "/broadcasts",
    "find": lambda t: "/find Delivery",
    "tasks": lambda t: "/tasks",
    "ready": lambda t: "/ready",
    "away": lambda t: "/away",
    "settings": lambda t: "/settings",
    "funnels": lambda t: "/funnels",
    "report": lambda t: "/report",
    "delete": lambda t: "/delete",
    "notify": lambda t: "/notify",
    "language": lambda t: "/language en",
    "help": lambda t: "/help",
    "start": lambda t: "/start",
}
"""By the dialog's number in one's own chat; /open answers a card, /delete the words that it takes back."""

BUTTONS: dict[Verb, Pressed] = {
    DialogVerb.PAUSE: lambda t: button_data(DialogVerb.PAUSE, t.dialog),
    DialogVerb.CONFIRM_PAUSE: lambda t: button_data(DialogVerb.CONFIRM_PAUSE, t.dialog),
    DialogVerb.RESUME: lambda t: button_data(DialogVerb.RESUME, t.paused),
    DialogVerb.CONFIRM_RESUME: lambda t: button_data(DialogVerb.CONFIRM_RESUME, t.paused),
    DialogVerb.CANCEL_CONFIRMATION: lambda t: button_data(DialogVerb.CANCEL_CONFIRMATION, t.dialog),
    DialogVerb.CLOSE: lambda t: button_data(DialogVerb.CLOSE, t.dialog),
    DialogVerb.OPEN_ANOTHER: lambda t: button_data(DialogVerb.OPEN_ANOTHER, t.paused),
    DialogVerb.GO_TO: lambda t: button_data(DialogVerb.GO_TO, t.dialog),
    DialogVerb.SHOW_HISTORY: lambda t: button_data(DialogVerb.SHOW_HISTORY, t.dialog),
    DialogVerb.SEND_TRANSCRIPT: lambda t: button_data(DialogVerb.SEND_TRANSCRIPT, t.dialog, 1),
    DialogVerb.SEND_TIMELINE: lambda t: button_data(DialogVerb.SEND_TIMELINE, t.dialog, "n.all"),
    DialogVerb.SHOW_GATE_QUEUE: lambda t: button_data(DialogVerb.SHOW_GATE_QUEUE, t.dialog),
    DialogVerb.EDIT_TITLE: lambda t: button_data(DialogVerb.EDIT_TITLE, t.dialog),
    DialogVerb.EDIT_TYPE: lambda t: button_data(DialogVerb.EDIT_TYPE, t.dialog),
    DialogVerb.EDIT_PARTICIPANTS: lambda t: button_data(DialogVerb.EDIT_PARTICIPANTS, t.dialog),
    DialogVerb.EDIT_REASONS: lambda t: button_data(DialogVerb.EDIT_REASONS, t.dialog),
    DialogVerb.EDIT_COMPONENTS: lambda t: button_data(DialogVerb.EDIT_COMPONENTS, t.dialog),
    DialogVerb.EDIT_TAGS: lambda t: button_data(DialogVerb.EDIT_TAGS, t.dialog),
    DialogVerb.EDIT: lambda t: button_data(DialogVerb.EDIT, t.dialog),
    DialogVerb.POSTPONE: lambda t: button_data(DialogVerb.POSTPONE, t.dialog),
    DialogVerb.LIST_ATTACHMENTS: lambda t: button_data(DialogVerb.LIST_ATTACHMENTS, t.dialog),
    DialogVerb.KEEP_ATTACHMENTS: lambda t: button_data(DialogVerb.KEEP_ATTACHMENTS, t.dialog),
    DialogVerb.FETCH_ATTACHMENT: lambda t: button_data(DialogVerb.FETCH_ATTACHMENT, t.attachment),
    DialogVerb.ASK_TO_REMOVE_ATTACHMENT: lambda t: button_data(
        DialogVerb.ASK_TO_REMOVE_ATTACHMENT, t.attachment
    ),
    DialogVerb.REMOVE_ATTACHMENT: lambda t: button_data(DialogVerb.REMOVE_ATTACHMENT, t.attachment),
    DialogVerb.FORWARD: lambda t: button_data(DialogVerb.FORWARD, t.dialog),
    DialogVerb.TAKE: lambda t: button_data(DialogVerb.TAKE, t.dialog),
    DialogVerb.ASSIGN: lambda t: button_data(DialogVerb.ASSIGN, t.dialog, COLLEAGUE),
    DialogVerb.ASSIGN_TO_TEAM: lambda t: button_data(DialogVerb.ASSIGN_TO_TEAM, t.dialog, 2),
    DialogVerb.CHOOSE_ASSIGNEE: lambda t: button_data(DialogVerb.CHOOSE_ASSIGNEE, t.dialog),
    DialogVerb.MERGE: lambda t: button_data(DialogVerb.MERGE, t.merging),
    DialogVerb.UNMERGE: lambda t: button_data(DialogVerb.UNMERGE, t.merging_into),
    DialogVerb.REMOVE_TAG: lambda t: button_data(DialogVerb.REMOVE_TAG, t.dialog, t.tag),
    DialogVerb.UNDO_MESSAGE: lambda t: button_data(DialogVerb.UNDO_MESSAGE, t.message),
    DialogVerb.RESEND_MESSAGE: lambda t: button_data(DialogVerb.RESEND_MESSAGE, t.parked),
    DeskVerb.OPEN_FROM_INBOX: lambda t: button_data(DeskVerb.OPEN_FROM_INBOX, t.item),
    DeskVerb.OPEN_FOR_CUSTOMER: lambda t: button_data(DeskVerb.OPEN_FOR_CUSTOMER, t.item_customer),
    DeskVerb.IGNORE_INBOX_ITEM: lambda t: button_data(DeskVerb.IGNORE_INBOX_ITEM, t.item),
    DeskVerb.PUT_BACK_INBOX_ITEM: lambda t: button_data(DeskVerb.PUT_BACK_INBOX_ITEM, t.ignored),
    DeskVerb.ASSIGN_INBOX_ITEM: lambda t: button_data(DeskVerb.ASSIGN_INBOX_ITEM, t.item, COLLEAGUE),
    DeskVerb.ANSWER_CUSTOMER: lambda t: button_data(DeskVerb.ANSWER_CUSTOMER, t.item_customer),
    DeskVerb.MOVE_BROADCAST: lambda t: button_data(DeskVerb.MOVE_BROADCAST, t.broadcast, "pause"),
    DeskVerb.DECIDE_ON_HELD: lambda t: button_data(DeskVerb.DECIDE_ON_HELD, t.held, "send!"),
    DeskVerb.SHOW_PROFILE: lambda t: button_data(DeskVerb.SHOW_PROFILE, t.item_customer),
    DeskVerb.MUTE_CUSTOMER: lambda t: button_data(DeskVerb.MUTE_CUSTOMER, t.item_customer),
    DeskVerb.UNMUTE_CUSTOMER: lambda t: button_data(DeskVerb.UNMUTE_CUSTOMER, t.item_customer),
    DeskVerb.SHOW_PERSONAL_DATA: lambda t: button_data(DeskVerb.SHOW_PERSONAL_DATA, t.item_customer),
    DeskVerb.EXPORT_CUSTOMER: lambda t: button_data(DeskVerb.EXPORT_CUSTOMER, t.item_customer, 0),
    DeskVerb.ASK_TO_ERASE: lambda t: button_data(DeskVerb.ASK_TO_ERASE, t.item_customer),
    DeskVerb.ERASE_CUSTOMER: lambda t: button_data(DeskVerb.ERASE_CUSTOMER, t.item_customer),
    DeskVerb.LIST_DIALOGS: lambda t: button_data(DeskVerb.LIST_DIALOGS, t.customer),
    DeskVerb.SHOW_OVERVIEW: lambda t: button_data(DeskVerb.SHOW_OVERVIEW, t.customer),
    DeskVerb.PRESS_FORM: lambda t: button_data(DeskVerb.PRESS_FORM, t.form, "menu"),
    DeskVerb.CHOOSE_DIALOG: lambda t: button_data(DeskVerb.CHOOSE_DIALOG, t.question, t.dialog, t.customer),
    DeskVerb.TURN_PAGE: lambda t: button_data(DeskVerb.TURN_PAGE, "all", 0, 0),
    DeskVerb.CHOOSE_FILTER: lambda t: button_data(DeskVerb.CHOOSE_FILTER, "who", "l.0.0."),
    DeskVerb.SHOW_ROW: lambda t: button_data(DeskVerb.SHOW_ROW, t.dialog, "main", "l.0.0."),
    DeskVerb.CHANGE_ROW: lambda t: button_data(DeskVerb.CHANGE_ROW, t.dialog, "take-0", "l.0.0."),
    DeskVerb.ANSWER_FROM_LIST: lambda t: button_data(DeskVerb.ANSWER_FROM_LIST, t.dialog),
    DeskVerb.OPEN_SETTINGS: lambda t: button_data(DeskVerb.OPEN_SETTINGS, "templates"),
    DeskVerb.APPROVE_DRAFT: lambda t: button_data(DeskVerb.APPROVE_DRAFT, t.draft),
    DeskVerb.EDIT_DRAFT: lambda t: button_data(DeskVerb.EDIT_DRAFT, t.draft),
    DeskVerb.RETURN_DRAFT: lambda t: button_data(DeskVerb.RETURN_DRAFT, t.draft),
    DeskVerb.SEND_SCHEDULED: lambda t: button_data(DeskVerb.SEND_SCHEDULED, t.scheduled),
    DeskVerb.EDIT_SCHEDULED: lambda t: button_data(DeskVerb.EDIT_SCHEDULED, t.scheduled),
    DeskVerb.CANCEL_SCHEDULED: lambda t: button_data(DeskVerb.CANCEL_SCHEDULED, t.scheduled),
    DeskVerb.SHOW_REPORT: lambda t: button_data(DeskVerb.SHOW_REPORT, "dialogs", 7, "light"),
    DeskVerb.SEND_REPORT: lambda t: button_data(DeskVerb.SEND_REPORT, "dialogs", 7, "csv"),
    DeskVerb.NARROW_REPORT: lambda t: button_data(
        DeskVerb.NARROW_REPORT, "team", "dialogs", 7, "light", 0, 0
    ),
    DeskVerb.LIST_FUNNELS: lambda t: button_data(DeskVerb.LIST_FUNNELS, 0),
    DeskVerb.SHOW_FUNNEL: lambda t: button_data(DeskVerb.SHOW_FUNNEL, t.funnel),
    DeskVerb.SHOW_FUNNEL_NUMBERS: lambda t: button_data(DeskVerb.SHOW_FUNNEL_NUMBERS, t.funnel),
    DeskVerb.SEND_FUNNEL_PICTURE: lambda t: button_data(DeskVerb.SEND_FUNNEL_PICTURE, t.funnel),
    DeskVerb.LIST_ENROLLED: lambda t: button_data(DeskVerb.LIST_ENROLLED, t.funnel, 0),
    DeskVerb.SWITCH_FUNNEL: lambda t: button_data(DeskVerb.SWITCH_FUNNEL, t.funnel, 0),
    DeskVerb.SHOW_FUNNELS_OF: lambda t: button_data(DeskVerb.SHOW_FUNNELS_OF, t.customer),
    DeskVerb.DELETE_FUNNEL: lambda t: button_data(DeskVerb.DELETE_FUNNEL, t.funnel),
    DeskVerb.ENROL_CUSTOMER: lambda t: button_data(DeskVerb.ENROL_CUSTOMER, t.item_customer, t.funnel),
    DeskVerb.END_ENROLMENT: lambda t: button_data(DeskVerb.END_ENROLMENT, t.enrolment),
    DeskVerb.FINISH_TASK: lambda t: button_data(DeskVerb.FINISH_TASK, t.task),
    DeskVerb.RETRY_UPDATE: lambda t: button_data(DeskVerb.RETRY_UPDATE, ASIDE_UPDATE),
    DeskVerb.RETRY_ALL_UPDATES: lambda t: button_data(DeskVerb.RETRY_ALL_UPDATES),
    DeskVerb.SHOW_RESTORE: lambda t: button_data(DeskVerb.SHOW_RESTORE),
    DeskVerb.ASK_ON_RESTORE: lambda t: button_data(DeskVerb.ASK_ON_RESTORE, "release", "all"),
    DeskVerb.DECIDE_ON_RESTORE: lambda t: button_data(DeskVerb.DECIDE_ON_RESTORE, "release", "all"),
    CustomerVerb.RATE: lambda t: button_data(CustomerVerb.RATE, "no-such-token", 3),
    CustomerVerb.MARK_SOLVED: lambda t: button_data(CustomerVerb.MARK_SOLVED, t.dialog),
    CustomerVerb.CHOOSE_LANGUAGE: lambda t: button_data(CustomerVerb.CHOOSE_LANGUAGE, "pl"),
    CustomerVerb.DECIDE_ON_OFFERS: lambda t: button_data(CustomerVerb.DECIDE_ON_OFFERS, "stop"),
    CustomerVerb.RATE_ANSWER: lambda t: button_data(CustomerVerb.RATE_ANSWER, "helped", 1),
    CustomerVerb.RESUME_OFFERS: lambda t: button_data(CustomerVerb.RESUME_OFFERS),
    CustomerVerb.CHOOSE_OFFERS: lambda t: button_data(CustomerVerb.CHOOSE_OFFERS, "off", 0),
}

BUTTON_OF: dict[str, Pressed] = {verb.value: pressed for verb, pressed in BUTTONS.items()}

WORDS: dict[str, Callable[[Things], tuple[int, str]]] = {
    "answer in the dialog": lambda t: (t.copy, "It comes tomorrow"),
    "note in the dialog": lambda t: (t.copy, ". Look at this"),
    "answer outside a dialog": lambda t: (t.card, "It comes tomorrow"),
}
"""A Telegram reply in the group, to what is named first."""
WRITTEN = (*WORDS, "edit", "react")


def settings_page(page: str) -> Pressed:
    """A button of the menu of one's own settings window."""
    return lambda things: button_data(DeskVerb.PRESS_FORM, things.form, "open", page)
