"""The table of commands: name → function, and the right without which it is not even shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from holdline.bot.handlers import commands_desk, commands_dialog
from holdline.bot.handlers.meaning import meant
from holdline.bot.handlers.order import Answer, Order
from holdline.bot.handlers.said import met
from holdline.bot.handlers.spot import Spot, show, spot_of
from holdline.bot.windows.settings import PAGES
from holdline.bot.windows.welcome import welcome
from holdline.bot.windows.window import Window
from holdline.desk.delivery import chat_is_back
from holdline.desk.managers import acting
from holdline.dialogs.customer import Sender
from holdline.dialogs.manager import Manager
from holdline.dialogs.marks import typed_command
from holdline.dialogs.message import Content
from holdline.store import bots
from holdline.store.tx import Tx
from holdline.texts import say


@dataclass(frozen=True, slots=True)
class Command:
    """One of `rights` is enough; none: for everybody of the desk."""

    run: Callable[[Tx, Order], Answer]
    rights: tuple[str, ...] = ()
    only_reads: bool = False
    """It looks at the desk and changes nothing, so a reader answers it: the one writer must not wait for it."""
    reads_much: bool = False
    """It looks through every row, so other readings must not wait for it either."""

    def is_for(self, manager: Manager) -> bool:
        return not self.rights or any(manager.may(right) for right in self.rights)


@dataclass(frozen=True, slots=True)
class Found:
    """What a command answers, and where."""

    answer: Answer
    spot: Spot
    dialog_id: int | None


def _help(tx: Tx, order: Order) -> Answer:
    return commands_desk.help_window(order, offered(order.manager))


def _start(tx: Tx, order: Order) -> Answer:
    """Telegram tells of no first start but by this command; what could not be shown until now comes after it."""
    if order.spot.chat_id == order.manager.telegram_id:
        chat_is_back(tx, chat_id=order.spot.chat_id)
    return welcome(order.manager)


COMMANDS: Mapping[str, Command] = {
    "inbox": Command(commands_desk.inbox, only_reads=True),
    "dialogs": Command(commands_desk.dialogs, only_reads=True),
    "active": Command(commands_desk.active, only_reads=True),
    "new": Command(commands_desk.new, only_reads=True),
    "handling": Command(commands_desk.handling, only_reads=True),
    "review": Command(commands_desk.review, only_reads=True),
    "open": Command(commands_dialog.open_, ("dialog.open",)),
    "enter": Command(commands_dialog.enter),
    "pause": Command(commands_dialog.pause, ("dialog.update",)),
    "resume": Command(commands_dialog.resume, ("dialog.update",)),
    "close": Command(commands_dialog.close),
    "note": Command(commands_dialog.note_, ("dialog.update",)),
    "info": Command(commands_dialog.info, ("dialog.update",)),
    "history": Command(commands_desk.history),
    "assign": Command(commands_dialog.assign, ("dialog.update",)),
    "take": Command(commands_dialog.take, ("dialog.update",)),
    "find": Command(commands_desk.find, only_reads=True, reads_much=True),
    "tasks": Command(commands_desk.tasks, only_reads=True),
    "ready": Command(commands_desk.ready),
    "away": Command(commands_desk.away),
    "settings": Command(commands_desk.open_settings, tuple({page.PERMISSION for page in PAGES.values()})),
    "report": Command(commands_desk.report, ("report.view",)),
    "delete": Command(commands_dialog.delete),
    "language": Command(commands_desk.language),
    "help": Command(_help, only_reads=True),
    "start": Command(_start),
}
HIDDEN = frozenset({"start"})


def offered(manager: Manager) -> tuple[str, ...]:
    """What this manager may use, in the order of the table."""
    return tuple(name for name, command in COMMANDS.items() if name not in HIDDEN and command.is_for(manager))


def reading_command(text: str) -> Command | None:
    """The command in this text, if it can be answered without a write."""
    found = typed_command(text)
    command = COMMANDS.get(found[0]) if found is not None else None
    return command if command is not None and command.only_reads else None


def answer_by_reading(tx: Tx, *, sender: Sender, content: Content) -> Found | None:
    """The answer to such a command, for `show_found`; None where another bot is meant."""
    return _answered(tx, acting(tx, sender.telegram_id), content)


def show_found(tx: Tx, *, found: Found | None) -> None:
    if found is not None and found.answer is not None:
        window = found.answer if isinstance(found.answer, Window) else Window(found.answer)
        show(tx, found.spot, window, dialog_id=found.dialog_id)


def manager_ordered(tx: Tx, *, sender: Sender, content: Content) -> None:
    """A command is never passed on to a customer, not even one that does not exist."""
    with met(tx, sender) as manager:
        show_found(tx, found=_answered(tx, manager, content))


def _answered(tx: Tx, manager: Manager, content: Content) -> Found | None:
    found = typed_command(content.text)
    assert found is not None
    name, addressed, words = found
    if addressed is not None and not bots.is_called(tx, addressed):
        return None
    meaning = meant(tx, manager=manager, content=content, forms_count=False)
    order = Order(manager, meaning, words, content, spot_of(content))
    command = COMMANDS.get(name)
    answer = command.run(tx, order) if command else say("manager.no_command", manager.language, name=name)
    return Found(answer, order.spot, meaning.dialog_id)
