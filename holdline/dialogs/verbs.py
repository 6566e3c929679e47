"""Button verbs: the word at the start of each button's data, who presses the button and which arguments follow.

The data is `verb:argument:…`. The words never change, because buttons in old messages must keep working.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.limits import BUTTON_DATA_LIMIT, fits_button

MAX_DIGITS = 18  # any number with this many digits fits into 64 bits

Argument = int | str
ArgumentTypes = tuple[type[int] | type[str], ...]


class _ButtonVerb(StrEnum):
    """`takes` are the types of the required arguments, `may_take` those of the optional ones."""

    takes: ArgumentTypes
    may_take: ArgumentTypes

    def __new__(cls, word: str, takes: ArgumentTypes = (), may_take: ArgumentTypes = ()) -> Self:
        verb = str.__new__(cls, word)
        verb._value_ = word
        verb.takes, verb.may_take = takes, may_take
        return verb


class CustomerVerb(_ButtonVerb):
    """Buttons in customers' chats. A manager may press `CHOOSE_LANGUAGE` as well."""

    RATE = "rate", (str, int)  # token, value
    MARK_SOLVED = "solved", (int,)  # dialog
    CHOOSE_LANGUAGE = "lang", (str,)
    DECIDE_ON_OFFERS = "offers", (str,)  # stop, keep
    RATE_ANSWER = "answer", (str, int)  # helped, person; the customer's message that was answered
    RESUME_OFFERS = "offers_back", (), (str,)  # the standard message above the button
    CHOOSE_OFFERS = "sub", (str, int), (str,)  # off, on, all; marketing topic or 0; list: in /subscriptions


class DialogVerb(_ButtonVerb):
    """Buttons for managers about one dialog or one message. The first number is its id."""

    PAUSE = "dlg.pause", (int,)
    CONFIRM_PAUSE = "dlg.pause!", (int,)
    RESUME = "dlg.resume", (int,)
    CONFIRM_RESUME = "dlg.resume!", (int,)
    CANCEL_CONFIRMATION = "dlg.keep", (int,)
    CLOSE = "dlg.close", (int,)
    OPEN_ANOTHER = "dlg.new", (int,)
    GO_TO = "dlg.go", (int,)
    SHOW_HISTORY = "dlg.history", (int,)
    SEND_TRANSCRIPT = "dlg.file", (int,), (int,)  # dialog; 1: with its notes
    SEND_TIMELINE = "dlg.lines", (int, str)  # dialog; order and sort: n.all
    SHOW_GATE_QUEUE = "dlg.held", (int,), (int,)  # dialog; the last outbox item of the previous page
    EDIT_TITLE = "dlg.title", (int,)
    EDIT_TYPE = "dlg.type", (int,)
    EDIT_PARTICIPANTS = "dlg.participants", (int,)
    EDIT_REASONS = "dlg.reasons", (int,)
    EDIT_COMPONENTS = "dlg.components", (int,)
    EDIT_TAGS = "dlg.tags", (int,)
    REMOVE_TAG = "dlg.untag", (int, int)  # dialog, tag
    EDIT = "dlg.edit", (int,)
    POSTPONE = "dlg.postpone", (int,)
    LIST_ATTACHMENTS = "dlg.files", (int,)
    KEEP_ATTACHMENTS = "file.keep", (int,)  # dialog
    FETCH_ATTACHMENT = "file.get", (int,)  # attachment
    ASK_TO_REMOVE_ATTACHMENT = "file.drop", (int,)
    REMOVE_ATTACHMENT = "file.drop!", (int,)
    FORWARD = "dlg.forward", (int,)
    MERGE = "dlg.merge", (int,)
    UNMERGE = "dlg.unmerge", (int,)
    TAKE = "dlg.take", (int,), (int,)  # 1: only while nobody has it
    CHOOSE_ASSIGNEE = "dlg.assign", (int,)
    ASSIGN = "assign", (int, int)  # dialog, Telegram id or 0 for nobody
    ASSIGN_TO_TEAM = "assign.team", (int, int)  # dialog, team
    UNDO_MESSAGE = "undo", (int,)  # message
    RESEND_MESSAGE = "again", (int,), (int,)  # outbox item; the dialog to send it in


class DeskVerb(_ButtonVerb):
    """All other buttons for managers: Inbox cards, lists, forms, settings, tasks, alarms."""

    OPEN_FROM_INBOX = "card.open", (int,)  # inbox item
    OPEN_FOR_CUSTOMER = "card.new", (int,)  # customer
    IGNORE_INBOX_ITEM = "card.ignore", (int,)
    PUT_BACK_INBOX_ITEM = "card.back", (int,)
    ASSIGN_INBOX_ITEM = "card.assign", (int,), (int,)  # inbox item; a Telegram id, or 0 for nobody
    ANSWER_CUSTOMER = "card.answer", (int,)
    LIST_DIALOGS = "card.dialogs", (int,)  # customer
    SHOW_OVERVIEW = "card.past", (int,)  # customer
    MOVE_BROADCAST = "cast", (int, str)  # broadcast, act
    DECIDE_ON_HELD = "held", (int, str), (int,)  # outbox item, act; start of the page
    SHOW_PROFILE = "card.data", (int,)  # customer
    MUTE_CUSTOMER = "card.mute", (int,)  # customer
    UNMUTE_CUSTOMER = "card.unmute", (int,)  # customer
    SHOW_PERSONAL_DATA = "card.person", (int,)  # customer
    EXPORT_CUSTOMER = "card.export", (int, int)  # customer; 1: with notes
    ASK_TO_ERASE = "card.erase", (int,)  # customer
    ERASE_CUSTOMER = "card.erase!", (int,)
    PRESS_FORM = "form", (int, str), (str,)  # form, action; argument of the action
    CHOOSE_DIALOG = "which", (int, int, int)  # form, dialog, customer; two zeros for neither
    # list, last id of the previous page, id of the subject; filters
    TURN_PAGE = "list", (str, int, int), (str,)
    CHOOSE_FILTER = "list.by", (str, str)  # filter; the current view of the list
    SHOW_ROW = "row", (int, str, str)  # dialog, what is being chosen; the list to return to
    CHANGE_ROW = "row!", (int, str, str)  # dialog, change; the list to return to
    ANSWER_FROM_LIST = "row.answer", (int,)  # dialog
    OPEN_SETTINGS = "settings.page", (str,)
    APPROVE_DRAFT = (
        "draft.ok",
        (int,),
        (int, int),
    )  # draft; its version; 1: even if the customer has written since
    EDIT_DRAFT = "draft.edit", (int,)
    RETURN_DRAFT = "draft.return", (int,)
    SEND_SCHEDULED = (
        "later.send",
        (int,),
        (int, int),
    )  # scheduled reply; 1: outside any dialog, else 0; its version
    EDIT_SCHEDULED = "later.edit", (int,)
    CANCEL_SCHEDULED = "later.drop", (int,)
    SHOW_REPORT = "report.show", (str, int, str), (int, int)  # report, days, theme; team, type, 0 for all
    SEND_REPORT = "report.file", (str, int, str), (int, int)  # report, days, csv or xlsx; team, type
    NARROW_REPORT = "report.only", (str, str, int, str, int, int)  # team or type; then as SHOW_REPORT
    LIST_FUNNELS = "funnel.list", (int,)  # last id of the previous page
    SHOW_FUNNEL = "funnel.show", (int,)
    SHOW_FUNNEL_NUMBERS = "funnel.numbers", (int,), (int,)  # funnel; a version, else the newest
    SEND_FUNNEL_PICTURE = "funnel.picture", (int,)
    LIST_ENROLLED = "funnel.people", (int, int)  # funnel, last enrolment of the previous page
    SWITCH_FUNNEL = "funnel.switch", (int, int)  # funnel; 1 resumes, 0 pauses
    DELETE_FUNNEL = "funnel.delete", (int,), (int,)  # funnel; 1: after the question
    SHOW_FUNNELS_OF = "funnel.of", (int,)  # customer
    ENROL_CUSTOMER = "funnel.enrol", (int, int)  # customer, funnel
    END_ENROLMENT = "funnel.leave", (int,)  # enrolment
    FINISH_TASK = "task.done", (int,)
    RETRY_UPDATE = "aside.again", (int,)  # update
    RETRY_ALL_UPDATES = "aside.all"
    SHOW_RESTORE = "restore", (), (int,)  # 1: replaces the window
    ASK_ON_RESTORE = "restore.ask", (str, str)  # verdict; kind, or all
    DECIDE_ON_RESTORE = "restore!", (str, str)  # the same


SEND_IN_DIALOG = "in"
"""The action of a form that holds a kept message: it sends the message in the form's dialog."""

Verb = CustomerVerb | DialogVerb | DeskVerb

_VERBS: dict[str, Verb] = {
    verb.value: verb for verbs in (CustomerVerb, DialogVerb, DeskVerb) for verb in verbs
}


@dataclass(frozen=True, slots=True)
class ButtonData:
    """The parsed data of one of our buttons."""

    verb: Verb
    args: tuple[Argument, ...]

    def number(self, place: int = 0) -> int:
        return int(self.args[place])

    def word(self, place: int = 0) -> str:
        return str(self.args[place])


def button_data(verb: Verb, *args: Argument) -> str:
    """The data as sent to Telegram. Raises ValueError if the verb takes other arguments or the data is too long for
    Telegram.
    """
    types = (*verb.takes, *verb.may_take)
    fitting = all(isinstance(arg, type_) for arg, type_ in zip(args, types, strict=False))
    if not (len(verb.takes) <= len(args) <= len(types) and fitting):
        raise ValueError(f"{verb!r} does not take {args!r}")
    joined = ":".join((verb.value, *map(str, args)))
    if not fits_button(joined):
        raise ValueError(f"callback data is longer than {BUTTON_DATA_LIMIT} bytes: {joined!r}")
    return joined


def verb_of(data: str) -> Verb | None:
    """The verb, or None if the button is not ours or this version does not know it."""
    return _VERBS.get(data.partition(":")[0])


def parse_button_data(data: str) -> ButtonData:
    """Raises NotFound if no button of ours carries such data. Arguments that the verb does not take are ignored."""
    word, *values = data.split(":")
    verb = verb_of(data)
    if verb is None or len(values) < len(verb.takes):
        raise NotFound("button", word)
    types = (*verb.takes, *verb.may_take)
    args = [
        parse_number(value) if type_ is int else value for value, type_ in zip(values, types, strict=False)
    ]
    return ButtonData(verb, tuple(args))


def parse_number(word: str) -> int:
    """A number from a button's data. Raises NotFound if no button of ours carries such a value."""
    if len(word) > MAX_DIGITS or not word.removeprefix("-").isdecimal():
        raise NotFound("button", word[:MAX_DIGITS])
    return int(word)
