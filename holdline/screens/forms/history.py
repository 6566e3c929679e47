"""/history: who did and said what, and when; with filters, in either order, page by page (S-12, S-31)."""

from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.reading import reading
from holdline.desk.reading.timeline import timeline_of
from holdline.dialogs.conversation.timeline import HistoryFilter, TimelineOrder
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DeskVerb, DialogVerb
from holdline.screens.dialogs.history_lines import entry_line
from holdline.screens.keyboards import Button, ButtonRows, callback_button
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

PAGE = 10
ORDERS = {"n": "newest", "o": "oldest"}
HISTORY = "history."
"""The prefix of the list's name; its order follows."""


def history_screen(
    tx: Tx,
    manager: Manager,
    *,
    dialog_id: int,
    order: str = "n",
    skip: int = 0,
    shown: HistoryFilter = HistoryFilter.ALL,
) -> Screen:
    """`order`: n(ewest) or o(ldest) first. `skip`: the number of entries on earlier pages."""
    language, zone = manager.language, time_zone_of(tx, manager)
    asked = TimelineOrder(shown, newest_first=order != "o")
    entries = timeline_of(tx, dialog_id=dialog_id, order=asked, skip=skip, limit=PAGE + 1, language=language)
    dialog = reading.dialog_by_id(tx, dialog_id=dialog_id)
    head = say("windows.history_head", language, id=dialog.id, title=inline(dialog.title))
    lines = [entry_line(entry, language, zone=zone) for entry in entries[:PAGE]]
    turning = _Turning(dialog_id, "n" if asked.newest_first else "o", shown, language)
    return screen_with_title(
        f"{head} · {say('windows.times_in', language, zone=zone)}",
        *(lines or [say("windows.list_nothing", language)]),
        rows=[
            *turning.filters(),
            turning.pages(skip, has_more=len(entries) > PAGE),
            turning.files(),
        ],
    )


class _Turning:
    """The buttons below a page of the history."""

    def __init__(self, dialog_id: int, order: str, shown: HistoryFilter, language: str) -> None:
        self._dialog_id, self._order, self._shown, self._language = dialog_id, order, shown, language

    def filters(self) -> ButtonRows:
        """One button per filter, in two rows. The current one is ticked."""
        buttons = [self._button(self._caption(shown), self._order, 0, shown) for shown in HistoryFilter]
        return [buttons[:3], buttons[3:]]

    def pages(self, skip: int, *, has_more: bool) -> list[Button]:
        other = "o" if self._order == "n" else "n"
        row = [self._button(say(f"windows.order_{ORDERS[other]}", self._language), other, 0, self._shown)]
        if skip:
            row.append(self._button("◀", self._order, max(0, skip - PAGE), self._shown))
        if has_more:
            row.append(self._button("▶", self._order, skip + PAGE, self._shown))
        return row

    def files(self) -> list[Button]:
        asked = f"{self._order}.{self._shown}"
        return [
            callback_button(
                say("timeline.as_file", self._language), DialogVerb.SEND_TIMELINE, self._dialog_id, asked
            ),
            callback_button(
                say("desk_notices.whole_conversation", self._language),
                DialogVerb.SEND_TRANSCRIPT,
                self._dialog_id,
            ),
        ]

    def _caption(self, shown: HistoryFilter) -> str:
        caption = say(f"timeline.{shown}", self._language)
        return f"✔ {caption}" if shown is self._shown else caption

    def _button(self, caption: str, order: str, skip: int, shown: HistoryFilter) -> Button:
        return callback_button(
            caption, DeskVerb.TURN_PAGE, f"{HISTORY}{order}", skip, self._dialog_id, str(shown)
        )
