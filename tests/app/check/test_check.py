"""`holdline check`: each mistake of a set-up is found by trying it, and named with its remedy."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from holdline.app.command_failed import CommandFailed
from holdline.app.web_server import bind_listener
from holdline.sandbox import Sandbox
from tests.app.desk_process import Desk
from tests.mail_server import mail_server

pytestmark = pytest.mark.row("O-02")


async def checked(start: Any, *arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Exit code and the findings by their code; the last line is one JSON object."""
    running = await start("check", "--json", *arguments)
    out, err = await running.said()
    found = json.loads(out.splitlines()[-1])
    assert found["ok"] == (await running.code() == 0), err
    return await running.code(), {finding["code"]: finding for finding in found["findings"]}


async def test_a_correct_setup_passes_all_checks(box: Sandbox, desk: Desk, start: Any) -> None:
    code, found = await checked(start, "--deep")
    assert code == 0
    assert {"configuration_good", "database_good", "token_good", "group_good", "topic_made"} <= set(found)
    assert {finding["level"] for finding in found.values()} == {"ok"}
    assert [chat["topics"] for chat in box.chats() if chat["id"] == desk.group] == [[]]
    assert box.problems == []


async def test_a_refused_token_is_named_without_being_shown(desk: Desk, start: Any) -> None:
    desk.token = "123456:canary"
    running = await start("check")
    out, err = await running.said()
    assert await running.code() == 1
    assert "@BotFather" in out and "canary" not in out + err


@pytest.mark.parametrize(
    ("rights", "named"),
    [({"can_manage_topics": False}, "Manage topics"), ({"can_pin_messages": False}, "Pin messages")],
)
async def test_a_missing_right_is_named(
    box: Sandbox, desk: Desk, start: Any, rights: dict[str, bool], named: str
) -> None:
    box.forum(-1009, "Desk", admins=[111111111], bot_rights=rights)
    desk.group = -1009
    code, found = await checked(start)
    assert (code, named in found["group_rights"]["message"]) == (1, True)
    assert "administrators" in found["group_rights"]["mend"]


async def test_a_foreign_group_is_named(box: Sandbox, desk: Desk, start: Any) -> None:
    desk.group = -100777
    code, found = await checked(start)
    assert (code, "-100777" in found["group_unknown"]["message"]) == (1, True)


async def test_a_group_without_topics_is_named(box: Sandbox, desk: Desk, start: Any) -> None:
    box.group(-1009, "Plain", members=[111111111], kind="supergroup")
    desk.group = -1009
    code, found = await checked(start)
    assert (code, "Switch on Topics" in found["group_no_forum"]["mend"]) == (1, True)


async def test_a_bot_that_is_no_administrator_is_named(box: Sandbox, desk: Desk, start: Any) -> None:
    box.forum(-1009, "Desk", admins=[111111111])
    box.bot_becomes(-1009, "member")
    desk.group = -1009
    code, found = await checked(start)
    assert (code, "group_no_admin" in found) == (1, True)


async def test_an_unreachable_telegram_is_distinguished_from_a_wrong_token(desk: Desk, start: Any) -> None:
    desk.api_base = "http://127.0.0.1:9"
    code, found = await checked(start)
    assert (code, "telegram_silent" in found, "token_refused" in found) == (1, True, False)


async def test_a_database_that_cannot_be_opened_is_named(desk: Desk, start: Any) -> None:
    (desk.folder / "holdline.db").write_text("this is no database, whatever its name says")
    code, found = await checked(start)
    assert (code, "store.url" in found["database_closed"]["message"]) == (1, True)


async def test_an_unreachable_postgresql_is_reported_with_the_reason(desk: Desk, start: Any) -> None:
    desk.store_url = "postgresql://desk:its-password@127.0.0.1:9/desk"
    running = await start("check")
    out, err = await running.said()
    assert await running.code() == 1
    assert "Connection refused" in out and "store.url" in out
    assert "its-password" not in out + err and "pool" not in out + err


async def test_a_port_in_use_is_named(desk: Desk, start: Any) -> None:
    with socket.create_server(("127.0.0.1", desk.port)):
        code, found = await checked(start)
    assert (code, f"web.port {desk.port}" in found["port_taken"]["message"]) == (1, True)
    assert "another web.port" in found["port_taken"]["mend"]


@pytest.mark.parametrize("host", ["203.0.113.9", "no-such-host.invalid"])
def test_a_host_of_another_machine_is_named(host: str) -> None:
    with pytest.raises(CommandFailed) as refused:
        bind_listener(host, 0)
    assert "set web.host to an address of this machine" in str(refused.value)
    assert "web.port, or stop" not in str(refused.value) and "Errno" not in str(refused.value)


async def test_a_running_desk_does_not_fail_its_own_check(start: Any) -> None:
    await (await start()).ready()
    running = await start("check", "--json")
    out, _ = await running.said()
    found = {one["code"]: one for one in json.loads(out.splitlines()[-1])["findings"]}
    assert (await running.code(), found["port_ours"]["level"]) == (0, "ok")
    assert "Holdline is running" in out and "Now run" not in out


@pytest.mark.parametrize("database", ["another.db", "empty.db"])
async def test_another_desk_on_the_same_port_fails_the_check(
    desk: Desk, start: Any, tmp_path: Path, database: str
) -> None:
    """Two desks on one machine, both with the port that nobody changed."""
    await (await start()).ready()
    desk.store_url = f"sqlite:///{tmp_path / database}"
    if database == "empty.db":
        assert await (await start("migrate")).code() == 0
    code, found = await checked(start)
    assert (code, f"web.port {desk.port}" in found["port_taken"]["message"]) == (1, True)
    assert "another web.port" in found["port_taken"]["mend"]


async def test_a_webhook_address_without_https_is_reported(desk: Desk, start: Any) -> None:
    desk.webhook_secret = "a-secret"
    code, found = await checked(start)
    assert (code, found["webhook_plain"]["level"]) == (0, "warning")
    assert "https://" in found["webhook_plain"]["mend"]
    assert "holdline run" in found["webhook_none"]["message"]


@pytest.mark.parametrize(
    ("url", "code"),
    [("https://no-such-host.invalid/x", "webhook_host"), ("https://9.9.9.9:9443/x", "webhook_port")],
)
async def test_a_webhook_address_that_telegram_cannot_call_is_named(
    desk: Desk, start: Any, url: str, code: str
) -> None:
    desk.webhook_secret, desk.public_url = "a-secret", url
    exit_code, found = await checked(start)
    assert (exit_code, found[code]["level"]) == (1, "error")
    running = await start()
    assert await running.code() == 2  # and the start is refused as well


async def test_an_administrator_who_never_pressed_start_is_named(box: Sandbox, start: Any) -> None:
    _, found = await checked(start)
    assert "111111111" in found["admin_not_started"]["message"]
    box.says(111111111, "/start")
    assert "admin_not_started" not in (await checked(start))[1]


async def test_the_last_line_of_a_check_says_what_to_do_next(desk: Desk, start: Any) -> None:
    well = await start("check")
    out, _ = await well.said()
    assert "Now run `holdline run --config" in out.splitlines()[-1]
    desk.group = -100777
    unwell = await start("check")
    out, _ = await unwell.said()
    assert out.splitlines()[-1].startswith("1 of ")


async def test_a_wrong_configuration_is_a_finding_and_exit_code_2(desk: Desk, start: Any) -> None:
    desk.store_url = "oracle://"
    running = await start("check", "--json")
    out, err = await running.said()
    assert await running.code() == 2
    assert json.loads(out.splitlines()[-1])["findings"][0]["code"] == "configuration_wrong"
    assert "store.url" in err and err.count("\n") == 1


async def test_the_mail_server_is_checked_by_a_login(desk: Desk, start: Any) -> None:
    async with mail_server(user="desk", password="right") as server:
        desk.mail = {"smtp_url": server.url, "from": "desk@example.org"}
        code, found = await checked(start)
        assert (code, found["mail_good"]["level"]) == (0, "ok")
        desk.mail["smtp_url"] = server.url.replace("right", "wrong")
        code, found = await checked(start)
        assert (code, "535" in found["mail_closed"]["message"]) == (1, True)
        assert server.letters == []
    desk.mail = {"smtp_url": server.url}
    assert "mail.from" in (await checked(start))[1]["mail_incomplete"]["message"]
