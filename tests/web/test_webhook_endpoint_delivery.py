"""The simulated Telegram pushes through the webhook endpoint: retried until stored, nothing twice."""

import asyncio
from typing import Any

from holdline.bot.gateway import Gateway
from holdline.bot.intake.bot_api import direct_caller
from holdline.bot.intake.health_recorder import IntakeHealthRecorder
from holdline.bot.intake.webhook import open_webhook
from holdline.sandbox import Sandbox, SandboxOptions
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.intake.backlog_watch import LASTS_SECONDS, MANY, BacklogWatch
from holdline.store.intake.received_update import ReceivedUpdate
from holdline.web.shared_commit import SharedCommit
from tests.bot.inbox_kit import eventually, rows
from tests.web.test_webhook_endpoint import SECRET, serve

TOKEN = "123456:sandbox-token"


class Unsteady:
    """A store that cannot write twice."""

    def __init__(self, store: Store) -> None:
        self._store, self.backlog = store, store.backlog
        self.tries = 0

    async def act(self, *args: Any, **kwargs: Any) -> Any:
        self.tries += 1
        if self.tries in (2, 4):
            raise StoreUnavailable("database is locked")
        return await self._store.act(*args, **kwargs)


async def test_updates_that_the_webhook_could_not_store_are_delivered_again(store: Store) -> None:
    box, unsteady = Sandbox(SandboxOptions(token=TOKEN, webhook_retry_base=0.02)), Unsteady(store)
    async for host, port in serve(unsteady):
        async with box.serve() as url, Gateway(TOKEN, url) as gateway:
            await open_webhook(
                direct_caller(gateway),
                IntakeHealthRecorder(store),
                url=f"http://{host}:{port}/hook/x",
                secret=SECRET,
            )
            for number in range(60):
                box.says(510000001 + number % 5, f"message {number}")
            await eventually(lambda: _all_kept(store, 60), seconds=60)
    found = await rows(store)
    words = [row["raw"] for row in found.values()]
    assert all(sum(f'"message {number}"' in raw for raw in words) == 1 for number in range(60))
    assert unsteady.tries > 4
    assert box.problems == []


async def _all_kept(store: Store, count: int) -> bool:
    return len(await rows(store)) == count


async def test_a_backlog_is_noticed_by_the_calls_that_wait_for_one_commit(store: Store) -> None:
    commit = SharedCommit(store)
    await asyncio.gather(*(commit.keep(ReceivedUpdate(number, 0, "{}")) for number in range(MANY - 1)))
    assert not store.backlog.is_arriving
    await asyncio.gather(*(commit.keep(ReceivedUpdate(100 + number, 0, "{}")) for number in range(MANY)))
    assert store.backlog.is_arriving


def test_a_backlog_is_over_half_a_second_after_its_last_commit() -> None:
    times = iter([0.0, LASTS_SECONDS - 0.01, LASTS_SECONDS])
    backlog = BacklogWatch(lambda: next(times))
    backlog.record(MANY)
    assert [backlog.is_arriving, backlog.is_arriving] == [True, False]
