"""Presses under the picture of a report: another one, another period, a file."""

from holdline.desk.reading.report_requests import ReportRequest, request_picture, request_report
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.reports.kinds import PERIODS, THEMES, ReportKind
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.reports.words import file_caption
from holdline.screens.screen import UiResponse
from holdline.store.tx import Tx
from holdline.texts import say

_FORMATS = ("csv", "xlsx")


def show_report(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The message becomes another picture, about a second later: the press only asks for it."""
    theme = pressed.word(2)
    if theme not in THEMES:
        raise NotFound("button", theme)
    request_picture(
        tx, manager=manager, order=_request_of(pressed), theme=theme, instead_of=pressed.tg_message_id
    )
    return UiResponse(say("reports.making", manager.language))


def send_report(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The same figures as a file; of dialogs one row each."""
    format_, order = pressed.word(2), _request_of(pressed)
    if format_ not in _FORMATS:
        raise NotFound("button", format_)
    caption = file_caption(order.kind, order.days or 1, manager.language)
    request_report(tx, manager=manager, order=order, caption=caption, format_=format_)
    return UiResponse(say("reports.making", manager.language))


def _request_of(pressed: ButtonPress) -> ReportRequest:
    word, days = pressed.word(), pressed.number(1)
    if word not in set(ReportKind) or days not in PERIODS:
        raise NotFound("button", word)
    key = f"report:{pressed.spot.cause}"
    return ReportRequest(pressed.chat_id, pressed.thread_id, key, ReportKind(word), days)
