"""Letters wait in a table until a mail server accepts them, refuses them permanently, or is unreachable too long."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from holdline.dialogs.outbox.letters import pause_after
from holdline.scheduler.mail_loop import MailLoop
from holdline.scheduler.smtp import MailServer as Server
from holdline.store.clock import ManualClock
from holdline.store.delivery import mails
from holdline.store.engine import Store
from holdline.store.tx import Row
from tests.mail_server import MailServer, mail_server

DESK = "desk@example.org"
AWAY = "smtp://127.0.0.1:1"


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as there:
        yield there


async def write(store: Store, to: str = "anna@example.org", subject: str = "Case 1", **more: Any) -> int:
    letter: dict[str, Any] = {"to_address": to, "subject": subject, "body": "Zażółć, привет", **more}
    return await store.act(mails.insert, **letter)


async def rows(store: Store) -> list[Row]:
    return await store.read(lambda tx: tx.all("SELECT * FROM mails ORDER BY id"))


async def test_a_letter_is_sent_once(store: Store, server: MailServer) -> None:
    loop = MailLoop(store, Server(server.url, DESK))
    number = await write(store)
    assert (await loop.tick(), await loop.tick()) == (1, 0)
    (letter,) = server.letters
    assert (letter["From"], letter["To"], letter["Subject"]) == (DESK, "anna@example.org", "Case 1")
    assert letter.get_content().strip() == "Zażółć, привет"
    assert letter["Message-ID"] == f"<holdline-mail-{number}@example.org>"
    assert [(row["status"], row["attempts"]) for row in await rows(store)] == [("sent", 1)]


async def test_a_refused_letter_does_not_delay_other_letters(store: Store, server: MailServer) -> None:
    server.refusals |= {"gone@example.org": "550 no such user", "full@example.org": "452 mailbox is full"}
    for to in ("gone@example.org", "full@example.org", "anna@example.org"):
        await write(store, to)
    assert await MailLoop(store, Server(server.url, DESK)).tick() == 3
    gone, full, anna = await rows(store)
    assert (gone["status"], "no such user" in gone["error"]) == ("refused", True)
    assert (full["status"], "mailbox is full" in full["error"]) == ("queued", True)
    assert anna["status"] == "sent"


async def test_a_letter_waits_longer_each_time_and_is_finally_parked(
    store: Store, clock: ManualClock
) -> None:
    loop = MailLoop(store, Server(AWAY, DESK))
    await write(store)
    attempts = 0
    while (pause := pause_after(attempts + 1)) is not None:
        attempts += 1
        assert (await loop.tick(), await loop.tick()) == (1, 0)
        clock.advance(pause.total_seconds() + 1)
    assert await loop.tick() == 1
    (row,) = await rows(store)
    assert (row["status"], row["attempts"]) == ("parked", attempts + 1)
    clock.advance(timedelta(days=30).total_seconds())
    assert await loop.tick() == 0


async def test_waiting_letters_are_sent_when_the_server_is_back(
    store: Store, server: MailServer, clock: ManualClock
) -> None:
    await write(store)
    assert await MailLoop(store, Server(AWAY, DESK)).tick() == 1
    clock.advance(10)
    assert await MailLoop(store, Server(server.url, DESK)).tick() == 1
    assert len(server.letters) == 1


async def test_a_letter_whose_process_died_is_tried_again(
    store: Store, server: MailServer, clock: ManualClock
) -> None:
    await write(store)
    at = await store.read(lambda tx: tx.at)
    assert len(await store.act(mails.take_due, again_at=at + timedelta(minutes=5), limit=5)) == 1
    loop = MailLoop(store, Server(server.url, DESK))
    assert await loop.tick() == 0
    clock.advance(301)
    assert (await loop.tick(), len(server.letters)) == (1, 1)


async def test_a_header_that_would_begin_another_one_is_refused(store: Store, server: MailServer) -> None:
    await write(store, subject="Case\r\nBcc: all@example.org")
    await write(store)
    assert await MailLoop(store, Server(server.url, DESK)).tick() == 2
    hostile, good = await rows(store)
    assert (hostile["status"], good["status"]) == ("refused", "sent")
    assert [letter["Bcc"] for letter in server.letters] == [None]


async def test_the_mail_client_logs_in_if_the_server_asks() -> None:
    async with mail_server(user="desk", password="p@ss") as server:
        right = server.url.replace("p@ss", "p%40ss")
        assert await Server(right, DESK).connect() == ""
        assert "535" in await Server(server.url.replace("p@ss", "wrong"), DESK).connect()
