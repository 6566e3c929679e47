"""Methods about the bot itself: getMe, its texts and commands, logOut and close."""

import json

from holdline.sandbox.check import valid_part
from holdline.sandbox.errors import bad_request, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram

COMMANDS_MOST = 100


def get_me(tg: Telegram, ask: ApiRequest) -> Json:
    return tg.bot.as_user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "supports_guest_queries": False,
        "supports_join_request_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "can_manage_bots": False,
        "has_topics_enabled": tg.options.topics_in_private,
        "allows_users_to_create_topics": tg.options.topics_in_private,
    }


def log_out(tg: Telegram, ask: ApiRequest) -> bool:
    tg.logged_out = True
    return True


def close(tg: Telegram, ask: ApiRequest) -> bool:
    return True


def _scope(ask: ApiRequest) -> tuple[str, str]:
    scope = ask.json_object("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), ask.text("language_code")


def set_my_commands(tg: Telegram, ask: ApiRequest) -> bool:
    commands = ask.params.get("commands")
    if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
        raise refusal("commands_json")
    if len(commands) > COMMANDS_MOST:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    tg.profile.commands[_scope(ask)] = [_command(command) for command in commands]
    return True


def _command(command: Json) -> Json:
    name, description = command.get("command"), command.get("description")
    if not isinstance(name, str) or not isinstance(description, str):
        raise refusal("commands_json")
    name = name.removeprefix("/")
    legal = name.isascii() and name.replace("_", "").isalnum() and name == name.lower()
    if not legal or len(name) > 32:
        raise bad_request("BOT_COMMAND_INVALID")
    if not 0 < len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    kept = valid_part(command, "BotCommand")
    if kept is None:
        raise refusal("commands_json")
    return kept | {"command": name}


def get_my_commands(tg: Telegram, ask: ApiRequest) -> list[Json]:
    return tg.profile.commands.get(_scope(ask), [])


def delete_my_commands(tg: Telegram, ask: ApiRequest) -> bool:
    tg.profile.commands.pop(_scope(ask), None)
    return True


def set_text(tg: Telegram, ask: ApiRequest) -> bool:
    """setMyName, setMyDescription, setMyShortDescription."""
    field = _field(ask.method)
    tg.profile.texts[field, ask.text("language_code")] = ask.text(field)
    return True


def get_text(tg: Telegram, ask: ApiRequest) -> Json:
    field = _field(ask.method)
    usual = tg.bot.first_name if field == "name" else ""
    texts = tg.profile.texts
    text = texts.get((field, ask.text("language_code"))) or texts.get((field, "")) or usual
    return {field: text}


def _field(method: str) -> str:
    return {"Name": "name", "Description": "description"}.get(method[5:], "short_description")


def set_menu_button(tg: Telegram, ask: ApiRequest) -> bool:
    tg.profile.menu_buttons[ask.number("chat_id")] = ask.json_object("menu_button") or {"type": "default"}
    return True


def get_menu_button(tg: Telegram, ask: ApiRequest) -> Json:
    buttons = tg.profile.menu_buttons
    return buttons.get(ask.number("chat_id")) or buttons.get(0) or {"type": "commands"}
