"""A desk that gets no updates reports it: to its probe, and once to the administrators."""

from collections.abc import Callable
from typing import Any

import pytest

from holdline.bot.intake.bot_api import BotApiResponse
from holdline.bot.intake.health_recorder import IntakeHealthRecorder
from holdline.bot.intake.polling import Poller
from holdline.bot.intake.webhook import open_webhook
from holdline.desk.health import readiness
from holdline.desk.health.intake_health import deaf_seconds, intake_reasons
from holdline.desk.people.staff import add_manager
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.tx import Row

ADMIN, AGENT = 510000901, 510000902
RIVAL = BotApiResponse(False, code=409, description="Conflict: terminated by other getUpdates request")
PAGE = BotApiResponse(False, description="HTTP 403 from a proxy or a firewall in Telegram's place")
EMPTY = BotApiResponse(True, [])


class Line:
    """Answers every poll with the same until told otherwise."""

    def __init__(self) -> None:
        self.answer = EMPTY

    async def __call__(self, method: str, params: dict[str, Any], seconds: float) -> BotApiResponse:
        return self.answer


@pytest.fixture
async def line(store: Store) -> Line:
    for telegram_id, role in ((ADMIN, "admin"), (AGENT, "agent")):
        await store.act(add_manager, acting=None, telegram_id=telegram_id, name=role, role=role)
    return Line()


async def polls(
    store: Store, clock: ManualClock, line: Line, answer: BotApiResponse, *, poller: Poller
) -> None:
    """Two minutes of it, in the poller's own rhythm."""
    line.answer, left = answer, 120.0
    while left > 0:
        wait = max(1.0, await poller.tick())
        clock.advance(wait)
        left -= wait


async def notices(store: Store) -> list[Row]:
    return await store.read(lambda tx: tx.all("SELECT * FROM outbox WHERE kind = 'desk_notice' ORDER BY id"))


@pytest.mark.parametrize(("answer", "key", "cure"), [
    (RIVAL, "desk_notices.deaf_rival", "Another program"),
    (PAGE, "desk_notices.deaf", "telegram.api_base"),
    (BotApiResponse(False, code=502, description="Bad Gateway"), "desk_notices.deaf", "telegram.api_base"),
    (BotApiResponse(True, {"no": "list"}), "desk_notices.deaf", "no list"),
])  # fmt: skip
async def test_failing_polls_make_the_desk_unready_and_are_reported_once(
    store: Store, clock: ManualClock, line: Line, answer: BotApiResponse, key: str, cure: str
) -> None:
    poller = Poller(store, line, poll_seconds=0)
    await poller.tick()
    assert await store.read(intake_reasons) == []
    await polls(store, clock, line, answer, poller=poller)
    [reason] = await store.read(intake_reasons)
    assert cure in reason
    [notice] = await notices(store)
    assert (notice["chat_id"], notice["payload_json"]["key"]) == (ADMIN, key)
    line.answer = EMPTY
    await poller.tick()
    assert await store.read(intake_reasons) == [] and await store.read(deaf_seconds) == 0


async def test_a_short_failure_of_polling_is_not_reported(
    store: Store, clock: ManualClock, line: Line
) -> None:
    poller = Poller(store, line, poll_seconds=0)
    line.answer = PAGE
    for _ in range(4):
        clock.advance(await poller.tick())
    assert await store.read(intake_reasons) == [] and await notices(store) == []


async def test_administrators_are_not_notified_of_an_outage_the_sender_sees_too(
    store: Store, clock: ManualClock, line: Line
) -> None:
    await store.act(readiness.record_outage, reason="ClientConnectorError")
    await polls(store, clock, line, BotApiResponse(False, description="refused"), poller=Poller(store, line))
    assert len(await store.read(intake_reasons)) == 1 and await notices(store) == []


async def test_failures_of_an_earlier_process_are_cleared_by_the_first_success(
    store: Store, clock: ManualClock, line: Line
) -> None:
    opened: list[Callable[[IntakeHealthRecorder], Any]] = [
        lambda reception: Poller(store, line, poll_seconds=0).tick(),
        lambda reception: open_webhook(line, reception, url="https://desk.example/hook", secret="s3cret"),
    ]
    for opens in opened:
        await IntakeHealthRecorder(store).record_failure(PAGE)
        clock.advance(60)
        assert len(await store.read(intake_reasons)) == 1
        line.answer = EMPTY
        await opens(IntakeHealthRecorder(store))
        assert await store.read(intake_reasons) == []
