"""The command menus that clients show: each person sees what that person may use, in their language."""

from collections.abc import Iterable, Iterator
from typing import Any

from holdline.bot.handlers.ui_response import Ephemeral
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.limits import COMMAND_DESCRIPTION_LIMIT
from holdline.dialogs.text.splitting import capped
from holdline.screens.console.commands import offered
from holdline.telegram.call import Call
from holdline.texts import LANGUAGES, say
from holdline.texts.catalog import DEFAULT

CUSTOMERS = ("start", "help", "language", "stop")
MOST = 100  # Bot API, setMyCommands


async def announce_commands(gateway: Ephemeral, managers: Iterable[Manager], staff_group: int) -> None:
    """At every start and whenever managers change; a menu is a convenience, so a refused one is let be."""
    for call in menus(managers, staff_group):
        await gateway.ephemeral(call)


def menus(managers: Iterable[Manager], staff_group: int) -> Iterator[Call]:
    """Customers in every private chat; a manager in their own chat, and in the group for them alone."""
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
        for name in offered(manager)
    ]


def _customers(language: str) -> list[dict[str, str]]:
    return [{"command": name, "description": say(f"commands_menu.{name}", language)} for name in CUSTOMERS]


def _set(commands: list[dict[str, str]], scope: dict[str, Any], **more: str) -> Call:
    shown = [
        {"command": one["command"], "description": capped(one["description"], COMMAND_DESCRIPTION_LIMIT)}
        for one in commands[:MOST]
    ]
    return Call("setMyCommands", {"commands": shown, "scope": scope, **more})
