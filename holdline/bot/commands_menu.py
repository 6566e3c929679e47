"""The command menus that Telegram clients show. Each person sees the commands that they may use, in their language."""

from collections.abc import Iterable, Iterator
from typing import Any

from holdline.bot.handlers.ui_response import EphemeralGateway
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.limits import COMMAND_DESCRIPTION_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.screens.console.commands import available_commands
from holdline.telegram.call import Call
from holdline.texts import LANGUAGES, say
from holdline.texts.catalog import DEFAULT

CUSTOMER_COMMANDS = ("start", "help", "language", "subscriptions", "stop")
COMMANDS_LIMIT = 100  # Bot API, setMyCommands


async def announce_commands(gateway: EphemeralGateway, managers: Iterable[Manager], staff_group: int) -> None:
    """Sends the menus at every start and after managers change. A menu is only a convenience, so a refused call is
    ignored.
    """
    for call in menu_calls(managers, staff_group):
        await gateway.send_ephemeral(call)


def menu_calls(managers: Iterable[Manager], staff_group: int) -> Iterator[Call]:
    """The calls for customers in all private chats, and for each manager in their own chat and in the staff group."""
    private = {"type": "all_private_chats"}
    yield _set(_customers(DEFAULT), private)
    for language in LANGUAGES:
        yield _set(_customers(language), private, language_code=language)
    for manager in managers:
        commands = _managers(manager) if manager.active else _customers(manager.language)
        yield _set(commands, {"type": "chat", "chat_id": manager.telegram_id})
        if staff_group and manager.active:
            scope = {"type": "chat_member", "chat_id": staff_group, "user_id": manager.telegram_id}
            yield _set(commands, scope)


def _managers(manager: Manager) -> list[dict[str, str]]:
    return [
        {"command": name, "description": say(f"commands.{name}", manager.language)}
        for name in available_commands(manager)
    ]


def _customers(language: str) -> list[dict[str, str]]:
    return [
        {"command": name, "description": say(f"commands_menu.{name}", language)} for name in CUSTOMER_COMMANDS
    ]


def _set(commands: list[dict[str, str]], scope: dict[str, Any], **more: str) -> Call:
    entries = [
        {
            "command": command["command"],
            "description": truncate(command["description"], COMMAND_DESCRIPTION_LIMIT),
        }
        for command in commands[:COMMANDS_LIMIT]
    ]
    return Call("setMyCommands", {"commands": entries, "scope": scope, **more})
