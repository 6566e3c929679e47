"""The menus of commands: everybody sees only the commands they may use."""

from dataclasses import replace

import pytest

from holdline.bot.commands_menu import announce_commands, menu_calls
from holdline.dialogs.manager import PERMISSIONS, ROLE_PERMISSIONS, Manager
from holdline.telegram.call import Call

MARIA = Manager(1, 7, 400000077, "Maria", "manager", ROLE_PERMISSIONS["manager"], language="ru")
IVAN = Manager(2, 7, 400000078, "Ivan", "restricted", ROLE_PERMISSIONS["restricted"])
GONE = Manager(3, 7, 400000079, "Ola", "manager", frozenset(), active=False)


def names(call: Call) -> list[str]:
    return [command["command"] for command in call.params["commands"]]


def test_customers_see_four_commands_in_three_languages() -> None:
    calls = list(menu_calls([], 0))
    assert all(names(call) == ["start", "help", "language", "subscriptions", "stop"] for call in calls)
    assert all(call.params["scope"] == {"type": "all_private_chats"} for call in calls)
    assert [call.params.get("language_code") for call in calls] == [None, "en", "ru", "pl"]


def test_managers_see_only_allowed_commands_in_their_own_language() -> None:
    maria, in_group, ivan, *_ = list(menu_calls([MARIA, IVAN], -100))[4:]
    assert maria.params["scope"] == {"type": "chat", "chat_id": 400000077}
    assert in_group.params["scope"] == {"type": "chat_member", "chat_id": -100, "user_id": 400000077}
    assert "report" in names(maria) and "report" not in names(ivan)
    assert {c["command"]: c["description"] for c in maria.params["commands"]} != {
        c["command"]: c["description"] for c in ivan.params["commands"]
    }


@pytest.mark.parametrize("right", sorted(PERMISSIONS))
def test_settings_are_offered_to_everybody_of_the_desk(right: str) -> None:
    """One's own time zone stands there."""
    menu = list(menu_calls([replace(IVAN, permissions=frozenset({right}))], 0))[-1]
    assert "settings" in names(menu)


def test_a_former_manager_sees_the_commands_of_customers() -> None:
    (gone,) = list(menu_calls([GONE], -100))[4:]
    assert names(gone) == ["start", "help", "language", "subscriptions", "stop"]


async def test_a_refused_command_menu_does_not_stop_the_start() -> None:
    asked: list[Call] = []

    class Refusing:
        async def send_ephemeral(self, call: Call) -> object:
            asked.append(call)
            return None

    await announce_commands(Refusing(), [MARIA, IVAN], -100)
    assert len(asked) == 8
