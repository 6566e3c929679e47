"""What the bot lacks in the staff group, according to Telegram."""

from typing import Any

import pytest

from holdline.telegram.group_rights import (
    RIGHTS,
    chat_problems,
    explain_problems,
    member_problems,
    stops_work,
)

ALL = dict.fromkeys(RIGHTS, True)


@pytest.mark.parametrize(
    ("member", "lacks"),
    [
        ({"status": "creator"}, ()),
        ({"status": "administrator", **ALL}, ()),
        ({"status": "administrator", **ALL, "can_manage_topics": False}, ("can_manage_topics",)),
        ({"status": "administrator"}, tuple(RIGHTS)),
        ({"status": "member"}, ("administrator",)),
        ({"status": "restricted", "is_member": True}, ("administrator",)),
        ({"status": "restricted", "is_member": False}, ("presence",)),
        ({"status": "left"}, ("presence",)),
        ({"status": "kicked"}, ("presence",)),
    ],
)
def test_missing_rights_of_the_bot_are_read_from_its_membership(
    member: dict[str, Any], lacks: tuple[str, ...]
) -> None:
    assert member_problems(member) == lacks


@pytest.mark.parametrize(
    ("chat", "lacks"),
    [
        ({"type": "group"}, ("supergroup",)),
        ({"type": "supergroup"}, ("topics",)),
        ({"type": "supergroup", "is_forum": True}, ()),
    ],
)
def test_missing_features_of_the_group_are_read_from_its_chat(
    chat: dict[str, Any], lacks: tuple[str, ...]
) -> None:
    assert chat_problems(chat) == lacks


@pytest.mark.parametrize("lack", ["presence", "supergroup", "topics", "administrator", *RIGHTS])
def test_each_problem_of_the_group_names_the_group_and_the_remedy(lack: str) -> None:
    sentence, remedy = explain_problems(-1009, (lack,))
    assert "-1009" in sentence and remedy.endswith(".")


def test_only_a_problem_that_hides_dialogs_stops_the_work() -> None:
    assert stops_work(["can_manage_topics", "can_pin_messages"]) and stops_work(["presence"])
    assert not stops_work(["can_pin_messages", "can_delete_messages"]) and not stops_work([])
