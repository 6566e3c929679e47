"""Presses under the picture of a report: another report, period, team or type, or a file."""

from holdline.desk.people.managers import require_permission
from holdline.desk.reading.report_requests import ReportRequest, request_picture, request_report
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.reports.kinds import NARROWINGS, PERIODS, THEMES, ReportKind, ReportView
from holdline.dialogs.rights import Act
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.reports.window import choice_rows, report_rows
from holdline.screens.reports.words import file_caption
from holdline.screens.screen import UiResponse
from holdline.store.tx import Tx
from holdline.texts import say

_FORMATS = ("csv", "xlsx")
_BACK = "back"


def show_report(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Requests another picture, which replaces this one about a second later."""
    view = _view_of(pressed)
    request_picture(
        tx,
        manager=manager,
        order=_request_of(pressed, view),
        theme=view.theme,
        instead_of=pressed.tg_message_id,
    )
    return UiResponse(say("reports.making", manager.language))


def narrow_report(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Replaces the buttons by the teams or types, or restores them. The picture stays."""
    require_permission(tx, manager, Act.VIEW_REPORTS)
    word, view = pressed.word(), _view_of(pressed, at=1)
    if word == _BACK:
        return UiResponse(rows=report_rows(tx, view, manager.language))
    if word not in NARROWINGS:
        raise NotFound("button", word)
    return UiResponse(rows=choice_rows(tx, word, view, manager.language))


def send_report(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The same figures as a file; for dialogs, one row each."""
    format_, order = pressed.word(2), _request_of(pressed, _view_of(pressed, themes=_FORMATS))
    caption = file_caption(order.kind, order.days or 1, manager.language)
    request_report(tx, manager=manager, order=order, caption=caption, format_=format_)
    return UiResponse(say("reports.making", manager.language))


def _view_of(pressed: ButtonPress, *, at: int = 0, themes: tuple[str, ...] = THEMES) -> ReportView:
    """Raises NotFound for values that no button of ours carries. Buttons of earlier versions carry no team and type."""
    word, days, theme = pressed.word(at), pressed.number(at + 1), pressed.word(at + 2)
    if word not in set(ReportKind) or days not in PERIODS or theme not in themes:
        raise NotFound("button", word)
    team_id, type_id = (int(number) or None for number in (*pressed.button.args[at + 3 :], 0, 0)[:2])
    return ReportView(ReportKind(word), days, theme, team_id, type_id)


def _request_of(pressed: ButtonPress, view: ReportView) -> ReportRequest:
    key = f"report:{pressed.spot.cause}"
    return ReportRequest(
        pressed.chat_id, pressed.thread_id, key, view.kind, view.days, view.team_id, view.type_id
    )
