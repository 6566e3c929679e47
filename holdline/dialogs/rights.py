"""What may be done at the desk, and which permission each act needs. Every entry point checks here, in the unit of work
that acts.

Every manager may read everything and keep their own settings. It makes no difference whose dialog it is, except for
the messages and drafts of colleagues. People who left the desk and people who are only customers may do nothing.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Self

from holdline.dialogs.conversation.template import Template
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotAllowed


class Act(StrEnum):
    """`needs` are the permissions that the act requires, all of them. It is empty if being a manager is enough."""

    needs: tuple[str, ...]

    def __new__(cls, word: str, *needs: str) -> Self:
        act = str.__new__(cls, word)
        act._value_ = word
        act.needs = needs
        return act

    READ = "read dialogs, lists, history and files, and search"
    KEEP_OWN_SETTINGS = "set one's own readiness, language, time zone, notifications and tasks"
    OPEN_DIALOG = "open a dialog", "dialog.open"
    CHANGE_DIALOG = "change a dialog's fields and participants", "dialog.update"
    MOVE_DIALOG = "pause, resume or postpone a dialog", "dialog.update"
    TAKE_DIALOG = "take a dialog, or make it unassigned", "dialog.update"
    GIVE_DIALOG = "assign a dialog to a colleague or a team", "dialog.assign"
    REQUEST_CLOSE = "ask for a dialog to be closed"
    CLOSE_DIALOG = "close a dialog", "dialog.close"
    MERGE_DIALOGS = "merge two dialogs, and undo the merge", "dialog.update", "dialog.close"
    WORK_IN_BULK = "start a bulk job; each dialog needs the permission for its change", "dialog.update"
    HANDLE_INBOX_ITEM = "take, ignore or put back an Inbox item", "dialog.update"
    CHANGE_CUSTOMER = "change a customer's tags, time zone and values", "dialog.update"
    RECORD_CONSENT = "record a customer's consent to offers, or refusal", "dialog.update"
    MUTE_CUSTOMER = "mute a customer, and unmute", "dialog.update"
    REPLY = "reply to a customer, at once or at a set time", "reply.direct"
    CANCEL_SCHEDULED_REPLY = "cancel a scheduled reply of any author", "dialog.update"
    WRITE_NOTE = "write a note, and delete one's own", "dialog.update"
    TAKE_BACK_OF_COLLEAGUE = "delete a colleague's message or note", "dialog.assign"
    WRITE_DRAFT = "write a draft, and submit one's own again", "dialog.update"
    DISCUSS_DRAFT = "write a note about a draft, and delete one's own", "dialog.update"
    DECIDE_ON_DRAFT = "approve or return a colleague's draft", "draft.approve"
    KEEP_FILES = "add a file to a dialog, and remove one", "dialog.update"
    FORWARD_DIALOG = "forward a dialog", "dialog.update"
    SEND_BROADCASTS = "compose, start, pause and cancel broadcasts", "broadcast.send"
    DECIDE_ON_HELD = "send a held marketing message at once, or drop it", "broadcast.send"
    RUN_FUNNELS = "run funnels: load, pause, resume, add and remove customers", "broadcast.send"
    VIEW_REPORTS = "see reports", "report.view"
    EDIT_DESK = "edit lists, fields, teams, rules, calendars and SLA policies", "dialog_settings.edit"
    EDIT_MESSAGES = "edit templates and standard messages", "messages.edit"
    EDIT_PEOPLE = "edit people, roles and their permissions", "managers.edit"
    EDIT_WEBHOOKS = "switch webhooks of outside tools on and off, and send events again", "managers.edit"
    HANDLE_PERSONAL_DATA = "export and erase what is stored about a customer", "managers.edit"
    RETRY_UPDATES = "try failed updates again", "managers.edit"
    DECIDE_ON_RESTORE = "release or discard what waits after a restore", "managers.edit"


NEEDED = frozenset(permission for act in Act for permission in act.needs)
"""The permissions that some act needs. Any other permission has no effect yet."""


def _permission_lacked(manager: Manager, act: Act) -> str | None:
    """The first permission that the act needs and the manager lacks. A manager who left the desk lacks every
    permission.
    """
    if not manager.active:
        return act.needs[0] if act.needs else "active"
    return next((permission for permission in act.needs if not manager.may(permission)), None)


def is_allowed(manager: Manager, *acts: Act) -> bool:
    """Whether the manager may do at least one of the acts."""
    return any(_permission_lacked(manager, act) is None for act in acts)


def require_allowed(manager: Manager, act: Act) -> None:
    """Raises NotAllowed with the missing permission if the manager may not do the act."""
    missing = _permission_lacked(manager, act)
    if missing is not None:
        raise NotAllowed(missing, because="not_allowed" if missing != "active" else "left_desk")


def act_of_assigning(target: Manager | None, *, by: Manager) -> Act:
    """Anyone who may change a dialog may take it or unassign it. Giving it to a colleague needs another right."""
    return Act.TAKE_DIALOG if target is None or target.id == by.id else Act.GIVE_DIALOG


def act_of_assigning_to_team(team: str | None) -> Act:
    """Removing a dialog from its team makes it unassigned, so it needs only the right to take it."""
    return Act.TAKE_DIALOG if team is None else Act.GIVE_DIALOG


def require_may_take_back(author_id: int | None, *, by: Manager) -> None:
    """Raises NotAllowed if the message is a colleague's and the manager lacks the right. Own messages are always
    allowed.
    """
    if author_id != by.id and not is_allowed(by, Act.TAKE_BACK_OF_COLLEAGUE):
        raise NotAllowed(Act.TAKE_BACK_OF_COLLEAGUE.needs[0], because="words_of_colleague")


def may_use_template(
    template: Template, *, by: Manager, team_ids: Collection[int], team_of_dialog: str | None
) -> bool:
    """A team's template may be used by its members, in its dialogs, and by managers who may edit templates."""
    if template.team_id is None or template.team_id in team_ids or is_allowed(by, Act.EDIT_MESSAGES):
        return True
    return team_of_dialog is not None and team_of_dialog == template.team
