"""The program that runs in a forked process: as the command line starts it, complete or tampered with."""

import asyncio
import faulthandler
import os
import signal
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from holdline.app import intake_loop
from holdline.app.main import invoke
from holdline.bot.gateway import Gateway
from holdline.bot.intake.job_runner import Feed
from holdline.bot.intake.polling import Poller
from holdline.bot.intake.worker import Worker, WorkerLimits
from holdline.bot.work import Work
from holdline.desk.delivery import settle, start
from holdline.desk.health import disk
from holdline.desk.webhooks import deliveries
from holdline.dialogs.gate import Passage
from holdline.dialogs.rules import DeskRules
from holdline.scheduler import leadership, reserve
from holdline.scheduler.broadcast_loop import BroadcastLoop
from holdline.scheduler.leadership import Leadership
from holdline.scheduler.sender import Sender
from holdline.scheduler.timers import Chore, Timers
from holdline.scheduler.webhooks.webhook_loop import WebhookLoop
from holdline.scheduler.webhooks.webhook_wire import WebhookWire
from holdline.screens.render import render
from holdline.store.delivery import chats
from holdline.store.engine import Store
from holdline.store.engines.leases import LEASE_SECONDS
from holdline.store.engines.sqlite import SqliteEngine
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from tests.faults.points.board import Board, count_calls

BOT = 7000000001
Tx.watches_locks = True
FREE = DeskRules(per_second=0, per_chat_per_second=0, group_per_minute=0)


def desk(*arguments: str) -> int:
    """`holdline <arguments>`."""
    return invoke(list(arguments))


def looking_at_the_disk_often(*arguments: str) -> int:
    """The program, which makes its disk reserve again soon after there is room."""
    reserve.LOOK_SECONDS = 0.2
    return invoke(list(arguments))


def on_a_read_only_disk(sign: str, *arguments: str) -> int:
    """The program; its database takes no writes while the file `sign` is there."""
    commit_group, path = SqliteEngine._commit_group, Path(sign)

    def commit(self: SqliteEngine, raw: sqlite3.Connection, loop: asyncio.AbstractEventLoop) -> Any:
        raw.execute(f"PRAGMA query_only = {int(path.exists())}")
        return commit_group(self, raw, loop)

    SqliteEngine._commit_group = commit  # type: ignore[method-assign]
    disk.is_disk_read_only = lambda folder: path.exists()
    return invoke(list(arguments))


def deaf_to_the_gate(*arguments: str) -> int:
    """The mutant: neither the choice of a chat nor the last look before the wire asks the gate."""
    start.passage = lambda class_, gate: Passage.SEND  # type: ignore[assignment]
    chats._DUE = {stream: (tables, "") for stream, (tables, _) in chats._DUE.items()}
    chats.MARKETING_DUE = chats.MARKETING_DUE.replace("AND gate = 'open'", "")
    return invoke(list(arguments))


def deaf_to_floods(*arguments: str) -> int:
    """The mutant: 429 is taken for a short pause, whatever it says."""
    settle.record_flood = lambda tx, item, chat, later: tx.at
    return invoke(list(arguments))


def no_newcomer(*arguments: str) -> int:
    """As if it had polled for long: another program on its token came later, so this one stays."""
    intake_loop.Poller = partial(Poller, newcomer_seconds=0)  # type: ignore[assignment, misc]
    return invoke(list(arguments))


def dies_before_a_commit(number: int, *arguments: str) -> int:
    """SIGKILL by its own hand when it is about to commit for the `number`th time; on SQLite only."""
    return _dying(number, before=True, arguments=arguments)


def dies_after_a_commit(number: int, *arguments: str) -> int:
    """As before, but the commit has been made and nobody has heard of it."""
    return _dying(number, before=False, arguments=arguments)


def counting_calls(board: str, *arguments: str) -> int:
    """Ends itself at the point that the board says. A webhook's delivery that was cut off is retried soon."""
    count_calls(Board(Path(board)))
    deliveries.TRY_ENDS_WITHIN = timedelta(seconds=1)
    return invoke(list(arguments))


def _dying(number: int, *, before: bool, arguments: tuple[str, ...]) -> int:
    commits = 0

    class Mortal(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            nonlocal commits
            commits += sql == "COMMIT"
            if before and commits == number:
                os.kill(os.getpid(), signal.SIGKILL)
            cursor = super().execute(sql, *values)
            if commits == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return cursor

    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    sqlite3.connect = lambda *args, **more: connect(*args, factory=Mortal, **more)  # type: ignore[assignment]
    return invoke(list(arguments))


def send_until_killed(
    store_url: str, api: str, token: str = "1:x", lease_seconds: float = LEASE_SECONDS
) -> int:
    """Only the sender, over a store that somebody else has filled; it waits while another one leads. The exit code is 2
    if another one has taken over.
    """
    leadership.LEASE_SECONDS, leadership.RENEW_SECONDS = lease_seconds, lease_seconds / 3
    code = 0
    try:
        asyncio.run(_sending(store_url, api, token))
    except* leadership.SecondInstance as end:
        print(end.exceptions[0])
        code = 2
    return code


async def _sending(store_url: str, api: str, token: str) -> None:
    store = Store(store_url, bot_id=BOT, rules=FREE)
    await store.start()
    try:
        await _send(store, api, token)
    finally:
        await store.close()


async def _send(store: Store, api: str, token: str) -> None:
    lead = Leadership(store, "sender", standby=True)
    await lead.take()
    stop = asyncio.Event()
    async with Gateway(token, api) as gateway, asyncio.TaskGroup() as group:
        sender = Sender(store, render=_said, gateway=gateway, lead=lead)
        group.create_task(lead.keep(stop))
        group.create_task(Timers([Chore("reap", 1, sender.reap)]).run(stop))
        group.create_task(sender.run(stop))


def _said(tx: Tx, item: Row) -> Call | Skip:
    return Call("sendMessage", {"chat_id": item["chat_id"], "text": item["key"]})


def broadcast_until_killed(store_url: str, api: str) -> None:
    """The sender and the loop behind broadcasts, over a store that somebody else has filled.

    Every 30 seconds it writes the stacks of its threads to its log, to show where it hangs.
    """
    faulthandler.dump_traceback_later(30, repeat=True)
    asyncio.run(_broadcasting(store_url, api))


async def _broadcasting(store_url: str, api: str) -> None:
    store = Store(store_url, bot_id=BOT, rules=FREE)
    await store.start()
    lead = Leadership(store, "sender", standby=True)
    await lead.take()
    stop = asyncio.Event()
    async with Gateway("1:x", api) as gateway, asyncio.TaskGroup() as group:
        sender = Sender(store, render=render, gateway=gateway, lead=lead, in_flight=8)
        group.create_task(lead.keep(stop))
        group.create_task(BroadcastLoop(store).run(stop))
        group.create_task(Timers([Chore("reap", 1, sender.reap)]).run(stop))
        group.create_task(sender.run(stop))


def tell_webhooks_until_killed(store_url: str) -> None:
    """The webhook loop, over a store that the test fills. A delivery that a kill cut off is retried soon."""
    deliveries.TRY_ENDS_WITHIN = timedelta(seconds=1)
    asyncio.run(_telling(store_url))


async def _telling(store_url: str) -> None:
    store = Store(store_url, bot_id=BOT, rules=FREE)
    await store.start()
    await WebhookLoop(store, WebhookWire(store.clock, to_private=True)).run(asyncio.Event())


def poisoned(*arguments: str) -> int:
    """Words in a customer's message break its handler: it always raises, hangs, or ends the process."""
    build_feed = intake_loop.build_feed

    def build(*args: Any, **wired: Any) -> Feed:
        feed = build_feed(*args, **wired)

        async def poisoned_feed(raw: dict[str, Any], work: Work) -> None:
            message = raw.get("message")
            words = str(message.get("text")) if isinstance(message, dict) else ""
            if "poison-raises" in words:
                raise ValueError(words)
            if "poison-hangs" in words:
                await asyncio.Event().wait()
            if "poison-kills" in words:
                os.kill(os.getpid(), signal.SIGKILL)
            await feed(raw, work)

        return poisoned_feed

    intake_loop.build_feed = build
    intake_loop.Worker = partial(Worker, limits=WorkerLimits(limit_seconds=0.3))  # type: ignore[misc, assignment]
    return invoke(list(arguments))
