"""Notifies administrators of a restore, in their own chats."""

from holdline.dialogs.address import Address
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.restores.hold import Hold, Verdict
from holdline.dialogs.rights import Act
from holdline.dialogs.verbs import DeskVerb, button_data
from holdline.store.delivery import outbox
from holdline.store.people import managers
from holdline.store.tx import Tx


def notify_of_restore(tx: Tx, hold: Hold) -> None:
    """Notifies everybody who may decide about it, once for each restore."""
    notice = DeskNotice(
        "restores.notice",
        {"backup": backup_moment(hold), "count": hold.total},
        buttons=[
            [{"key": "restores.look", "data": button_data(DeskVerb.SHOW_RESTORE)}],
            [{"key": f"restores.{verdict}", "data": _ask(verdict)} for verdict in Verdict],
        ],
        alarm=True,
    )
    cause = f"restored:{hold.restored_at.isoformat()}"
    for person in managers.list_permitted(tx, Act.DECIDE_ON_RESTORE):
        key = f"{cause}:{person.telegram_id}"
        outbox.add(tx, [Outgoing(to=Address(person.telegram_id), item=notice, key=key)])


def backup_moment(hold: Hold) -> str:
    """When the backup was made, as it is shown everywhere."""
    return hold.backup_at.strftime("%Y-%m-%d %H:%M UTC")


def _ask(verdict: Verdict) -> str:
    return button_data(DeskVerb.ASK_ON_RESTORE, verdict.value, "all")
