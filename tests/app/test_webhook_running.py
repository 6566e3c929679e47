"""`holdline run` with a webhook: set by the bot, opened only by its secret, and the way back to polling."""

import asyncio
from typing import Any

import aiohttp
import pytest

from holdline.sandbox import SEED_GROUP, Sandbox
from tests.app.desk_process import PATIENCE_SECONDS, Desk, free_port, seen_in_group, until

SECRET = "webhook-secret_1"


async def posted(url: str, words: str, **headers: str) -> int:
    """What a stranger hears who knocks with an update of their own."""
    person = {"id": 42, "is_bot": False, "first_name": "Anna"}
    message = {
        "message_id": 9,
        "date": 1,
        "chat": {"id": 42, "type": "private"},
        "from": person,
        "text": words,
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"update_id": 900_000_001, "message": message}, headers=headers) as answer,
    ):
        return answer.status


async def settled(url: str) -> None:
    """Until nothing waits to be sent, and no answer to be stored."""
    line = 'holdline_outbox_messages{status="%s",stream="dialog"} 0.0'
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with session.get(f"{url}/metrics") as answer:
                text = await answer.text()
            if all(line % status in text for status in ("queued", "sending")):
                return
            await asyncio.sleep(0.02)


def shown(box: Sandbox, *words: str) -> bool:
    return [seen_in_group(box, one) for one in words] == [1] * len(words)


async def test_the_webhook_accepts_updates_only_with_the_secret(box: Sandbox, desk: Desk, start: Any) -> None:
    desk.webhook_secret = SECRET
    box.says(42, "before the start")
    first = await start()
    await first.ready()
    await until(lambda: shown(box, "before the start"), "what waited at Telegram comes first")
    assert (box.tg.webhook.url, box.tg.webhook.secret) == (desk.webhook_url, SECRET)
    box.says(42, "by webhook")
    await until(lambda: shown(box, "by webhook"), "the card")
    wrong = {"X-Telegram-Bot-Api-Secret-Token": "guessed"}
    assert [await posted(desk.webhook_url, "forged"), await posted(desk.webhook_url, "forged", **wrong)] == [
        401,
        401,
    ]
    assert (await first.stopped())[0] == 0
    box.says(42, "while nobody was there")
    second = await start()
    await second.ready()
    box.says(42, "and afterwards")
    words = ("before the start", "by webhook", "while nobody was there", "and afterwards")
    await until(lambda: shown(box, *words), "every message once")
    assert seen_in_group(box, "forged") == 0
    assert (await second.stopped())[0] == 0
    out, err = await second.said()
    assert SECRET not in out + err
    desk.webhook_secret = ""
    polling = await start()
    await polling.ready()
    box.says(42, "polled again")
    await until(lambda: shown(box, *words, "polled again"), "polling takes over from the webhook")
    assert box.tg.webhook.url == ""
    assert (await polling.stopped())[0] == 0
    assert box.problems == []


async def test_a_webhook_refused_by_telegram_stops_the_start_with_a_sentence(
    box: Sandbox, desk: Desk, start: Any
) -> None:
    desk.webhook_secret = SECRET
    box.faults.add("setWebhook", error_code=400, description="Bad Request: bad webhook: no address")
    running = await start()
    _, err = await running.said()
    assert await running.code() == 2
    assert "Telegram does not take the webhook: Bad Request: bad webhook: no address" in err.splitlines()[-1]
    assert '"event":"ready"' not in err.replace(" ", "")


@pytest.mark.row("O-11")
async def test_three_roles_share_one_postgresql_and_a_standby_takes_over(
    box: Sandbox, desk: Desk, start: Any, postgres_url: str
) -> None:
    desk.store_url, desk.webhook_secret = postgres_url, SECRET
    web = await start("run", "--role", "web")
    await until(web.err.read_text, "the web role's first line")
    while len(told := (await web.probe()).get("reasons", [])) < 2:
        assert not web.ended, await web.said()
    assert [reason.split(":")[0] for reason in told] == ["Nobody handles updates", "Nobody sends"]
    roles = {}
    for name in ("intake", "sender", "standby"):
        desk.probe_port = free_port()
        roles[name] = await start("run", "--role", "sender" if name == "standby" else name)
        if name != "intake":
            await roles[name].ready()
    await roles["intake"].ready()
    await web.ready()
    box.says(42, "through three processes")
    await until(lambda: shown(box, "through three processes"), "the card")
    assert (await roles["sender"].probe())["notes"] == []
    (note,) = (await roles["standby"].probe())["notes"]
    assert note.startswith("Standby as sender")
    await settled(web.url)  # what is on the wire at a kill waits half a minute for its lease: tests/faults
    await roles["sender"].killed()
    box.says(42, "after the sender was killed")
    await until(lambda: shown(box, "after the sender was killed"), "the standby sends")
    assert (await roles["standby"].probe())["notes"] == []
    for role in (web, roles["intake"], roles["standby"]):
        assert (await role.stopped())[0] == 0
    assert box.messages(SEED_GROUP) and box.problems == []
