"""A staff group that moved, removed the bot or lost rights: the desk starts, and customers' messages are accepted."""

import json
from typing import Any

import pytest

from holdline.sandbox import SEED_GROUP, Sandbox
from tests.app.desk_process import ADMIN, Desk, until


def shows(box: Sandbox, chat_id: int, words: str) -> int:
    return sum(words in str(message.get("text", "")) for message in box.messages(chat_id))


def logged(running: Any, event: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in running.err.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


@pytest.mark.row("F-13")
async def test_a_restart_after_the_group_moved_works_in_its_new_place(box: Sandbox, start: Any) -> None:
    box.says(ADMIN, "/start")
    first = await start()
    await first.ready()
    new = box.migrates(SEED_GROUP)
    box.says(42, "before the restart")
    await until(lambda: shows(box, new, "before the restart"), "the card in the moved group")
    assert (await first.stopped())[0] == 0
    second = await start()
    await second.ready()
    box.says(42, "after the restart")
    await until(lambda: shows(box, new, "after the restart"), "the next card")
    await until(lambda: shows(box, ADMIN, f"write {new} instead of {SEED_GROUP}"), "what to write instead")
    [moved] = logged(second, "staff_group_moved")
    assert moved["now"] == new and f"staff_group = {new}" in moved["hint"]
    assert logged(second, "ready")[0]["staff_group"] == new
    assert (await second.stopped())[0] == 0
    assert shows(box, ADMIN, f"write {new} instead of {SEED_GROUP}") == 1


@pytest.mark.row("F-13")
async def test_a_group_that_moved_while_the_desk_was_down_is_followed_at_the_start(
    box: Sandbox, start: Any
) -> None:
    first = await start()
    await first.ready()
    assert (await first.stopped())[0] == 0
    new = box.migrates(SEED_GROUP)
    second = await start()
    await second.ready()
    box.says(42, "after the move")
    await until(lambda: shows(box, new, "after the move"), "the card in the moved group")
    assert logged(second, "staff_group_moved")[0]["now"] == new


@pytest.mark.row("O-02")
async def test_check_names_the_id_of_a_group_that_moved(box: Sandbox, start: Any) -> None:
    new = box.migrates(SEED_GROUP)
    running = await start("check", "--json")
    out, _ = await running.said()
    found = {one["code"]: one for one in json.loads(out.splitlines()[-1])["findings"]}
    assert (
        str(new) in found["group_moved"]["message"] and f"staff_group = {new}" in found["group_moved"]["mend"]
    )
    assert str(new) in found["group_good"]["message"]


async def test_a_replaced_group_gets_no_more_messages(box: Sandbox, desk: Desk, start: Any) -> None:
    box.says(ADMIN, "/start")
    first = await start()
    await first.ready()
    box.says(42, "said to the first group")
    await until(lambda: shows(box, SEED_GROUP, "said to the first group"), "the card")
    card = box.messages(SEED_GROUP)[-1]
    box.says(ADMIN, "/open Parcel", SEED_GROUP, card.get("message_thread_id"), reply_to=card["message_id"])
    await until(lambda: shows(box, SEED_GROUP, "Status: active"), "the dialog's card")
    assert (await first.stopped())[0] == 0
    desk.group = -1009
    box.forum(desk.group, "Second", admins=[ADMIN])
    second = await start()
    await second.ready()
    await until(lambda: shows(box, desk.group, "said to the first group"), "what was said before")
    box.says(42, "said to the second group")
    await until(lambda: shows(box, desk.group, "said to the second group"), "the next words")
    assert (await second.stopped())[0] == 0
    assert not shows(box, SEED_GROUP, "said to the second group")


@pytest.mark.parametrize("status", ["kicked", "left", "member"])
async def test_without_the_group_messages_are_accepted_and_shown_once_it_is_back(
    box: Sandbox, start: Any, status: str
) -> None:
    box.says(ADMIN, "/start")
    box.bot_becomes(SEED_GROUP, status)
    running = await start()
    await until(lambda: logged(running, "ready"), "a start without the group")
    box.says(42, "is anybody there?")
    probe = await running.probe()
    while not any(str(SEED_GROUP) in reason for reason in probe["reasons"]):
        probe = await running.probe()
    assert not probe["ready"]
    await until(lambda: shows(box, ADMIN, str(SEED_GROUP)), "the administrator is told")
    assert logged(running, "staff_group_unusable")[0]["hint"]
    box.bot_becomes(SEED_GROUP, "administrator")
    await running.ready()
    await until(lambda: shows(box, SEED_GROUP, "is anybody there?"), "what was kept arrives")
    await until(lambda: shows(box, ADMIN, "works again"), "the all-clear")
    assert (await running.stopped())[0] == 0


@pytest.mark.row("O-02")
@pytest.mark.parametrize(
    ("group", "remedy"),
    [
        ({"kind": "supergroup"}, "Switch on Topics"),
        ({"bot_rights": {"can_manage_topics": False}}, "Manage topics"),
    ],
)
async def test_an_unsuitable_group_is_reported_with_its_remedy_and_does_not_stop_the_start(
    box: Sandbox, desk: Desk, start: Any, group: dict[str, Any], remedy: str
) -> None:
    desk.group = -1009
    if "kind" in group:
        box.group(-1009, "Plain", members=[ADMIN], **group)
    else:
        box.forum(-1009, "Desk", admins=[ADMIN], **group)
    running = await start()
    await until(lambda: logged(running, "ready"), "a start all the same")
    [said] = logged(running, "staff_group_unusable")
    assert remedy in said["reason"] + said["hint"]
    assert any(remedy in reason for reason in (await running.probe())["reasons"])
    assert (await running.stopped())[0] == 0


async def test_a_moved_group_without_topics_is_still_reported(box: Sandbox, desk: Desk, start: Any) -> None:
    box.says(ADMIN, "/start")
    desk.group = -4009
    box.group(desk.group, "Plain", members=[ADMIN], kind="group")
    running = await start()
    await until(lambda: shows(box, ADMIN, f"({desk.group}) has no topics"), "what the group lacks")
    new = box.migrates(desk.group)
    await until(lambda: shows(box, ADMIN, f"instead of {desk.group}"), "the move")
    probe = await running.probe()
    while not any(f"{new} has no topics" in reason for reason in probe["reasons"]):
        probe = await running.probe()
    assert not probe["ready"]
    assert (await running.stopped())[0] == 0
