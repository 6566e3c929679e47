"""Reports asked for in Telegram. Only the request is stored; the report is counted and drawn when it is sent."""

from dataclasses import dataclass

from holdline.desk.people.managers import require_permission
from holdline.dialogs.address import Address
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.changes import ReportPictureEdit
from holdline.dialogs.outbox.messages import ReportFile, ReportPicture
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.reports.kinds import ReportKind
from holdline.dialogs.rights import Act
from holdline.store.delivery import outbox
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A request for a report and where it was made; the same `key` sends it once. `days` None means all time, for the
    rows of dialogs.
    """

    chat_id: int
    thread_id: int | None
    key: str
    kind: ReportKind = ReportKind.DIALOGS
    days: int | None = None
    team_id: int | None = None
    type_id: int | None = None

    @property
    def to(self) -> Address:
        return Address(self.chat_id, self.thread_id)


def request_report(
    tx: Tx, *, manager: Manager, order: ReportRequest, caption: str, format_: str = "csv"
) -> None:
    """Sends the report as a file. Needs `report.view`."""
    require_permission(tx, manager, Act.VIEW_REPORTS)
    filename = f"{order.kind}-{tx.at:%Y-%m-%d}.{format_}"
    item = ReportFile(filename, caption, order.kind.value, order.days, format_, order.team_id, order.type_id)
    outbox.add(tx, [Outgoing(to=order.to, item=item, key=order.key)])


def request_picture(
    tx: Tx, *, manager: Manager, order: ReportRequest, theme: str = "light", instead_of: int | None = None
) -> None:
    """Sends a new picture, or replaces that message. If several requests wait for one message, the last counts."""
    require_permission(tx, manager, Act.VIEW_REPORTS)
    shown = (order.kind.value, order.days or 1, theme, order.team_id, order.type_id)
    if instead_of is None:
        item = ReportPicture(*shown)
        outbox.add(tx, [Outgoing(to=order.to, item=item, key=order.key)])
        return
    mark = f"report_picture:{order.chat_id}:{instead_of}"
    outbox.withdraw(tx, mark)
    edit = ReportPictureEdit(instead_of, *shown)
    outbox.add(tx, [Outgoing(to=order.to, item=edit, key=order.key, collapse_key=mark)])
