"""A desk killed under an earlier version continues under this one: its messages in flight arrive."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from holdline.sandbox import Sandbox, SandboxOptions
from tests.app.desk_process import ADMIN, Desk, Running, until
from tests.app.old_desk import ANNA, BEN, fill_with_its_rows, show_its_chats


@pytest.fixture
def box() -> Sandbox:
    return Sandbox(SandboxOptions(slow_short_polls=False, topics_in_private=False))


@pytest.fixture(params=["sqlite", "postgres"])
async def upgraded(
    request: pytest.FixtureRequest, box: Sandbox, sandbox_url: str, desk: Desk, tmp_path: Path, start: Any
) -> Running:
    """The desk of then, started with the program of today."""
    desk.group = 0
    desk.store_url = (
        f"sqlite:///{tmp_path / 'holdline.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    fill_with_its_rows(desk.store_url)
    await show_its_chats(box, sandbox_url)
    running: Running = await start()
    await running.ready()
    return running


def texts(box: Sandbox, chat: int) -> list[str]:
    return [str(message.get("text", "")) for message in box.messages(chat)]


def shows(box: Sandbox, chat: int, words: str) -> Callable[[], bool]:
    return lambda: any(words in text for text in texts(box, chat))


async def test_messages_in_flight_arrive_and_earlier_buttons_keep_working(
    box: Sandbox, upgraded: Running, start: Any
) -> None:
    await rate(box)
    await until(shows(box, ADMIN, "Hello? Is it on its way?"), "an update whose handling had begun")
    await until(shows(box, ADMIN, "Can I send it back?"), "an update that nobody had handled")
    await until(shows(box, BEN, "And a copy of it"), "an answer that waited")
    assert texts(box, BEN).count("Here it is") == 2, "nobody knew whether it had arrived: it is repeated once"
    assert not shows(box, BEN, "Summer sale")(), "the gate is still held"
    box.edits(ANNA, ANNA, 6, "My blue parcel is lost")
    await until(lambda: "My blue parcel is lost" in texts(box, ADMIN)[2], "the card of then changed")
    box.says(ADMIN, "It left today", reply_to=18)
    await until(shows(box, BEN, "It left today"), "a reply to a message of then")
    box.says(ADMIN, "/pause 2", reply_to=18)
    await until(shows(box, BEN, "Second step"), "what the gate held")
    assert texts(box, BEN)[-2:] == ["Summer sale", "Second step"]
    await check_what_programs_read(upgraded, start)
    assert (await upgraded.stopped())[0] == 0
    doctor = await start("doctor")
    assert "broken" not in (await doctor.said())[0]
    assert await doctor.code() == 0


async def rate(box: Sandbox) -> None:
    """The form was on the wire, so it comes once more, and its button counts."""
    await until(lambda: box.messages(ANNA)[-1].get("reply_markup"), "the rating form")
    box.presses(ANNA, ANNA, box.messages(ANNA)[-1]["message_id"], "Great")
    await until(shows(box, ADMIN, "Customer → us: 3"), "the rating on the card")


async def check_what_programs_read(upgraded: Running, start: Any) -> None:
    out, _ = await (await start("key", "create", "--name", "shop", "--scope", "read")).said()
    headers = {"Authorization": f"Bearer {out.splitlines()[-1]}"}
    async with aiohttp.ClientSession(f"{upgraded.url}/api/v1/", headers=headers) as api:
        async with api.get("dialogs/1") as answer:
            assert (await answer.json())["service_rating"] == 3
        async with api.get("dialogs/1/history?order=newest") as answer:
            lines = (await answer.json())["items"]
            [rated] = [line for line in lines if line["kind"] == "rating_answered"]
            assert rated["data"] == {"value": 3, "survey_id": 1, "assignee_id": 1}
        async with api.get("outbound/13") as answer:
            assert (await answer.json())["status"] == "sent"
