"""The table of commands: name → function, and the acts that allow a manager to see it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from holdline.desk.delivery.reachable_again import reopen_chat
from holdline.desk.people.managers import get_acting_manager, with_telegram_profile
from holdline.desk.routing.intent import resolve_target
from holdline.desk.routing.reply_target import ReplyTarget
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.marks import parse_typed_command
from holdline.screens.console import attaching, commands_desk, commands_dialog, commands_words
from holdline.screens.console.command_context import CommandContext, CommandResult
from holdline.screens.console.manager_message import manager_session, save_note
from holdline.screens.console.recipient_question import ask_dialog
from holdline.screens.console.refusals import offer_files
from holdline.screens.console.reply_position import ReplyPosition, reply_position_of, show
from holdline.screens.forms.settings import PAGES
from holdline.screens.forms.welcome import welcome_screen
from holdline.screens.help import help_screen
from holdline.screens.screen import Screen
from holdline.store.delivery import album_parts
from holdline.store.people import bots
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Command:
    """One of `acts` is enough. An empty tuple means every manager."""

    run: Callable[[Tx, CommandContext], CommandResult]
    acts: tuple[Act, ...] = ()
    needs_dialog: bool = False
    """It acts on one dialog. If it is unclear which one, the manager is asked."""
    takes_words: bool = True
    """Text follows it, so a dialog number needs its #. Otherwise a plain number is the dialog's."""
    takes_files: bool = False
    """It uses a file sent with it. For all other commands the file goes nowhere, and the answer says so."""
    only_reads: bool = False
    """It changes nothing, so a reader connection answers it, and the single database writer is not held up."""
    reads_much: bool = False
    """It scans every row, so other reads must not wait for it either."""
    takes_replied: bool = False
    """Typed as a reply, it concerns that message, with any text and from any author."""

    def is_for(self, manager: Manager) -> bool:
        return not self.acts or is_allowed(manager, *self.acts)


@dataclass(frozen=True, slots=True)
class CommandReply:
    """The answer of a command, and where to show it."""

    answer: CommandResult
    spot: ReplyPosition
    dialog_id: int | None


def _help(tx: Tx, order: CommandContext) -> CommandResult:
    return help_screen(order, available_commands(order.manager))


def _start(tx: Tx, order: CommandContext) -> CommandResult:
    """Telegram reports the first start only by this command. Messages that could not be delivered before follow it."""
    if order.spot.chat_id == order.manager.telegram_id:
        reopen_chat(tx, chat_id=order.spot.chat_id)
    return welcome_screen(order.manager)


COMMANDS: Mapping[str, Command] = {
    "inbox": Command(commands_desk.inbox, only_reads=True),
    "dialogs": Command(commands_desk.dialogs, only_reads=True),
    "active": Command(commands_desk.work_list, only_reads=True),
    "new": Command(commands_desk.work_list, only_reads=True),
    "handling": Command(commands_desk.work_list, only_reads=True),
    "review": Command(commands_desk.work_list, only_reads=True),
    "closed": Command(commands_desk.work_list, only_reads=True),
    "overdue": Command(commands_desk.work_list, only_reads=True),
    "all": Command(commands_desk.work_list, only_reads=True),
    "open": Command(commands_dialog.open_, (Act.OPEN_DIALOG,), needs_dialog=True),
    "new_dialog": Command(commands_desk.new_dialog, (Act.OPEN_DIALOG,)),
    "enter": Command(commands_dialog.enter),
    "pause": Command(commands_dialog.pause, (Act.MOVE_DIALOG,), needs_dialog=True, takes_words=False),
    "resume": Command(commands_dialog.resume, (Act.MOVE_DIALOG,), needs_dialog=True, takes_words=False),
    "close": Command(commands_dialog.close, needs_dialog=True),
    "note": Command(commands_dialog.note_, (Act.WRITE_NOTE,), needs_dialog=True, takes_files=True),
    "t": Command(commands_words.use_template, (Act.WRITE_NOTE, Act.REPLY), needs_dialog=True),
    "later": Command(commands_words.say_later, (Act.REPLY,), needs_dialog=True, takes_files=True),
    "held": Command(commands_desk.list_held, only_reads=True),
    "broadcast": Command(commands_desk.broadcast, (Act.SEND_BROADCASTS,), takes_replied=True),
    "broadcasts": Command(commands_desk.broadcasts, only_reads=True),
    "bulk": Command(commands_desk.bulk, (Act.WORK_IN_BULK,)),
    "attach": Command(attaching.attach, (Act.KEEP_FILES,), needs_dialog=True, takes_files=True),
    "info": Command(commands_dialog.info, (Act.CHANGE_DIALOG,), needs_dialog=True, takes_words=False),
    "history": Command(commands_desk.history),
    "assign": Command(commands_dialog.assign, (Act.TAKE_DIALOG,), needs_dialog=True, takes_words=False),
    "take": Command(commands_dialog.take, (Act.TAKE_DIALOG,), needs_dialog=True, takes_words=False),
    "forward": Command(commands_dialog.forward, (Act.FORWARD_DIALOG,), needs_dialog=True, takes_words=False),
    "merge": Command(commands_dialog.merge, (Act.MERGE_DIALOGS,), needs_dialog=True),
    "unmerge": Command(commands_dialog.unmerge, (Act.MERGE_DIALOGS,), needs_dialog=True, takes_words=False),
    "find": Command(commands_desk.find, only_reads=True, reads_much=True),
    "tasks": Command(commands_desk.tasks, only_reads=True),
    "ready": Command(commands_desk.ready),
    "away": Command(commands_desk.away),
    "settings": Command(commands_desk.open_settings, tuple({page.ACT for page in PAGES.values()})),
    "funnels": Command(commands_desk.funnels, (Act.RUN_FUNNELS,)),
    "report": Command(commands_desk.report, (Act.VIEW_REPORTS,)),
    "delete": Command(commands_dialog.delete),
    "notify": Command(commands_desk.notify),
    "language": Command(commands_desk.language),
    "help": Command(_help, only_reads=True),
    "start": Command(_start),
}
HIDDEN = frozenset({"start"})


def available_commands(manager: Manager) -> tuple[str, ...]:
    """The commands that this manager may use, in the order of the table."""
    return tuple(name for name, command in COMMANDS.items() if name not in HIDDEN and command.is_for(manager))


def read_only_command(text: str) -> Command | None:
    """The command in this text, if it can be answered without a write."""
    command = _command_in(text)
    return command if command is not None and command.only_reads else None


def is_about_replied(text: str) -> bool:
    """Whether the command in this text uses the message it replies to."""
    command = _command_in(text)
    return command is not None and command.takes_replied


def _command_in(text: str) -> Command | None:
    parsed = parse_typed_command(text)
    return COMMANDS.get(parsed[0]) if parsed is not None else None


def run_read_only_command(tx: Tx, *, sender: MessageSender, content: Content) -> CommandReply | None:
    """The answer to such a command, for `show_reply`. None if another bot is addressed."""
    order = _context_of(
        tx, with_telegram_profile(get_acting_manager(tx, sender.telegram_id), sender), content
    )
    return _run(tx, order) if order is not None else None


def show_reply(tx: Tx, *, found: CommandReply | None) -> None:
    if found is not None and found.answer is not None:
        screen = found.answer if isinstance(found.answer, Screen) else Screen(found.answer)
        show(tx, found.spot, screen, dialog_id=found.dialog_id)


def receive_manager_command(
    tx: Tx,
    *,
    sender: MessageSender,
    content: Content,
    others: Sequence[Content] = (),
    replied: Sequence[Content] = (),
) -> None:
    """A command is never passed on to a customer, even if it does not exist. `others`: further parts of its album."""
    with manager_session(tx, sender) as manager:
        run_command(tx, manager, [content, *others], replied=replied)


def run_command(
    tx: Tx,
    manager: Manager,
    parts: list[Content],
    *,
    meaning: ReplyTarget | None = None,
    replied: Sequence[Content] = (),
) -> None:
    """The first part is the command, which may use the others too. With a given `meaning` the manager is not asked."""
    content = parts[0]
    order = _context_of(tx, manager, content, meaning=meaning, others=parts[1:])
    if order is None:
        return
    order = replace(order, replied=tuple(replied))
    command = COMMANDS.get(order.name)
    if (
        meaning is None
        and command is not None
        and command.needs_dialog
        and not _names_its_dialog(command, order)
        and ask_dialog(tx, manager, order.meaning, parts)
    ):
        return
    show_reply(tx, found=_run(tx, order))
    _explain_unused_files(tx, order, parts)
    if content.album_id is not None and (
        noted := album_parts.earlier_note(tx, order.spot.chat_id, content.album_id)
    ):
        for part in parts[1:]:
            save_note(tx, manager, noted["dialog_id"], part)


def _explain_unused_files(tx: Tx, order: CommandContext, parts: list[Content]) -> None:
    """Says that the files were not used. For an unknown command, offers to send them."""
    command = COMMANDS.get(order.name)
    if command is None:
        offer_files(tx, order.manager, order.meaning, parts)
    elif order.content.kind != "text" and not command.takes_files:
        show(tx, order.spot, Screen(order.say("command_without_file")), name="file")


def _names_its_dialog(command: Command, order: CommandContext) -> bool:
    return order.names_number if command.takes_words else order.names_number_alone


def _context_of(
    tx: Tx,
    manager: Manager,
    content: Content,
    *,
    meaning: ReplyTarget | None = None,
    others: Sequence[Content] = (),
) -> CommandContext | None:
    """None if another bot is addressed."""
    command = parse_typed_command(content.text)
    assert command is not None
    name, addressed, words = command
    if addressed is not None and not bots.is_own_username(tx, addressed):
        return None
    where = meaning or resolve_target(tx, manager=manager, content=content, forms_count=False)
    return CommandContext(
        manager,
        where,
        name,
        words,
        content=content,
        spot=reply_position_of(content),
        others=tuple(others),
    )


def _run(tx: Tx, order: CommandContext) -> CommandReply:
    """A reply to the answer becomes a note only if the answer is about one dialog."""
    command = COMMANDS.get(order.name)
    if command is None:
        return CommandReply(order.say("no_command", name=order.name), order.spot, None)
    answer = command.run(tx, order)
    about = _dialog_of(command, order) if answer is not None and command.needs_dialog else None
    return CommandReply(answer, order.spot, about)


def _dialog_of(command: Command, order: CommandContext) -> int:
    return order.dialog_id if command.takes_words else order.only_dialog_id
