"""Presses about a restored database. The first tap asks, the second one decides."""

from enum import StrEnum
from typing import TypeVar

from holdline.desk.people.managers import require_permission
from holdline.desk.restores.decision import decide_on_restored
from holdline.desk.restores.hold import current_hold
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.restores.hold import HeldKind, Verdict
from holdline.dialogs.rights import Act
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.reply_position import show
from holdline.screens.restores.restore_window import ALL, restore_screen
from holdline.screens.screen import UiResponse
from holdline.store.tx import Tx
from holdline.texts import say

Word = TypeVar("Word", bound=StrEnum)


def show_restore(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Shows the window below the notice; its own buttons replace it."""
    require_permission(tx, manager, Act.DECIDE_ON_RESTORE)
    window = restore_screen(tx, manager)
    if pressed.button.args:
        return UiResponse(window=window)
    show(tx, pressed.spot, window)
    return UiResponse()


def ask_on_restore(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The window with the question replaces the notice or the window that was pressed."""
    require_permission(tx, manager, Act.DECIDE_ON_RESTORE)
    verdict, _ = _choice(pressed)
    window = restore_screen(tx, manager, asked=(verdict, pressed.word(1)))
    question = "manager.tap_again" if current_hold(tx) else "restores.over"
    return UiResponse(say(question, manager.language), window=window)


def decide_on_restore(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Stores the decision and shows the items that are left; refused if colleagues have decided about all."""
    verdict, kinds = _choice(pressed)
    count = decide_on_restored(tx, verdict=verdict, kinds=kinds, manager=manager)
    toast = say(f"restores.did_{verdict}", manager.language, count=count)
    return UiResponse(toast, window=restore_screen(tx, manager))


def _choice(pressed: ButtonPress) -> tuple[Verdict, list[HeldKind]]:
    kind = pressed.word(1)
    return _read(Verdict, pressed.word(0)), [] if kind == ALL else [_read(HeldKind, kind)]


def _read(words: type[Word], word: str) -> Word:
    try:
        return words(word)
    except ValueError:
        raise NotFound("button", word) from None
