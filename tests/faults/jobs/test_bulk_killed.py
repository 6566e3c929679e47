"""kill -9 in the middle of a bulk job: it goes on by itself, each dialog once, and its card is edited to the end."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from holdline.app.configuration import load_configuration
from holdline.app.open_store import open_store
from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.people.managers import ensure_admins, get_acting_manager
from holdline.desk.settings.lists import ensure_lists
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.message import Content
from holdline.sandbox.faults import Fault
from holdline.store.people import customers
from holdline.store.tx import Tx
from tests.faults.figures import Figures, get_size, report
from tests.faults.ledger import asked, engine_of
from tests.faults.scene import PATIENCE_SECONDS, Scene, scene

MARIA = 111111111
KILLS = get_size("HOLDLINE_JOB_KILLS", 2)
DIALOGS = 30 * KILLS


@pytest.fixture(params=["sqlite", "postgres"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    """Many dialogs; the program does not run yet."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    async with scene(tmp_path, url, seed=20261129) as here:
        async with open_store(load_configuration(here.config), may_create=True) as store:
            await store.act(ensure_lists)
            await store.act(ensure_admins)
            for number in range(1, DIALOGS + 1):
                await store.act(open_one, number=number)
        yield here


def open_one(tx: Tx, *, number: int) -> None:
    sender = MessageSender(730_000_000 + number, f"Customer {number}", None, "en")
    content = Content("text", "Is mine recalled?", chat_id=sender.telegram_id, tg_message_id=number)
    receive_customer_message(tx, sender=sender, content=content)
    customer = customers.by_telegram_id(tx, sender.telegram_id)
    assert customer is not None
    opening = Opening(customer.id, f"Recall {number}")
    open_dialog(tx, manager=get_acting_manager(tx, MARIA), opening=opening)


async def start_job(here: Scene) -> None:
    """Maria in her own chat with the bot: all that match are urgent, yes."""
    here.box.says(MARIA, "/bulk", MARIA)
    for caption in ("All that match", "Do…", "Priority", "urgent", "Yes, do it"):
        number, data = await here.until(lambda c=caption: button(here, c), f"a button {caption!r}")
        here.box.presses(MARIA, MARIA, number, data)


def button(here: Scene, caption: str) -> tuple[int, str] | None:
    for message in here.box.messages(MARIA):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for each in row:
                if caption in each["text"]:
                    return message["message_id"], each["callback_data"]
    return None


def cards(here: Scene) -> list[dict[str, Any]]:
    """Of the job: under way, or over."""
    said = [m for m in here.box.messages(MARIA) if m["from_bot"]]
    return [m for m in said if "refused" in m.get("text", "") and "done" in m["text"]]


async def kill_at_edit(here: Scene, *, beyond: int) -> None:
    """While Telegram has a change of the card in its hands that tells of more dialogs than so many."""

    def rule(method: str, params: dict[str, Any]) -> Fault | None:
        told = re.match(r"⏳ (\d+) done", str(params.get("text")))
        if method != "editMessageText" or told is None or int(told[1]) <= beyond:
            return None
        assert here.desk is not None
        here.desk.kill()
        return Fault(drop="before")

    here.weather.rules.append(rule)
    try:
        assert here.desk is not None
        assert await here.desk.ended(PATIENCE_SECONDS) == -9, here.desk.said()
    finally:
        here.weather.rules.remove(rule)


def states(here: Scene) -> Counter[str]:
    return Counter(row[0] for row in asked(here.store_url, "SELECT state FROM bulk_items"))


async def close_one_that_waits(here: Scene) -> int:
    """Somebody was quicker than the job, which is dead at this moment; the dialog's number."""
    last = "SELECT dialog_id FROM bulk_items WHERE state = 'waiting' ORDER BY position DESC LIMIT 1"
    number = int(asked(here.store_url, last)[0][0])
    async with open_store(load_configuration(here.config), may_create=False) as store:
        await store.act(
            lambda tx: close_dialog(
                tx,
                manager=get_acting_manager(tx, MARIA),
                dialog_id=number,
                closing=Closing(send_rating_form=False),
            )
        )
    return number


async def kill_more(here: Scene, before: Counter[str]) -> None:
    """The other kills, each after the job has gone on."""
    for _ in range(KILLS - 1):
        here.start()
        await kill_at_edit(here, beyond=before["done"])
        now = states(here)
        assert now["done"] > before["done"] and now["waiting"], (before, now)
        before = now


@pytest.mark.row("R-08")
async def test_a_killed_bulk_job_resumes_where_it_was_and_updates_the_same_card(desk: Scene) -> None:
    desk.start()
    await desk.at_work()
    await start_job(desk)
    await kill_at_edit(desk, beyond=0)
    first = states(desk)
    assert first["done"] and first["waiting"], first
    closed = await close_one_that_waits(desk)
    (card,) = cards(desk)
    await kill_more(desk, first)
    desk.start()
    summary = f"✅ {DIALOGS - 1} done, 1 refused"
    await desk.until(lambda: summary in cards(desk)[0]["text"], "the job is over, and its card says so")
    (after,) = cards(desk)
    assert after["message_id"] == card["message_id"], "one card, edited in place"
    assert f"#{closed}: " in after["text"]
    assert states(desk) == {"done": DIALOGS - 1, "refused": 1}
    await desk.stopped()
    rows = asked(desk.store_url, "SELECT dialog_id FROM history WHERE kind = 'dialog_changed'")
    changed = [row[0] for row in rows]
    report(
        Figures(
            tried=KILLS,
            lost=DIALOGS - 1 - len(set(changed)),
            doubled=len(changed) - len(set(changed)),
            seed=desk.seed,
            note=f"job on {engine_of(desk.store_url)}",
        )
    )
    assert sorted(changed) == sorted({*range(1, DIALOGS + 1)} - {closed}), "each once"
    await desk.examined()
    assert desk.complaints() == []
